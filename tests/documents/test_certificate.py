"""Every certificate as a picture and as text: what a person sees and what a program finds."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from chalicelib.documents import certificate, drawing, fonts, qr, qualification
from chalicelib.documents.imprint import Imprint
from chalicelib.documents.layout import Box, Code, Layout, Text
from chalicelib.documents.stationery import SAMPLE
from chalicelib.rules.certificate_face import TEST_NOTICE, Face, QualificationFace
from chalicelib.rules.vocabulary import CertificateKind
from infra.samples import DUPLICATE, ORIGINAL, photos_of

DPI = 150
PIXELS_PER_MM = DPI / 25.4
TITLES = {
    CertificateKind.MEMBER: "会员证",
    CertificateKind.QUALIFICATION: qualification.TITLE,
    CertificateKind.TRAINING: "岗位培训合格证",
}


def draw(face: Face) -> bytes:
    return certificate.draw(face, photos_of(face))


def picture(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    image = document[0].render(scale=DPI / 72, may_draw_forms=True).to_pil().convert("RGB")
    document.close()
    return image


def cut_out(image: Image.Image, box: Box) -> Image.Image:
    x, y, w, h = box
    return image.crop(tuple(round(edge * PIXELS_PER_MM) for edge in (x, y, x + w, y + h)))


def layout_of(face: Face) -> Layout:
    return certificate.TEMPLATES[face.template](face)


def code_of(face: Face) -> Code:
    return next(element for element in layout_of(face).elements if isinstance(element, Code))


def place_of(face: Face, text: str) -> Box:
    return next(each.box for each in layout_of(face).elements if isinstance(each, Text) and each.text == text)


def text_of(pdf: bytes) -> str:
    """As a browser's reader finds it; pypdf would follow every stroke of the border, for two seconds a page."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return " ".join(document[0].get_textpage().get_text_range().split())


def share(image: Image.Image, *, red: bool) -> float:
    """The share of pixels that are seal red or, else, dark ink."""
    pixels = list(zip(*[iter(image.tobytes())] * 3, strict=True))
    hits = [r > 130 and g < 90 and b < 90 if red else r < 110 and g < 110 and b < 110 for r, g, b in pixels]
    return sum(hits) / len(hits)


def test_the_same_face_gives_the_same_bytes(face: Face, drawn: bytes) -> None:
    assert draw(replace(face)) == drawn


def test_the_file_carries_no_clock_only_the_day_of_issue(face: Face) -> None:
    metadata = PdfReader(BytesIO(draw(replace(face, issued_on=date(2019, 5, 6))))).metadata
    assert metadata is not None
    assert metadata.creation_date == datetime(2019, 5, 6, tzinfo=UTC)


def test_the_identity_of_the_file_is_the_content_of_the_face(face: Face, drawn: bytes) -> None:
    identities = [bytes(part.original_bytes).hex() for part in PdfReader(BytesIO(drawn)).trailer["/ID"]]
    assert identities == [face.content_hash()[:32]] * 2


def test_the_qr_code_scanned_from_paper_is_the_address_exactly(face: Face, sealed: bytes) -> None:
    (code,) = zxingcpp.read_barcodes(picture(sealed))
    assert code.text == face.verify_url


def test_the_qr_code_is_at_least_25_mm_wide(face: Face) -> None:
    code = code_of(face)
    assert min(code.box.w, code.box.h) >= 25


def test_the_code_is_as_coarse_as_only_the_alphanumeric_mode_allows(face: Face) -> None:
    side, _ = qr.runs(face.verify_url)
    assert side == 33  # version 4; in byte mode the same address takes version 5


def test_an_address_in_small_letters_is_refused_by_the_code() -> None:
    with pytest.raises(AssertionError, match="alphanumeric"):
        qr.runs("https://m.example.cn/v/abc")


def test_title_holder_seal_and_code_are_really_there_to_see(face: Face, sealed: bytes) -> None:
    image = picture(sealed)
    title = place_of(face, TITLES[face.kind])
    assert share(cut_out(image, title), red=True) > 0.08
    assert share(cut_out(image, place_of(face, "{holder}")), red=False) > 0.02
    assert share(cut_out(image, layout_of(face).seal_field().box), red=True) > 0.1
    assert share(cut_out(image, code_of(face).box), red=False) > 0.3


def test_the_seal_belongs_to_the_signature_and_is_not_on_the_page_before(face: Face, drawn: bytes) -> None:
    assert share(cut_out(picture(drawn), layout_of(face).seal_field().box), red=True) == 0


