"""The member certificate as a picture and as text: what a person sees and what a program finds."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from chalicelib.documents import certificate, drawing, fonts, member, qr
from chalicelib.documents.layout import Code, Text
from chalicelib.documents.page import Imprint
from chalicelib.rules.certificate_face import TEST_NOTICE, MemberFace

DPI = 150
PIXELS_PER_MM = DPI / 25.4


def picture(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    image = document[0].render(scale=DPI / 72, may_draw_forms=True).to_pil().convert("RGB")
    document.close()
    return image


def cut_out(image: Image.Image, x: float, y: float, w: float, h: float) -> Image.Image:
    return image.crop(tuple(round(edge * PIXELS_PER_MM) for edge in (x, y, x + w, y + h)))


def share(image: Image.Image, *, red: bool) -> float:
    """The share of pixels that are seal red or, else, dark ink."""
    pixels = list(zip(*[iter(image.tobytes())] * 3, strict=True))
    hits = [r > 130 and g < 90 and b < 90 if red else r < 110 and g < 110 and b < 110 for r, g, b in pixels]
    return sum(hits) / len(hits)


def test_the_same_face_gives_the_same_bytes(face: MemberFace, drawn: bytes) -> None:
    assert certificate.draw(replace(face)) == drawn


def test_the_file_carries_no_clock_only_the_day_of_issue(face: MemberFace) -> None:
    metadata = PdfReader(BytesIO(certificate.draw(replace(face, issued_on=date(2019, 5, 6))))).metadata
    assert metadata is not None
    assert metadata.creation_date == datetime(2019, 5, 6, tzinfo=UTC)


def test_the_identity_of_the_file_is_the_content_of_the_face(face: MemberFace, drawn: bytes) -> None:
    identities = [bytes(part.original_bytes).hex() for part in PdfReader(BytesIO(drawn)).trailer["/ID"]]
    assert identities == [face.content_hash()[:32]] * 2


def test_the_qr_code_scanned_from_paper_is_the_address_exactly(face: MemberFace, sealed: bytes) -> None:
    (code,) = zxingcpp.read_barcodes(picture(sealed))
    assert code.text == face.verify_url


def test_the_qr_code_is_at_least_25_mm_wide() -> None:
    (code,) = [element for element in member.layout(test=True).elements if isinstance(element, Code)]
    assert min(code.box.w, code.box.h) >= 25


def test_the_code_is_as_coarse_as_only_the_alphanumeric_mode_allows(face: MemberFace) -> None:
    side, _ = qr.runs(face.verify_url)
    assert side == 33  # version 4; in byte mode the same address takes version 5


def test_an_address_in_small_letters_is_refused_by_the_code() -> None:
    with pytest.raises(AssertionError, match="alphanumeric"):
        qr.runs("https://m.example.cn/v/abc")


def test_title_holder_seal_and_code_are_really_there_to_see(sealed: bytes) -> None:
    image = picture(sealed)
    assert share(cut_out(image, 60, 50, 90, 24), red=True) > 0.08
    assert share(cut_out(image, 32, 119.5, 146, 18), red=False) > 0.04
    assert share(cut_out(image, 117, 214.4, 42, 42), red=True) > 0.1
    assert share(cut_out(image, 45.5, 217, 28, 28), red=False) > 0.3


def test_the_seal_belongs_to_the_signature_and_is_not_on_the_page_before(drawn: bytes) -> None:
    assert share(cut_out(picture(drawn), 117, 214.4, 42, 42), red=True) == 0


def test_a_test_certificate_says_so_unmistakably(face: MemberFace, drawn: bytes) -> None:
    assert TEST_NOTICE in PdfReader(BytesIO(drawn)).pages[0].extract_text()
    assert share(cut_out(picture(drawn), 63, 93, 84, 8.4), red=True) > 0.6
    live = certificate.draw(replace(face, test=False))
    assert "测试" not in PdfReader(BytesIO(live)).pages[0].extract_text()


def test_every_printed_text_can_be_extracted(face: MemberFace, drawn: bytes) -> None:
    text = "".join(PdfReader(BytesIO(drawn)).pages[0].extract_text().split())
    for printed in face.printable_texts():
        assert "".join(printed.split()) in text


def test_characters_that_look_alike_stay_what_they_were_when_copied(face: MemberFace) -> None:
    # the Kangxi radical U+2F06 and the hanzi U+4E8C share one drawing in the font
    text = PdfReader(BytesIO(certificate.draw(replace(face, holder="⼆二公司")))).pages[0].extract_text()
    assert "⼆二公司" in text


def test_fonts_are_embedded_as_subsets_with_their_unicode(drawn: bytes) -> None:
    fonts_used = PdfReader(BytesIO(drawn)).pages[0]["/Resources"]["/Font"]
    assert len(fonts_used) == 1
    for font in fonts_used.values():
        described = font.get_object()
        assert described["/BaseFont"][7] == "+"
        assert "/ToUnicode" in described
        assert "/FontFile2" in described["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_the_file_says_what_it_is(face: MemberFace, drawn: bytes) -> None:
    document = PdfReader(BytesIO(drawn))
    assert document.metadata is not None
    assert document.metadata.title == f"会员证 Member Certificate {face.number}"
    assert face.number in str(document.metadata.subject)
    assert document.metadata.author == face.association
    assert document.trailer["/Root"]["/Lang"] == "zh-CN"


def test_a_character_without_a_glyph_is_named_before_and_refused_when_drawing(face: MemberFace) -> None:
    strange = replace(face, holder="甲\ue000乙\ue001\ue000公司")
    assert certificate.undrawable(strange) == "\ue000\ue001"
    with pytest.raises(fonts.MissingGlyphError, match=r"U\+E000"):
        certificate.draw(strange)


def test_a_usual_face_has_a_glyph_for_everything(face: MemberFace) -> None:
    assert certificate.undrawable(face) == ""


@pytest.mark.parametrize("holder", ["{number}", "{nb}公司", "%s公司", "(\\)公司"])
def test_a_name_that_looks_like_a_placeholder_is_printed_as_it_is(face: MemberFace, holder: str) -> None:
    assert holder in PdfReader(BytesIO(certificate.draw(replace(face, holder=holder)))).pages[0].extract_text()


def test_the_template_can_be_previewed_from_its_samples_alone() -> None:
    layout = member.layout(test=True)
    imprint = Imprint("样张", "样张", "样例", "0" * 32, date(2026, 1, 1))
    text = PdfReader(BytesIO(drawing.draw(layout, drawing.samples(layout), imprint))).pages[0].extract_text()
    assert member.SAMPLE["holder"] in text


def test_every_name_in_the_template_has_a_value_and_a_sample(face: MemberFace) -> None:
    layout, values = member.layout(test=True), member.values(face)
    assert set(drawing.samples(layout)) <= set(values)
    for element in layout.elements:
        if isinstance(element, Text):
            assert element.text.format_map(element.sample) == element.text.format_map(drawing.samples(layout))
