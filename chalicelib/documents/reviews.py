"""The annual reviews of a qualification as a small table: the latest six years, two terms, each with its mark."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from chalicelib.documents.border import SEPIA
from chalicelib.documents.layout import Box, Element, Line, Text
from chalicelib.documents.stationery import CINNABAR, HAIR, INK, centred
from chalicelib.documents.templates import fields_of_reviews
from chalicelib.rules.certificate_face import REVIEWS

SAMPLE: Mapping[str, str] = MappingProxyType(fields_of_reviews({"year_1": "2027年度", "year_2": "2028年度"}))


def cells(box: Box, columns: int, scale: float = 1.0) -> Iterator[Element]:
    """The six cells in rows of ``columns``, filling the box, and the rules between them."""
    rows = REVIEWS // columns
    width, height = box.w / columns, box.h / rows
    yield from _rules(box, columns, rows)
    for place in range(REVIEWS):
        x, y = box.x + place % columns * width, box.y + place // columns * height
        yield from _cell(Box(x, y, width, height), place + 1, scale)


def _rules(box: Box, columns: int, rows: int) -> Iterator[Line]:
    for row in range(1, rows):
        y = box.y + box.h * row / rows
        yield Line((box.x, y), (box.x + box.w, y), SEPIA.middle, HAIR)
    for column in range(1, columns):
        x = box.x + box.w * column / columns
        yield Line((x, box.y + 1.4), (x, box.y + box.h - 1.4), SEPIA.middle, HAIR)


def _cell(box: Box, place: int, scale: float) -> Iterator[Text]:
    middle, top = box.x + box.w / 2, box.y + (box.h - 8.6 * scale) / 2
    year, mark = f"year_{place}", f"mark_{place}"
    width = box.w - 2
    yield Text(
        f"{{{year}}}", centred(middle, top, 5 * scale, width), 10 * scale, INK, {year: SAMPLE[year]},
        bold=True, tracking=0.2,
    )  # fmt: skip
    yield Text(
        f"{{{mark}}}", centred(middle, top + 5.2 * scale, 3.4 * scale, width), 7.5 * scale, CINNABAR,
        {mark: SAMPLE[mark]}, tracking=0.3,
    )  # fmt: skip