def test_a_test_certificate_says_so_unmistakably(face: Face, drawn: bytes) -> None:
    assert TEST_NOTICE in text_of(drawn)
    assert share(cut_out(picture(drawn), place_of(face, TEST_NOTICE)), red=True) > 0.6
    assert "测试" not in text_of(draw(replace(face, test=False)))


def test_every_printed_text_can_be_extracted(face: Face, drawn: bytes) -> None:
    text = "".join(text_of(drawn).split())
    for printed in face.says().values():
        assert "".join(printed.split()) in text


def test_each_paper_of_a_qualification_says_which_it_is() -> None:
    original, duplicate = text_of(certificate.draw(ORIGINAL)), text_of(certificate.draw(DUPLICATE))
    assert "正本 ORIGINAL" in original
    assert "副本" not in original
    assert "副本 DUPLICATE" in duplicate
    assert "正本" not in duplicate


@pytest.mark.parametrize("paper", [ORIGINAL, DUPLICATE], ids=lambda face: face.part)
def test_before_the_first_review_the_year_of_issue_counts(paper: QualificationFace) -> None:
    reviewed, first = (text_of(certificate.draw(replace(paper, reviewed=years))) for years in ("2027、2028", ""))
    assert "2027年度" in reviewed
    assert "2028年度" in reviewed
    assert reviewed.count("已年审") == 3
    assert first.count("已年审") == 1
    assert "发证当年视同已年审" in first


def test_characters_that_look_alike_stay_what_they_were_when_copied(face: Face) -> None:
    # the Kangxi radical U+2F06 and the hanzi U+4E8C share one drawing in the font
    assert "⼆二公司" in text_of(draw(replace(face, holder="⼆二公司")))


def test_fonts_are_embedded_as_subsets_with_their_unicode(drawn: bytes) -> None:
    fonts_used = PdfReader(BytesIO(drawn)).pages[0]["/Resources"]["/Font"]
    assert fonts_used
    for font in fonts_used.values():
        described = font.get_object()
        assert described["/BaseFont"][7] == "+"
        assert "/ToUnicode" in described
        assert "/FontFile2" in described["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_the_file_says_what_it_is(face: Face, drawn: bytes) -> None:
    document = PdfReader(BytesIO(drawn))
    assert document.metadata is not None
    assert document.metadata.title == f"{face.title} {face.number}"
    assert face.number in str(document.metadata.subject)
    assert document.metadata.author == face.association
    assert document.trailer["/Root"]["/Lang"] == "zh-CN"


def test_a_character_without_a_glyph_is_named_before_and_refused_when_drawing(face: Face) -> None:
    strange = replace(face, holder="甲\ue000乙\ue001\ue000公司")
    assert certificate.undrawable(strange) == "\ue000\ue001"
    with pytest.raises(fonts.MissingGlyphError, match=r"U\+E000"):
        certificate.draw(strange)


def test_a_usual_face_has_a_glyph_for_everything(face: Face) -> None:
    assert certificate.undrawable(face) == ""


@pytest.mark.parametrize("holder", ["{number}", "{nb}公司", "%s公司", "(\\)公司"])
def test_a_name_that_looks_like_a_placeholder_is_printed_as_it_is(face: Face, holder: str) -> None:
    assert holder in text_of(draw(replace(face, holder=holder)))


def test_the_template_can_be_previewed_from_its_samples_alone(face: Face) -> None:
    layout = layout_of(face)
    imprint = Imprint("样张", "样张", "样例", "0" * 32, date(2026, 1, 1))
    assert SAMPLE["holder"] in text_of(drawing.draw(layout, drawing.samples(layout), imprint, photos_of(face)))


def test_every_name_in_the_template_has_a_value_and_a_sample(face: Face) -> None:
    layout, values = layout_of(face), certificate.values(face)
    assert set(drawing.samples(layout)) <= set(values)
    for element in layout.elements:
        if isinstance(element, Text):
            assert element.text.format_map(element.sample) == element.text.format_map(drawing.samples(layout))


def test_whatever_a_face_says_has_its_place_in_the_template(face: Face) -> None:
    words = "".join(element.text for element in layout_of(face).elements if isinstance(element, Text))
    split = {"verify_url": "{verify_site}", "test": TEST_NOTICE}
    assert not [name for name in face.says() if split.get(name, f"{{{name}}}") not in words]


def test_the_seal_says_of_which_paper_it_is_the_seal(face: Face, sealed: bytes) -> None:
    (widget,) = [annotation.get_object() for annotation in PdfReader(BytesIO(sealed)).pages[0]["/Annots"]]
    assert widget["/TU"] == widget["/V"]["/Reason"] == f"{face.title} {face.number}"
