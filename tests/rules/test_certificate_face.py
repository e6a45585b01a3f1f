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
    TrainingFace,
    chinese_date,
    faces_of,
    printed,
)
from chalicelib.rules.vocabulary import CertificateKind, Part, Personal
from infra.samples import ORIGINAL, TRAINING
from tests import made_up

WORDS = st.text(min_size=1, max_size=60)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
COMMON = {
    "number": WORDS, "holder": WORDS,
    "valid_from": DAYS, "valid_to": DAYS, "issued_on": DAYS, "association": WORDS, "association_english": WORDS,
    "verify_url": st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32).map("HTTPS://M.EXAMPLE.CN/V/".__add__),
    "contact_line": WORDS, "test": st.booleans(),
}  # fmt: skip
ENTERPRISE = {**COMMON, "credit_code": st.integers(0, 999).map(made_up.credit_code)}
MEMBERS = st.builds(MemberFace, **ENTERPRISE)
ORIGINALS = st.builds(
    QualificationFace, part=st.just(Part.ORIGINAL), legal_representative=WORDS, address=WORDS, services=WORDS,
    reviewed=st.sampled_from(["", "2027", "2027、2028"]), **ENTERPRISE,
)  # fmt: skip
TRAINED = st.builds(
    TrainingFace, sex=st.sampled_from("男女"), identity=st.just("44**************2X"), employer=WORDS, work=WORDS,
    photo=st.text("0123456789abcdef", min_size=64, max_size=64), **COMMON,
)  # fmt: skip
FACES_OF_ANY_KIND = st.one_of(MEMBERS, ORIGINALS, TRAINED)
SEALED = {
    CertificateKind.MEMBER: set(),
    CertificateKind.QUALIFICATION: {"legal_representative"},
    CertificateKind.TRAINING: {"holder", "sex", "identity"},
}


def papers(face: Face) -> tuple[Face, ...]:
    parts = PARTS[face.kind]
    return tuple(replace(face, part=part) for part in parts) if len(parts) > 1 else (face,)


@given(FACES_OF_ANY_KIND)
def test_what_an_edition_keeps_gives_back_every_paper_as_it_was_drawn(face: Face) -> None:
    again = faces_of(face.kind, printed(face))
    assert again == papers(face)
    assert [each.content_hash() for each in again] == [each.content_hash() for each in papers(face)]


@given(ORIGINALS)
def test_one_record_keeps_both_papers_of_a_qualification(original: QualificationFace) -> None:
    assert printed(original) == printed(replace(original, part=Part.DUPLICATE))


@given(FACES_OF_ANY_KIND)
def test_the_person_on_a_certificate_is_kept_sealed_and_nothing_else_is(face: Face) -> None:
    personal = {name for name, value in printed(face).items() if isinstance(value, Personal)}
    assert personal == SEALED[face.kind]


@given(FACES_OF_ANY_KIND)
def test_everything_kept_is_said_on_the_paper_but_the_template(face: Face) -> None:
    # the years say themselves one by one; of the photo only its hash is kept
    quiet = {"template", "test", "reviewed", "photo"}
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


@given(TRAINED)
def test_a_training_certificate_is_one_paper(face: TrainingFace) -> None:
    assert (face.size, face.title, face.which) == (A4, "岗位培训合格证", Part.WHOLE)


@pytest.mark.parametrize(
    ("reviewed", "said"),
    [("", []), ("2027、2028", [2027, 2028]), ("、".join(map(str, range(2027, 2047))), range(2041, 2047))],
)
def test_a_qualification_says_the_latest_six_years_in_which_it_was_reviewed(reviewed: str, said: list[int]) -> None:
    face = replace(ORIGINAL, reviewed=reviewed)
    years = [text for name, text in face.says().items() if name.startswith("year_")]
    assert years == [f"{year}年度" for year in said]


def test_an_edition_of_the_first_template_still_says_all_its_years_in_one_line() -> None:
    assert replace(ORIGINAL, template="qualification-1").says()["reviewed"] == "2027、2028"


def test_the_whole_number_of_a_document_is_never_printed() -> None:
    with pytest.raises(ValueError, match="masked"):
        replace(TRAINING, identity=made_up.resident_id(1))


def test_every_kind_that_has_a_face_says_which_papers_it_has() -> None:
    assert set(FACES) == set(PARTS)


@pytest.mark.parametrize(("day", "text"), [(date(2026, 1, 5), "2026年1月5日"), (date(2026, 11, 24), "2026年11月24日")])
def test_dates_are_printed_without_leading_noughts(day: date, text: str) -> None:
    assert chinese_date(day) == text
