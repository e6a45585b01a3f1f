"""An Idempotency-Key makes a write happen once; a lost race reads again."""

from dataclasses import replace

import pytest

from chalicelib.operations import applications
from chalicelib.operations.commands import Deed, KeyReused, once, settle
from chalicelib.operations.ports import Busy, Insert, Ports, Replace
from chalicelib.rules.records import Acknowledgement, Counter
from chalicelib.rules.vocabulary import Action, CertificateKind, Refused, Service, State
from tests.operations import acting


def test_the_same_key_again_gives_the_first_answer_and_does_nothing_more(ports: Ports) -> None:
    actor = acting.user(ports)
    order = acting.order(actor, "open", key="k1")
    assert applications.open_draft(ports, order, Service.JOIN) == applications.open_draft(ports, order, Service.JOIN)


def test_a_key_still_answers_after_the_state_has_moved_on(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    for slot in ("application_form", "licence"):
        acting.upload(ports, actor, application, slot)
    order = acting.order(actor, "submit", key="k2")
    for _ in range(2):
        assert applications.act(ports, order, application, Action.SUBMIT, None) == application
    folder = ports.records.folder(application)
    assert folder is not None
    assert len(folder.entries) == 1


def test_another_body_under_a_used_key_is_refused(ports: Ports) -> None:
    actor = acting.user(ports)
    applications.open_draft(ports, acting.order(actor, "open", "k3", body="one"), Service.JOIN)
    with pytest.raises(KeyReused):
        applications.open_draft(ports, acting.order(actor, "open", "k3", body="two"), Service.JOIN)


def test_a_refusal_keeps_nothing_so_the_key_may_be_used_again(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    order = acting.order(actor, "submit", key="k4")
    with pytest.raises(Refused):
        applications.act(ports, order, application, Action.SUBMIT, None)
    assert ports.records.get(Acknowledgement, actor.id, "submit", "k4") is None
    for slot in ("application_form", "licence"):
        acting.upload(ports, actor, application, slot)
    assert applications.act(ports, order, application, Action.SUBMIT, None) == application


def test_the_same_key_of_another_person_is_another_key(ports: Ports) -> None:
    first, second = acting.user(ports), acting.user(ports, "li")
    one = applications.open_draft(ports, acting.order(first, "open", "k5"), Service.JOIN)
    assert applications.open_draft(ports, acting.order(second, "open", "k5"), Service.JOIN) != one


def test_what_staff_decide_must_be_what_they_looked_at(ports: Ports) -> None:
    application = acting.submitted(ports, acting.user(ports))
    with pytest.raises(Refused) as refusal:
        applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, 0)
    assert [reason.code for reason in refusal.value.reasons] == ["changed_since"]
    folder = ports.records.folder(application)
    assert folder is not None
    assert folder.application.state is State.IN_REVIEW


def counter(n: int) -> Counter:
    return Counter(kind=CertificateKind.MEMBER, year=2026, n=n)


def test_who_always_loses_the_race_is_told_to_come_back(ports: Ports) -> None:
    ports.records.commit(Insert(counter(0)))

    def stale() -> Deed:
        return Deed((Replace(replace(counter(0), version=7), replace(counter(1), version=8)),), "never")

    with pytest.raises(Busy):
        once(ports, acting.order(acting.ADMIN), stale)
    with pytest.raises(Busy):
        settle(ports, stale)


def test_a_lost_race_is_decided_anew_on_what_the_winner_left(ports: Ports) -> None:
    ports.records.commit(Insert(counter(0)))
    tries = []

    def add_one() -> Deed:
        before = ports.records.get(Counter, "member", "2026")
        assert before is not None
        if not tries:
            ports.records.commit(Replace(before, before.changed(n=before.n + 1)))
        tries.append(before.n)
        return Deed((Replace(before, before.changed(n=before.n + 1)),), "done")

    once(ports, acting.order(acting.ADMIN), add_one)
    after = ports.records.get(Counter, "member", "2026")
    assert after is not None
    assert (after.n, tries) == (2, [0, 1])
