"""Font files with a page's few glyphs in them, by putting finished pieces side by side.

Parsing and subsetting a font anew for each certificate is what makes drawing slow; here nothing is parsed.
"""

import struct
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from chalicelib.documents.fonts import Cut, typeface
from chalicelib.documents.glyphs import Box, Glyph, total
from chalicelib.documents.typecase import padded

EPOCH = 2_082_844_800  # 1 January 1970 on the calendar of font files, which begins in 1904
MAGIC = 0xB1B0AFBA  # what the whole file has to add up to (OpenType, head.checkSumAdjustment)
NOTDEF = Glyph("", b"", bytes(4), 0, 0, "")
MOST_POINTS, MOST_CONTOURS = 4096, 512


def font_file(cut: Cut, glyphs: Sequence[Glyph]) -> bytes:
    """The tables that a PDF asks of a CIDFontType2 (ISO 32000-1, 9.9); these glyphs, behind .notdef."""
    every = (NOTDEF, *glyphs)
    places = list(accumulate((len(glyph.outline) for glyph in every), initial=0))
    tables = (
        ("glyf", b"".join([glyph.outline for glyph in every]), sum([glyph.total for glyph in every])),
        _summed("head", _head(cut, around(glyphs))),
        _summed("hhea", _hhea(cut, len(every))),
        _summed("hmtx", b"".join([glyph.metrics for glyph in every])),
        ("loca", struct.pack(f">{len(places)}I", *places), sum(places)),
        _summed("maxp", _maxp(len(every))),
    )
    return _assembled(tables)


def _summed(tag: str, table: bytes) -> tuple[str, bytes, int]:
    return tag, table, total(padded(table))


def _assembled(tables: Sequence[tuple[str, bytes, int]]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    place = 12 + 16 * count
    directory, at_head = [struct.pack(">IHHHH", 0x10000, count, 16 << power, power, 16 * (count - (1 << power)))], 0
    for tag, table, words in tables:
        directory.append(struct.pack(">4sIII", tag.encode(), words & 0xFFFFFFFF, place, len(table)))
        at_head = place if tag == "head" else at_head
        place += len(table) + -len(table) % 4
    front = b"".join(directory)
    adjustment = (MAGIC - total(front) - sum(words for _, _, words in tables)) & 0xFFFFFFFF
    file = b"".join([front, *(padded(table) for _, table, _ in tables)])
    return b"".join([file[: at_head + 8], adjustment.to_bytes(4, "big"), file[at_head + 12 :]])


def around(glyphs: Sequence[Glyph]) -> Box:
    """The box of all of them: where it is larger than need be, Poppler places letters less exactly."""
    lefts, bottoms, rights, tops = zip(*[glyph.box for glyph in glyphs], strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _head(cut: Cut, box: Box) -> bytes:
    face, long_offsets = typeface(cut), 1
    version, flags, smallest = 0x10000, 3, 3
    return struct.pack(
        ">IIIIHHQQ4hHHhhh", version, version, 0, 0x5F0F3CF5, flags, face.em, EPOCH, EPOCH, *box,
        0, smallest, 2, long_offsets, 0,
    )  # fmt: skip


@cache
def _hhea(cut: Cut, count: int) -> bytes:
    face = typeface(cut)
    rise = (1, 0, 0)  # the caret stands upright
    return struct.pack(
        ">IhhhHhhhhhh4hhH", 0x10000, face.ascent, face.descent, 0, 2 * face.em, 0, 0, 2 * face.em, *rise,
        *(0, 0, 0, 0), 0, count,
    )  # fmt: skip


@cache
def _maxp(count: int) -> bytes:
    return struct.pack(">IH13H", 0x10000, count, MOST_POINTS, MOST_CONTOURS, 0, 0, 2, *[0] * 8)
