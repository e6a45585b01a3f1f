"""No text leaves its place, whatever a company is called."""

import math
import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.documents import certificate, fonts
from chalicelib.documents.layout import Align, Box, Code, Layout, Text
from chalicelib.documents.seal import DIAMETER, NAME_BASELINE, NAME_HEIGHT
from chalicelib.documents.typesetting import SetLine, TextOverflowError, set_text
from chalicelib.rules.certificate_face import Face
from chalicelib.rules.services import FIELDS_OF_SERVICE
from infra.samples import DUPLICATE, ORIGINAL, TRAINING
from tests.documents.conftest import PAPERS

HANZI = "样例市洁康有害生物防治服务有限公司集团股份科技环境卫生消毒"
CHARACTERS = HANZI + "（）()ABCWMijl 09&.-·"
ROUNDING = 1e-6
UNHURRIED = settings(deadline=None)  # four papers are set for each example, on a machine that others may load
PLAIN = Text("{name}", Box(0, 0, 100, 20), 20, (0, 0, 0), {"name": "样例"}, lines=2, one_line=14, smallest=8)


def lines_of(face: Face) -> list[tuple[Text, SetLine]]:
    texts = [element for element in layout_of(face).elements if isinstance(element, Text)]
    return [(text, line) for text in texts for line in set_text(text, certificate.values(face))]


def layout_of(face: Face) -> Layout:
    return certificate.TEMPLATES[face.template](face)


def widened(box: Box) -> Box:
    return Box(box.x - ROUNDING, box.y - ROUNDING, box.w + 2 * ROUNDING, box.h + 2 * ROUNDING)


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def assert_tidy(face: Face) -> None:
    lines, inner = lines_of(face), layout_of(face).inner
    for text, line in lines:
        assert widened(text.box).holds(line.box), line
        assert inner.holds(line.box), line
    for (_, one), (_, other) in combinations(lines, 2):
        assert not overlap(one.box, other.box), (one, other)


@UNHURRIED
@given(st.text(CHARACTERS, min_size=1, max_size=60).map(str.strip).filter(bool))
def test_a_name_of_1_to_60_characters_stays_inside_the_frame_and_off_its_neighbours(holder: str) -> None:
    for paper in PAPERS.values():
        assert_tidy(replace(paper, holder=holder))


@pytest.mark.parametrize("character", ["甲", "W", "i", "（", "，"])
@pytest.mark.parametrize("length", [1, 2, 17, 18, 31, 59, 60])
def test_one_character_repeated_stays_inside_too(character: str, length: int) -> None:
    for paper in PAPERS.values():
        assert_tidy(replace(paper, holder=character * length))


@UNHURRIED
@given(st.text(HANZI, min_size=1, max_size=30), st.text("Association of Sample City", min_size=1, max_size=100))
def test_any_association_fits_its_own_certificate(chinese: str, english: str) -> None:
    for paper in PAPERS.values():
        assert_tidy(replace(paper, association=chinese, association_english=english.strip() or "A"))


@UNHURRIED
@given(
    st.text(CHARACTERS, min_size=1, max_size=200).map(str.strip).filter(bool),
    st.text(CHARACTERS, min_size=1, max_size=60).map(str.strip).filter(bool),
    st.lists(st.sampled_from(FIELDS_OF_SERVICE), min_size=1, max_size=80)
    .map("、".join)
    .filter(lambda s: len(s) <= 400),
    st.integers(0, 25).map(lambda count: "、".join(map(str, range(2027, 2027 + count)))),
)
def test_whatever_an_enterprise_is_qualified_for_and_wherever_it_is_fits_both_papers(
    address: str, person: str, services: str, reviewed: str
) -> None:
    for paper in (ORIGINAL, DUPLICATE):
        said = {"address": address, "legal_representative": person, "services": services, "reviewed": reviewed}
        assert_tidy(replace(paper, **said))


