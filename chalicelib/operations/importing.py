"""A bank statement has arrived: it is read, kept, and every line of money that came in is entered, once.

The bucket's event does it, as for every upload: what faces the internet opens no file. Told again, or after a crash,
it adds what is missing and nothing twice; the sweeper tells it again.
"""

from collections.abc import Sequence
from functools import partial
from hashlib import sha256

from chalicelib.operations import materials
from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.materials import NEVER_ARRIVED
from chalicelib.operations.ports import Insert, Ports, Replace
from chalicelib.operations.statements import A_FILE, BANKS, BEGINNING, statement_of
from chalicelib.rules.masks import mask_name
from chalicelib.rules.records import (
    BankLine,
    Claim,
    ClaimKind,
    OutboxRow,
    Statement,
    StatementStatus,
    UnreadRow,
    Work,
)
from chalicelib.rules.statement_layouts import LAYOUTS, Layout
from chalicelib.rules.statements import Read, RefusedRow, StatementLine, read_lines, recognised
from chalicelib.rules.vocabulary import Personal, Reason, Refused

MOST_LINES = 5_000
LINES_AT_ONCE = 45  # each with its guard row: within the 100 items of a transaction
UNREAD_SHOWN = 50
DIGITS = 16  # of the hash of what is kept, in its place
UNREADABLE = "这一行无法识别。"
SHORTER = "请在网上银行缩短日期范围，分几次导出和导入。"
STILL_READ = (StatementStatus.WAITING, StatementStatus.READING)
NOT_READ_IN_TIME = Reason(
    "statement_given_up", "系统未能读完这份对账单，不是文件的问题。", "请重新上传原文件；已导入的各行不会重复。", "file"
)


def received(ports: Ports, file: str) -> None:
    """Whatever has arrived in quarantine, by its name there: a statement is read, every other file is checked."""
    (receive if file.startswith(BEGINNING) else materials.receive)(ports, file)


def receive(ports: Ports, file: str) -> None:
    """Reads one uploaded statement to its end. Told twice, late, or of a foreign key: nothing changes.

    ``file`` is its name in quarantine, ``statement.`` and the id. Raises Busy, Conflict: told again, it goes on.
    """
    identity = file.removeprefix(BEGINNING)
    found = ports.records.get(Statement, identity)
    if found is None or found.status not in STILL_READ:
        return
    try:
        begun = _begun(ports, found) if found.status is StatementStatus.WAITING else found
        if begun is not None:
            _imported(ports, begun, _read(ports, begun.bank, ports.files.read(begun.kept or "") or b"")[1])
    except Refused as refused:
        settle(ports, partial(_not_read, ports, identity, refused.reasons))


def _begun(ports: Ports, waiting: Statement) -> Statement | None:
    """From here on it is these bytes and no others, whatever else is uploaded under the form. None: nothing to do."""
    file = f"{BEGINNING}{waiting.id}"
    uploaded = ports.files.uploaded(file, A_FILE.max_bytes)
    if uploaded is None:
        return None
    layout, _ = _read(ports, waiting.bank, uploaded.data)  # what cannot be read is not kept
    digest = sha256(uploaded.data).hexdigest()
    place = f"kept/statement/{file}-{digest[:DIGITS]}"
    ports.files.keep(file, uploaded.tag, place)
    reading = waiting.changed(status=StatementStatus.READING, bank=layout.code, kept=place, sha256=digest)
    settle(ports, partial(_these_bytes, ports, waiting, reading))
    now = statement_of(ports, waiting.id)
    return now if now.status is StatementStatus.READING else None


def _these_bytes(ports: Ports, waiting: Statement, reading: Statement) -> Deed | None:
    """Where another content was taken meanwhile, that one is read, and what was kept of this one is erased."""
    found = statement_of(ports, waiting.id)
    if found.status is StatementStatus.WAITING:
        return Deed((Replace(found, reading),), waiting.id)
    if found.kept == reading.kept:
        return None
    digest = (reading.sha256 or "")[:DIGITS]
    row = OutboxRow(
        id=f"erase-{BEGINNING}{waiting.id}-{digest}", work=Work.ERASE, subject=(f"{BEGINNING}{waiting.id}", digest),
        at=ports.clock.now(),
    )  # fmt: skip
    return None if ports.records.get(OutboxRow, row.id) else Deed((Insert(row),), waiting.id)


