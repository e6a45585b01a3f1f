"""The association's electronic chop, drawn from its name: red ring, star, the name along the arc.

All outlines, no font and no image, so it can be the appearance of the signature field as it stands.
The size follows what social organisations use in China: a round seal of 42 mm, ring 1.2 mm, star of 14 mm.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.documents import fonts

DIAMETER = 42.0
RING = 1.2
STAR_RADIUS = 6.6
RED = (0.87, 0.16, 0.13)
TEST_WORDS = "测试专用"
NAME_BASELINE = 14.2  # mm from the centre to the foot of the name
NAME_HEIGHT = 5.1
BOLDNESS = 0.17  # a stroke around each glyph: a chop is cut in a bolder face than a book is set in
NARROW = 0.74  # glyphs of a chop are taller than wide
WIDEST_ARC = math.radians(272)
LOOSEST_PITCH = math.radians(27)
TEST_WORDS_SIZE = 3.2
TEST_WORDS_BASELINE = -11.2

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Appearance:
    """A piece of PDF content in a box of `side` points, origin at its lower left corner."""

    content: bytes
    side: float


@lru_cache(maxsize=8)  # an association has one chop, and a second one for tests
def draw_seal(association: str, *, test: bool) -> Appearance:
    """The chop as PDF operators; a test chop says 测试专用 under the star. Raises fonts.MissingGlyphError."""
    parts = [_colours(), _ring(), _star(), *_name(association)]
    if test:
        parts.extend(_straight(TEST_WORDS, TEST_WORDS_SIZE, TEST_WORDS_BASELINE))
    scale = 1 / fonts.POINT
    middle = DIAMETER / 2 * scale
    frame = f"q {scale:.5f} 0 0 {scale:.5f} {middle:.3f} {middle:.3f} cm"
    return Appearance("\n".join([frame, *parts, "Q"]).encode("ascii"), DIAMETER * scale)


def _colours() -> str:
    red = " ".join(f"{channel:.2f}" for channel in RED)
    return f"{red} rg {red} RG"


def _ring() -> str:
    radius = (DIAMETER - RING) / 2
    reach = radius * 0.5522847498  # where the handles of a quarter circle end
    quarters = ((0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0))
    x, y, path = 1.0, 0.0, [f"{RING} w {radius:.3f} 0 m"]
    for nx, ny in quarters:
        points = (radius * x + reach * nx, radius * y + reach * ny, radius * nx + reach * x, radius * ny + reach * y)
        path.append(f"{_numbers((*points, radius * nx, radius * ny))} c")
        x, y = nx, ny
    return " ".join([*path, "s"])


def _star() -> str:
    corners = [_polar(STAR_RADIUS, math.pi / 2 + index * math.tau * 2 / 5) for index in range(5)]
    way = " ".join(f"{_numbers(corner)} l" for corner in corners[1:])
    return f"{_numbers(corners[0])} m {way} f {BOLDNESS} w"


def _name(association: str) -> Iterator[str]:
    """The name from left to right over the top; the longer it is, the closer and narrower its characters."""
    pitch = min(LOOSEST_PITCH, WIDEST_ARC / max(len(association) - 1, 1))
    # at the foot, where characters come closest, none may touch its neighbour
    width = min(NAME_HEIGHT * NARROW, NAME_BASELINE * pitch * 0.94)
    start = math.pi / 2 + pitch * (len(association) - 1) / 2
    for index, character in enumerate(association):
        yield _glyph(character, _on_arc(character, start - index * pitch, width))


def _on_arc(character: str, angle: float, width: float) -> Matrix:
    wide = width / max(fonts.advance(character), 0.5)
    right, up = (math.sin(angle), -math.cos(angle)), (math.cos(angle), math.sin(angle))
    half = fonts.advance(character) * wide / 2
    # hanzi reach 0.12 em below the baseline
    foot = NAME_BASELINE + 0.12 * NAME_HEIGHT
    x, y = foot * up[0] - half * right[0], foot * up[1] - half * right[1]
    return (wide * right[0], wide * right[1], NAME_HEIGHT * up[0], NAME_HEIGHT * up[1], x, y)


def _straight(text: str, size: float, baseline: float) -> Iterator[str]:
    x = -sum(map(fonts.advance, text)) * size / 2
    for character in text:
        yield _glyph(character, (size, 0, 0, size, x, baseline))
        x += fonts.advance(character) * size


def _glyph(character: str, matrix: Matrix) -> str:
    a, b, c, d, e, f = matrix
    parts = []
    for verb, points in fonts.outline(character):
        parts.extend([f"{a * x + c * y + e:.3f} {b * x + d * y + f:.3f}" for x, y in points])
        parts.append(verb)
    return " ".join([*parts, "B"])


def _polar(radius: float, angle: float) -> tuple[float, float]:
    return radius * math.cos(angle), radius * math.sin(angle)


def _numbers(numbers: Sequence[float]) -> str:
    return " ".join(f"{number:.3f}" for number in numbers)
