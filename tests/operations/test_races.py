"""Two at once, at the very moment: a hook before the commit lets the other one in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from chalicelib.operations import (
    applications,
    certificates,
    dead_letters,
    enterprises,
    materials,
    outbox,
    payments,
    reconciling,
    sweeping,
)
from chalicelib.operations.carriers import Failed
from chalicelib.operations.commands import Absent
from chalicelib.operations.editions import FACES, TERMS
from chalicelib.operations.issuing import FOLLOWING, issue
from chalicelib.operations.ports import Asked, Busy, Change, Ports, Replace
from chalicelib.rules.records import (
    Application,
    Delivery,
    Enterprise,
    Mail,
    MaterialFile,
    OutboxStatus,
    Payment,
    PaymentMethod,
)
from chalicelib.rules.services import OFFERED
from chalicelib.rules.vocabulary import Action, FileStatus, How, Refused, State
from tests.operations import acting


def before_the_next_commit(ports: Ports, other: Callable[[], object], when: type[object] | None = None) -> None:
    """The other one acts after this one has read and before he writes (a record of the kind, where one is named)."""
    commit = ports.records.commit

    def interrupted(*changes: Change) -> None:
        touched = {type(change.after if isinstance(change, Replace) else change.record) for change in changes}
        if when is None or when in touched:
            object.__setattr__(ports.records, "commit", commit)
            other()
        commit(*changes)

    object.__setattr__(ports.records, "commit", interrupted)


def state(ports: Ports, application: str) -> State:
    found = ports.records.get(Application, application)
    assert found is not None
    return found.state


def test_who_binds_while_he_joins_is_bound_or_joining_but_never_both(ports: Ports) -> None:
    member, _ = acting.member(ports)
    enterprise = ports.records.get(Enterprise, member.enterprise or "")
    assert enterprise is not None
    joining = acting.user(ports, "li")
    application = acting.draft(ports, joining, acting.join_form(2))
    for slot in ("application_form", "licence"):
        acting.upload(ports, joining, application, slot)
    before_the_next_commit(
        ports, lambda: applications.act(ports, acting.order(joining), application, Action.SUBMIT, None)
    )
    with pytest.raises(Refused) as refusal:
        enterprises.bind(ports, acting.order(joining), enterprise.name, enterprise.member_code)
    assert [reason.code for reason in refusal.value.reasons] == ["own_join_under_way"]
    assert acting.as_of_now(ports, joining.id).enterprise is None


def test_two_workers_who_issue_at_once_leave_a_file_whose_hash_is_the_recorded_one(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.being_made(ports, actor)
    files, store = ports.files, ports.files.store

    def overtaken(place: str, data: bytes, media_type: str) -> None:
        object.__setattr__(files, "store", store)
        store(place, data, media_type)
        ports.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]  # the clock in memory
        issue(ports, application)

    object.__setattr__(files, "store", overtaken)
    issue(ports, application)
    (certificate,) = certificates.mine(ports, acting.as_of_now(ports, actor.id))
    family = ports.records.family(certificate.root)
    assert family is not None
    (edition,) = family.editions
    assert sha256(ports.files.read(edition.papers[0].file) or b"").hexdigest() == edition.papers[0].file_sha256


def test_a_mail_delivered_to_two_workers_at_once_is_sent_once(ports: Ports) -> None:
    member, _ = acting.member(ports)
    (certificate,) = certificates.mine(ports, member)
    mail = certificates.send_to(ports, acting.order(member), certificate.root, "office@example.com")
    send, second = ports.post.send, []

    def meanwhile(letter: object) -> None:
        object.__setattr__(ports.post, "send", send)
        with pytest.raises(Failed):
            outbox.work(ports, f"mail-{mail}")
        second.append(True)
        send(letter)  # type: ignore[arg-type]  # passed on as given

    object.__setattr__(ports.post, "send", meanwhile)
    outbox.work(ports, f"mail-{mail}")
    assert second
    assert len(ports.post.letters) == 1  # type: ignore[attr-defined]  # the post in memory


def test_what_was_sent_is_marked_as_sent_although_the_record_has_moved_on(ports: Ports) -> None:
    member, _ = acting.member(ports)
    (certificate,) = certificates.mine(ports, member)
    mail = certificates.send_to(ports, acting.order(member), certificate.root, "office@example.com")
    send = ports.post.send

    def meanwhile(letter: object) -> None:
        send(letter)  # type: ignore[arg-type]  # passed on as given
        held = ports.records.get(Mail, mail)
        assert held is not None
        ports.records.commit(Replace(held, held.changed()))

    object.__setattr__(ports.post, "send", meanwhile)
    outbox.work(ports, f"mail-{mail}")
    settled = ports.records.get(Mail, mail)
    assert settled is not None
    assert settled.delivery is Delivery.SENT


def test_a_store_out_of_order_is_not_the_files_fault_however_long_it_lasts(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # the bucket in memory
    ports.clock.advance(timedelta(hours=3))  # type: ignore[attr-defined]  # the clock in memory
    commit = ports.records.commit

    def busy(*_: Change) -> None:
        raise Busy

    object.__setattr__(ports.records, "commit", busy)
    with pytest.raises(ExceptionGroup):
        sweeping.sweep(ports)
    object.__setattr__(ports.records, "commit", commit)
    sweeping.sweep(ports)
    found = ports.records.get(MaterialFile, application, file)
    assert found is not None
    assert found.status is FileStatus.ACCEPTED


def test_what_the_queue_has_is_left_to_it_and_sent_again_only_when_it_must_have_lost_it(ports: Ports) -> None:
    member, _ = acting.member(ports)
    (certificate,) = certificates.mine(ports, member)
    mail = certificates.send_to(ports, acting.order(member), certificate.root, "office@example.com")
    outbox.dispatch(ports, f"mail-{mail}")
    outbox.dispatch(ports, f"mail-{mail}")
    ports.clock.advance(timedelta(minutes=30))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    assert len(ports.queues.sent) == 1  # type: ignore[attr-defined]  # the queues in memory
    ports.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    assert len(ports.queues.sent) == 2  # type: ignore[attr-defined]  # the queues in memory


def test_a_file_that_we_fail_to_check_does_not_hold_up_the_sweep_and_waits_for_staff(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    bad, good = (
        materials.request_upload(ports, acting.order(actor), application, slot, "x.pdf")
        for slot in ("licence", "application_form")
    )
    ports.files.arrives(bad, b"%PDF- poison")  # type: ignore[attr-defined]  # the bucket in memory
    ports.files.arrives(good, acting.PDF)  # type: ignore[attr-defined]  # the bucket in memory
    inspector = ports.inspector

    class Poisonable:
        def inspect(self, data: bytes, *rest: object) -> object:
            if data == b"%PDF- poison":
                raise MemoryError
            return inspector.inspect(data, *rest)  # type: ignore[arg-type]  # passed on as given

    object.__setattr__(ports, "inspector", Poisonable())
    for minutes, letters in ((6, 0), (40, 1)):
        ports.clock.advance(timedelta(minutes=minutes))  # type: ignore[attr-defined]  # the clock in memory
        with pytest.raises(ExceptionGroup):
            sweeping.sweep(ports)
        stuck, healthy = (ports.records.get(MaterialFile, application, each) for each in (bad, good))
        assert stuck is not None
        assert healthy is not None
        assert (stuck.status, healthy.status) == (FileStatus.WAITING, FileStatus.ACCEPTED)
        assert len(ports.records.outbox(OutboxStatus.DEAD, Asked()).items) == letters


def test_a_certificate_whose_promise_is_long_forgotten_is_still_made(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.being_made(ports, actor)
    row = acting.pending(ports)[-1]
    ports.records.commit(Replace(row, row.changed(status=OutboxStatus.DONE)))
    kept = ports.records._kept  # type: ignore[attr-defined]  # what time to live does after 30 days
    kept.pop((type(row), row.key))
    ports.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    acting.work_off(ports)
    assert state(ports, application) is State.COMPLETED


def test_a_certificate_that_somebody_waits_for_cannot_be_laid_aside(ports: Ports) -> None:
    application = acting.being_made(ports, acting.user(ports))
    row = next(each for each in acting.pending(ports) if each.id.startswith("issue-"))
    outbox.bury(ports, row.id, "IssuingDead")
    with pytest.raises(Refused) as refusal:
        dead_letters.discard(ports, acting.order(acting.ADMIN), row.id, "不办了")
    assert [reason.code for reason in refusal.value.reasons] == ["still_being_made"]
    assert state(ports, application) is State.BEING_MADE


def test_after_a_fee_has_risen_only_the_difference_is_due(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.being_made(ports, actor)
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.CERTIFIER), application, Action.SEND_BACK, version, "名称有误")
    settings = applications.association(ports)
    raised = tuple(replace(fee, amount=130_000) for fee in settings.fees)
    ports.records.commit(Replace(settings, settings.changed(fees=raised)))
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, version)
    transfer = acting.transfer(ports, 10_000, PaymentMethod.CASH)
    payment = payments.pay(ports, acting.order(actor), (application,), transfer)
    found = ports.records.get(Payment, payment)
    assert found is not None
    assert found.due == 10_000
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 10_000)
    assert state(ports, application) is State.BEING_MADE


def test_every_effect_on_offer_has_somebody_who_carries_it_out() -> None:
    assert set(FOLLOWING) == applications.AT_ISSUE
    for row in OFFERED:
        for step in row.steps:
            assert set(step.effects) <= set(applications.EFFECTS) | applications.AT_ISSUE
        for making in row.makes:
            assert making.kind in FACES
            assert making.how in {*TERMS, How.FIRST}


def test_a_counter_that_moved_in_between_gives_the_next_number(ports: Ports) -> None:
    first, second = acting.user(ports), acting.user(ports, "li")
    one, two = acting.being_made(ports, first), acting.being_made(ports, second, acting.join_form(2))
    before_the_next_commit(ports, lambda: issue(ports, two))
    issue(ports, one)
    numbers = {certificates.mine(ports, acting.as_of_now(ports, each.id))[0].number for each in (first, second)}
    assert numbers == {"DEMO-HY-2026-0001", "DEMO-HY-2026-0002"}


def test_who_looks_while_his_join_is_completed_still_finds_it(ports: Ports) -> None:
    """His session was read before he was bound, the application after it had passed to the enterprise."""
    as_read_before = acting.user(ports)
    application = acting.being_made(ports, as_read_before)
    acting.work_off(ports)
    assert applications.own_folder(ports, as_read_before, application).application.state is State.COMPLETED
    with pytest.raises(Absent):
        applications.own_folder(ports, acting.user(ports, "li"), application)
