"""What a reviewer saw and found, and how it ages: verdicts stand while what they are about lies there."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.grammar import Case
from chalicelib.rules.looks import Since, changes_since, judged, looked_at, verdict_on
from chalicelib.rules.records import MaterialFile, MaterialVerdict, Person
from chalicelib.rules.services import TABLE
from chalicelib.rules.verdicts import MOST_TOLD, faults_of, refused_materials
from chalicelib.rules.vocabulary import FileStatus, Personal, Service, State
from tests.rules import cases

APPLICATION = cases.application(Service.QUALIFICATION, State.IN_REVIEW)
FACTS = cases.facts(Service.QUALIFICATION)
CASE = Case(TABLE[Service.QUALIFICATION], APPLICATION, FACTS)
SPOTS = tuple((each.slot, each.person) for each in FACTS.files if each.slot != "bank_receipt")
SOME = st.dictionaries(st.sampled_from(SPOTS), st.booleans(), max_size=len(SPOTS))


def verdicts(said: dict[tuple[str, str | None], bool]) -> tuple[MaterialVerdict, ...]:
    return tuple(MaterialVerdict(slot, good, "" if good else "不符", who) for (slot, who), good in said.items())


def in_spot(files: tuple[MaterialFile, ...], spot: tuple[str, str | None]) -> list[MaterialFile]:
    return [each for each in files if (each.slot, each.person) == spot]


@given(SOME)
def test_exactly_the_refused_materials_are_refused_and_all_others_stay_accepted(
    said: dict[tuple[str, str | None], bool],
) -> None:
    assert faults_of(verdicts(said), CASE) == ()
    look = looked_at(APPLICATION, FACTS.files, cases.NOW, verdicts(said), None)
    for file in judged(FACTS.files, look):
        refused = said.get((file.slot, file.person)) is False
        assert (file.status is FileStatus.REFUSED) == refused
        assert [each.code for each in file.reasons] == (["refused_by_reviewer"] if refused else [])


@given(SOME)
def test_a_verdict_is_shown_where_it_was_given_and_nowhere_else(said: dict[tuple[str, str | None], bool]) -> None:
    look = looked_at(APPLICATION, FACTS.files, cases.NOW, verdicts(said), None)
    files = judged(FACTS.files, look)
    for spot in SPOTS:
        found = verdict_on(look, spot, in_spot(files, spot))
        assert (found.accepted if found else None) == said.get(spot)


@given(SOME, SOME)
def test_what_one_look_refused_no_later_look_accepts_by_itself(
    first: dict[tuple[str, str | None], bool], second: dict[tuple[str, str | None], bool]
) -> None:
    look = looked_at(APPLICATION, FACTS.files, cases.NOW, verdicts(first), None)
    files = judged(FACTS.files, look)
    good = {(each.slot, each.person) for each in files if each.status is FileStatus.ACCEPTED}
    later = looked_at(
        APPLICATION, files, cases.NOW, verdicts({k: v for k, v in second.items() if k in good}), look
    )  # fmt: skip
    refused = {spot for spot, accepted in first.items() if not accepted}
    after = judged(FACTS.files, later)
    assert refused <= {(each.slot, each.person) for each in after if each.status is FileStatus.REFUSED}
    assert later.version == look.version + 1


@given(SOME)
def test_nothing_has_changed_while_nothing_was_done(said: dict[tuple[str, str | None], bool]) -> None:
    look = looked_at(APPLICATION, FACTS.files, cases.NOW, verdicts(said), None)
    assert changes_since(look, APPLICATION, judged(FACTS.files, look)) == Since()


def test_changed_fields_files_and_persons_are_named_once_each() -> None:
    look = looked_at(APPLICATION, FACTS.files, cases.NOW, (), None)
    new = replace(FACTS.files[0], id="a1.new")
    form = {**APPLICATION.form, "staff_count": "21", "managers": Personal("赵***", "另一人")}
    after = replace(APPLICATION, form=form, persons=(*APPLICATION.persons[1:], Person(id="w7")))
    since = changes_since(look, after, (*FACTS.files[1:], new))
    assert [each.field for each in since.fields] == ["staff_count", "managers"]
    (change,) = since.materials
    assert (change.slot, change.files, change.removed) == (FACTS.files[0].slot, (new,), 1)
    assert (since.joined, since.left) == (("w7",), (APPLICATION.persons[0].id,))


def test_a_notice_names_so_many_refused_materials_and_says_where_the_rest_is() -> None:
    many = verdicts(dict.fromkeys(SPOTS, False))
    lines = refused_materials(many, CASE).splitlines()
    told = len(many) > MOST_TOLD
    assert len(lines) == (MOST_TOLD + 1 if told else len(many))
    full = refused_materials(many * 2, CASE).splitlines()
    assert (len(full), full[-1].startswith(f"共 {2 * len(many)} 项")) == (MOST_TOLD + 1, True)
    assert refused_materials(verdicts(dict.fromkeys(SPOTS, True)), CASE) == ""
