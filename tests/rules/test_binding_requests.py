"""认领: its ways, its evidence, and what is typed; whatever anybody does, and in whatever order."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.binding_requests import (
    EVIDENCE,
    MOST_FILES,
    MOST_TRIES,
    WAYS,
    Asked,
    Step,
    differences,
    missing,
    moved,
    read,
    refuse_full,
    slot_of,
)
from chalicelib.rules.records import (
    BindingRequest,
    Dossier,
    Ended,
    Enterprise,
    MaterialFile,
    RequestStatus,
)
from chalicelib.rules.vocabulary import FileStatus, Personal, Refused
from tests import made_up

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ONE = BindingRequest(
    id="q1", user="u1", unit=made_up.enterprise(1), credit_code=made_up.credit_code(1), post="经理",
    name=Personal("赵*", "赵甲一"), mobile=Personal("199****0001", "19900000001"), opened_at=NOON,
)  # fmt: skip
KNOWN: Any = Enterprise(
    id="e1", name=ONE.unit, credit_code=ONE.credit_code, member_code="10000001", kind="企业",
    legal_representative=Personal("赵*"), capital="500万元人民币", registered_address="x", office_address="x",
    founded_on=date(2015, 6, 1), business_scope="x", contact_name=Personal("钱*"), contact_mobile=Personal("1"),
    contact_email=Personal("1"), contact_post="经理", member_since=date(2026, 3, 2),
)  # fmt: skip


def file(slot: str, status: FileStatus, n: int = 0) -> MaterialFile:
    return MaterialFile(
        id=f"q1.f{n}", application="q1", slot=slot, name=Personal("a***"), suffix="pdf", requested_at=NOON,
        status=status,
    )  # fmt: skip


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# --- its ways ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(Step), max_size=8))
def test_whatever_is_tried_in_whatever_order_it_closes_once_and_stays_closed(steps: list[Step]) -> None:
    request, closings = ONE, 0
    for n, step in enumerate(steps):
        try:
            after = moved(request, step, NOON + timedelta(minutes=n), reason="x")
        except Refused as refused:
            (reason,) = refused.reasons
            assert reason.message
            assert reason.next
            continue
        assert request.status.open
        assert after.version == request.version + 1
        closings += not after.status.open
        request = after
    assert closings == (not request.status.open) == (request.closed_at is not None)
    assert (request.submitted_at is None) <= (request.status not in (RequestStatus.GRANTED, RequestStatus.REFUSED))


def test_every_step_leads_somewhere_and_from_what_is_open_alone() -> None:
    assert set(WAYS) == set(Step)
    for before, _ in WAYS.values():
        assert all(status.open for status in before)
    assert {after for _, after in WAYS.values()} == set(RequestStatus) - {RequestStatus.COLLECTING}


@pytest.mark.parametrize(("first", "said"), [(Step.GRANT, "核实通过"), (Step.REFUSE, "公章不清晰")])
@pytest.mark.parametrize("second", [Step.GRANT, Step.REFUSE])
def test_the_second_of_two_staff_is_told_what_the_first_did(first: Step, said: str, second: Step) -> None:
    handed_in = moved(ONE, Step.SUBMIT, NOON)
    decided = moved(handed_in, first, NOON, reason="公章不清晰", enterprise="e1")
    with pytest.raises(Refused) as refusal:
        moved(decided, second, NOON)
    assert codes(refusal) == ["request_moved_on"]
    assert said in refusal.value.reasons[0].message
    assert "2026年03月02日 12:00" in refusal.value.reasons[0].message


# --- evidence ---------------------------------------------------------------------------------------------------------

FILES = st.lists(
    st.builds(file, st.sampled_from([each.slot for each in EVIDENCE]), st.sampled_from(FileStatus)), max_size=6
)


@given(FILES)
def test_it_is_complete_when_each_slot_has_an_accepted_file_and_none_is_still_checked(
    files: list[MaterialFile],
) -> None:
    for slot in EVIDENCE:
        statuses = {each.status for each in files if each.slot == slot.slot}
        told = [each for each in missing(files) if each.field == slot.slot]
        complete = FileStatus.ACCEPTED in statuses and FileStatus.WAITING not in statuses
        assert len(told) == (not complete)
        assert all(each.next for each in told)


@given(FILES, st.sampled_from(EVIDENCE))
def test_a_file_that_did_not_pass_takes_no_place(files: list[MaterialFile], slot: Any) -> None:
    there = [each for each in files if each.slot == slot.slot and each.status is not FileStatus.REFUSED]
    if len(there) < MOST_FILES:
        refuse_full(slot, files)
    else:
        with pytest.raises(Refused) as refusal:
            refuse_full(slot, files)
        assert codes(refusal) == ["slot_full"]


def test_files_that_did_not_pass_are_to_be_removed_before_there_are_more_than_one_commit_takes_out() -> None:
    tried = [file("licence", FileStatus.REFUSED, n) for n in range(MOST_TRIES)]
    refuse_full(slot_of("licence"), tried[1:])
    with pytest.raises(Refused) as refusal:
        refuse_full(slot_of("licence"), tried)
    assert "未通过检查" in refusal.value.reasons[0].message


def test_a_slot_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused) as refusal:
        slot_of("bank_receipt")
    assert all(each.chinese in refusal.value.reasons[0].next for each in EVIDENCE)


# --- what is typed ----------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_one_way_of_writing() -> None:
    spaced = f" {made_up.credit_code(1)[:8]} {made_up.credit_code(1)[8:].lower()} "
    asked, reasons = read(Asked(" 虚构(一)公司 ", spaced, " 经理 ", "  "))
    assert reasons == ()
    assert asked == Asked("虚构（一）公司", made_up.credit_code(1), "经理", "")


def test_everything_that_cannot_be_is_told_at_once_with_its_field() -> None:
    _, reasons = read(Asked("", "91449999000000001X", "", "长" * 301))
    assert [each.field for each in reasons] == ["unit", "credit_code", "post", "remark"]
    assert all(each.message and each.next for each in reasons)


@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=40), st.text(max_size=310))
def test_what_was_read_once_is_read_again_as_it_is(unit: str, code: str, post: str, remark: str) -> None:
    asked, reasons = read(Asked(unit, code, post, remark))
    assert reasons or read(asked) == (asked, ())


# --- what staff should look at twice ----------------------------------------------------------------------------------


@given(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 5)))
def test_whatever_differs_is_pointed_out_and_nothing_else(case: tuple[bool, bool, bool, int]) -> None:
    other_name, other_code, ended, bound = case
    enterprise = replace(
        KNOWN,
        name="虚构另一公司" if other_name else KNOWN.name,
        credit_code=made_up.credit_code(2) if other_code else KNOWN.credit_code,
        ended=Ended(KNOWN.member_since, KNOWN.member_since, "x") if ended else None,
    )
    bindings: Any = tuple(range(bound))
    told = [each.code for each in differences(ONE, Dossier(enterprise, bindings, (), ()))]
    wanted = {
        "other_name": other_name, "other_credit_code": other_code, "no_member_any_more": ended,
        "many_bound": bound >= 2,
    }  # fmt: skip
    assert told == [code for code, holds in wanted.items() if holds]
