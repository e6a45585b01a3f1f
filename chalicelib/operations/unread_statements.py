"""对账单 that no try of ours could read: shown to finance as failed, with what to do, and read again when staff say so.

What is wrong with a file, its reading says (`importing.py`); here the fault is always our own.
"""

from chalicelib.operations.importing import NOT_READ_IN_TIME, STILL_READ
from chalicelib.operations.materials import LAY_ASIDE
from chalicelib.operations.ports import Change, Ports, Replace
from chalicelib.operations.statements import BEGINNING
from chalicelib.rules.records import Statement, StatementStatus
from chalicelib.rules.vocabulary import Reason, Refused

NOT_READ = Reason(
    "statement_not_read",
    "系统多次尝试都未能读完这份对账单，不是文件的问题；管理员已收到提示。",
    "请稍后查看；急用的，请重新上传原文件，已导入的各行不会重复。",
    "file",
)
OUR_FAULT = {NOT_READ.code, NOT_READ_IN_TIME.code}


def is_one(file: str) -> bool:
    """By its name in quarantine."""
    return file.startswith(BEGINNING)


def shown_as_failed(ports: Ports, file: str) -> tuple[Change, ...]:
    """Nothing for one that was read to its end or refused meanwhile, or that nobody asked for."""
    found = _of(ports, file)
    if found is None or found.status not in STILL_READ:
        return ()
    return (Replace(found, found.changed(status=StatementStatus.REFUSED, reasons=(NOT_READ,))),)


def read_again(ports: Ports, file: str) -> tuple[Change, ...]:
    """From where it had come to. Nothing where nothing is left to do. Raises Refused where its file is gone."""
    found = _of(ports, file)
    if found is None or not {reason.code for reason in found.reasons} & OUR_FAULT:
        return ()
    if found.kept is None and not ports.files.has_arrived(file):
        told = "对账单的原文件已不在待检区（只保存两天），无法再读。"
        raise Refused(Reason("no_longer_in_quarantine", told, f"请通知财务重新上传原文件。{LAY_ASIDE}"))
    status = StatementStatus.WAITING if found.kept is None else StatementStatus.READING
    return (Replace(found, found.changed(status=status, reasons=())),)


def _of(ports: Ports, file: str) -> Statement | None:
    return ports.records.get(Statement, file.removeprefix(BEGINNING)) if is_one(file) else None
