"""Glyphs ready to print: each character's outline in TrueType's curves, made once, kept with all that a PDF asks of it.

Every character has a glyph of its own, so that two that look alike stay two when they are copied from the page.
"""

import struct
from functools import cache
from typing import NamedTuple

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from chalicelib.documents.fonts import Cut, typeface

MAX_DEVIATION = 0.5  # font units, a two-thousandth of the height of a character
MOST_POINTS = 4096
WORD = 4  # bytes; tables and their parts are padded to it


# left, bottom, right, top in font units
Box = tuple[int, int, int, int]


class Glyph(NamedTuple):
    """`outline` is its entry in the table glyf, `metrics` in hmtx; `total` is the sum of the words of the former."""

    character: str
    outline: bytes
    metrics: bytes
    total: int
    width: int  # in thousandths of an em, as a PDF counts
    unicode: str  # UTF-16, in hex
    box: Box = (0, 0, 0, 0)


@cache
def cast_glyph(cut: Cut, character: str) -> Glyph:
    """The glyph of a character in a cut that can draw it."""
    face = typeface(cut)
    glyph = face.font.get_nominal_glyph(ord(character))
    advance, outline = int(face.font.get_glyph_h_advance(glyph)), _quadratic(cut, glyph)
    box: Box = struct.unpack(">4h", outline[2:10]) if outline else (0, 0, 0, 0)
    return Glyph(
        character,
        outline,
        struct.pack(">Hh", advance, box[0]),
        total(outline),
        round(advance * 1000 / face.em),
        character.encode("utf-16-be").hex().upper(),
        box,
    )


def _quadratic(cut: Cut, glyph: int) -> bytes:
    pen = TTGlyphPen(None)
    typeface(cut).font.draw_glyph_with_pen(glyph, Cu2QuPen(pen, MAX_DEVIATION, reverse_direction=True))
    drawn = pen.glyph()
    drawn.recalcBounds(None)
    if not drawn.numberOfContours:
        return b""
    assert len(drawn.coordinates) <= MOST_POINTS
    return padded(drawn.compile(None))


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % WORD)


def total(data: bytes) -> int:
    """The sum of the 32-bit words of padded data, without carry (OpenType, calculating checksums)."""
    return sum(struct.unpack(f">{len(data) // WORD}I", data))
