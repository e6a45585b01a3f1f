"""制证中 and held: tried again once something can have changed, and left in peace until then."""

from datetime import timedelta

import pytest

from chalicelib.operations import applications, outbox, sweeping
from chalicelib.operations.ports import Asked, Ports, Replace
from chalicelib.rules.records import Application, Claim, ClaimKind, OutboxRow, OutboxStatus, User, Work
from chalicelib.rules.vocabulary import Action, State
from tests import made_up
from tests.operations import acting

ELSEWHERE = "e-other"


def bound_to(ports: Ports, user: str, enterprise: str | None) -> None:
    found = ports.records.get(User, user)
    assert found is not None
    ports.records.commit(Replace(found, found.changed(enterprise=enterprise)))


def application_of(ports: Ports, application: str) -> Application:
    found = ports.records.get(Application, application)
    assert found is not None
    return found


def promise_of(ports: Ports, application: str) -> OutboxRow:
    entry = application_of(ports, application).entries
    found = ports.records.get(OutboxRow, f"issue-{application}-{entry}")
    assert found is not None
    return found


def sweep(ports: Ports, times: int = 1) -> None:
    """The sweeper in its turn, each time with the workers behind it."""
    for _ in range(times):
        ports.clock.advance(timedelta(minutes=6))  # type: ignore[attr-defined]  # the clock in memory
        sweeping.sweep(ports)
        acting.work_off(ports)


@pytest.fixture
def user(ports: Ports) -> str:
    return acting.user(ports).id


@pytest.fixture
def held(ports: Ports, user: str) -> str:
    """Its applicant has come to represent somebody else since the fee was settled."""
    application = acting.being_made(ports, acting.as_of_now(ports, user))
    bound_to(ports, user, ELSEWHERE)
    acting.work_off(ports)
    return application


def test_what_is_held_is_left_in_peace_as_long_as_its_reason_stands(ports: Ports, held: str) -> None:
    before = (promise_of(ports, held), application_of(ports, held))
    sweep(ports, times=5)
    ports.clock.advance(timedelta(days=40))  # type: ignore[attr-defined]  # the clock in memory
    sweep(ports, times=5)
    assert (promise_of(ports, held), application_of(ports, held)) == before
    assert (before[0].rounds, before[0].status) == (0, OutboxStatus.DONE)


def test_what_is_held_is_issued_by_itself_once_the_reason_has_gone(ports: Ports, held: str, user: str) -> None:
    sweep(ports, times=3)
    bound_to(ports, user, None)
    sweep(ports)
    assert application_of(ports, held).state is State.COMPLETED
    assert application_of(ports, held).held_by == ()


def test_staff_read_what_holds_it_and_what_to_do_and_another_reason_as_soon_as_it_is_another(
    ports: Ports, held: str, user: str
) -> None:
    def read() -> list[str]:
        (listed,) = ports.records.applications_in(State.BEING_MADE, Asked(10)).items
        assert all(each.message and each.next for each in listed.held_by)
        return [each.code for each in listed.held_by]

    assert read() == ["already_bound"]
    its_unit_has_joined_meanwhile(ports)
    sweep(ports)
    assert read() == ["already_bound", "already_member"]
    bound_to(ports, user, None)
    sweep(ports)
    assert read() == ["already_member"]
    sweep(ports, times=3)
    assert promise_of(ports, held).rounds == 2


def its_unit_has_joined_meanwhile(ports: Ports) -> None:
    claim = ports.records.get(Claim, ClaimKind.CREDIT_CODE.value, made_up.credit_code(1))
    assert claim is not None
    ports.records.commit(Replace(claim, claim.changed(holder=f"enterprise:{ELSEWHERE}")))


def test_one_that_cannot_be_looked_into_does_not_keep_the_others_waiting(
    ports: Ports, held: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = acting.being_made(ports, acting.user(ports, "li"), acting.join_form(2))
    (row,) = [each for each in acting.pending(ports) if each.work is Work.ISSUE]
    outbox.done(ports, row)  # and nothing came of it: nobody may wait for ever
    bound_to(ports, user, None)
    read = ports.records.folder

    def broken_for_one(application: str) -> object:
        if application == held:
            raise ConnectionError
        return read(application)

    monkeypatch.setattr(ports.records, "folder", broken_for_one)
    ports.clock.advance(timedelta(minutes=6))  # type: ignore[attr-defined]  # the clock in memory
    with pytest.raises(ExceptionGroup):
        sweeping.sweep(ports)
    acting.work_off(ports)
    assert application_of(ports, other).state is State.COMPLETED


def test_who_sends_it_back_and_has_it_paid_for_has_it_made_under_a_promise_of_its_own(
    ports: Ports, held: str, user: str
) -> None:
    before = promise_of(ports, held)
    certifier = acting.order(acting.CERTIFIER)
    applications.act(ports, certifier, held, Action.SEND_BACK, acting.version(ports, held), "请核对后重新提交")
    assert application_of(ports, held).held_by == ()
    sweep(ports, times=2)
    assert ports.records.get(OutboxRow, *before.key) == before