@pytest.mark.parametrize("character", ["甲", "W", "i", "（", "，"])
@pytest.mark.parametrize("length", [1, 43, 44, 45, 199, 200])
def test_an_address_of_one_character_repeated_fits_too(character: str, length: int) -> None:
    for paper in (ORIGINAL, DUPLICATE):
        assert_tidy(replace(paper, address=character * length))


@pytest.mark.parametrize("character", ["甲", "W", "i", "（", "，"])
@pytest.mark.parametrize("length", [1, 59, 60])
def test_whoever_a_trained_person_works_for_and_as_what_fits_the_record_and_the_card(
    character: str, length: int
) -> None:
    said = character * length
    assert_tidy(replace(TRAINING, holder=said, employer=said, work=said))


@pytest.mark.parametrize("character", ["甲", "W", "i", "（", "，"])
@pytest.mark.parametrize("length", [1, 70, 399, 400])
def test_a_scope_of_400_characters_fits_both_papers(character: str, length: int) -> None:
    for paper in (ORIGINAL, DUPLICATE):
        assert_tidy(replace(paper, services=character * length))


def sizes_of(face: Face, name: str) -> set[float]:
    return {line.size for text, line in lines_of(face) if text.text == f"{{{name}}}"}


@pytest.mark.parametrize("paper", [ORIGINAL, DUPLICATE], ids=lambda face: face.part)
def test_the_longest_scope_and_address_are_printed_large_enough_to_read(paper: Face) -> None:
    scope = "灭鼠、灭蚊、白蚁防治、环境与物体表面消毒（含公共场所、交通工具）、" * 12
    longest = replace(paper, services=scope[:400], address="样例市样例区样例街道" * 20)  # type: ignore[call-arg]
    assert min(sizes_of(longest, "services") | sizes_of(longest, "address")) >= 6.5


def test_small_type_is_set_in_the_main_cut_and_large_type_in_the_heavy_one() -> None:
    text = replace(PLAIN, bold=True, bold_from=9.0, smallest=6)
    (large,), small = set_text(text, {"name": "甲乙"}), set_text(text, {"name": "甲" * 80})
    assert {run.cut for run in large.runs} == {fonts.cut_of("甲", bold=True)}
    assert small[0].size < 9
    assert {run.cut for line in small for run in line.runs} == {fonts.Cut.MAIN}


def test_the_name_of_the_issuer_meets_few_of_the_seals_characters_and_the_day_none(face: Face) -> None:
    """What is stamped must stay readable: characters upon characters are what makes it hard to read."""
    seal = layout_of(face).seal_field().box
    share = seal.w / DIAMETER
    top, foot = (at * share for at in (NAME_BASELINE + NAME_HEIGHT, NAME_BASELINE))
    for text, line in lines_of(face):
        below = line.box.y + line.box.h / 2 - seal.y - seal.h / 2
        if text.text == "{issued_on}" and overlap(line.box, seal):
            assert below - line.box.h / 2 > foot
        if text.text == "{association}" and overlap(line.box, seal):
            assert half_chord(top, below) - half_chord(foot, below) < 1.2 * NAME_HEIGHT * share  # one on each side


def half_chord(radius: float, height: float) -> float:
    return math.sqrt(max(radius**2 - height**2, 0))


def test_each_paper_is_as_large_as_its_face_says(face: Face) -> None:
    layout = layout_of(face)
    assert (layout.width, layout.height) == face.size


def test_nothing_is_printed_on_the_code_and_the_seal_covers_only_its_issuer(face: Face) -> None:
    layout = layout_of(face)
    (ground,) = [each.box for each in layout.elements if isinstance(each, Code)]
    seal = layout.seal_field().box
    under_the_seal = {text.text for text, line in lines_of(face) if overlap(line.box, seal)}
    assert not [line.text for _, line in lines_of(face) if overlap(line.box, ground)]
    assert under_the_seal == {"{association}", "{issued_on}"}
    assert layout.inner.holds(seal)


def test_a_short_text_keeps_its_full_size() -> None:
    (line,) = set_text(PLAIN, {"name": "甲"})
    assert line.size == 20


