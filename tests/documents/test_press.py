"""The fast way to a certificate is held against the slow one, pixel by pixel, and against what PDF/A-2b asks."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from chalicelib.documents import certificate, codebook, drawing, outlining, platemaking, plates, qr, sheets, typecase
from chalicelib.documents.fonts import Cut, MissingGlyphError, draws, is_there
from chalicelib.documents.typesetting import TextOverflowError
from chalicelib.memory.sealing import LocalSealer
from chalicelib.rules.certificate_face import Face
from infra.samples import faces, photos_of
from tests.documents.conftest import PAPERS, SEALED_AT
from tests.documents.rendering import apart, by_pdfium, by_poppler

DPI = 100
HARD = {name: face for name, face in faces() if not certificate.undrawable(face)}
MOST_A4_MEMBER = 150_000


def reference(face: Face) -> bytes:
    return drawing.draw(
        certificate.layout_of(face), certificate.values(face), certificate.imprint(face), photos_of(face)
    )


@pytest.mark.parametrize("name", HARD)
def test_the_press_prints_what_fpdf2_draws(name: str) -> None:
    face = HARD[name]
    printed, drawn = certificate.draw(face, photos_of(face)), reference(face)
    # PDFium: no pixel differs by more than 8 of 255. Poppler aligns the edges of rectangles to whole pixels and, when a
    # font has one large letter, its letters to whole pixels too: what differs there is less than one pixel in 200
    assert apart(by_pdfium(printed, DPI), by_pdfium(drawn, DPI))[0] <= 8
    assert apart(by_poppler(printed, DPI), by_poppler(drawn, DPI))[1] < 0.005


@pytest.mark.parametrize("name", HARD)
def test_two_renderers_show_the_same_page(name: str) -> None:
    printed = certificate.draw(HARD[name], photos_of(HARD[name]))
    one, other = by_pdfium(printed, DPI), by_poppler(printed, DPI)

    # Poppler draws hairlines thicker: over 8 mm no more than a quarter of the tone differs
    assert apart(one.reduce(32), other.reduce(32))[0] < 64


def prints() -> dict[str, str]:
    return {name: hashlib.sha256(certificate.draw(face, photos_of(face))).hexdigest() for name, face in PAPERS.items()}


def test_another_process_prints_the_same_bytes() -> None:
    program = "from tests.documents.test_press import prints; print(prints())"
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert told.strip() == str(prints())


def test_what_was_printed_before_leaves_no_trace(face: Face, drawn: bytes) -> None:
    certificate.draw(replace(face, holder="完全不同的另一家公司", number="X"), photos_of(face))
    assert certificate.draw(face, photos_of(face)) == drawn


@pytest.mark.parametrize("name", HARD)
def test_a_layout_depends_on_nothing_but_its_sheet(name: str) -> None:
    face = HARD[name]
    other = replace(face, holder="乙" * 9, number="2", valid_to=face.valid_to + timedelta(1), contact_line="别处")
    assert certificate.press(face) is certificate.press(other)
    assert certificate.TEMPLATES[face.template](face) == certificate.TEMPLATES[face.template](other)


def test_a_character_without_a_glyph_is_refused(face: Face) -> None:
    with pytest.raises(MissingGlyphError, match=r"U\+E000 U\+E001"):
        certificate.draw(replace(face, holder="甲\ue000乙\ue001公司"))


def test_a_name_that_fits_no_line_is_refused(face: Face) -> None:
    with pytest.raises(TextOverflowError):
        certificate.draw(replace(face, holder="甲" * 1000))


def test_a_member_certificate_stays_under_150_kb(sealer: LocalSealer) -> None:
    longest = HARD["member-longest"]
    assert len(certificate.seal(longest, certificate.draw(longest), sealer, SEALED_AT)) < MOST_A4_MEMBER


def test_only_what_the_press_printed_is_sealed(face: Face, drawn: bytes, sealer: LocalSealer) -> None:
    for foreign in (reference(face), drawn[:-1], b""):
        with pytest.raises(ValueError, match="press"):
            certificate.seal(face, foreign, sealer, SEALED_AT)


# --- what set-up makes ready changes no byte --------------------------------------------------------------------------


def test_a_plate_that_was_kept_is_the_plate_that_is_made(face: Face, tmp_path: Path) -> None:
    layout = certificate.layout_of(face)
    plates.keep(layout, tmp_path)
    assert (
        plates.plate_of(layout, tmp_path) == plates.plate_of(layout, tmp_path / "empty") == platemaking.engrave(layout)
    )


def test_a_plate_of_other_elements_or_other_code_is_not_taken(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = certificate.layout_of(face)
    key = plates.key(layout)
    assert plates.key(replace(layout, elements=layout.elements[1:])) != key
    monkeypatch.setattr(plates, "makers", lambda: "newer")
    assert plates.key(layout) != key


def test_a_sheet_that_was_kept_is_the_sheet_that_is_drawn_up(face: Face, tmp_path: Path) -> None:
    kept, none = tmp_path / "sheets", tmp_path / "none"
    plates.keep(certificate.layout_of(face), kept)
    sheets.keep(face, kept)
    assert sheets.ready(face, kept, kept) == sheets.ready(face, none, kept) == sheets.ready(face, none, none)


def test_a_sheet_whose_plate_is_gone_is_drawn_up(face: Face, tmp_path: Path) -> None:
    sheets.keep(face, tmp_path)
    assert sheets.ready(face, tmp_path, tmp_path / "none") == sheets.ready(face, tmp_path / "none", tmp_path / "none")


def test_a_sheet_of_older_code_or_of_another_look_is_not_taken(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {sheets.key(sheets.sheet_of(each)) for each in (face, replace(face, test=False))}
    monkeypatch.setattr(sheets, "_code", lambda: "newer")
    assert len(keys | {sheets.key(sheets.sheet_of(face))}) == 3


def test_all_code_that_a_layout_follows_from_is_in_the_key_of_its_sheet() -> None:
    """What the templates import of this room, and what that imports, is read for the key."""
    room = Path(sheets.__file__).parent
    known = {"sheets", *sheets._DRAWN_UP_BY, *plates._MAKERS}
    for name in sheets._DRAWN_UP_BY:
        imported = re.findall(
            r"from chalicelib\.documents\.?([\w.]*) import (.+|\([^)]+\))", (room / f"{name}.py").read_text()
        )
        for module, names in imported:
            wanted = {module.replace(".", "/")} if module else set(re.findall(r"\w+", names))
            assert {each for each in wanted if (room / f"{each}.py").is_file()} <= known, name


@pytest.mark.parametrize("cut", [cut for cut in Cut if is_there(cut)])
def test_a_glyph_from_the_case_is_the_glyph_that_is_outlined(cut: Cut, tmp_path: Path) -> None:
    pieces = {each: outlining.piece(cut, each) for each in "A 甲𠀋永" if draws(cut, each)}
    file = typecase.file_of(cut, tmp_path)
    file.write_bytes(typecase.packed(cut, pieces))
    case = typecase.opened(cut, file)
    assert case is not None
    assert {each: case.find(each) for each in pieces} == pieces
    assert case.find("乙") is None


def test_a_case_of_another_font_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "other.case"
    file.write_bytes(b"\0" + typecase.packed(Cut.MAIN, {"甲": outlining.piece(Cut.MAIN, "甲")})[1:])
    assert typecase.opened(Cut.MAIN, file) is None


@given(st.text(codebook.ALPHANUMERIC, min_size=1, max_size=130))
def test_a_code_that_is_summed_is_the_code_that_segno_makes(address: str) -> None:
    assert codebook.code(address) == codebook.of_segno(address)


def test_a_code_is_summed_the_same_from_a_new_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "new.book"
    book.write_bytes(codebook.written(4))
    monkeypatch.setattr(codebook, "file_of", lambda version: book if version == 4 else tmp_path / "none")
    codebook._book.cache_clear()
    assert codebook._book(50)
    assert not codebook._book(80)
    for address in ("HTTPS://M.EXAMPLE.CN/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ23", "A" * 50, "$" * 80):
        assert codebook.code(address) == codebook.of_segno(address)
    codebook._book.cache_clear()
    assert qr.runs("A" * 50)[0] == 33


# --- PDF/A-2b by construction (no validator at hand) ------------------------------------------------------------------


def test_the_file_says_the_same_in_xmp_and_in_its_information(face: Face, sealed: bytes) -> None:
    document = PdfReader(BytesIO(sealed), strict=True)
    packet = document.trailer["/Root"]["/Metadata"].get_data().decode()
    said = {
        element.tag.rpartition("}")[2]: "".join(element.itertext()).strip()
        for element in ET.fromstring(packet[packet.index("<x:") : packet.index("<?xpacket end")]).iter()  # noqa: S314 - our own file
    }
    information = document.metadata
    assert information is not None
    assert (said["part"], said["conformance"]) == ("2", "B")
    assert said["title"] == information.title == f"{face.title} {face.number}"
    assert said["creator"] == information.author == face.association
    assert said["description"] == information.subject
    assert (said["identifier"], said["language"]) == (face.number, "zh-CN")
    assert said["CreateDate"].replace("-", "").replace(":", "")[:8] == str(information["/CreationDate"])[2:10]


def test_the_file_means_srgb_and_keeps_to_what_an_archive_takes(sealed: bytes) -> None:
    document = PdfReader(BytesIO(sealed), strict=True)
    catalog = document.trailer["/Root"]
    (intent,) = catalog["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_data()[36:40] == b"acsp"
    assert not {"/Names", "/AF", "/OpenAction", "/AA", "/Encrypt"} & ({*catalog} | {*document.trailer})
    assert sealed.startswith(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert len(document.trailer["/ID"]) == 2


def test_what_is_annotated_is_printed_and_has_an_appearance(sealed: bytes) -> None:
    (widget,) = [each.get_object() for each in PdfReader(BytesIO(sealed)).pages[0]["/Annots"]]
    assert widget["/F"] & 4
    assert not widget["/F"] & (1 | 2 | 32)
    assert list(widget["/AP"]) == ["/N"]


def test_every_font_is_whole_and_as_wide_as_the_file_says(drawn: bytes) -> None:
    for font in PdfReader(BytesIO(drawn)).pages[0]["/Resources"]["/Font"].values():
        described = font.get_object()["/DescendantFonts"][0].get_object()
        program = TTFont(BytesIO(described["/FontDescriptor"]["/FontFile2"].get_data()), checkChecksums=2)
        for name in program.getGlyphOrder():
            assert program["glyf"][name] is not None
        if described["/CIDToGIDMap"] == "/Identity":
            (first, widths) = described["/W"]
            assert widths == [program["hmtx"][name][0] for name in program.getGlyphOrder()[first:]]
            assert re.fullmatch(r"/[A-Z]{6}\+[\w-]+", described["/BaseFont"])
