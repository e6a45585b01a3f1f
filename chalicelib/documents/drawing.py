"""Draws a layout with fpdf2. Same layout, values and imprint, same bytes: no clock, no chance, no machine in it."""

import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from fpdf.drawing import DeviceRGB, PaintedPath
from fpdf.enums import PathPaintRule, TextMode

from chalicelib.documents import fonts, qr
from chalicelib.documents.engraving import engraved
from chalicelib.documents.fonts import Cut
from chalicelib.documents.imprint import Imprint
from chalicelib.documents.layout import (
    NO_PHOTOS,
    Code,
    Colour,
    Element,
    Frame,
    Guilloche,
    Layout,
    Line,
    Photo,
    Photos,
    Point,
    SealField,
    Text,
)
from chalicelib.documents.page import Page
from chalicelib.documents.reference_font import complete_font
from chalicelib.documents.typesetting import Run, SetLine, set_text


def draw(layout: Layout, values: Mapping[str, str], imprint: Imprint, photos: Photos = NO_PHOTOS) -> bytes:
    """The page as PDF, its seal field still empty: slow, and what the press is held against.

    Raises fonts.MissingGlyphError, typesetting.TextOverflowError.
    """
    lines = {
        index: set_text(element, values) for index, element in enumerate(layout.elements) if isinstance(element, Text)
    }
    page = Page(layout, imprint)
    with tempfile.TemporaryDirectory() as directory:
        _add_fonts(page, [run for block in lines.values() for line in block for run in line.runs], Path(directory))
        for index, element in enumerate(layout.elements):
            if isinstance(element, Text):
                _draw_text(page, element, lines[index])
            elif isinstance(element, Photo):
                page.image(BytesIO(photos[element.name]), *element.box)
            else:
                _draw_element(page, element, values)
        return bytes(page.output())


def samples(layout: Layout) -> dict[str, str]:
    """The sample values of a layout, by name."""
    values: dict[str, str] = {}
    for element in layout.elements:
        if isinstance(element, Text):
            values.update(element.sample)
        elif isinstance(element, Code | SealField):
            values[element.name] = element.sample
    return values


def _add_fonts(page: FPDF, runs: list[Run], directory: Path) -> None:
    # fpdf2 takes a file only, parses all of it for each document and changes what it parsed while subsetting:
    # handed the few characters of this page it needs a tenth of the time, and nothing is shared between documents
    for cut in Cut:
        if characters := {character for run in runs if run.cut is cut for character in run.text}:
            file = directory / f"{cut}.ttf"
            file.write_bytes(complete_font(cut, characters))
            page.add_font(cut, "", file)


def _draw_element(page: FPDF, element: Element, values: Mapping[str, str]) -> None:
    if isinstance(element, Line):
        _draw_line(page, element)
    elif isinstance(element, Frame):
        _draw_frame(page, element)
    elif isinstance(element, Guilloche):
        _draw_guilloche(page, element)
    elif isinstance(element, Code):
        _draw_code(page, element, values[element.name])


def _draw_text(page: FPDF, element: Text, lines: tuple[SetLine, ...]) -> None:
    page.set_text_color(*element.colour)
    page.set_draw_color(*element.colour)
    for line in lines:
        for run in line.runs:
            page.text_mode = TextMode.FILL_STROKE if run.weight else TextMode.FILL
            page.set_line_width(run.weight)  # which fpdf2 writes unscaled, in points
            page.set_font(run.cut)
            page.set_font_size(line.size)
            page.set_char_spacing(line.tracking / fonts.POINT)
            page.text(run.x, line.baseline, run.text)
    page.set_char_spacing(0)


def _draw_line(page: FPDF, element: Line) -> None:
    page.set_draw_color(*element.colour)
    page.set_line_width(element.thickness)
    page.line(*element.start, *element.end)


def _colour(colour: Colour | None) -> DeviceRGB | None:
    return DeviceRGB(*(channel / 255 for channel in colour)) if colour else None


def _paint(page: FPDF, path: PaintedPath, stroke: Colour | None, fill: Colour | None, thickness: float) -> None:
    path.style.stroke_color = _colour(stroke)
    path.style.fill_color = _colour(fill)
    path.style.stroke_width = thickness
    path.style.auto_close = False
    path.style.paint_rule = PathPaintRule.STROKE_FILL_NONZERO if fill and stroke else _single(fill)
    # copying the path costs more than all the rest; the published stubs describe an older fpdf2
    page.draw_path(path, copy=False)  # type: ignore[call-arg]


def _single(fill: Colour | None) -> PathPaintRule:
    return PathPaintRule.FILL_NONZERO if fill else PathPaintRule.STROKE


def _draw_frame(page: FPDF, element: Frame) -> None:
    (first, *others), cut = _corners(element), element.cut
    path = PaintedPath(*first[1])
    for before, after in (*others, first):
        path.line_to(*before)
        if cut:
            path.arc_to(cut, cut, 0, False, False, *after)
    path.close()
    _paint(page, path, element.stroke, element.fill, element.thickness)


def _corners(element: Frame) -> tuple[tuple[Point, Point], ...]:
    """Clockwise from the top left: where each corner is entered and left."""
    (x, y, w, h), cut = element.box, element.cut
    right, bottom = x + w, y + h
    return (
        ((x, y + cut), (x + cut, y)),
        ((right - cut, y), (right, y + cut)),
        ((right, bottom - cut), (right - cut, bottom)),
        ((x + cut, bottom), (x, bottom - cut)),
    )


def _draw_guilloche(page: FPDF, element: Guilloche) -> None:
    # fpdf2 would build every place anew; its only door for ready operators is a private one
    page._out(engraved(element, page.h))  # type: ignore[attr-defined]  # noqa: SLF001


def _draw_code(page: FPDF, element: Code, url: str) -> None:
    side, dark = qr.runs(url)
    module = element.box.w / side
    path = PaintedPath()
    for row, column, length in dark:
        path.rectangle(element.box.x + column * module, element.box.y + row * module, length * module, module)
    _paint(page, path, None, element.colour, 0)
