"""Glyphs ready to print: each character's outline in TrueType's curves, made once, kept with all that a PDF asks of it.

Every character has a glyph of its own, so that two that look alike stay two when they are copied from the page.
"""

import struct
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple, cast

from chalicelib.documents import typecase
from chalicelib.documents.fonts import KEPT_CHARACTERS, Cut, typeface
from chalicelib.documents.typecase import WORD

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


@lru_cache(maxsize=KEPT_CHARACTERS)
def cast_glyph(cut: Cut, character: str) -> Glyph:
    """The glyph of a character in a cut that can draw it; from the type case where set-up put it there."""
    advance, outline = typecase.find(cut, character) or _drawn(cut, character)
    box: Box = struct.unpack(">4h", outline[2:10]) if outline else (0, 0, 0, 0)
    width = round(advance * 1000 / typeface(cut).em)
    metrics, unicode = struct.pack(">Hh", advance, box[0]), character.encode("utf-16-be").hex().upper()
    return Glyph(character, outline, metrics, total(outline), width, unicode, box)


def _drawn(cut: Cut, character: str) -> typecase.Piece:
    # fontTools loads only where a glyph is not in the case
    return cast("typecase.Piece", import_module("chalicelib.documents.outlining").piece(cut, character))


def total(data: bytes) -> int:
    """The sum of the 32-bit words of padded data, without carry (OpenType, calculating checksums)."""
    return sum(struct.unpack(f">{len(data) // WORD}I", data))
