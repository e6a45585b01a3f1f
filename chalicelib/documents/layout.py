"""The vocabulary of a page: elements, each with its place in mm from the top left, and a sample.

A template is a tuple of elements. Values come by name, so a page is previewed from its samples alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

Colour = tuple[int, int, int]
Point = tuple[float, float]
# JPEG files by the name of their element
Photos = Mapping[str, bytes]
NO_PHOTOS: Photos = MappingProxyType({})
# (a, b, c, d, e, f): x' = ax + cy + e, y' = bx + dy + f, in mm, x to the right and y downwards
Matrix = tuple[float, float, float, float, float, float]
WHERE_IT_IS: Matrix = (1, 0, 0, 1, 0, 0)


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Box(NamedTuple):
    """A rectangle in mm: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    def holds(self, other: "Box") -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.w <= self.x + self.w
            and other.y + other.h <= self.y + self.h
        )


class Curve(NamedTuple):
    """A path in mm: its start, then cubic Bézier segments."""

    start: Point
    segments: tuple[tuple[Point, Point, Point], ...]
    closed: bool = False


@dataclass(frozen=True)
class Text:
    """Text in a box, set on one line as long as `one_line` points are reached, else wrapped, down to `smallest`.

    `text` may hold {names} of values; `sample` says what each stands for in a preview. `bold` takes the heavier cut, if
    the size is at least `bold_from` points; `weight` is the width in points of a stroke around each glyph. A
    `paragraph` runs on over as many lines as its box holds, as large as it can be, flush on both sides.
    """

    text: str
    box: Box
    size: float
    colour: Colour
    sample: Mapping[str, str]
    align: Align = Align.CENTRE
    tracking: float = 0.0
    weight: float = 0.0
    lines: int = 1
    one_line: float = 0.0
    smallest: float = 6.0
    leading: float = 1.35
    bold: bool = False
    bold_from: float = 0.0
    paragraph: bool = False

    @property
    def varies(self) -> bool:
        """Whether it says something else on each certificate."""
        return "{" in self.text

    def bold_at(self, size: float) -> bool:
        """Whether it is set in the heavier cut at so many points."""
        return self.bold and size >= self.bold_from


@dataclass(frozen=True)
class Line:
    start: Point
    end: Point
    colour: Colour
    thickness: float
    sample: None = None


@dataclass(frozen=True)
class Frame:
    """A rectangle, filled, stroked or both; `cut` rounds its corners inwards by that many mm."""

    box: Box
    stroke: Colour | None = None
    fill: Colour | None = None
    thickness: float = 0.0
    cut: float = 0.0
    sample: None = None


@dataclass(frozen=True)
class Guilloche:
    """Fine curves as on a banknote, drawn by us as vectors, the same in each of its places."""

    curves: tuple[Curve, ...]
    colour: Colour
    thickness: float
    places: tuple[Matrix, ...] = (WHERE_IT_IS,)
    sample: None = None


@dataclass(frozen=True)
class Code:
    """A QR code of the value of that name; the box is the code without its quiet zone."""

    name: str
    box: Box
    colour: Colour
    sample: str


@dataclass(frozen=True)
class Photo:
    """A picture (JPEG) of that name; it fills its box, whose proportion it has to have."""

    name: str
    box: Box
    sample: None = None


@dataclass(frozen=True)
class SealField:
    """Where the signature shows itself; `name` gives the words along its ring."""

    name: str
    box: Box
    sample: str


Element = Text | Line | Frame | Guilloche | Code | Photo | SealField


@dataclass(frozen=True)
class Layout:
    """One paper of a template: A4 portrait unless it says otherwise. No text comes nearer to its edge than `margin`."""

    name: str
    elements: tuple[Element, ...]
    width: float = 210.0
    height: float = 297.0
    margin: float = 0.0

    @property
    def inner(self) -> Box:
        return Box(self.margin, self.margin, self.width - 2 * self.margin, self.height - 2 * self.margin)

    @property
    def constant(self) -> tuple[Element, ...]:
        """What is the same on every certificate; it lies under all that varies."""
        return tuple(each for each in self.elements if not _varies(each))

    def seal_field(self) -> SealField:
        return next(element for element in self.elements if isinstance(element, SealField))


def _varies(element: Element) -> bool:
    return element.varies if isinstance(element, Text) else isinstance(element, Code | Photo | SealField)
