"""Lace, rosettes and grounds as on a banknote: curves from sums of sines, one cell of each and its places.

A photocopier loses what a printer keeps. All figures stand around the origin, in mm.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

from chalicelib.documents.layout import Box, Curve, Matrix, Point

# a smooth plane curve: parameter to place
Motion = Callable[[float], Point]
NUDGE = 1e-5  # for the direction in which a curve runs


def traced(motion: Motion, start: float, end: float, steps: int, *, closed: bool = False) -> Curve:
    """Follow a motion by cubic Hermite pieces: position and direction are exact at every joint."""
    step = (end - start) / steps
    joints = [_joint(motion, start + step * index, step / 3) for index in range(steps + 1)]
    segments = tuple(
        ((ax + adx, ay + ady), (bx - bdx, by - bdy), (bx, by))
        for ((ax, ay), (adx, ady)), ((bx, by), (bdx, bdy)) in pairwise(joints)
    )
    return Curve(joints[0][0], segments, closed)


def _joint(motion: Motion, t: float, reach: float) -> tuple[Point, Point]:
    (x, y), (before_x, before_y), (after_x, after_y) = motion(t), motion(t - NUDGE), motion(t + NUDGE)
    pace = reach / (2 * NUDGE)
    return (x, y), ((after_x - before_x) * pace, (after_y - before_y) * pace)


# --- where a figure is repeated ---------------------------------------------------------------------------------------


def moved(x: float, y: float, turn: float = 0.0, stretch: float = 1.0) -> Matrix:
    """To (x, y), turned clockwise by ``turn`` radians, ``stretch`` times as long as it was."""
    cos, sin = math.cos(turn), math.sin(turn)
    return (stretch * cos, stretch * sin, -sin, cos, x, y)


def around(centre: Point, times: int) -> tuple[Matrix, ...]:
    """A whole turn about a centre."""
    return tuple(moved(*centre, math.tau * index / times) for index in range(times))


def along(start: Point, end: Point, times: int, length: float) -> tuple[Matrix, ...]:
    """``times`` cells, each ``length`` mm long, stretched to fill the way from start to end."""
    way = math.dist(start, end)
    turn = math.atan2(end[1] - start[1], end[0] - start[0])
    shares = (index / times for index in range(times))
    return tuple(
        moved(
            start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share, turn, way / times / length
        )
        for share in shares
    )


def about(box: Box, corner: float, length: float) -> tuple[Matrix, ...]:
    """Cells of about ``length`` mm along the sides of a box, clockwise; ``corner`` mm stay free at each corner."""
    x, y, right, bottom = box.x, box.y, box.x + box.w, box.y + box.h
    sides = (
        ((x + corner, y), (right - corner, y)),
        ((right, y + corner), (right, bottom - corner)),
        ((right - corner, bottom), (x + corner, bottom)),
        ((x, bottom - corner), (x, y + corner)),
    )
    return tuple(place for start, end in sides for place in along(start, end, _times(start, end, length), length))


def _times(start: Point, end: Point, length: float) -> int:
    return max(round(math.dist(start, end) / length), 1)


# --- figures ----------------------------------------------------------------------------------------------------------


def lace(length: float, wide: float, narrow: float, strands: int, waves: int = 1) -> tuple[Curve, ...]:
    """One cell of a braid: strands of a sine whose swing goes from ``wide`` over ``narrow`` and back to ``wide``."""
    number = math.tau / length
    middle, swing = (wide + narrow) / 2, (wide - narrow) / 2

    def strand(phase: float) -> Motion:
        return lambda x: (x, (middle + swing * math.cos(number * x)) * math.sin(waves * number * x + phase))

    return tuple(traced(strand(math.tau * index / strands), 0, length, 6 * waves) for index in range(strands))


def wreath(radius: float, wide: float, narrow: float, strands: int, lobes: int, waves: int = 1) -> tuple[Curve, ...]:
    """One lobe of a braid bent into a ring of that radius, to be set ``around`` a centre ``lobes`` times."""
    middle, swing = (wide + narrow) / 2, (wide - narrow) / 2

    def strand(phase: float) -> Motion:
        def motion(t: float) -> Point:
            reach = radius + (middle + swing * math.cos(lobes * t)) * math.sin(waves * lobes * t + phase)
            return reach * math.cos(t), reach * math.sin(t)

        return motion

    ends = math.pi / lobes
    return tuple(traced(strand(math.tau * index / strands), -ends, ends, 6 * waves) for index in range(strands))


def vignette(length: float, height: float, strands: int, waves: int) -> tuple[Curve, ...]:
    """A braid that swells from a point to ``height`` mm and tapers off again, its middle at the origin."""

    def strand(phase: float) -> Motion:
        def motion(x: float) -> Point:
            swell = height / 2 * math.cos(math.pi * x / length) ** 2
            return x, swell * math.sin(math.tau * waves * x / length + phase)

        return motion

    return tuple(
        traced(strand(math.tau * index / strands), -length / 2, length / 2, 6 * waves) for index in range(strands)
    )


def ring(radius: float) -> Curve:
    return traced(lambda t: (radius * math.cos(t), radius * math.sin(t)), 0, math.tau, 8, closed=True)


def disc() -> Curve:
    """A dot: the pen of a figure is round, so its thickness is the diameter."""
    return Curve((0, 0), (((0, 0), (0.01, 0), (0.01, 0)),))


def ripple(width: float, swing: float, length: float, beats: int) -> Curve:
    """A line from side to side, its waves of about ``length`` mm swelling and ebbing ``beats`` times."""
    waves = max(round(width / length), 1)

    def motion(x: float) -> Point:
        swell = 0.55 + 0.45 * math.cos(math.tau * beats * x / width)
        return x, swing * swell * math.sin(math.tau * waves * x / width)

    return traced(motion, 0, width, waves * 4)


def ground(box: Box, pitch: float) -> Iterator[Matrix]:
    """One line below the other through a box, every second one mirrored."""
    lines = round(box.h / pitch)
    for index in range(1, lines):
        yield (1, 0, 0, -1 if index % 2 else 1, box.x, box.y + box.h * index / lines)