def _read(ports: Ports, bank: str, data: bytes) -> tuple[Layout, Read]:
    """Raises Refused for what is too much, is no statement, or of no bank that is known."""
    if len(data) > A_FILE.max_bytes:
        told = f"文件超过 {A_FILE.max_bytes // 2**20} MB。"
        raise Refused(Reason("statement_too_large", told, SHORTER, "file"))
    rows = ports.statements.read_rows(data)
    layout = next((each for each in LAYOUTS if each.code == bank), None) or recognised(rows)
    if layout is None:
        told = "看不出这是哪家银行的对账单，或表头有改动。"
        next_step = f"请指明银行（{BANKS}），并上传网上银行导出的原始文件。"
        raise Refused(Reason("statement_bank_unknown", told, next_step, "bank"))
    read = read_lines(layout, rows)
    if len(read.lines) > MOST_LINES:
        told = f"对账单有 {len(read.lines)} 行收入，超过 {MOST_LINES} 行。"
        raise Refused(Reason("statement_too_many_lines", told, SHORTER, "file"))
    return layout, read


def _not_read(ports: Ports, identity: str, reasons: tuple[Reason, ...]) -> Deed | None:
    found = statement_of(ports, identity)
    if found.status not in STILL_READ:
        return None
    return Deed((Replace(found, found.changed(status=StatementStatus.REFUSED, reasons=reasons)),), identity)


def give_up(ports: Ports, statement: Statement, *, arrived: bool) -> None:
    """Nothing was uploaded and nothing can be any more; or for a day something of ours has kept us from reading it."""
    settle(ports, partial(_not_read, ports, statement.id, (NOT_READ_IN_TIME if arrived else NEVER_ARRIVED,)))


# --- line by line -----------------------------------------------------------------------------------------------------


def _imported(ports: Ports, statement: Statement, read: Read) -> None:
    """Some lines at a time, each time all or nothing; then how many there were of each sort."""
    some = (read.lines[first : first + LINES_AT_ONCE] for first in range(0, len(read.lines), LINES_AT_ONCE))
    known = sum(_entered(ports, statement.id, each) for each in some)
    settle(ports, partial(_finished, ports, statement.id, read, known))


def _entered(ports: Ports, statement: str, lines: Sequence[StatementLine]) -> int:
    """Enters those that no import has; answers how many of them another statement had already."""
    named = {ports.ids.keyed("bank_line", each.identity): each for each in lines}
    held: list[Claim] = []

    def deed() -> Deed | None:
        found = ports.records.get_many(*((Claim, (ClaimKind.BANK_LINE.value, each)) for each in named))
        held[:] = [each for each in found if isinstance(each, Claim)]
        new = named.keys() - {each.value for each in held}
        changes = (change for each in named if each in new for change in _new_line(statement, each, named[each]))
        return Deed(tuple(changes), statement) if new else None

    settle(ports, deed)
    return sum(each.holder != _holder(statement) for each in held)


def _holder(statement: str) -> str:
    return f"statement:{statement}"


def _new_line(statement: str, identity: str, line: StatementLine) -> tuple[Insert, Insert]:
    entered = BankLine(
        id=f"{statement}.{line.number:06d}", statement=statement, number=line.number, paid_on=line.paid_on,
        amount=line.amount, payer=Personal(mask_name(line.payer), line.payer), remark=Personal("***", line.remark),
        serial=line.serial, identity=identity, returned=line.returned,
    )  # fmt: skip
    claim = Claim(kind=ClaimKind.BANK_LINE, value=identity, holder=_holder(statement))
    return Insert(entered), Insert(claim)


def _finished(ports: Ports, identity: str, read: Read, known: int) -> Deed | None:
    found = statement_of(ports, identity)
    if found.status is not StatementStatus.READING:
        return None
    after = found.changed(
        status=StatementStatus.READ, imported_at=ports.clock.now(), lines=len(read.lines), known=known,
        outgoing=read.outgoing, zero=read.zero, repeated=read.repeated, unread=len(read.refused),
        unread_rows=tuple(map(_unread, read.refused[:UNREAD_SHOWN])),
    )  # fmt: skip
    return Deed((Replace(found, after),), identity)


def _unread(row: RefusedRow) -> UnreadRow:
    return UnreadRow(row.number, row.reason.code, Personal(UNREADABLE, row.reason.message), row.reason.next)
