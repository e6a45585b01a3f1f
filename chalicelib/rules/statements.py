"""The association's bank statements (对账单): from rows of text to the money that came in, line by line.

A row that cannot be read is refused with its number and never guessed at. Each line has an identity that a second
import of the same statement, or of one that overlaps it, gives again: by it a line counts once.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from chalicelib.rules.folding import Malformed, fold, half_width
from chalicelib.rules.statement_layouts import LAYOUTS, Column, Layout
from chalicelib.rules.vocabulary import Reason, Refused

Rows = Sequence[Sequence[str]]

_FURTHEST_HEADING = 50
_LONGEST_QUOTE = 20
_AMOUNT = re.compile(r"([+-]?)(?:CNY|RMB|[¥￥])?([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.([0-9]{1,2})0*)?元?")
_NOTHING = frozenset({"", "-", "--"})
# A spreadsheet writes a long number so and has lost its last digits.
_LOST_DIGITS = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+")


@dataclass(frozen=True, kw_only=True)
class StatementLine:
    """Money that came in. ``number`` is the row in the file, from 1; ``amount`` in fen, above 0.

    ``returned``: the same statement shows that the same amount went back to the same payer on that day or later.
    """

    number: int
    paid_on: date
    amount: int
    payer: str = field(repr=False)
    serial: str
    remark: str = field(repr=False)
    identity: str
    returned: bool = False


@dataclass(frozen=True, slots=True)
class RefusedRow:
    number: int
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a statement says. The counts are of rows left out: money going out, nothing, a row written out twice."""

    lines: tuple[StatementLine, ...]
    refused: tuple[RefusedRow, ...]
    outgoing: int
    zero: int
    repeated: int


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A row that moves money: ``amount`` above 0 came in, below 0 went out."""

    number: int
    cells: tuple[str, ...]
    paid_on: date
    amount: int
    payer: str
    serial: str
    remark: str


def recognised(rows: Rows, layouts: Iterable[Layout] = LAYOUTS) -> Layout | None:
    """The one bank whose headings these are; None when there is none or more than one."""
    fitting = [layout for layout in layouts if _heading(layout, rows) is not None]
    return fitting[0] if len(fitting) == 1 else None


def read_lines(layout: Layout, rows: Rows) -> Read:
    """Every line of money that came in, and every row that could not be read. Raises Refused without a heading row."""
    heading = _heading(layout, rows)
    if heading is None:
        raise Refused(_no_heading(layout, rows))
    top, places = heading
    read: list[_Row] = []
    refused: list[RefusedRow] = []
    for number, cells in enumerate(rows[top + 1 :], start=top + 2):
        try:
            row = _row(layout, places, number, cells)
        except Malformed as trouble:
            refused.append(RefusedRow(number, trouble.reason))
        else:
            read.extend(() if row is None else (row,))
    once = _without_repeated(read)
    return Read(
        lines=tuple(_lines(layout, _account(layout, rows[:top]), once)),
        refused=tuple(refused),
        outgoing=sum(row.amount < 0 for row in once),
        zero=sum(row.amount == 0 for row in once),
        repeated=len(read) - len(once),
    )


# --- where the columns are --------------------------------------------------------------------------------------------


def _heading(layout: Layout, rows: Rows) -> tuple[int, Mapping[Column, tuple[int, ...]]] | None:
    """The first row that names every column, and the place of each."""
    for index, cells in enumerate(rows[:_FURTHEST_HEADING]):
        places = _places(layout, cells)
        if all(places.values()):
            return index, places
    return None


def _places(layout: Layout, cells: Sequence[str]) -> dict[Column, tuple[int, ...]]:
    named = {fold(cell): place for place, cell in reversed(list(enumerate(cells)))}
    return {
        column: tuple(named[fold(name)] for name in names if fold(name) in named)
        for column, names in layout.columns.items()
    }


def _no_heading(layout: Layout, rows: Rows) -> Reason:
    fewest = min(
        (_missing(layout, cells) for cells in rows[:_FURTHEST_HEADING]), key=len, default=tuple(layout.columns)
    )
    names = "、".join(layout.columns[column][0] for column in fewest)
    told = f"没有找到“{layout.name}”对账单的表头，缺少：{names}。"
    return Reason("statement_heading", told, "请确认所选银行正确，并上传网上银行导出的原始文件，不要改动表头。", "file")


def _missing(layout: Layout, cells: Sequence[str]) -> tuple[Column, ...]:
    return tuple(column for column, places in _places(layout, cells).items() if not places)


def _account(layout: Layout, preamble: Rows) -> str:
    """The association's account that the statement is of, where the rows above the heading say so."""
    cells = [fold(cell) for row in preamble for cell in row if fold(cell)]
    for cell, following in pairwise([*cells, ""]):
        label, _, number = cell.partition(":")
        if label in layout.account:
            return number or following
    return ""


# --- one row ----------------------------------------------------------------------------------------------------------


def _row(layout: Layout, places: Mapping[Column, tuple[int, ...]], number: int, cells: Sequence[str]) -> _Row | None:
    """None: the row is empty, a heading again, a total or a note. Raises Malformed."""
    said = {column: _said(cells, places[column][: None if column is Column.REMARK else 1]) for column in places}
    if _is_no_line(layout, said, cells):
        return None
    serial = fold(said[Column.SERIAL]) if Column.SERIAL in said else ""
    return _Row(
        number=number,
        cells=tuple(cell.strip() for cell in cells),
        paid_on=_day(layout, said[Column.DATE]),
        amount=_moved(layout, said),
        payer=said[Column.PAYER],
        serial="" if _LOST_DIGITS.fullmatch(serial) else serial,
        remark=said.get(Column.REMARK, ""),
    )


