"""The frame of a certificate: a band of lace between fine rules, medallions in its corners, a ground of fine waves."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.documents.layout import Box, Colour, Element, Frame, Guilloche, Point
from chalicelib.documents.ornaments import (
    about,
    around,
    disc,
    ground,
    lace,
    moved,
    ring,
    ripple,
    wreath,
)


@dataclass(frozen=True)
class Inks:
    """The four inks of a frame, dark to light, the wash under its lace and the paper's tint."""

    dark: Colour
    middle: Colour
    light: Colour
    pale: Colour
    wash: Colour
    paper: Colour


SEPIA = Inks((112, 78, 30), (173, 136, 72), (239, 228, 202), (238, 231, 214), (249, 243, 229), (253, 250, 243))
JADE = Inks((30, 84, 76), (104, 152, 138), (216, 231, 224), (221, 232, 227), (240, 246, 243), (250, 253, 251))


@dataclass(frozen=True)
class Sheet:
    """Where the rules of a frame run on a sheet; ``scale`` 1 is made for A4."""

    width: float
    height: float
    scale: float = 1.0

    def inset(self, by: float) -> Box:
        by *= self.scale
        return Box(by, by, self.width - 2 * by, self.height - 2 * by)

    def corners(self, by: float) -> tuple[Point, ...]:
        box = self.inset(by)
        return tuple((x, y) for x in (box.x, box.x + box.w) for y in (box.y, box.y + box.h))


def frame(sheet: Sheet, inks: Inks, heart: Point) -> tuple[Element, ...]:
    """All that lies under the text; ``heart`` is the middle of the large rosette."""
    return (
        # the tint ends at the frame: printers leave the edge of a sheet white
        Frame(sheet.inset(8), fill=inks.paper),
        *_band(sheet, inks),
        *_ground(sheet, inks),
        *_heart(heart, inks, sheet.scale),
        *_medallions(sheet, inks),
    )


def _ground(sheet: Sheet, inks: Inks) -> Iterator[Element]:
    box = sheet.inset(23.8)
    yield Guilloche((ripple(box.w, 1.5, 10, 3),), inks.pale, 0.1, tuple(ground(box, 2.0)))


def _heart(centre: Point, inks: Inks, scale: float) -> Iterator[Element]:
    for radius, reach, lobes in ((13, 6.5, 12), (26, 8, 16), (43, 10.5, 24)):
        places = around(centre, lobes)
        for wide, narrow in ((reach, reach / 3), (reach / 3, reach)):
            curves = wreath(radius * scale, wide * scale, narrow * scale, 8, lobes)
            yield Guilloche(curves, inks.light, 0.1, places)


def _band(sheet: Sheet, inks: Inks) -> Iterator[Element]:
    scale, middle = sheet.scale, sheet.inset(15)
    yield Frame(sheet.inset(9.1), fill=inks.wash)
    yield Frame(sheet.inset(20.9), fill=inks.paper)
    yield Frame(sheet.inset(8), stroke=inks.dark, thickness=0.5 * scale)
    yield Frame(sheet.inset(9.1), stroke=inks.middle, thickness=0.15)
    length, corner = 15.0 * scale, 7.0 * scale
    places = about(middle, corner, length)
    yield Guilloche(lace(length, 5.2 * scale, 1.4 * scale, 12), inks.middle, 0.11, places)
    yield Guilloche(lace(length, 1.4 * scale, 5.2 * scale, 12), inks.dark, 0.11, places)
    yield Frame(sheet.inset(20.9), stroke=inks.middle, thickness=0.15)
    yield Frame(sheet.inset(22), stroke=inks.dark, thickness=0.4 * scale)
    yield Frame(sheet.inset(23.2), stroke=inks.middle, thickness=0.15)


def _medallions(sheet: Sheet, inks: Inks) -> Iterator[Element]:
    scale, centres = sheet.scale, sheet.corners(17.3)
    at = tuple(moved(*centre) for centre in centres)
    yield Guilloche((disc(),), inks.paper, 17.4 * scale, at)
    yield Guilloche((ring(8.4 * scale), ring(8.0 * scale)), inks.dark, 0.15, at)
    yield from medallion(centres, inks, scale)


def medallion(centres: tuple[Point, ...], inks: Inks, scale: float) -> Iterator[Element]:
    """A dark disc with a pale flower in a wreath of lace, 15.7 mm across at scale 1."""
    at = tuple(moved(*centre) for centre in centres)
    twelve, eight = (tuple(p for centre in centres for p in around(centre, lobes)) for lobes in (12, 8))
    yield Guilloche(wreath(6.1 * scale, 1.75 * scale, 0.7 * scale, 8, 12), inks.middle, 0.1, twelve)
    yield Guilloche(wreath(6.1 * scale, 0.7 * scale, 1.75 * scale, 8, 12), inks.dark, 0.1, twelve)
    yield Guilloche((disc(),), inks.dark, 8.4 * scale, at)
    yield Guilloche(wreath(2.6 * scale, 1.3 * scale, 0.5 * scale, 8, 8), inks.paper, 0.11, eight)
    yield Guilloche((disc(),), inks.paper, 1.1 * scale, at)
