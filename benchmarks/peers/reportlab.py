"""The page as a user of reportlab writes it: the font is registered once, a canvas for each document."""

from io import BytesIO
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.peers.code import dark_runs


def prepare(font: str) -> None:
    pdfmetrics.registerFont(TTFont("song", font))


def draw(page: dict[str, Any]) -> bytes:
    file, height = BytesIO(), page["height"]
    canvas = Canvas(file, pagesize=(page["width"] * mm, height * mm))
    for x, y, w, h, thickness, stroke, fill in page["frames"]:
        canvas.setLineWidth(thickness * mm)
        canvas.setStrokeColorRGB(*_share(stroke or (0, 0, 0)))
        canvas.setFillColorRGB(*_share(fill or (255, 255, 255)))
        canvas.rect(x * mm, (height - y - h) * mm, w * mm, h * mm, stroke=bool(stroke), fill=bool(fill))
    for x1, y1, x2, y2, thickness, colour in page["lines"]:
        canvas.setLineWidth(thickness * mm)
        canvas.setStrokeColorRGB(*_share(colour))
        canvas.line(x1 * mm, (height - y1) * mm, x2 * mm, (height - y2) * mm)
    for text, x, y, size, tracking, colour in page["texts"]:
        canvas.setFillColorRGB(*_share(colour))
        line = canvas.beginText(x * mm, (height - y) * mm)
        line.setFont("song", size)
        line.setCharSpace(tracking * mm)
        line.textOut(text)
        canvas.drawText(line)
    _code(canvas, page["code"], height)
    _seal(canvas, page["seal"], height)
    canvas.save()
    return file.getvalue()


def _share(colour: tuple[int, int, int]) -> tuple[float, ...]:
    return tuple(channel / 255 for channel in colour)


def _code(canvas: Canvas, code: dict[str, Any], height: float) -> None:
    module, path = code["module"], canvas.beginPath()
    for row, column, length in dark_runs(code):
        x, y = code["x"] + column * module, height - code["y"] - (row + 1) * module
        path.rect(x * mm, y * mm, length * module * mm, module * mm)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawPath(path, stroke=0, fill=1)


def _seal(canvas: Canvas, seal: dict[str, Any], height: float) -> None:
    canvas.setStrokeColorRGB(0.78, 0.05, 0.09)
    canvas.setFillColorRGB(0.78, 0.05, 0.09)
    canvas.setLineWidth(1.2 * mm)
    canvas.circle(seal["x"] * mm, (height - seal["y"]) * mm, seal["radius"] * mm)
    path = canvas.beginPath()
    (x, y), *others = seal["star"]
    path.moveTo(x * mm, (height - y) * mm)
    for x, y in others:
        path.lineTo(x * mm, (height - y) * mm)
    canvas.drawPath(path, stroke=0, fill=1)
    for letter, x, y, angle in seal["letters"]:
        canvas.saveState()
        canvas.translate(x * mm, (height - y) * mm)
        canvas.rotate(angle)
        canvas.setFont("song", 14)
        canvas.drawCentredString(0, 0, letter)
        canvas.restoreState()