def _said(cells: Sequence[str], places: Iterable[int]) -> str:
    return " ".join(cells[place].strip() for place in places if place < len(cells) and cells[place].strip())


def _is_no_line(layout: Layout, said: Mapping[Column, str], cells: Sequence[str]) -> bool:
    """Only a row without a date can be a note: a payer may be called anything."""
    if any(form.fullmatch(_plain_date(said[Column.DATE])) for form in layout.dates):
        return False
    moved = any(fold(said.get(column, "")) not in _NOTHING for column in (Column.AMOUNT, Column.OUTGOING))
    first = fold(next((cell for cell in cells if cell.strip()), ""))
    return not moved or first.startswith(layout.notes) or fold(said[Column.AMOUNT]) in _names(layout, Column.AMOUNT)


def _names(layout: Layout, column: Column) -> frozenset[str]:
    return frozenset(map(fold, layout.columns[column]))


def _plain_date(text: str) -> str:
    return " ".join(half_width(text).split())


def _day(layout: Layout, text: str) -> date:
    found = next(filter(None, (form.fullmatch(_plain_date(text)) for form in layout.dates)), None)
    try:
        if found is not None:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    said = f"日期“{text[:_LONGEST_QUOTE]}”无法识别。" if text else "没有日期。"
    raise Malformed("statement_date", said, "请对照网上银行，改正这一行的日期后重新导入；其余各行不受影响。")


def _moved(layout: Layout, said: Mapping[Column, str]) -> int:
    """Fen, above 0 in, below 0 out. Raises Malformed."""
    amount, outgoing = fen(said[Column.AMOUNT]), fen(said.get(Column.OUTGOING, ""))
    if amount and outgoing:
        correct = "请对照网上银行，只保留其中一个金额后重新导入。"
        raise Malformed("statement_both_ways", "同一行既有收入金额，又有支出金额。", correct)
    if outgoing or (Column.DIRECTION in said and not _comes_in(layout, said[Column.DIRECTION])):
        return -abs(outgoing or amount)
    return amount


def _comes_in(layout: Layout, text: str) -> bool:
    flag = fold(text)
    if flag not in layout.incoming | layout.outgoing:
        told = f"借贷标志“{text[:_LONGEST_QUOTE]}”无法识别。" if flag else "没有借贷标志，看不出是收入还是支出。"
        expected = "、".join(sorted(layout.incoming | layout.outgoing))
        raise Malformed("statement_direction", told, f"请对照网上银行，改为以下写法之一后重新导入：{expected}。")
    return flag in layout.incoming


def fen(text: str) -> int:
    """An amount as banks write it (1,200.00, １２００, CNY 1,200.00, -5.00, nothing), in fen. Raises Malformed."""
    folded = fold(text)
    if folded in _NOTHING:
        return 0
    found = _AMOUNT.fullmatch(folded)
    if found is None or (found[1] and found[2]):
        told = f"金额“{text[:_LONGEST_QUOTE]}”无法识别。"
        raise Malformed("statement_amount", told, "请对照网上银行，按“1200.00”的写法改正这一行的金额后重新导入。")
    amount = int(found[3].replace(",", "")) * 100 + int((found[4] or "").ljust(2, "0"))
    return -amount if "-" in (found[1], found[2]) else amount


# --- what makes a line the same line ----------------------------------------------------------------------------------


def _without_repeated(rows: Iterable[_Row]) -> tuple[_Row, ...]:
    """Rows alike in every cell, with a serial number, are one row written out twice.

    Without a serial number they may be two payments of one payer and stay two.
    """
    kept: dict[object, _Row] = {}
    for row in rows:
        kept.setdefault(row.cells if row.serial else row.number, row)
    return tuple(kept.values())


def _lines(layout: Layout, account: str, rows: Iterable[_Row]) -> Iterator[StatementLine]:
    went_back = defaultdict[tuple[str, int], list[date]](list)
    for row in rows:
        if row.amount < 0:
            went_back[fold(row.payer), -row.amount].append(row.paid_on)
    identities = dict(_identities(layout, account, (row for row in rows if row.amount > 0)))
    for row in rows:
        if row.amount > 0:
            yield StatementLine(
                number=row.number, paid_on=row.paid_on, amount=row.amount, payer=row.payer, serial=row.serial,
                remark=row.remark, identity=identities[row.number],
                returned=any(day >= row.paid_on for day in went_back[fold(row.payer), row.amount]),
            )  # fmt: skip


def _identities(layout: Layout, account: str, rows: Iterable[_Row]) -> Iterator[tuple[int, str]]:
    """The row's number and the line's identity: a hash of what every export of the same line says alike.

    Lines alike in all of it are counted in the order of the rest of their cells, so that another order of the file
    gives the same identities.
    """
    seen = Counter[str]()
    for row in sorted(rows, key=lambda row: row.cells):
        alike = (layout.code, account, row.serial, row.paid_on.isoformat(), str(row.amount), fold(row.payer))
        said = "\x1f".join(alike)
        seen[said] += 1
        yield row.number, hashlib.sha256(f"{said}\x1f{seen[said]}".encode()).hexdigest()[:32]
