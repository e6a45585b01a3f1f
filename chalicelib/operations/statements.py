"""对账单: finance asks for a place to upload to, and sees what came of it. What arrives is read in `importing.py`."""

from datetime import timedelta
from typing import TypeVar

from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.materials import windows
from chalicelib.operations.ports import Asked, Insert, Page, Ports, UploadForm
from chalicelib.rules.folding import read_as
from chalicelib.rules.masks import mask_name
from chalicelib.rules.records import Record, Statement, StatementStatus
from chalicelib.rules.statement_layouts import LAYOUTS
from chalicelib.rules.uploads import FileRule, safe_display_name
from chalicelib.rules.vocabulary import Actor, Personal, Reason, Refused, Role

R = TypeVar("R", bound=Record)
A_FILE = FileRule(max_bytes=4 * 2**20, kinds=())
BEGINNING = "statement."  # of its name in quarantine; its id follows
BANKS = "、".join(f"{each.name}（{each.code}）" for each in LAYOUTS)


def request_upload(ports: Ports, order: Order, name: str, bank: str | None) -> str:
    """Makes room for one file; answers the statement's id, for `upload_form`.

    ``bank``: a layout's code where finance names it; else it is recognised by the headings. Raises Refused, and
    folding.Misfilled for the name of the file.
    """
    shown = read_as("file_name", safe_display_name, name)
    if bank is not None and bank not in {each.code for each in LAYOUTS}:
        told = "没有这家银行的对账单格式。"
        raise Refused(Reason("no_such_bank", told, f"可选：{BANKS}；也可不选，由系统识别。", "bank"))

    def deed() -> Deed:
        statement = Statement(
            id=ports.ids.new("b"), name=Personal(mask_name(shown), shown), bank=bank or "", asked_by=order.actor.id,
            asked_at=ports.clock.now(),
        )  # fmt: skip
        return Deed((Insert(statement),), statement.id)

    return once(ports, order, deed)


def upload_form(ports: Ports, statement: str) -> UploadForm:
    """The presigned POST, good for the window in the settings from when it was first asked for.

    Raises Absent, and Refused once something has arrived.
    """
    found = statement_of(ports, statement)
    if found.status is not StatementStatus.WAITING:
        told = "这份对账单已上传，这个上传地址不能再用。"
        raise Refused(Reason("upload_settled", told, "请查看导入结果；需要再导入的，请重新取得上传地址。"))
    asked_at = min(found.asked_at, ports.clock.now())  # a clock may have stepped back since
    return ports.files.upload_form(
        f"{BEGINNING}{statement}", A_FILE, asked_at + timedelta(minutes=windows(ports).upload_minutes)
    )


# --- for finance ------------------------------------------------------------------------------------------------------


def listed(ports: Ports, actor: Actor, asked: Asked) -> Page[Statement]:
    """Newest first, as `shown`."""
    page = ports.records.statements(asked)
    return Page(tuple(shown(ports, actor, each) for each in page.items), page.next)


def shown(ports: Ports, actor: Actor, record: R) -> R:
    """Who paid and what for is in clear for finance alone, who cannot decide without it; everybody else sees masks."""
    return ports.records.opened(record) if actor.may_act_as((Role.FINANCE,)) else record


def statement_of(ports: Ports, statement: str) -> Statement:
    """Raises Absent."""
    found = ports.records.get(Statement, statement)
    if found is None:
        raise Absent
    return found
