"""The page as a user of PyMuPDF writes it: shapes and text writers, fonts cut down to what is used before saving."""

from collections import defaultdict
from typing import Any

import pymupdf

from benchmarks.peers.code import dark_runs

POINT = 72 / 25.4
FONT: Any = None


def prepare(font: str) -> None:
    global FONT  # noqa: PLW0603 - once, before the clock runs
    FONT = pymupdf.Font(fontfile=font)


def draw(page: dict[str, Any]) -> bytes:
    document = pymupdf.open()
    sheet = document.new_page(width=page["width"] * POINT, height=page["height"] * POINT)
    shape = sheet.new_shape()
    for x, y, w, h, thickness, stroke, fill in page["frames"]:
        shape.draw_rect(pymupdf.Rect(x, y, x + w, y + h) * POINT)
        shape.finish(color=_share(stroke), fill=_share(fill), width=thickness * POINT)
    for x1, y1, x2, y2, thickness, colour in page["lines"]:
        shape.draw_line(pymupdf.Point(x1, y1) * POINT, pymupdf.Point(x2, y2) * POINT)
        shape.finish(color=_share(colour), width=thickness * POINT)
    _code(shape, page["code"])
    shape.commit()
    writers: dict[Any, Any] = defaultdict(lambda: pymupdf.TextWriter(sheet.rect))
    for text, x, y, size, _tracking, colour in page["texts"]:
        writers[_share(colour)].append((x * POINT, y * POINT), text, font=FONT, fontsize=size)
    for colour, writer in writers.items():
        writer.write_text(sheet, color=colour)
    _seal(sheet, page["seal"])
    document.subset_fonts()
    made: bytes = document.tobytes(deflate=True, garbage=3)
    document.close()
    return made


def _share(colour: tuple[int, int, int] | None) -> tuple[float, ...] | None:
    return colour and tuple(channel / 255 for channel in colour)


def _code(shape: Any, code: dict[str, Any]) -> None:
    module = code["module"]
    for row, column, length in dark_runs(code):
        x, y = code["x"] + column * module, code["y"] + row * module
        shape.draw_rect(pymupdf.Rect(x, y, x + length * module, y + module) * POINT)
    shape.finish(color=None, fill=(0, 0, 0))


def _seal(sheet: Any, seal: dict[str, Any]) -> None:
    red, middle = (0.78, 0.05, 0.09), pymupdf.Point(seal["x"], seal["y"]) * POINT
    sheet.draw_circle(middle, seal["radius"] * POINT, color=red, width=1.2 * POINT)
    sheet.draw_polyline([pymupdf.Point(*point) * POINT for point in seal["star"]], color=red, fill=red, closePath=True)
    for letter, x, y, angle in seal["letters"]:
        place = pymupdf.Point(x, y) * POINT
        writer = pymupdf.TextWriter(sheet.rect)
        writer.append(place - (7, 0), letter, font=FONT, fontsize=14)
        writer.write_text(sheet, color=red, morph=(place, pymupdf.Matrix(-angle)))
