"""Guilloche and rosettes: sums of sines turned into Bézier curves, so that a photocopier loses what a printer keeps."""

import math
from collections.abc import Callable
from itertools import pairwise

from chalicelib.documents.layout import Box, Curve, Point

# a smooth plane curve: parameter to (position, velocity)
Motion = Callable[[float], tuple[Point, Point]]


def traced(motion: Motion, end: float, steps: int, *, closed: bool = False) -> Curve:
    """Follow a motion from 0 to `end` by cubic Hermite pieces: position and direction are exact at every joint."""
    step = end / steps
    joints = [motion(step * index) for index in range(steps + 1)]
    segments = tuple(_piece(a, b, step / 3) for a, b in pairwise(joints))
    return Curve(joints[0][0], segments, closed)


def _piece(a: tuple[Point, Point], b: tuple[Point, Point], third: float) -> tuple[Point, Point, Point]:
    (ax, ay), (avx, avy) = a
    (bx, by), (bvx, bvy) = b
    return (ax + avx * third, ay + avy * third), (bx - bvx * third, by - bvy * third), (bx, by)


def _wave(start: Point, along: Point, amplitude: float, number: float, phase: float) -> Motion:
    """A sine riding on the straight way `along` from `start`: `number` radians per mm."""
    ax, ay = along

    def motion(t: float) -> tuple[Point, Point]:
        rise, slope = amplitude * math.sin(number * t + phase), amplitude * number * math.cos(number * t + phase)
        return (start[0] + ax * t - ay * rise, start[1] + ay * t + ax * rise), (ax - ay * slope, ay + ax * slope)

    return motion


def braid(start: Point, end: Point, amplitude: float, wavelength: float, strands: int) -> tuple[Curve, ...]:
    """Strands of one wave, shifted against each other; whole waves only, so that both ends look alike."""
    length = math.dist(start, end)
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    waves = max(round(length / wavelength), 1)
    number = math.tau * waves / length
    return tuple(
        traced(_wave(start, along, amplitude, number, math.tau * strand / strands), length, waves * 6)
        for strand in range(strands)
    )


def braided_border(box: Box, amplitude: float, wavelength: float, strands: int, corner: float) -> tuple[Curve, ...]:
    """Braids along the middle line of a band; `corner` mm stay free at either end of each side."""
    x, y, right, bottom = box.x, box.y, box.x + box.w, box.y + box.h
    sides = (
        ((x + corner, y), (right - corner, y)),
        ((right, y + corner), (right, bottom - corner)),
        ((right - corner, bottom), (x + corner, bottom)),
        ((x, bottom - corner), (x, y + corner)),
    )
    return tuple(curve for start, end in sides for curve in braid(start, end, amplitude, wavelength, strands))


def rosette(centre: Point, inner: float, outer: float, petals: int, turns: int) -> tuple[Curve, ...]:
    """A ring of `turns` waves between two radii, each a little further round than the last."""
    return tuple(
        traced(_petals(centre, inner, outer, petals, math.tau * turn / turns), math.tau, petals * 6, closed=True)
        for turn in range(turns)
    )


def _petals(centre: Point, inner: float, outer: float, petals: int, phase: float) -> Motion:
    middle, swing = (inner + outer) / 2, (outer - inner) / 2

    def motion(t: float) -> tuple[Point, Point]:
        radius, growth = middle + swing * math.sin(petals * t + phase), swing * petals * math.cos(petals * t + phase)
        cos, sin = math.cos(t), math.sin(t)
        place = (centre[0] + radius * cos, centre[1] + radius * sin)
        return place, (growth * cos - radius * sin, growth * sin + radius * cos)

    return motion
