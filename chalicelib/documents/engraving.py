"""Fine curves as PDF operators: the body of a figure once, then the same bytes again in each of its places.

Deflate folds bodies that are alike, so a border of sixty equal cells weighs little more than one cell. A reader still
takes in every number of every place: bodies are whole hundredths of a millimetre, short to write and quick to read.
"""

from collections.abc import Iterable, Iterator

from chalicelib.documents.layout import Colour, Curve, Guilloche, Matrix, Point

PER_MM = 72 / 25.4
UNIT = 100  # to the millimetre; a printer at 600 dpi sets dots four units apart


def engraved(figure: Guilloche, height: float) -> str:
    """The figure on a page ``height`` mm high, whose operators count points from its lower left corner."""
    body = " ".join(part for curve in figure.curves for part in _way(curve))
    upright = f"{PER_MM:.6f} 0 0 {-PER_MM:.6f} 0 {height * PER_MM:.4f} cm"
    pen = f"1 J 1 j {_number(figure.thickness * UNIT, 2)} w {_ink(figure.colour)} RG"
    return "\n".join([f"q {upright} {pen}", *(f"q {_matrix(place)} cm {body} S Q" for place in figure.places), "Q"])


def _way(curve: Curve) -> Iterator[str]:
    yield f"{_units(curve.start)} m"
    for first, second, end in curve.segments:
        yield f"{_units((*first, *second, *end))} c"
    if curve.closed:
        yield "h"


def _units(lengths: Iterable[float] | Point) -> str:
    return " ".join(str(round(length * UNIT)) for length in lengths)


def _matrix(place: Matrix) -> str:
    numbers = *(_number(number / UNIT, 7) for number in place[:4]), *(_number(number, 3) for number in place[4:])
    return " ".join(numbers)


def _ink(colour: Colour) -> str:
    return " ".join(_number(channel / 255, 3) for channel in colour)


def _number(number: float, decimals: int) -> str:
    text = f"{number:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
