"""What a certificate says: kept with its edition and read back, it is word for word what was drawn."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.certificate_face import (
    A3_LANDSCAPE,
    A4,
    FACES,
    PARTS,
    Face,
    MemberFace,
    QualificationFace,
    chinese_date,
    faces_of,
    printed,
)
from chalicelib.rules.vocabulary import CertificateKind, Part, Personal
from tests import made_up

WORDS = st.text(min_size=1, max_size=60)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
COMMON = {
    "number": WORDS, "holder": WORDS, "credit_code": st.integers(0, 999).map(made_up.credit_code),
    "valid_from": DAYS, "valid_to": DAYS, "issued_on": DAYS, "association": WORDS, "association_english": WORDS,
    "verify_url": st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32).map("HTTPS://M.EXAMPLE.CN/V/".__add__),
    "contact_line": WORDS, "test": st.booleans(),
}  # fmt: skip
MEMBERS = st.builds(MemberFace, **COMMON)
ORIGINALS = st.builds(
    QualificationFace, part=st.just(Part.ORIGINAL), legal_representative=WORDS, address=WORDS, services=WORDS,
    reviewed=st.sampled_from(["", "2027", "2027、2028"]), **COMMON,
)  # fmt: skip


def papers(face: Face) -> tuple[Face, ...]:
    parts = PARTS[face.kind]
    return tuple(replace(face, part=part) for part in parts) if len(parts) > 1 else (face,)


@given(st.one_of(MEMBERS, ORIGINALS))
def test_what_an_edition_keeps_gives_back_every_paper_as_it_was_drawn(face: Face) -> None:
    again = faces_of(face.kind, printed(face))
    assert again == papers(face)
    assert [each.content_hash() for each in again] == [each.content_hash() for each in papers(face)]


@given(ORIGINALS)
def test_one_record_keeps_both_papers_of_a_qualification(original: QualificationFace) -> None:
    assert printed(original) == printed(replace(original, part=Part.DUPLICATE))


@given(st.one_of(MEMBERS, ORIGINALS))
def test_the_person_on_a_certificate_is_kept_sealed_and_nothing_else_is(face: Face) -> None:
    personal = {name for name, value in printed(face).items() if isinstance(value, Personal)}
    assert personal == ({"legal_representative"} if face.kind is CertificateKind.QUALIFICATION else set())


@given(st.one_of(MEMBERS, ORIGINALS))
def test_everything_kept_is_said_on_the_paper_but_the_template(face: Face) -> None:
    quiet = {"template", "test"}
    assert set(printed(face)) - quiet <= set(face.says())
    assert ("test" in face.says()) == face.test


@given(ORIGINALS)
def test_the_papers_of_a_qualification_have_hashes_of_their_own(original: QualificationFace) -> None:
    one, other = papers(original)
    assert one.content_hash() != other.content_hash()


@given(ORIGINALS)
def test_the_original_is_for_the_wall_and_the_duplicate_for_the_file(original: QualificationFace) -> None:
    one, other = papers(original)
    assert (one.size, one.title, one.which) == (A3_LANDSCAPE, "资质证正本", Part.ORIGINAL)
    assert (other.size, other.title, other.which) == (A4, "资质证副本", Part.DUPLICATE)


@given(MEMBERS)
def test_a_member_certificate_is_one_paper(face: MemberFace) -> None:
    assert (face.size, face.title, face.which) == (A4, "会员证", Part.WHOLE)


def test_every_kind_that_has_a_face_says_which_papers_it_has() -> None:
    assert set(FACES) == set(PARTS)


@pytest.mark.parametrize(("day", "text"), [(date(2026, 1, 5), "2026年1月5日"), (date(2026, 11, 24), "2026年11月24日")])
def test_dates_are_printed_without_leading_noughts(day: date, text: str) -> None:
    assert chinese_date(day) == text
