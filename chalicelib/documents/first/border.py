"""The border of a certificate, as on a banknote: braids between fine rules, and a pale rosette behind the text."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.documents.first.ornaments import braided_border, rosette
from chalicelib.documents.first.stationery import BRONZE, GOLD, HONEY, IVORY
from chalicelib.documents.layout import Box, Element, Frame, Guilloche


def frame(width: float, height: float, heart: float, scale: float = 1.0) -> tuple[Element, ...]:
    """Tint, a pale rosette about ``heart`` mm below the top, and the braided border; ``scale`` 1 is made for A4."""
    within = _Edges(width, height, scale)
    return (
        # the tint ends at the frame: printers leave the edge of a sheet white
        Frame(within.inset(8), fill=IVORY),
        Guilloche(
            tuple(
                curve
                for inner, outer, petals in ((14, 40, 16), (38, 62, 28))
                for curve in rosette((width / 2, heart), inner * scale, outer * scale, petals, 4)
            ),
            HONEY,
            0.16,
        ),
        Frame(within.inset(8), stroke=BRONZE, thickness=0.9),
        Frame(within.inset(9.6), stroke=GOLD, thickness=0.2),
        *_border(within),
        Frame(within.inset(17.8), stroke=GOLD, thickness=0.2),
        Frame(within.inset(19.2), stroke=BRONZE, thickness=0.5),
        Frame(within.inset(22.4), stroke=GOLD, thickness=0.2, cut=7 * scale),
    )


@dataclass(frozen=True)
class _Edges:
    width: float
    height: float
    scale: float

    def inset(self, by: float) -> Box:
        by *= self.scale
        return Box(by, by, self.width - 2 * by, self.height - 2 * by)


def _border(within: _Edges) -> Iterator[Element]:
    band, scale = within.inset(13.7), within.scale  # the middle line of the braided band
    half = 4.1 * scale
    corners = tuple((x, y) for x in (band.x, band.x + band.w) for y in (band.y, band.y + band.h))
    yield Guilloche(braided_border(band, 3.0 * scale, 15.2 * scale, 6, half), GOLD, 0.16)
    yield Guilloche(braided_border(band, 1.5 * scale, 7.6 * scale, 2, half), BRONZE, 0.16)
    for x, y in corners:
        yield Frame(Box(x - half, y - half, 2 * half, 2 * half), stroke=GOLD, thickness=0.2)
    blossoms = tuple(curve for centre in corners for curve in rosette(centre, 0.9 * scale, 3.6 * scale, 8, 4))
    yield Guilloche(blossoms, BRONZE, 0.18)
