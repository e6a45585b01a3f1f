"""Fits text into its box by rule: full size, then smaller, then wrapped into balanced lines, else refused.

What is set here is what is drawn, so a test can measure every line against the frame.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from chalicelib.documents import fonts
from chalicelib.documents.fonts import Cut
from chalicelib.documents.layout import Align, Box, Text


class Run(NamedTuple):
    """A piece of a line that comes in one cut; `x` is where it starts, in mm from the left of the page.

    `weight` is the width in points of the stroke around its glyphs.
    """

    cut: Cut
    text: str
    x: float
    weight: float


class SetLine(NamedTuple):
    """One line as it will be drawn: its text, size in points, tracking in mm, the box it covers and its runs."""

    text: str
    size: float
    tracking: float
    box: Box
    runs: tuple[Run, ...]

    @property
    def baseline(self) -> float:
        return self.box.y + self.box.h * BASELINE


class TextOverflowError(ValueError):
    """A text does not fit its box at the smallest size allowed."""


# Where the baseline runs in a line as high as its font size: hanzi sit from 0.88 em above to 0.12 em below it.
BASELINE = 0.88
STEP = 0.5
EMBOLDENED = {Cut.MAIN: 0.022, Cut.RARE: 0.034}  # of the size; the latter is the lighter cut of the two
# as many lines are made equally wide; more of them run from edge to edge, but for one that would be torn apart for it
BALANCED, MOST_SPREAD = 2, 0.12
TRACKING_STEP = 0.01 * fonts.POINT
_STAYS_WITH_THE_WORD_BEFORE = "，。、；：？！）》」』】〕”’,.;:?!)]}·"
_STAYS_WITH_THE_WORD_AFTER = "（《「『【〔“‘([{"
_LAST_OF_LATIN = "\u02ff"


def set_text(element: Text, values: Mapping[str, str]) -> tuple[SetLine, ...]:
    """The lines of a text, fitted and aligned, the block centred in the height of its box. Raises TextOverflowError."""
    return set_words(element, element.text.format_map(values))


def set_words(element: Text, words: str) -> tuple[SetLine, ...]:
    """The same, with the values already in their places; no words, no lines."""
    if not (text := words.strip()):
        return ()
    size, lines = _fit(element, text)
    tracking = element.tracking * size / element.size
    pitch = size * fonts.POINT * element.leading
    height = pitch * (len(lines) - 1) + size * fonts.POINT
    top = element.box.y + (element.box.h - height) / 2
    last = len(lines) - 1
    flush = element.paragraph and len(lines) > BALANCED
    return tuple(
        _place(
            element, line, size, _spread(element, line, size, tracking) if flush and index < last else tracking,
            top + index * pitch,
        )
        for index, line in enumerate(lines)
    )  # fmt: skip


def _spread(element: Text, line: str, size: float, tracking: float) -> float:
    """The tracking that takes a line to the right edge of its box, in steps as fine as a page may ask for."""
    slack = element.box.w - _measure(element, size)(line)
    if slack > MOST_SPREAD * element.box.w or len(line) == 1:
        return tracking
    return (tracking + slack / (len(line) - 1)) // TRACKING_STEP * TRACKING_STEP


def _place(element: Text, text: str, size: float, tracking: float, top: float) -> SetLine:
    width = fonts.width(text, size, tracking, bold=element.bold_at(size))
    slack = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}[element.align] * (element.box.w - width)
    box = Box(element.box.x + slack, top, width, size * fonts.POINT)
    return SetLine(text, size, tracking, box, tuple(_runs(element, text, size, tracking, box.x)))


def _runs(element: Text, text: str, size: float, tracking: float, x: float) -> Iterator[Run]:
    bold = element.bold_at(size)
    for cut, group in groupby(text, lambda character: fonts.cut_of(character, bold)):
        piece = "".join(group)
        yield Run(cut, piece, x, _weight(element, cut, size))
        x += fonts.width(piece, size, tracking, bold=bold) + tracking


def _weight(element: Text, cut: Cut, size: float) -> float:
    """Where a bold text has to do with a cut that is not, a stroke makes up for it."""
    if element.bold_at(size) and cut is not Cut.BOLD:
        return size * EMBOLDENED[cut]
    return element.weight * size / element.size


def _fit(element: Text, text: str) -> tuple[float, tuple[str, ...]]:
    return _fit_paragraph(element, text) if element.paragraph else _fit_lines(element, text)


def _fit_paragraph(element: Text, text: str) -> tuple[float, tuple[str, ...]]:
    """The largest size at which the whole fits its box, in as many lines as it takes."""
    breadth = _breadth(element, text)
    for size in (*_sizes(element.size, element.smallest), element.smallest):
        room = int((element.box.h / (size * fonts.POINT) - 1) / element.leading + 1 + 1e-9)
        if breadth[element.bold_at(size)] * size > element.box.w * room:
            continue
        lines = _fill(text, _measure(element, size), element.box.w)
        if len(lines) <= room:
            balanced = len(lines) <= BALANCED and _balance(text, len(lines), _measure(element, size), element.box.w)
            return size, balanced or lines
    raise TextOverflowError(f"{text!r} does not fit {element.box} at {element.smallest} points")


def _fit_lines(element: Text, text: str) -> tuple[float, tuple[str, ...]]:
    breadth = _breadth(element, text)
    for count, floor in _attempts(element):
        for size in _sizes(element.size, floor):
            if count == 1 and breadth[element.bold_at(size)] * size > element.box.w:
                continue
            lines = _balance(text, count, _measure(element, size), element.box.w) if count > 1 else (text,)
            if _height(element, size, count) <= element.box.h and lines:
                return size, lines
    raise TextOverflowError(
        f"{text!r} does not fit {element.box} in {element.lines} lines of {element.smallest} points"
    )


def _breadth(element: Text, text: str) -> dict[bool, float]:
    """Width of one line in mm for each point of size, heavy or not: tracking shrinks with the type."""
    cuts = {element.bold_at(element.size), element.bold_at(element.smallest)}
    return {bold: fonts.width(text, 1.0, element.tracking / element.size, bold=bold) for bold in cuts}


def _attempts(element: Text) -> Iterator[tuple[int, float]]:
    """Numbers of lines in the order of preference, each with the size below which the next is better."""
    for count in range(1, element.lines + 1):
        yield count, element.smallest if count == element.lines else max(element.one_line, element.smallest)


def _sizes(largest: float, smallest: float) -> Iterator[float]:
    size = largest
    while size >= smallest:
        yield size
        size -= STEP


def _height(element: Text, size: float, count: int) -> float:
    return size * fonts.POINT * (element.leading * (count - 1) + 1)


def _measure(element: Text, size: float) -> Callable[[str], float]:
    tracking = element.tracking * size / element.size
    bold = element.bold_at(size)
    return lambda text: fonts.width(text, size, tracking, bold=bold)


def _balance(text: str, count: int, measure: Callable[[str], float], limit: float) -> tuple[str, ...]:
    """At most `count` lines of about the same width, none wider than `limit`; empty when that cannot be."""
    lines: tuple[str, ...] = ()
    share = measure(text) / count
    for stretch in (1.0, 1.05, 1.1, 1.2, 1.35, 1.6, 2.0):
        lines = _fill(text, measure, min(limit, share * stretch))
        if len(lines) <= count:
            break
    return lines if len(lines) <= count and all(measure(line) <= limit for line in lines) else ()


def _fill(text: str, measure: Callable[[str], float], limit: float) -> tuple[str, ...]:
    lines = [""]
    for word in _words(text, measure, limit):
        if lines[-1] and measure((lines[-1] + word).rstrip()) > limit:
            lines.append("")
        lines[-1] += word.lstrip() if not lines[-1] else word
    return tuple(line.rstrip() for line in lines)


def _words(text: str, measure: Callable[[str], float], limit: float) -> Iterator[str]:
    """Where a line may break: between hanzi, after a Latin word; anywhere in a word wider than the line."""
    for word in _joined(text):
        if measure(word.strip()) > limit:
            yield from word
        else:
            yield word


def _joined(text: str) -> list[str]:
    words: list[str] = []
    for character in text:
        if words and _inseparable(words[-1][-1], character):
            words[-1] += character
        else:
            words.append(character)
    return words


def _inseparable(before: str, after: str) -> bool:
    latin = before <= _LAST_OF_LATIN and after <= _LAST_OF_LATIN and before != " "
    return latin or after in _STAYS_WITH_THE_WORD_BEFORE or before in _STAYS_WITH_THE_WORD_AFTER
