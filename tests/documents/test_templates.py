"""A template that was ever issued stays as it was; a new design is a new template; the card is of true size."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

import pytest

from chalicelib.documents import card, certificate
from chalicelib.documents.layout import Box, Code, Element, Layout, Line, Photo, Text
from chalicelib.documents.templates import fields_of_reviews
from chalicelib.rules.certificate_face import Face, faces_of, printed
from infra.samples import DUPLICATE, MEMBER, ORIGINAL, PHOTO, TRAINING
from tests.documents.rendering import by_pdfium

Kind = TypeVar("Kind")
NUMBER = re.compile(r"-?[0-9]+\.[0-9]+(?:e-?[0-9]+)?")  # the last digits of a sine are the machine's own
FIRST = {
    "member": replace(MEMBER, template="member-1"),
    "original": replace(ORIGINAL, template="qualification-1"),
    "duplicate": replace(DUPLICATE, template="qualification-1"),
    "not-yet-reviewed": replace(DUPLICATE, template="qualification-1", reviewed=""),
}
AS_FIRST_ISSUED = {
    "member": "086db7c8ce3af00486011bb90462950518fa884a7be73a0d74b7cd00daa6d89b",
    "original": "0f85618d3ba0f31b763c3bc62c75af0fc74d9ad9f5984908c6a2e8967c1c36a0",
    "duplicate": "cd627a41235c3dfa33e3756174c16788ec04eae122f776f8fff5c359c08a54d5",
    "not-yet-reviewed": "455ab587b6d4fac8717ef23689980f364b690c56ff0b4bf8cb095738a2f2d20d",
}


def told(layout: Layout) -> Iterator[str]:
    """Every element by what is not as usual in it: fields that elements gained since change nothing."""
    yield f"{layout.name} {layout.width:g} {layout.height:g} {layout.margin:g}"
    for element in layout.elements:
        yield NUMBER.sub(
            lambda number: f"{float(number[0]):.4f}", f"{type(element).__name__} {dict(_unusual(element))}"
        )


def _unusual(element: Element) -> Iterator[tuple[str, Any]]:
    for each in fields(element):
        value = getattr(element, each.name)
        if value != each.default:
            yield each.name, dict(value) if each.name == "sample" and isinstance(element, Text) else value


def layout_of(face: Face) -> Layout:
    return certificate.TEMPLATES[face.template](face)


def the(kind: type[Kind]) -> Kind:
    (only,) = [element for element in layout_of(TRAINING).elements if isinstance(element, kind)]
    return only


@pytest.mark.parametrize("name", FIRST)
def test_the_first_templates_are_what_they_were_when_they_were_issued(name: str) -> None:
    said = "\n".join(told(layout_of(FIRST[name])))
    assert hashlib.sha256(said.encode()).hexdigest() == AS_FIRST_ISSUED[name]


@pytest.mark.parametrize("face", FIRST.values(), ids=FIRST)
def test_an_edition_of_the_first_template_is_drawn_with_it_for_ever(face: Face) -> None:
    again = [each for each in faces_of(face.kind, printed(face)) if each.which is face.which]
    assert [layout_of(each).name for each in again] == [layout_of(face).name]
    assert certificate.draw(again[0]) == certificate.draw(face)


@pytest.mark.parametrize("face", [MEMBER, ORIGINAL, DUPLICATE, TRAINING], ids=lambda face: face.title)
def test_a_layout_is_called_after_its_template(face: Face) -> None:
    assert layout_of(face).name.startswith(face.template)


def test_the_photo_has_the_proportion_and_size_that_the_guide_asks_for() -> None:
    photo = the(Photo).box
    assert (photo.w, photo.h) == (26, 32)


def test_the_photo_is_there_to_see() -> None:
    page = by_pdfium(certificate.draw(TRAINING, {"photo": PHOTO}), 100)
    x, y, w, h = the(Photo).box
    face = page.getpixel((round((x + w / 2) / 0.254), round((y + h * 0.45) / 0.254)))
    assert face == pytest.approx((232, 192, 164), abs=12)


def test_the_card_has_two_faces_of_a_bank_card_and_lies_on_the_sheet() -> None:
    assert (card.WIDTH, card.HEIGHT) == (85.6, 54)
    sheet, inside = layout_of(TRAINING), Box(*card_place(), 2 * card.WIDTH, card.HEIGHT)
    assert sheet.inner.holds(inside)
    for element in (the(Photo), the(Code), sheet.seal_field()):
        assert inside.holds(element.box)


def card_place() -> tuple[float, float]:
    photo = the(Photo).box
    return photo.x - 4.6, photo.y - 12.5


def test_photo_and_code_and_seal_keep_off_the_fold() -> None:
    fold = card_place()[0] + card.WIDTH
    assert the(Photo).box.x + the(Photo).box.w < fold - 3
    assert min(the(Code).box.x, layout_of(TRAINING).seal_field().box.x) > fold + 3


def test_crop_marks_stand_off_the_card_at_all_four_corners() -> None:
    x, y = card_place()
    right, foot = x + 2 * card.WIDTH, y + card.HEIGHT
    lines = [each for each in layout_of(TRAINING).elements if isinstance(each, Line)]
    for corner_x, way in ((x, -1), (right, 1)):
        for corner_y in (y, foot):
            start, end = (corner_x + way * card.GAP, corner_y), (corner_x + way * (card.GAP + card.MARK), corner_y)
            assert [line for line in lines if line.start == pytest.approx(start) and line.end == pytest.approx(end)]


def test_a_year_that_was_reviewed_has_its_mark_and_one_that_was_not_says_nothing() -> None:
    said = fields_of_reviews({"year_1": "2027年度"})
    assert (said["year_1"], said["mark_1"]) == ("2027年度", "已年审")
    assert {said[f"{what}_{place}"] for what in ("year", "mark") for place in range(2, 7)} == {""}
