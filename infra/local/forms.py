"""Blank forms to try uploads with: one page each, with a line for each field of the service. Made-up, and says so."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from chalicelib.documents.drawing import draw
from chalicelib.documents.imprint import Imprint
from chalicelib.documents.layout import Align, Box, Colour, Element, Frame, Layout, Line, Text
from chalicelib.rules.association import Association, BlankForm
from chalicelib.rules.grammar import Field
from chalicelib.rules.services import JOIN, TABLE

INK: Colour = (30, 30, 30)
GREY: Colour = (120, 120, 120)
MADE_ON = date(2026, 1, 1)
LEFT, RIGHT, WRITING = 22.0, 188.0, 68.0
TOP, ROW = 46.0, 14.5
SEAL = Box(118, 238, 70, 44)
WHO = ("name", "credit_code")  # what every form asks, whatever its service does


def ensure(association: Association, directory: Path) -> None:
    """Draws each form anew, under the name its address ends in."""
    directory.mkdir(parents=True, exist_ok=True)
    for form in association.forms:
        layout = Layout(form.code, tuple(_elements(form, association)))
        (directory / form.url.rpartition("/")[2]).write_bytes(draw(layout, {}, _imprint(form, association)))


def fields(form: BlankForm) -> tuple[Field, ...]:
    """Those of the service that asks for the form, after the company's name and code."""
    row = next(row for row in TABLE.values() if any(material.form == form.code for material in row.materials))
    who = (JOIN.field(name) for name in WHO if row.field(name) is None)
    return (*(field for field in who if field), *row.fields)


def _imprint(form: BlankForm, association: Association) -> Imprint:
    identity = sha256(form.code.encode()).hexdigest()[:32]
    return Imprint(form.title, form.title, association.name, identity, MADE_ON)


def _elements(form: BlankForm, association: Association) -> Iterator[Element]:
    yield _text(association.name, Box(LEFT, 16, 166, 9), 13, INK, Align.CENTRE)
    yield _text(form.title, Box(LEFT, 27, 166, 11), 19, INK, Align.CENTRE)
    for row, field in enumerate(fields(form)):
        yield from _line(field, TOP + row * ROW)
    yield from _seal()


def _line(field: Field, y: float) -> Iterator[Element]:
    yield _label(field.chinese, Box(LEFT, y - 1.5, WRITING - LEFT - 2, 11))
    yield Line((WRITING, y + 8), (RIGHT, y + 8), INK, 0.2)
    if field.hint:
        yield _text(field.hint, Box(WRITING, y + 8.6, RIGHT - WRITING, 4), 7, GREY, Align.LEFT)


def _seal() -> Iterator[Element]:
    """A round seal of a company is 4 to 4.5 cm wide."""
    yield Frame(SEAL, stroke=INK, thickness=0.3)
    yield _text("单位盖章", Box(SEAL.x + 2, SEAL.y + 2, 40, 6), 10, INK, Align.LEFT)
    yield _text("年    月    日", Box(SEAL.x + 2, SEAL.y + 36, SEAL.w - 6, 6), 10, INK, Align.RIGHT)
    yield _text("负责人签字", Box(LEFT, SEAL.y + 30, 40, 8), 11, INK, Align.LEFT)
    yield Line((LEFT + 26, SEAL.y + 38), (SEAL.x - 6, SEAL.y + 38), INK, 0.2)


def _label(text: str, box: Box) -> Text:
    """Some names of fields are half a sentence: they take two lines, in smaller type."""
    return Text(text, box, 11, INK, {}, Align.LEFT, lines=2)


def _text(text: str, box: Box, size: float, colour: Colour, align: Align) -> Text:
    return Text(text, box, size, colour, {}, align)
