"""A bank statement as the bank hands it out, XLSX or CSV, read into rows of text that the rules understand.

Dates come out as 2026-03-01 or 2026-03-01 10:20:30, numbers as Excel shows them (15 digits). Limits bound the work.
"""

import csv
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

from openpyxl import load_workbook

from chalicelib.rules.uploads import after_hanzi
from chalicelib.rules.vocabulary import Reason, Refused

Rows = tuple[tuple[str, ...], ...]

ENCODINGS = ("utf-8-sig", "gb18030")
MOST_BYTES = 20 * 2**20
MOST_INFLATED = 200 * 2**20
MOST_ROWS = 60_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",\t;"
_LINES_LOOKED_AT = 30
_DIGITS_KEPT = 15
# What banks' pages call a spreadsheet and is none.
_NOT_TAKEN = {
    b"\xd0\xcf\x11\xe0": "旧版 Excel 文件（.xls）或加了密码的文件",
    b"<": "网页（扩展名可能是 .xls）",
    b"%PDF": "PDF",
}
_SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”或 CSV 后重新导入。"


def read_rows(data: bytes, encodings: Sequence[str] = ENCODINGS) -> Rows:
    """The rows of a statement, told by its content; a CSV in the first of ``encodings`` that fits. Raises Refused."""
    _check_type(data)
    rows = _xlsx(data) if data.startswith(b"PK") else _csv(data, encodings)
    if not any(any(row) for row in rows):
        raise Refused(
            Reason("statement_empty", "文件里没有内容。", "请确认导出了有交易的日期范围，再重新导入。", "file")
        )
    return rows


def _check_type(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        told = f"文件超过 {MOST_BYTES // 2**20} MB。"
        raise Refused(Reason("statement_too_large", told, "请缩短日期范围，分几次导出和导入。", "file"))
    for beginning, what in _NOT_TAKEN.items():
        if data.lstrip().startswith(beginning):
            raise Refused(Reason("statement_type", f"这是{after_hanzi(what)}，不能导入。", _SAVE_AGAIN, "file"))


def _within_limits(rows: Iterable[Sequence[str]]) -> Rows:
    """Without the empty end that spreadsheets drag along."""
    kept: list[tuple[str, ...]] = []
    filled = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            told = f"表格超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列。"
            raise Refused(
                Reason("statement_too_long", told, "请删除表尾和右侧的空白行列，或缩短日期范围，分几次导入。", "file")
            )
        kept.append(tuple(row))
        filled = number if any(row) else filled
    return tuple(kept[:filled])


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv(data: bytes, encodings: Sequence[str]) -> Rows:
    text = _decoded(data, encodings)
    try:
        return _within_limits(map(_plain_cells, csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))))
    except csv.Error:
        raise Refused(_broken()) from None


def _decoded(data: bytes, encodings: Sequence[str]) -> str:
    for encoding in ("utf-16",) if data.startswith(_UTF_16) else encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    told = "文件的文字编码无法识别，或文件不是 CSV、XLSX。"
    raise Refused(Reason("statement_encoding", told, _SAVE_AGAIN, "file"))


def _delimiter(text: str) -> str:
    """Whichever stands most often in the first lines; amounts carry commas, but fewer than columns do."""
    beginning = "\n".join(text.splitlines()[:_LINES_LOOKED_AT])
    return max(_DELIMITERS, key=beginning.count)


def _plain_cells(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(_plain_cell(cell) for cell in cells)


def _plain_cell(cell: str) -> str:
    """Without what banks put before a number so that Excel leaves it alone: a tab, an apostrophe, ="…"."""
    bare = cell.strip()
    if bare.startswith('="') and bare.endswith('"'):
        bare = bare[2:-1]
    return bare.removeprefix("'").strip()[:LONGEST_CELL]


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _xlsx(data: bytes) -> Rows:
    try:
        _check_inflated(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # banks' programs write workbooks without styles
            return _only_sheet(data)
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - parsers raise what they like
        raise Refused(_broken()) from None


def _check_inflated(data: bytes) -> None:
    with ZipFile(BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_INFLATED:
            raise Refused(_broken())


def _only_sheet(data: bytes) -> Rows:
    workbook = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        filled = [rows for rows in map(_sheet_rows, workbook.worksheets) if rows]
    finally:
        workbook.close()
    if len(filled) > 1:
        told = f"文件里有 {len(filled)} 个有内容的工作表，无法判断哪一个是对账单。"
        raise Refused(Reason("statement_sheets", told, "请只保留一个工作表，其余删除后重新导入。", "file"))
    return filled[0] if filled else ()


def _sheet_rows(sheet: object) -> Rows:
    reset = getattr(sheet, "reset_dimensions", None)
    if reset is not None:
        reset()  # the size that a bank's program wrote down is often wrong
    values: Iterator[Sequence[object]] = sheet.iter_rows(values_only=True)  # type: ignore[attr-defined] # a chart sheet never is in worksheets
    return _within_limits(_text_cells(row) for row in values)


def _text_cells(values: Sequence[object]) -> tuple[str, ...]:
    texts = [_text(value) for value in values]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(value, f".{_DIGITS_KEPT}g").upper()
    return _plain_cell(str(value))


def _broken() -> Reason:
    return Reason("statement_broken", "文件已损坏或不完整，无法读取。", "请重新从网上银行导出；" + _SAVE_AGAIN, "file")
