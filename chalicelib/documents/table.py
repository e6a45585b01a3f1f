"""The table of a certificate: labels in two languages, values on one axis that wrap inside their rows, fine rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.documents.border import SEPIA, Inks
from chalicelib.documents.layout import Align, Box, Element, Line
from chalicelib.documents.stationery import FINE, HAIR, SLATE, words

LEADING = 1.24
BOLD_FROM = 9.0  # points: below, the heavy cut fills its own counters
CLEAR = 1.0  # mm between a value and the rules of its row


@dataclass(frozen=True)
class Row:
    """A label in Chinese over its English, and the value beside it."""

    chinese: str
    english: str
    value: str
    lines: int = 1
    height: float = 11.0
    size: float = 13.0
    one_line: float = 7.5
    smallest: float = 6.0
    paragraph: bool = False


@dataclass(frozen=True)
class Column:
    """Where rows stand: left edge, width, the part of it that labels take; ``scale`` 1 is type made for A4."""

    x: float
    width: float
    labels: float
    scale: float = 1.0
    inks: Inks = SEPIA

    def table(self, top: float, *rows: Row) -> Iterator[Element]:
        yield self.rule(top, FINE)
        yield from self.rows(top, *rows)

    def rows(self, top: float, *rows: Row) -> Iterator[Element]:
        """Rows that go on where others end."""
        for index, row in enumerate(rows, 1):
            yield from self._row(top, row)
            top += row.height
            yield self.rule(top, FINE if index == len(rows) else HAIR)

    def rule(self, y: float, thickness: float) -> Line:
        return Line((self.x, y), (self.x + self.width, y), self.inks.middle, thickness)

    def label(self, y: float, chinese: str, english: str) -> Iterator[Element]:
        """In two languages, 8.2 mm high at scale 1."""
        x, scale, width = self.x + 1.5, self.scale, self.labels - 2.5
        top, below = Box(x, y, width, 5 * scale), Box(x, y + 5 * scale, width, 3.2 * scale)
        yield words(chinese, top, 10.5 * scale, self.inks.dark, align=Align.LEFT, tracking=0.5)
        yield words(english, below, 7 * scale, SLATE, align=Align.LEFT, tracking=0.05)

    def _row(self, y: float, row: Row) -> Iterator[Element]:
        scale = self.scale
        value = Box(self.x + self.labels, y + CLEAR, self.width - self.labels - 1.5, row.height - 2 * CLEAR)
        yield from self.label(y + (row.height - 8.2 * scale) / 2, row.chinese, row.english)
        yield words(
            row.value, value, row.size * scale, align=Align.LEFT, bold=True, bold_from=BOLD_FROM,
            tracking=0.1 if row.paragraph else 0.25,
            lines=row.lines, smallest=row.smallest, one_line=row.one_line * scale, leading=LEADING,
            paragraph=row.paragraph,
        )  # fmt: skip
