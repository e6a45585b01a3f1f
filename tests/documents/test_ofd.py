"""OFD, as electronic invoices come: taken where it is asked for, and only with nothing in it that could run."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.documents.inspection import inspect
from chalicelib.documents.inspection.ofd import MOST_PARTS
from chalicelib.rules.uploads import Accepted, FileRule, Kind, Unacceptable
from tests.documents.building import one_page, pdf

INVOICE = FileRule(kinds=(Kind.PDF, Kind.OFD))
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PARTS: Mapping[str, bytes] = {
    "OFD.xml": f'{HEAD}<ofd:OFD {SPACE} DocType="OFD" Version="1.1"><ofd:DocBody/></ofd:OFD>'.encode(),
    "Doc_0/Document.xml": f"{HEAD}<ofd:Document {SPACE}/>".encode(),
    "Doc_0/Pages/Page_0/Content.xml": f"{HEAD}<ofd:Page {SPACE}/>".encode(),
    "Doc_0/Attachs/original_invoice.xml": f"{HEAD}<eInvoice>演示</eInvoice>".encode(),
    "Doc_0/Res/image_1.png": b"\x89PNG\r\n\x1a\n",
}


def ofd(changes: Mapping[str, bytes | None] | None = None) -> bytes:
    """A whole one, with parts more or, where None, less."""
    parts = {**PARTS, **(changes or {})}
    paper = BytesIO()
    with ZipFile(paper, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return paper.getvalue()


def codes(data: bytes, name: str = "发票.ofd", rule: FileRule = INVOICE) -> list[str]:
    verdict = inspect(data, rule, name)
    return [reason.code for reason in verdict.reasons] if isinstance(verdict, Unacceptable) else []


def test_an_ofd_is_taken_as_an_invoice_and_so_is_a_pdf() -> None:
    verdict = inspect(ofd(), INVOICE, "发票.ofd")
    assert isinstance(verdict, Accepted)
    assert (verdict.kind, verdict.size) == (Kind.OFD, len(ofd()))
    assert codes(pdf(one_page()), "发票.pdf") == []


def test_an_ofd_is_no_material() -> None:
    verdict = inspect(ofd(), FileRule(), "资料.ofd")
    assert isinstance(verdict, Unacceptable)
    assert verdict.reasons[0].code == "wrong_type"
    assert "OFD" in verdict.reasons[0].message


def test_a_picture_is_no_invoice() -> None:
    assert codes(b"\xff\xd8\xff\xe0 picture", "发票.jpg") == ["wrong_type"]


def test_a_name_that_says_pdf_of_an_ofd_is_told() -> None:
    assert codes(ofd(), "发票.pdf") == ["misnamed"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"OFD.xml": None}, "wrong_type"),
        ({"OFD.xml": b"<other/>"}, "wrong_type"),
        ({"Doc_0/run.js": b"alert(1)"}, "active_content"),
        ({"Doc_0/setup.dat": b"MZ\x90\0"}, "active_content"),
        ({"Doc_0/more.dat": b"PK\x03\x04 an archive"}, "active_content"),
        ({"Doc_0/page.xml": b"<html><script>alert(1)</script></html>"}, "active_content"),
        ({"../outside.xml": b"<a/>"}, "unsafe_path"),
        ({"/etc/outside.xml": b"<a/>"}, "unsafe_path"),
        ({"C:\\outside.xml": b"<a/>"}, "unsafe_path"),
        ({f"Doc_0/{n}.xml": b"" for n in range(MOST_PARTS)}, "inflates_too_far"),
        ({"Doc_0/bomb.dat": b"\0" * (201 * 2**20)}, "inflates_too_far"),
    ],
    ids=lambda given: given if isinstance(given, str) else next(iter(given)).replace("\\", "-"),
)
def test_whatever_could_run_or_reach_outside_is_refused(changes: Mapping[str, bytes | None], code: str) -> None:
    assert codes(ofd(changes)) == [code]


def test_one_with_a_password_is_refused() -> None:
    locked = bytearray(ofd())
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        place = locked.find(start)
        locked[place + (6 if start.endswith(b"\x04") else 8)] |= 1
    assert codes(bytes(locked)) == ["encrypted"]


def test_one_cut_short_is_refused() -> None:
    assert codes(ofd()[:-40]) == ["wrong_type"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=8))
def test_a_damaged_one_never_breaks_the_check(place: int, damage: bytes) -> None:
    whole = ofd()
    at = place % len(whole)
    codes(whole[:at] + damage + whole[at + len(damage) :])
