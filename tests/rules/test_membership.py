"""会员资格的终止: what stands in its way, what goes with it, and what it leaves open."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.rules.eligibility import membership_ended
from chalicelib.rules.membership import (
    SETTLED_BY,
    ended,
    named,
    not_to_be_reinstated,
    not_to_be_restored,
    revoked,
    revoked_with_it,
    still_open,
)
from chalicelib.rules.order import steps_to
from chalicelib.rules.records import Claim, ClaimKind, Dossier, Ended, Issuance
from chalicelib.rules.services import OFFERED, TABLE
from chalicelib.rules.vocabulary import Reason, Service, State
from chalicelib.rules.workflow import may_apply
from tests import made_up
from tests.rules import cases

TODAY = date(2026, 7, 1)
ENDED = Ended(date(2020, 1, 1), TODAY, "自愿退会")


def no_member() -> Dossier:
    return cases.dossier(enterprise=replace(cases.enterprise(), ended=ENDED))


@pytest.mark.parametrize("state", State)
def test_whatever_somebody_still_has_to_settle_stands_in_the_way(state: State) -> None:
    found = still_open([cases.application(Service.DUES, state)])
    assert bool(found) == (not state.final and state is not State.DRAFT)
    assert all(each.next.startswith("请") for each in found)


def test_every_state_that_is_neither_a_draft_nor_the_end_says_how_it_is_settled() -> None:
    assert set(SETTLED_BY) == {each for each in State if not each.final} - {State.DRAFT}


def test_what_stands_on_membership_goes_with_it_unless_it_had_gone_before() -> None:
    counting, gone = cases.member_certificate(), cases.qualification(revoked_on=date(2026, 1, 1))
    waiting = cases.qualification(root="C" * 26, issuance=Issuance.RESERVED)
    dossier = cases.dossier(certificates=(counting, gone, waiting))
    assert revoked_with_it(dossier) == (counting,)
    assert ended(dossier, TODAY, "x").ended == Ended(date(2020, 1, 1), TODAY, "x", (counting.root,))
    assert revoked(counting, TODAY, "x").revoked_reason == "会员资格终止：x"
    assert named((counting, gone)) == "会员证（编号 M-2024-0001）、资质证（编号 Q-2024-0001）"


@pytest.mark.parametrize("row", [each for each in OFFERED if each.for_members], ids=lambda each: each.service)
def test_no_service_is_open_to_who_is_no_member_any_more_and_joining_comes_first(row: object) -> None:
    service = row.service  # type: ignore[attr-defined]  # a row of the table
    facts = replace(cases.facts(service), dossier=no_member())
    reasons = may_apply(TABLE[service], facts)
    assert membership_ended(ENDED) in reasons
    assert "dues_not_paid" not in {each.code for each in reasons}
    assert steps_to(service, facts)[0] is Service.JOIN


def test_he_may_join_again_without_unbinding_himself() -> None:
    facts = replace(cases.facts(Service.JOIN), bound_to="e1", dossier=no_member())
    assert may_apply(TABLE[Service.JOIN], facts) == ()
    elsewhere = replace(facts, bound_to="e2")
    assert [each.code for each in may_apply(TABLE[Service.JOIN], elsewhere)] == ["already_bound"]
    still = replace(facts, dossier=cases.dossier())
    assert [each.code for each in may_apply(TABLE[Service.JOIN], still)] == ["already_bound"]


@pytest.mark.parametrize(("holder", "code"), [
    ("former:e1", None), ("application:a9", "join_under_way"), ("enterprise:e1", "already_member"),
])  # fmt: skip
def test_its_credit_code_is_free_for_its_own_unit(holder: str, code: str | None) -> None:
    claim = Claim(kind=ClaimKind.CREDIT_CODE, value=made_up.credit_code(1), holder=holder, former="e1")
    found = may_apply(TABLE[Service.JOIN], replace(cases.facts(Service.JOIN), claims=(claim,)))
    assert [each.code for each in found] == ([code] if code else [])


def test_an_error_is_undone_only_while_the_unit_is_not_on_its_way_back() -> None:
    claim = Claim(kind=ClaimKind.CREDIT_CODE, value="x", holder="former:e1", former="e1")
    enterprise = no_member().enterprise
    assert not_to_be_restored(enterprise, claim) == ()
    assert codes(not_to_be_restored(enterprise, replace(claim, holder="application:a1"))) == ["join_under_way"]
    assert codes(not_to_be_restored(cases.enterprise(), None)) == ["not_ended"]


def test_no_certificate_comes_back_alone_and_none_beside_another() -> None:
    gone = cases.member_certificate(revoked_on=TODAY)
    assert codes(not_to_be_reinstated(gone, no_member())) == ["holder_is_no_member"]
    held = cases.dossier(certificates=(gone, cases.member_certificate(root="D" * 26)))
    assert codes(not_to_be_reinstated(gone, held)) == ["another_is_held"]
    assert not_to_be_reinstated(gone, cases.dossier(certificates=(gone,))) == ()
    assert not_to_be_reinstated(gone, None) == ()


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [each.code for each in reasons]
