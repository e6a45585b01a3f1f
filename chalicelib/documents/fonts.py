"""Noto Serif SC (OFL, from a Python package): which characters it can draw, how wide they are, their outlines, subsets.

HarfBuzz maps the 12 MB file and reads only what is asked for: milliseconds where a full parse takes most of a second.
"""

from collections.abc import Iterable
from functools import cache
from io import BytesIO

import uharfbuzz as hb
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pylopdf_fonts_zh_cn import serif_path

FAMILY = "NotoSerifSC"
POINT = 25.4 / 72  # mm
EPOCH = 2_082_844_800  # 1 January 1970 on the calendar of font files, which begins in 1904
MAX_DEVIATION = 0.5  # font units, a two-thousandth of the height of a character

# a drawing command as the pens of fontTools record it: ("curveTo", ((x, y), (x, y), (x, y)))
Stroke = tuple[str, tuple[tuple[float, float], ...]]


class MissingGlyphError(ValueError):
    """A character cannot be drawn; nothing is issued with a blank box in it."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"no glyph for {' '.join(f'U+{ord(character):04X}' for character in characters)}")
        self.characters = characters


@cache
def _face() -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(serif_path())))


@cache
def _font() -> hb.Font:
    return hb.Font(_face())


@cache
def _drawable() -> frozenset[int]:
    return frozenset(_face().unicodes)


def missing_glyphs(text: str) -> str:
    """The characters of text that the font cannot draw, in order, each once; empty when all is well."""
    drawable = _drawable()
    return "".join(character for character in dict.fromkeys(text) if ord(character) not in drawable)


def require_glyphs(text: str) -> None:
    """Raises MissingGlyphError."""
    if missing := missing_glyphs(text):
        raise MissingGlyphError(missing)


@cache
def advance(character: str) -> float:
    """Width of a character as a share of the font size (an em). Raises MissingGlyphError."""
    require_glyphs(character)
    glyph = _font().get_nominal_glyph(ord(character))
    return float(_font().get_glyph_h_advance(glyph)) / float(_face().upem)


def width(text: str, size: float, tracking: float = 0.0) -> float:
    """Width in mm of text set at `size` points with `tracking` mm between (not after) characters."""
    gaps = max(len(text) - 1, 0) * tracking
    return sum(map(advance, text)) * size * POINT + gaps


@cache
def outline(character: str) -> tuple[Stroke, ...]:
    """The glyph as drawing commands in ems, y upwards from the baseline. Raises MissingGlyphError."""
    require_glyphs(character)
    pen, em = RecordingPen(), float(_face().upem)
    _font().draw_glyph_with_pen(_font().get_nominal_glyph(ord(character)), pen)
    return tuple((verb, tuple((x / em, y / em) for x, y in points)) for verb, points in pen.value)


def subset(texts: Iterable[str]) -> bytes:
    """A TrueType font that draws exactly these texts; the same characters give the same bytes.

    The source has cubic outlines keyed by CID. fpdf2 embeds those with a code map of its own, which pypdf and
    other plain readers do not follow: the page looks right and extracts as noise. TrueType goes by Identity-H.
    Each character gets its own glyph, so that two characters that look alike stay two when they are copied.
    """
    characters = sorted({character for text in texts for character in text} | {" "})
    glyphs = {f"u{ord(character):04X}": _quadratic(character) for character in characters}
    builder = FontBuilder(int(_face().upem), isTTF=True)
    builder.setupHead(unitsPerEm=int(_face().upem), created=EPOCH, modified=EPOCH)
    builder.setupGlyphOrder([".notdef", *glyphs])
    builder.setupCharacterMap({ord(character): f"u{ord(character):04X}" for character in characters})
    builder.setupGlyf({".notdef": Glyph(), **{name: glyph for name, (glyph, _) in glyphs.items()}})
    builder.setupHorizontalMetrics({".notdef": (0, 0), **{name: metrics for name, (_, metrics) in glyphs.items()}})
    _describe(builder)
    builder.font.recalcTimestamp = False
    file = BytesIO()
    builder.save(file)
    return file.getvalue()


def _describe(builder: FontBuilder) -> None:
    extents = _font().get_font_extents("ltr")
    builder.setupHorizontalHeader(ascent=int(extents.ascender), descent=int(extents.descender))
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "fullName": FAMILY, "psName": FAMILY})
    builder.setupOS2(sTypoAscender=int(extents.ascender), sTypoDescender=int(extents.descender), usWeightClass=400)
    builder.setupPost()


@cache
def _quadratic(character: str) -> tuple[Glyph, tuple[int, int]]:
    """The glyph in TrueType's curves, and its advance and left bearing, in font units."""
    pen = TTGlyphPen(None)
    glyph_id = _font().get_nominal_glyph(ord(character))
    _font().draw_glyph_with_pen(glyph_id, Cu2QuPen(pen, MAX_DEVIATION, reverse_direction=True))
    glyph = pen.glyph()
    glyph.recalcBounds(None)
    return glyph, (int(_font().get_glyph_h_advance(glyph_id)), int(glyph.xMin) if glyph.numberOfContours else 0)