def test_a_longer_text_shrinks_before_it_wraps() -> None:
    (line,) = set_text(PLAIN, {"name": "甲" * 17})
    assert 14 <= line.size < 20


def test_a_wrapped_text_is_balanced_and_complete() -> None:
    first, second = set_text(PLAIN, {"name": "甲" * 31})
    assert abs(len(first.text) - len(second.text)) <= 1
    assert first.text + second.text == "甲" * 31


def test_a_latin_word_is_not_torn_when_it_need_not_be() -> None:
    first, second = set_text(PLAIN, {"name": "Sample City Association of Sanitary Pest Control"})
    assert f"{first.text} {second.text}" == "Sample City Association of Sanitary Pest Control"


def test_a_line_neither_ends_with_an_opening_nor_begins_with_a_closing_bracket() -> None:
    for length in range(10, 25):
        lines = set_text(PLAIN, {"name": "甲" * length + "（乙）" + "丙" * 12})
        assert not any(line.text.endswith("（") or line.text.startswith("）") for line in lines)


def test_what_cannot_fit_is_refused_and_not_cut_off() -> None:
    with pytest.raises(TextOverflowError):
        set_text(PLAIN, {"name": "甲" * 200})


def test_a_paragraph_is_set_as_large_as_it_can_be_and_complete() -> None:
    paragraph = replace(PLAIN, paragraph=True, lines=1)
    few, many = (set_text(paragraph, {"name": "甲乙、" * count}) for count in (4, 20))
    assert (len(few), few[0].size) == (1, 20)
    assert len(many) > 1
    assert many[0].size < 20
    assert "".join(line.text for line in many) == "甲乙、" * 20


@UNHURRIED
@given(st.text("甲乙丙（）《》，、。；", min_size=1, max_size=120))
def test_no_line_of_a_paragraph_begins_with_a_stop_unless_the_text_does(text: str) -> None:
    lines = [line.text for line in set_text(replace(PLAIN, paragraph=True, smallest=3), {"name": text})]
    torn = max(
        (len(part) for part in re.split("(?<=[甲乙丙])(?=[甲乙丙（《])|(?<=[）》，、。；])(?=[甲乙丙（《])", text)),
        default=0,
    )
    if torn < 10:  # longer runs are wider than a line and broken anywhere
        assert not [line for line in lines[1:] if line[0] in "）》，、。；"]
        assert not [line for line in lines[:-1] if line[-1] in "（《"]


def test_a_paragraph_of_three_lines_is_flush_on_both_sides_but_for_its_last_line() -> None:
    lines = set_text(replace(PLAIN, paragraph=True), {"name": "甲乙丙、" * 32})
    assert len(lines) > 2
    assert {round(line.box.x + line.box.w) for line in lines[:-1]} == {100}
    assert lines[-1].tracking < lines[0].tracking or lines[-1].tracking == PLAIN.tracking


def test_a_line_that_would_be_torn_apart_is_left_short() -> None:
    text = replace(PLAIN, paragraph=True, box=Box(0, 0, 60, 40))
    first, *_ = lines = set_text(text, {"name": "甲乙 " + "W" * 8 + " " + "M" * 8})
    assert len(lines) > 2
    assert (first.text, first.tracking) == ("甲乙", 0)


def test_a_paragraph_that_cannot_fit_is_refused() -> None:
    with pytest.raises(TextOverflowError):
        set_text(replace(PLAIN, paragraph=True), {"name": "甲" * 2000})


@pytest.mark.parametrize(("align", "left"), [(Align.LEFT, 0), (Align.CENTRE, 50), (Align.RIGHT, 100)])
def test_alignment_counts_the_width_without_the_last_gap(align: Align, left: float) -> None:
    (line,) = set_text(replace(PLAIN, align=align, tracking=3), {"name": "甲乙"})
    share = left / 100
    assert line.box.x == pytest.approx(share * (100 - line.box.w))
    assert line.box.w == pytest.approx(2 * 20 * fonts.POINT + 3)
