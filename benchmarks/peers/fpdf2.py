"""The page as a user of fpdf2 writes it: the font is added to each document, as its manual shows."""

from typing import Any

from fpdf import FPDF

from benchmarks.peers.code import dark_runs

FONT = ""


def prepare(font: str) -> None:
    global FONT  # noqa: PLW0603 - once, before the clock runs
    FONT = font


def draw(page: dict[str, Any]) -> bytes:
    pdf = FPDF(unit="mm", format=(page["width"], page["height"]))
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.add_font("song", "", FONT)
    for x, y, w, h, thickness, stroke, fill in page["frames"]:
        pdf.set_line_width(thickness)
        pdf.set_draw_color(*(stroke or (0, 0, 0)))
        pdf.set_fill_color(*(fill or (255, 255, 255)))
        pdf.rect(x, y, w, h, style=("D" if stroke else "") + ("F" if fill else ""))
    for x1, y1, x2, y2, thickness, colour in page["lines"]:
        pdf.set_line_width(thickness)
        pdf.set_draw_color(*colour)
        pdf.line(x1, y1, x2, y2)
    for text, x, y, size, tracking, colour in page["texts"]:
        pdf.set_text_color(*colour)
        pdf.set_font("song", size=size)
        pdf.set_char_spacing(tracking / 25.4 * 72)
        pdf.text(x, y, text)
    pdf.set_char_spacing(0)
    _code(pdf, page["code"])
    _seal(pdf, page["seal"])
    return bytes(pdf.output())


def _code(pdf: FPDF, code: dict[str, Any]) -> None:
    module = code["module"]
    pdf.set_fill_color(0, 0, 0)
    for row, column, length in dark_runs(code):
        pdf.rect(code["x"] + column * module, code["y"] + row * module, length * module, module, style="F")


def _seal(pdf: FPDF, seal: dict[str, Any]) -> None:
    pdf.set_draw_color(199, 13, 23)
    pdf.set_fill_color(199, 13, 23)
    pdf.set_text_color(199, 13, 23)
    pdf.set_line_width(1.2)
    pdf.circle(seal["x"], seal["y"], seal["radius"], style="D")
    pdf.polygon([tuple(point) for point in seal["star"]], style="F")
    pdf.set_font("song", size=14)
    for letter, x, y, angle in seal["letters"]:
        with pdf.rotation(angle, x, y):
            pdf.text(x - 2.5, y, letter)
