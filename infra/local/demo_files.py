"""What the people of the demo hold in their hands: filled-in forms, a photograph, a bank receipt, a trick. All made up.

Each paper says that it is for demonstration, and no unit, person or account on it exists.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from io import BytesIO

import pypdfium2

from chalicelib.documents.drawing import draw
from chalicelib.documents.imprint import Imprint
from chalicelib.documents.layout import Align, Box, Colour, Element, Frame, Layout, Line, Text

INK: Colour = (30, 30, 30)
GREY: Colour = (150, 150, 150)
RED: Colour = (200, 30, 30)
MADE_ON = date(2026, 1, 1)
PHOTO_DPI = 110
# A page that a browser would run, under the name of a photograph.
DISGUISED = b"<!DOCTYPE html><html><script>alert('not a photograph')</script></html>\n"


def paper(title: str, lines: Mapping[str, str], chop: str | None = None) -> bytes:
    """One page of A4 as PDF: a title, a line for each entry, and a made-up chop where one is wanted."""
    elements = (*_heading(title), *_rows(lines), *(_chop(chop) if chop else ()))
    identity = sha256(repr((title, sorted(lines.items()))).encode()).hexdigest()[:32]
    return draw(Layout("demo-paper", elements), {}, Imprint(title, title, "演示 demo", identity, MADE_ON))


def photograph(pdf: bytes) -> bytes:
    """The same page as a phone would take it: JPEG."""
    document = pypdfium2.PdfDocument(pdf)
    picture = BytesIO()
    document[0].render(scale=PHOTO_DPI / 72).to_pil().convert("RGB").save(picture, "JPEG", quality=85)
    document.close()
    return picture.getvalue()


def _heading(title: str) -> Iterator[Element]:
    yield _text(title, 26, 20, INK, Align.CENTRE)
    yield _text("演示文件，内容纯属虚构 · made up for demonstration", 40, 9, GREY, Align.CENTRE)


def _rows(lines: Mapping[str, str]) -> Iterator[Element]:
    for row, (label, value) in enumerate(lines.items()):
        y = 58 + row * 14
        yield _text(label, y, 10, GREY, Align.LEFT)
        yield Text(value, Box(68, y, 120, 9), 11, INK, {}, Align.LEFT)
        yield Line((66, y + 9), (188, y + 9), GREY, 0.2)


def _chop(name: str) -> Iterator[Element]:
    yield Frame(Box(118, 248, 66, 22), stroke=RED, thickness=0.8)
    yield Text(name, Box(120, 251, 62, 8), 9, RED, {})
    yield Text("（虚构印章）", Box(120, 260, 62, 7), 8, RED, {})


def _text(text: str, y: float, size: float, colour: Colour, align: Align) -> Text:
    return Text(text, Box(22, y, 166, 9), size, colour, {}, align)
