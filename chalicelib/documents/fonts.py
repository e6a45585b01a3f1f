"""The typefaces: which character is printed in which cut, how wide it is, its outline.

HarfBuzz maps a file of many megabytes and reads only what is asked for: milliseconds where a full parse takes most of
a second. What no cut can draw is refused, so that nothing is issued with a blank box in it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as hb
from pylopdf_fonts_zh_cn import serif_path

POINT = 25.4 / 72  # mm
KEPT_CHARACTERS = 4096  # of whatever is remembered of characters: all that are usual, and memory that does not grow
# where set-up lays the cuts that come from no Python package, and what is made of all of them
KEPT = Path(__file__).parent / "prepared"

Point = tuple[float, float]
# an operator of PDF (m, l, c, h) and the points that stand before it
Stroke = tuple[str, tuple[Point, ...]]


class Cut(StrEnum):
    """One weight of one typeface; the value is its PostScript name."""

    MAIN = "NotoSerifSC"
    BOLD = "NotoSerifSC-Bold"
    RARE = "HanaMinB"

    @property
    def file(self) -> Path:
        return Path(serif_path()) if self is Cut.MAIN else KEPT / f"{self.value}.ttf"


# in the order in which a character is looked for; a bold character that is rare is printed as it comes
PLAIN = (Cut.MAIN, Cut.RARE)
HEAVY = (Cut.BOLD, Cut.MAIN, Cut.RARE)


class MissingGlyphError(ValueError):
    """A character cannot be drawn; nothing is issued with a blank box in it."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"no glyph for {' '.join(f'U+{ord(character):04X}' for character in characters)}")
        self.characters = characters


@dataclass(frozen=True)
class Type:
    """A cut as HarfBuzz holds it, in font units of which an em has `em`."""

    font: hb.Font
    em: int
    ascent: int
    descent: int


@cache
def typeface(cut: Cut) -> Type:
    """Raises FileNotFoundError for a cut that set-up did not bring."""
    face = hb.Face(hb.Blob.from_file_path(str(cut.file)))
    font = hb.Font(face)
    extents = font.get_font_extents("ltr")
    return Type(font, int(face.upem), int(extents.ascender), int(extents.descender))


@cache
def is_there(cut: Cut) -> bool:
    """Whether set-up brought a cut."""
    return cut.file.is_file()


def draws(cut: Cut, character: str) -> bool:
    """Whether a cut has a glyph for a character; no cut draws what it is not there for."""
    return is_there(cut) and typeface(cut).font.get_nominal_glyph(ord(character)) is not None


@lru_cache(maxsize=KEPT_CHARACTERS)
def cut_of(character: str, bold: bool = False) -> Cut:  # noqa: FBT001, FBT002 - the weight asked for
    """The cut in which a character is printed. Raises MissingGlyphError."""
    for cut in HEAVY if bold else PLAIN:
        if draws(cut, character):
            return cut
    raise MissingGlyphError(character)


def missing_glyphs(text: str) -> str:
    """The characters of text that no cut can draw, in order, each once; empty when all is well."""
    return "".join(character for character in dict.fromkeys(text) if not _is_drawable(character))


@lru_cache(maxsize=KEPT_CHARACTERS)
def _is_drawable(character: str) -> bool:
    return any(draws(cut, character) for cut in PLAIN)


def require_glyphs(text: str) -> None:
    """Raises MissingGlyphError."""
    if missing := missing_glyphs(text):
        raise MissingGlyphError(missing)


@lru_cache(maxsize=KEPT_CHARACTERS)
def advance(character: str, bold: bool = False) -> float:  # noqa: FBT001, FBT002 - the weight asked for
    """Width of a character as a share of the font size (an em). Raises MissingGlyphError."""
    face = typeface(cut_of(character, bold))
    glyph = face.font.get_nominal_glyph(ord(character))
    return float(face.font.get_glyph_h_advance(glyph)) / float(face.em)


def ems(text: str, *, bold: bool = False) -> float:
    """Width of a text set without tracking, as a share of the font size. Raises MissingGlyphError with all of them."""
    try:
        return sum([advance(character, bold) for character in text])
    except MissingGlyphError:
        require_glyphs(text)
        raise


def width(text: str, size: float, tracking: float = 0.0, *, bold: bool = False) -> float:
    """Width in mm of text set at `size` points with `tracking` mm between (not after) characters."""
    gaps = max(len(text) - 1, 0) * tracking
    return ems(text, bold=bold) * size * POINT + gaps


@lru_cache(maxsize=KEPT_CHARACTERS)
def outline(character: str) -> tuple[Stroke, ...]:
    """The glyph as drawing commands in ems, y upwards from the baseline. Raises MissingGlyphError."""
    face = typeface(cut_of(character))
    pen = _Pen()
    face.font.draw_glyph_with_pen(face.font.get_nominal_glyph(ord(character)), pen)
    return tuple((verb, tuple((x / face.em, y / face.em) for x, y in points)) for verb, points in pen.strokes)


class _Pen:
    """Takes a glyph down as HarfBuzz draws it, under the names that it asks for, with every curve a cubic one."""

    def __init__(self) -> None:
        self.strokes: list[Stroke] = []

    def moveTo(self, point: Point) -> None:  # noqa: N802 - HarfBuzz calls it so
        self.strokes.append(("m", (point,)))

    def lineTo(self, point: Point) -> None:  # noqa: N802 - HarfBuzz calls it so
        self.strokes.append(("l", (point,)))

    def curveTo(self, *points: Point) -> None:  # noqa: N802 - HarfBuzz calls it so
        self.strokes.append(("c", points))

    def qCurveTo(self, handle: Point, end: Point) -> None:  # noqa: N802 - HarfBuzz calls it so
        start = self.strokes[-1][1][-1]
        self.curveTo(_two_thirds(start, handle), _two_thirds(end, handle), end)

    def closePath(self) -> None:  # noqa: N802 - HarfBuzz calls it so
        self.strokes.append(("h", ()))


def _two_thirds(start: Point, end: Point) -> Point:
    return start[0] + (end[0] - start[0]) * 2 / 3, start[1] + (end[1] - start[1]) * 2 / 3
