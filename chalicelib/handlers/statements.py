"""对账单 before finance: the upload, what was read, what is proposed line by line, and how a line is settled."""

from chalicelib.handlers.applying import HOW_TO_UPLOAD
from chalicelib.handlers.calls import Answer, Call, created
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import STAFF
from chalicelib.handlers.reconciling import FINANCE, MONEY
from chalicelib.handlers.schemas.applications import UploadShown
from chalicelib.handlers.schemas.base import Paging
from chalicelib.handlers.schemas.statements import (
    BankLineShown,
    BookedTogether,
    LookedShown,
    NewStatement,
    Proposals,
    SetAside,
    Statements,
    StatementShown,
    TakenBack,
)
from chalicelib.operations import bank_lines, reconciling, statements
from chalicelib.operations.commands import Absent

HOW_TO_IMPORT = HOW_TO_UPLOAD.replace("读取业务详情，查看该资料的检查结果", "读取对账单，查看导入结果")


@STAFF.writes(
    "POST", "/staff/statements", "取得对账单（XLSX、CSV，4 MB 以内）的上传地址", UploadShown, takes=NewStatement,
    roles=FINANCE, status=201,
)  # fmt: skip
def request_statement(call: Call, wanted: NewStatement) -> Answer:
    statement = statements.request_upload(call.ports, call.order, wanted.file_name, wanted.bank)
    form = statements.upload_form(call.ports, statement)
    shown = UploadShown.of(statement, form, HOW_TO_IMPORT)
    return created(shown, f"/staff/statements/{statement}")


@STAFF.reads("/staff/statements", "对账单列表，最新的在前", Statements, asks=Paging, roles=MONEY)
def all_statements(call: Call, paging: Paging) -> Statements:
    mark = Bookmark(call.ports, "statements", call.actor.id)
    page, following = paged(mark, paging, lambda asked: statements.listed(call.ports, call.actor, asked))
    return Statements(items=[StatementShown.of(each) for each in page.items], next=following)


@STAFF.reads("/staff/statements/{statement}", "对账单的导入结果", StatementShown, roles=MONEY)
def one_statement(call: Call, statement: str) -> StatementShown:
    found = statements.statement_of(call.ports, statement)
    return StatementShown.of(statements.shown(call.ports, call.actor, found))


@STAFF.reads(
    "/staff/statements/{statement}/proposals", "逐行的匹配建议：依据和疑点；入账须由财务确认", Proposals, asks=Paging,
    roles=MONEY, also=(409,),
)  # fmt: skip
def proposals(call: Call, paging: Paging, statement: str) -> Proposals:
    mark = Bookmark(call.ports, f"proposals#{statement}", call.actor.id)
    page, following = paged(
        mark, paging, lambda asked: bank_lines.proposed(call.ports, call.actor, statement, asked)
    )  # fmt: skip
    return Proposals(items=[LookedShown.of(each) for each in page.items], next=following)


@STAFF.writes(
    "POST", "/staff/statements/{statement}/lines/{line}/book", "以对账单的一行核账，可合并同一单位的多笔缴费",
    BankLineShown, takes=BookedTogether, roles=FINANCE,
)  # fmt: skip
def book_line(call: Call, said: BookedTogether, statement: str, line: str) -> BankLineShown:
    of_the_statement(statement, line)
    found = tuple(each.found for each in said.payments)
    reconciling.confirm_together(call.ports, call.order, found, partly=said.partly, line=line)
    return settled(call, line)


@STAFF.writes(
    "POST", "/staff/statements/{statement}/lines/{line}/set-aside", "搁置一行（不是业务缴费），写明理由",
    BankLineShown, takes=SetAside, roles=FINANCE,
)  # fmt: skip
def set_line_aside(call: Call, said: SetAside, statement: str, line: str) -> BankLineShown:
    of_the_statement(statement, line)
    return settled(call, bank_lines.set_aside(call.ports, call.order, line, said.version, said.reason))


@STAFF.writes(
    "POST", "/staff/statements/{statement}/lines/{line}/take-back", "取回搁置的一行", BankLineShown, takes=TakenBack,
    roles=FINANCE,
)  # fmt: skip
def take_line_back(call: Call, said: TakenBack, statement: str, line: str) -> BankLineShown:
    of_the_statement(statement, line)
    return settled(call, bank_lines.take_back(call.ports, call.order, line, said.version))


def of_the_statement(statement: str, line: str) -> None:
    """A line's id begins with its statement's. Raises Absent."""
    if line.rpartition(".")[0] != statement:
        raise Absent


def settled(call: Call, line: str) -> BankLineShown:
    return BankLineShown.of(statements.shown(call.ports, call.actor, bank_lines.line_of(call.ports, line)))
