"""Fine curves as PDF operators: the body of a figure once, then the same bytes again in each of its places.

Deflate folds bodies that are alike, so a border of sixty equal cells weighs little more than one cell.
"""

from collections.abc import Iterable, Iterator

from chalicelib.documents.layout import Colour, Curve, Guilloche, Matrix, Point

PER_MM = 72 / 25.4
FINEST = 3  # decimals of a millimetre: a printer at 600 dpi sets dots 0.04 mm apart


def engraved(figure: Guilloche, height: float) -> str:
    """The figure on a page ``height`` mm high, whose operators count points from its lower left corner."""
    body = " ".join(part for curve in figure.curves for part in _way(curve))
    upright = f"{PER_MM:.6f} 0 0 {-PER_MM:.6f} 0 {height * PER_MM:.4f} cm"
    pen = f"1 J 1 j {_numbers((figure.thickness,))} w {_ink(figure.colour)} RG"
    return "\n".join([f"q {upright} {pen}", *(f"q {_matrix(place)} cm {body} S Q" for place in figure.places), "Q"])


def _way(curve: Curve) -> Iterator[str]:
    yield f"{_numbers(curve.start)} m"
    for first, second, end in curve.segments:
        yield f"{_numbers((*first, *second, *end))} c"
    if curve.closed:
        yield "h"


def _matrix(place: Matrix) -> str:
    return f"{_numbers(place[:4], 6)} {_numbers(place[4:])}"


def _ink(colour: Colour) -> str:
    return _numbers([channel / 255 for channel in colour])


def _numbers(numbers: Iterable[float] | Point, decimals: int = FINEST) -> str:
    return " ".join(_number(number, decimals) for number in numbers)


def _number(number: float, decimals: int) -> str:
    text = f"{number:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
