"""Statements as banks hand them out: what is read, and what is refused with what to do."""

import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from chalicelib.documents import statement_files
from chalicelib.documents.statement_files import read_rows
from chalicelib.rules.statement_layouts import LAYOUTS
from chalicelib.rules.statements import read_lines, recognised
from chalicelib.rules.vocabulary import Refused

ROWS = [["示例银行"], [], ["交易日期", "收入金额", "支出金额", "对方户名", "交易流水号", "摘要"]]
LINE = ["20260301", "1,200.00", "", "虚构一号有限公司", "70000000001", "会费"]
CSV = "\n".join([",".join(row) for row in ROWS] + ['20260301,"1,200.00",,虚构一号有限公司,\t70000000001,会费', ""])


def xlsx(*rows: Sequence[object], fill: Callable[[Workbook], object] = lambda _: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    fill(book)
    book.save(out := BytesIO())
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_rows(data)
    assert refused.value.reasons[0].next
    return refused.value.reasons[0].code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_csv_reads_alike_in_every_encoding_banks_use(encoding: str, ending: str) -> None:
    rows = read_rows(CSV.replace("\n", ending).encode(encoding))
    assert rows[0] == ("示例银行",)
    assert rows[-1] == tuple(LINE)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_a_csv_may_be_parted_by_tabs_or_semicolons(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in [*ROWS, LINE])
    assert read_rows(text.encode())[-1] == tuple(LINE)


@pytest.mark.parametrize("written", ['"=""70000000001"""', "'70000000001", "\t70000000001\t"])
def test_what_keeps_excel_from_spoiling_a_number_is_taken_off(written: str) -> None:
    assert read_rows(f"a,b\n{written},x\n".encode())[1][0] == "70000000001"


def test_an_xlsx_gives_dates_and_numbers_as_text() -> None:
    rows = read_rows(xlsx([date(2026, 3, 1), datetime(2026, 3, 1, 10, 20, 30), 1200, 0.1 + 0.2, 1.5e19, None, "会费"]))  # noqa: DTZ001 - as Excel keeps it
    assert rows == (("2026-03-01", "2026-03-01 10:20:30", "1200", "0.3", "1.5E+19", "", "会费"),)


def test_an_xlsx_becomes_lines() -> None:
    model = ["入账时间", "发生额", "借贷标志", "付款人名称", "业务编号", "用途"]
    rows = read_rows(xlsx(["样板银行"], [], model, [date(2026, 3, 1), 1200.0, "贷", "虚构一号有限公司", "A1", "会费"]))
    layout = recognised(rows)
    assert layout is LAYOUTS[1]
    assert [each.amount for each in read_lines(layout, rows).lines] == [120_000]


def test_the_empty_end_of_a_sheet_is_left_out() -> None:
    assert len(read_rows(xlsx(["会费"], *[[""] for _ in range(50)]))) == 1


def test_a_sheet_that_lies_about_its_size_is_read_to_its_end() -> None:
    told = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx(["a"], ["b"]))) as old, zipfile.ZipFile(told, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'ref="A1:A2"', b'ref="A1"'))
    assert read_rows(told.getvalue()) == (("a",), ("b",))


def test_several_sheets_with_content_are_refused_and_empty_ones_are_not_minded() -> None:
    assert refusal(xlsx(["a"], fill=lambda book: book.create_sheet().append(["b"]))) == "statement_sheets"
    assert read_rows(xlsx(["a"], fill=lambda book: book.create_sheet())) == (("a",),)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "statement_empty"),
        (b" ,\n,\n", "statement_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "statement_type"),
        (b"\n<html><table>", "statement_type"),
        (b"%PDF-1.7", "statement_type"),
        (b"\xff\xff\xff", "statement_encoding"),
        (b"a\0b", "statement_encoding"),
        (b"PK\x03\x04 broken", "statement_broken"),
        (xlsx(["a"])[:-40], "statement_broken"),
        (b"a,b\n" * (statement_files.MOST_ROWS + 1), "statement_too_long"),
        (b"," * statement_files.MOST_COLUMNS + b"a\n", "statement_too_long"),
        (b"a" * (statement_files.MOST_BYTES + 1), "statement_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_statement_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_workbook_that_swells_is_refused() -> None:
    swollen = BytesIO()
    with zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (statement_files.MOST_INFLATED + 1))
    assert refusal(swollen.getvalue()) == "statement_broken"


def test_entities_in_a_workbook_are_not_followed() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    told = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx(["a"]))) as old, zipfile.ZipFile(told, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, bomb + content if part.endswith("sheet1.xml") else content)
    assert refusal(told.getvalue()) == "statement_broken"


@given(st.one_of(st.binary(max_size=400), st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail)))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    with suppress(Refused):
        read_rows(data)
