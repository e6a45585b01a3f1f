"""Frames and ornaments: drawn by us, closed where they should be, and light however rich they look."""

import math
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.documents.border import JADE, SEPIA, Inks, Sheet, frame
from chalicelib.documents.engraving import engraved
from chalicelib.documents.layout import Box, Curve, Frame, Guilloche, Matrix, Point
from chalicelib.documents.ornaments import about, around, ground, lace, moved, ring, ripple, vignette, wreath
from chalicelib.rules.certificate_face import A3_LANDSCAPE, A4

WHITE_EDGE = 8.0  # mm that printers leave white
SHEETS = {"A4": Sheet(*A4), "A3": Sheet(*A3_LANDSCAPE, 1.12), "record": Sheet(A4[0], 200)}


def at(place: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = place
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def points(figure: Guilloche) -> list[Point]:
    """Where the curves of a figure begin and end, in every place."""
    joints = [joint for curve in figure.curves for joint in (curve.start, *(end for *_, end in curve.segments))]
    return [at(place, joint) for place in figure.places for joint in joints]


def ends(curve: Curve) -> tuple[Point, Point]:
    return curve.start, curve.segments[-1][-1]


def meet(one: list[Point], other: list[Point]) -> bool:
    return all(min(math.dist(point, each) for each in other) < 1e-6 for point in one)


@pytest.mark.parametrize("inks", [SEPIA, JADE], ids=["sepia", "jade"])
@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_nothing_of_a_frame_comes_nearer_to_the_edge_than_a_printer_reaches(sheet: Sheet, inks: Inks) -> None:
    elements = frame(sheet, inks, (sheet.width / 2, sheet.height / 2))
    inner = sheet.inset(WHITE_EDGE)
    right, foot = inner.x + inner.w, inner.y + inner.h
    for figure in elements:
        if isinstance(figure, Guilloche):
            reach = figure.thickness / 2
            assert all(inner.x - reach <= x <= right + reach for x, _ in points(figure))
            assert all(inner.y - reach <= y <= foot + reach for _, y in points(figure))
        elif isinstance(figure, Frame):
            assert inner.holds(figure.box)


@given(st.floats(60, 500), st.floats(60, 500), st.floats(0, 20))
def test_cells_fill_every_side_from_corner_to_corner(width: float, height: float, corner: float) -> None:
    places = about(Box(10, 20, width, height), corner, 15)
    starts, stops = [at(place, (0, 0)) for place in places], [at(place, (15, 0)) for place in places]
    gaps = [math.dist(stop, start) for stop, start in zip(stops, starts[1:] + starts[:1], strict=True)]
    turns = sorted(gaps)[-4:]
    assert all(gap < 1e-6 for gap in sorted(gaps)[:-4])
    assert turns == pytest.approx([corner * math.sqrt(2)] * 4, abs=1e-6)


def test_the_strands_of_a_braid_run_on_from_cell_to_cell() -> None:
    strands = [ends(curve) for curve in lace(15, 5, 1.4, 14)]
    assert meet([(end[0] - 15, end[1]) for _, end in strands], [start for start, _ in strands])


def test_the_strands_of_a_wreath_run_on_all_around() -> None:
    places = around((0, 0), 12)
    strands = [ends(curve) for curve in wreath(20, 4, 1, 9, 12)]
    for place, following in pairwise((*places, places[0])):
        assert meet([at(place, end) for _, end in strands], [at(following, start) for start, _ in strands])


def test_a_vignette_begins_and_ends_in_a_point() -> None:
    for start, end in map(ends, vignette(80, 4, 10, 5)):
        assert start == pytest.approx((-40, 0), abs=1e-9)
        assert end == pytest.approx((40, 0), abs=1e-9)


def test_a_ring_is_round_between_its_joints_too() -> None:
    (first, second, end), start = ring(10).segments[0], ring(10).start
    halfway = [(a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(start, first, second, end, strict=True)]
    assert math.hypot(*halfway) == pytest.approx(10, abs=0.02)


def test_the_lines_of_a_ground_stay_inside_their_box() -> None:
    box = Box(20, 30, 100, 60)
    figure = Guilloche((ripple(box.w, 1.1, 8, 3),), (0, 0, 0), 0.1, tuple(ground(box, 1.5)))
    assert all(box.x - 1e-6 <= x <= box.x + box.w + 1e-6 and box.y <= y <= box.y + box.h for x, y in points(figure))


def test_a_figure_in_sixty_places_weighs_little_more_than_in_one() -> None:
    curves = lace(15, 5, 1.4, 14)
    alone = Guilloche(curves, (0, 0, 0), 0.1)
    often = Guilloche(curves, (0, 0, 0), 0.1, tuple(moved(3 * index, 7 * index, index / 9) for index in range(60)))
    one, many = (len(zlib.compress(engraved(figure, 297).encode())) for figure in (alone, often))
    assert many - one < 60 * 70


@pytest.mark.parametrize(("name", "most"), [("A4", 30_000), ("A3", 36_000), ("record", 30_000)])
def test_a_frame_leaves_room_for_the_rest_of_a_certificate(name: str, most: int) -> None:
    figures = [each for each in frame(SHEETS[name], SEPIA, (100, 100)) if isinstance(each, Guilloche)]
    assert len(zlib.compress("\n".join(engraved(each, 297) for each in figures).encode())) < most


def test_the_operators_say_where_with_what_pen_and_in_what_ink() -> None:
    line = Curve((0, 0), (((1, 0), (2, 0), (3, 0)),))
    said = engraved(Guilloche((line,), (255, 0, 51), 0.25, (moved(10, 20),)), 297)
    assert "25 w 1 0 0.2 RG" in said
    assert "q 0.01 0 0 0.01 10 20 cm 0 0 m 100 0 200 0 300 0 c S Q" in said
    assert said.startswith("q 2.834646 0 0 -2.834646 0 841.8898 cm")
