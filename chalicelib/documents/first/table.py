"""The table of a certificate: labels in two languages, values that wrap inside their rows, fine rules between."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.documents.first.stationery import BRONZE, GOLD, SLATE, words
from chalicelib.documents.layout import Align, Box, Element, Line

LEADING = 1.22
CLEAR = 1.0  # mm between a value and the rules of its row


@dataclass(frozen=True)
class Row:
    """A label in Chinese over its English, and the value beside it."""

    chinese: str
    english: str
    value: str
    lines: int = 1
    height: float = 10.6
    smallest: float = 6.0


@dataclass(frozen=True)
class Column:
    """Where rows stand: left edge, width, the part of it that labels take; ``scale`` 1 is type made for A4."""

    x: float
    width: float
    labels: float
    align: Align = Align.RIGHT
    scale: float = 1.0

    def table(self, top: float, *rows: Row) -> Iterator[Element]:
        yield Line((self.x, top), (self.x + self.width, top), GOLD, 0.35)
        for row in rows:
            yield from self._row(top, row)
            top += row.height

    def _row(self, y: float, row: Row) -> Iterator[Element]:
        x, scale, foot = self.x, self.scale, y + row.height
        above = (row.height - 8 * scale) / 2
        label, caption = y + above, y + above + 4.6 * scale
        value = Box(x + self.labels, y + CLEAR, self.width - self.labels, row.height - 2 * CLEAR)
        yield words(
            row.chinese, Box(x, label, self.labels, 5 * scale), 10.5 * scale, BRONZE, align=Align.LEFT, tracking=0.4
        )
        yield words(row.english, Box(x, caption, self.labels, 3.2 * scale), 7 * scale, SLATE, align=Align.LEFT)
        yield words(
            row.value, value, 13 * scale, align=self.align, weight=0.15, tracking=0.25,
            lines=row.lines, smallest=row.smallest, one_line=7.5 * scale, leading=LEADING,
        )  # fmt: skip
        yield Line((x, foot), (x + self.width, foot), GOLD, 0.15)
