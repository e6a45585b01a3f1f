"""Time: midnight in Shanghai, the year's end, 29 February, a clock that steps back, jobs that run late or twice."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.sample import DUES
from chalicelib.operations import (
    accounts,
    applications,
    catalogue,
    certificates,
    enterprises,
    materials,
    notices,
    outbox,
    payments,
    reconciling,
    sweeping,
)
from chalicelib.operations.carriers import Failed
from chalicelib.operations.commands import KEY_LIVES, KeyReused
from chalicelib.operations.ports import Asked, Change, Conflict, Ports, Replace
from chalicelib.rules.association import Association
from chalicelib.rules.certificates import first_member_dates, standing_today, three_years_from
from chalicelib.rules.records import (
    Acknowledgement,
    Certificate,
    Counter,
    Delivery,
    Issuance,
    Mail,
    MaterialFile,
    Payment,
    Work,
)
from chalicelib.rules.vocabulary import Action, Actor, FileStatus, Refused, Role, Service, Standing, State
from tests.operations import acting
from tests.operations.journey_in_time import (
    Join,
    JumpingClock,
    application_of,
    at,
    certificate_of,
    clock,
    folder_of,
    ports_at,
    told,
)

BACK = timedelta(hours=-2)
A_MICROSECOND = timedelta(microseconds=1)
A_SECOND = timedelta(seconds=1)
LAST_MOMENT = at("2026-12-31 23:59:59.999999")
NEW_YEAR = at("2027-01-01 00:00:00")


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# --- midnight and the year's end --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "day"), [(LAST_MOMENT, date(2026, 12, 31)), (NEW_YEAR, date(2027, 1, 1))])
def test_the_day_is_shanghais_while_it_is_still_the_31st_in_greenwich(now: datetime, day: date) -> None:
    ports = ports_at(now.astimezone(UTC))
    assert now.astimezone(UTC).date() == date(2026, 12, 31)
    _, application = acting.member(ports)
    found = certificate_of(ports, application)
    assert (found.issued_on, found.number) == (day, f"DEMO-HY-{day.year}-0001")
    assert (found.valid_from, found.valid_to) == (day, date(day.year, 12, 31))


def test_what_is_confirmed_before_midnight_and_made_after_it_is_for_the_year_paid_for() -> None:
    ports = ports_at(LAST_MOMENT)
    application = acting.being_made(ports, acting.user(ports))
    clock(ports).set(NEW_YEAR)
    acting.work_off(ports)
    found = certificate_of(ports, application)
    assert (found.number, found.issued_on) == ("DEMO-HY-2027-0001", date(2027, 1, 1))
    assert (found.valid_from, found.valid_to) == (date(2026, 12, 31), date(2026, 12, 31))
    years = ports.records.dossier(
        acting.as_of_now(ports, application_of(ports, application).applicant).enterprise or ""
    )
    assert years is not None
    assert [each.year for each in years.years] == [2026]


def reserved_only(ports: Ports, application: str) -> Certificate:
    """The worker dies once the number is reserved."""
    printer = ports.printer
    seal = printer.seal

    def killed(*_: object) -> bytes:
        raise InterruptedError

    object.__setattr__(printer, "seal", killed)
    with pytest.raises(InterruptedError):
        outbox.work(ports, next(row.id for row in acting.pending(ports) if row.work is Work.ISSUE))
    object.__setattr__(printer, "seal", seal)
    return certificate_of(ports, application)


def test_a_number_reserved_on_the_31st_and_issued_on_the_1st_keeps_its_year_and_neither_year_has_a_gap() -> None:
    ports = ports_at(LAST_MOMENT)
    first = acting.being_made(ports, acting.user(ports, "chen"), acting.join_form(1))
    reserved = reserved_only(ports, first)
    second = acting.being_made(ports, acting.user(ports, "li"), acting.join_form(2))
    clock(ports).set(NEW_YEAR)
    acting.work_off(ports)
    old, new = certificate_of(ports, first), certificate_of(ports, second)
    assert (old.number, old.issued_on, old.issuance) == (reserved.number, date(2026, 12, 31), Issuance.ISSUED)
    assert (old.number, new.number) == ("DEMO-HY-2026-0001", "DEMO-HY-2027-0001")
    for year in ("2026", "2027"):
        counter = ports.records.get(Counter, "member", year)
        assert counter is not None
        assert counter.n == 1


@pytest.mark.parametrize("looks", range(12))
def test_whenever_midnight_falls_while_it_is_issued_number_and_dates_are_of_one_day(looks: int) -> None:
    ports = ports_at(LAST_MOMENT)
    application = acting.being_made(ports, acting.user(ports))
    over = replace(ports, clock=JumpingClock(LAST_MOMENT, looks, A_MICROSECOND))
    acting.work_off(over)
    found = certificate_of(ports, application)
    assert found.number == f"DEMO-HY-{found.issued_on.year}-0001"
    assert (found.valid_from, found.valid_to) == (date(2026, 12, 31), date(2026, 12, 31))


@pytest.mark.parametrize("looks", range(8))
def test_whenever_midnight_falls_while_it_is_paid_the_year_is_that_of_its_line_in_the_history(looks: int) -> None:
    ports = ports_at(LAST_MOMENT)
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    acting.upload(ports, actor, application, "bank_receipt")
    paid = acting.transfer(ports)
    over = replace(ports, clock=JumpingClock(LAST_MOMENT, looks, A_MICROSECOND))
    payments.pay(over, acting.order(actor), (application,), paid)
    folder = folder_of(ports, application)
    assert folder.application.year == folder.entries[-1].at.year


def test_the_standing_changes_at_midnight_in_shanghai_and_not_a_moment_earlier() -> None:
    ports = ports_at("2026-12-01 09:00")
    _, application = acting.member(ports)
    found = certificate_of(ports, application)
    for now, expected in ((LAST_MOMENT, Standing.VALID), (NEW_YEAR, Standing.EXPIRED)):
        clock(ports).set(now.astimezone(UTC))
        assert standing_today(found, ports.clock.today()) is expected


def test_a_certificate_made_after_the_clock_fell_back_into_the_old_year_is_not_yet_valid() -> None:
    ports = ports_at(NEW_YEAR)
    application = acting.being_made(ports, acting.user(ports))
    clock(ports).advance(BACK)
    acting.work_off(ports)
    found = certificate_of(ports, application)
    assert (found.number, found.valid_from, found.valid_to) == (
        "DEMO-HY-2026-0001", date(2027, 1, 1), date(2027, 12, 31),
    )  # fmt: skip
    assert standing_today(found, ports.clock.today()) is Standing.NOT_YET_VALID
    assert standing_today(found, date(2027, 1, 1)) is Standing.VALID


# --- fees and receipts ------------------------------------------------------------------------------------------------


def with_fees(ports: Ports) -> None:
    """Dues go up at the year's end."""
    before = ports.records.get(Association, "association")
    assert before is not None
    old = replace(DUES, valid_to=date(2026, 12, 31))
    new = replace(DUES, amount=150_000, valid_from=date(2027, 1, 1))
    ports.records.commit(Replace(before, before.changed(fees=(old, new))))


@pytest.mark.parametrize(("now", "due"), [(LAST_MOMENT, 120_000), (NEW_YEAR, 150_000)])
def test_what_falls_due_is_the_fee_of_its_day_and_stays_so_over_midnight(now: datetime, due: int) -> None:
    ports = ports_at(now)
    with_fees(ports)
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    clock(ports).advance(timedelta(days=1))
    acting.upload(ports, actor, application, "bank_receipt")
    payment = payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports, due))
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, due)
    acting.work_off(ports)
    assert application_of(ports, application).state is State.COMPLETED
    assert application_of(ports, application).paid == due


def test_between_two_fee_rows_nothing_is_approved_and_the_day_after_it_is() -> None:
    ports = ports_at("2026-12-31 12:00")
    before = ports.records.get(Association, "association")
    assert before is not None
    ports.records.commit(Replace(before, before.changed(fees=(replace(DUES, valid_from=date(2027, 1, 1)),))))
    application = acting.submitted(ports, acting.user(ports))
    with pytest.raises(Refused) as refusal:
        applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, None)
    assert codes(refusal) == ["fee_not_set"]
    clock(ports).set(NEW_YEAR)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, None)
    assert application_of(ports, application).amount_due == 120_000


@pytest.mark.parametrize("now", [LAST_MOMENT, NEW_YEAR])
def test_a_receipt_may_be_of_today_in_shanghai_and_not_of_tomorrow(now: datetime) -> None:
    ports = ports_at(now.astimezone(UTC))
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    acting.upload(ports, actor, application, "bank_receipt")
    tomorrow = replace(acting.transfer(ports), paid_on=now.date() + timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        payments.pay(ports, acting.order(actor), (application,), tomorrow)
    assert codes(refusal) == ["paid_in_the_future"]
    payments.pay(ports, acting.order(actor), (application,), replace(tomorrow, paid_on=now.date()))


def test_finance_sees_the_new_receipt_although_the_clock_went_back_before_it_came() -> None:
    ports = ports_at("2026-03-02 09:30")
    actor = acting.user(ports)
    application, refused = acting.paid(ports, actor)
    reconciling.refuse(ports, acting.order(acting.FINANCE), refused, 0, "回单不清晰")
    clock(ports).advance(BACK)
    receipt = acting.upload(ports, actor, application, "bank_receipt")
    again = payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports))
    found = ports.records.get(Payment, again)
    assert found is not None
    assert found.receipt == receipt


def test_a_receipt_refused_in_december_and_put_in_again_in_january_pays_for_the_new_year() -> None:
    ports = ports_at(LAST_MOMENT)
    actor = acting.user(ports)
    application, refused = acting.paid(ports, actor)
    clock(ports).set(NEW_YEAR)
    reconciling.refuse(ports, acting.order(acting.FINANCE), refused, 0, "未到账")
    again = payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports))
    reconciling.confirm(ports, acting.order(acting.FINANCE), again, 0, 120_000)
    acting.work_off(ports)
    found = certificate_of(ports, application)
    assert (found.valid_from, found.valid_to) == (date(2027, 1, 1), date(2027, 12, 31))


# --- 29 February ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leap", [2024, 2028, 2032, 2096])
def test_three_years_from_a_leap_day_end_on_the_28th_and_those_before_it_on_the_day_before(leap: int) -> None:
    assert three_years_from(date(leap, 2, 29)) == date(leap + 3, 2, 28)
    assert three_years_from(date(leap - 3, 3, 1)) == date(leap, 2, 29)
    assert three_years_from(date(leap - 3, 2, 28)) == date(leap, 2, 27)


def test_who_joins_on_a_leap_day_is_a_member_from_that_day_to_the_years_end() -> None:
    join = Join(ports_at("2028-02-29 00:00:00"))
    join.whole()
    join.assert_sound()
    found = certificate_of(join.ports, join.application)
    assert (found.valid_from, found.valid_to) == (date(2028, 2, 29), date(2028, 12, 31))
    assert first_member_dates(found.issued_on, 2028) == (found.valid_from, found.valid_to)


# --- what lapses ------------------------------------------------------------------------------------------------------

# Over a leap day, over a February without one, and over a year's end.
DUE_SINCE = ["2028-01-15 10:00", "2027-01-15 10:00", "2026-11-30 23:59:59.999999"]


@pytest.mark.parametrize("since", DUE_SINCE)
@pytest.mark.parametrize(("past", "warned"), [(-A_SECOND, 0), (timedelta(), 0), (A_SECOND, 1)])
def test_the_warning_comes_once_83_days_are_over(since: str, past: timedelta, warned: int) -> None:
    ports = ports_at(since)
    actor = acting.user(ports)
    acting.to_be_paid(ports, actor)
    clock(ports).advance(timedelta(days=83) + past)
    sweeping.morning(ports)
    assert told(ports, actor.id).count("lapse_warning") == warned


def test_a_warning_whose_commit_met_another_one_is_said_in_the_same_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two transactions that meet are both refused: that one was refused does not say that the other did the same."""
    ports = ports_at(DUE_SINCE[0])
    actor = acting.user(ports)
    acting.to_be_paid(ports, actor)
    clock(ports).advance(timedelta(days=83) + A_SECOND)
    commit, met = ports.records.commit, [Conflict()]

    def meets_one(*changes: Change) -> None:
        if met:
            raise met.pop()
        commit(*changes)

    monkeypatch.setattr(ports.records, "commit", meets_one)
    sweeping.morning(ports)
    assert not met
    assert told(ports, actor.id).count("lapse_warning") == 1


@pytest.mark.parametrize("between", ["applications_in", "commit"])
def test_who_pays_between_the_list_and_the_warning_is_not_told_that_it_lapses(
    monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    """Once behind the back of the list, which may lag, and once at the very moment of the commit."""
    ports = ports_at(DUE_SINCE[0])
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    acting.upload(ports, actor, application, "bank_receipt")
    clock(ports).advance(timedelta(days=83) + A_SECOND)
    usual = getattr(ports.records, between)

    def paid_meanwhile(*given: object) -> object:
        monkeypatch.undo()
        page = usual(*given) if between == "applications_in" else None
        payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports))
        return page or usual(*given)

    monkeypatch.setattr(ports.records, between, paid_meanwhile)
    sweeping.morning(ports)
    assert application_of(ports, application).state is State.PAYMENT_CHECKED
    assert "lapse_warning" not in told(ports, actor.id)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(60, State.TO_BE_PAID), (80, State.TO_BE_PAID), (85, State.WITHDRAWN), (88, State.WITHDRAWN)],
)
def test_who_was_warned_is_not_warned_again_because_the_settings_have_changed(days: int, expected: State) -> None:
    """Nor does his application wait another notice period, unless that has become longer."""
    ports = ports_at("2028-01-15 10:00")
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    since = ports.clock.now()
    for day in (84, 85, 86, 87, 88, 89, 90):
        clock(ports).set(since + timedelta(days=day))
        sweeping.morning(ports)
        if day == 84:
            before = ports.records.get(Association, "association")
            assert before is not None
            windows = replace(before.windows, lapse_warning_days=days)
            ports.records.commit(Replace(before, before.changed(windows=windows)))
    assert told(ports, actor.id).count("lapse_warning") == 1
    assert application_of(ports, application).state is expected


@pytest.mark.parametrize("since", DUE_SINCE)
@pytest.mark.parametrize(
    ("past", "expected"),
    [(-A_SECOND, State.TO_BE_PAID), (timedelta(), State.WITHDRAWN), (A_SECOND, State.WITHDRAWN)],
)
def test_what_is_not_paid_lapses_when_90_days_are_full(since: str, past: timedelta, expected: State) -> None:
    ports = ports_at(since)
    application = acting.to_be_paid(ports, acting.user(ports))
    clock(ports).advance(timedelta(days=83) + A_SECOND)
    sweeping.morning(ports)
    clock(ports).advance(timedelta(days=7) - A_SECOND + past)
    sweeping.morning(ports)
    assert application_of(ports, application).state is expected


@pytest.mark.parametrize(
    "mornings",
    [
        (83.1, 90), (86, 93), (83.5, 83.6, 84, 90.1, 90.2), range(84, 100), (84, 89.9, 200), (85, 84, 92),
    ],
    ids=["in time", "three days late", "twice a day", "every day", "then not for months", "one in the past"],
)  # fmt: skip
def test_however_the_morning_job_runs_it_warns_once_and_withdraws_once(mornings: Iterable[float]) -> None:
    ports = ports_at("2028-01-15 10:00")
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    since = ports.clock.now()
    for day in mornings:
        clock(ports).set(since + timedelta(days=day))
        sweeping.morning(ports)
    acting.work_off(ports)
    assert sorted(told(ports, actor.id)) == ["lapse_warning", "to_be_paid", "withdrawn_by_system"]
    assert application_of(ports, application).state is State.WITHDRAWN
    assert [entry.action for entry in folder_of(ports, application).entries].count(Action.LAPSE) == 1


def test_a_warning_stands_in_the_message_list_where_it_was_given_and_not_months_earlier() -> None:
    ports = ports_at("2028-01-15 10:00")
    actor = acting.user(ports)
    acting.to_be_paid(ports, actor)
    clock(ports).advance(timedelta(days=20))
    accounts.give_consents(ports, acting.order(actor), ["completed"])
    application = application_of(ports, ports.records.applications_of(f"user:{actor.id}", Asked()).items[0].id)
    between = ports.clock.now()
    changes = notices.messages_to(
        {actor.id: notices.Said("returned", {"application": application.id}, between)}, "between"
    )
    ports.records.commit(*changes)
    clock(ports).advance(timedelta(days=64))
    sweeping.morning(ports)
    messages = notices.my_messages(ports, actor, Asked()).items
    assert [each.notice for each in messages] == ["lapse_warning", "returned", "to_be_paid"]
    assert messages[0].at > between


def test_who_was_warned_late_has_his_days_all_the_same() -> None:
    """The morning job did not run for months."""
    ports = ports_at("2027-10-15 10:00")
    application = acting.to_be_paid(ports, acting.user(ports))
    since = ports.clock.now()
    states = []
    for day in (120, 120.2, 125, 127):
        clock(ports).set(since + timedelta(days=day))
        sweeping.morning(ports)
        states.append(application_of(ports, application).state)
    assert states == [State.TO_BE_PAID] * 3 + [State.WITHDRAWN]


# --- sweeper, uploads, keys -------------------------------------------------------------------------------------------


def test_the_sweeper_running_twice_at_once_hands_on_once_and_the_work_is_done_once() -> None:
    ports = ports_at("2026-12-31 23:58")
    application = acting.being_made(ports, acting.user(ports))
    clock(ports).advance(timedelta(minutes=5))
    sweeping.sweep(ports)
    handed_at_the_edge = len(ports.queues.sent)  # type: ignore[attr-defined]  # the queues in memory
    clock(ports).advance(A_SECOND)
    sweeping.sweep(ports)
    sweeping.sweep(ports)
    issues = [each for each in ports.queues.sent if each[0] is Work.ISSUE]  # type: ignore[attr-defined]  # in memory
    assert (handed_at_the_edge, len(issues)) == (0, 1)
    acting.work_off(ports)
    assert application_of(ports, application).state is State.COMPLETED


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        (timedelta(minutes=35) - A_SECOND, FileStatus.WAITING),
        (timedelta(minutes=35), FileStatus.WAITING),
        (timedelta(minutes=35) + A_SECOND, FileStatus.REFUSED),
    ],
)
def test_an_upload_is_waited_for_as_long_as_its_form_is_good_and_a_little_longer(
    waited: timedelta, expected: FileStatus
) -> None:
    ports = ports_at("2026-12-31 23:40")
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "licence.pdf")
    asked = ports.clock.now()
    assert materials.upload_form(ports, file).expires_at == asked + timedelta(minutes=30)
    clock(ports).advance(waited)
    for _ in range(2):
        sweeping.sweep(ports)
    found = ports.records.get(MaterialFile, application, file)
    assert found is not None
    assert found.status is expected


def test_a_file_whose_event_was_lost_is_found_by_the_sweeper_however_late_it_runs() -> None:
    ports = ports_at("2026-12-31 23:40")
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "licence.pdf")
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # what the phone does
    clock(ports).advance(timedelta(days=3))
    sweeping.sweep(ports)
    found = ports.records.get(MaterialFile, application, file)
    assert found is not None
    assert found.status is FileStatus.ACCEPTED


@pytest.mark.parametrize("later", [timedelta(), BACK, timedelta(hours=24), KEY_LIVES - A_SECOND])
def test_a_key_repeated_within_seven_days_gets_the_first_answer_and_another_body_none(later: timedelta) -> None:
    ports = ports_at("2026-12-28 12:00")
    actor = acting.user(ports)
    first = acting.order(actor, "open", "the-key", "body")
    application = applications.open_draft(ports, first, Service.JOIN)
    kept = ports.records.get(Acknowledgement, actor.id, "open", "the-key")
    assert kept is not None
    assert kept.expires_at == ports.clock.now() + timedelta(days=7)
    applications.save_draft(ports, acting.order(actor), application, 0, acting.join_form())
    clock(ports).advance(later)
    assert applications.open_draft(ports, first, Service.JOIN) == application
    with pytest.raises(KeyReused):
        applications.open_draft(ports, acting.order(actor, "open", "the-key", "another"), Service.JOIN)


# --- locks and leases -------------------------------------------------------------------------------------------------


def wrong_pairs(ports: Ports, actor: Actor) -> None:
    for _ in range(5):
        with pytest.raises(Refused) as refusal:
            enterprises.bind(ports, acting.order(actor), "虚构无此单位有限公司", "00000000")
        assert codes(refusal) == ["record_not_found"]


@pytest.mark.parametrize(
    ("waited", "answer"),
    [(timedelta(minutes=60) - A_SECOND, "binding_locked"), (timedelta(minutes=60), "record_not_found")],
)
def test_binding_is_locked_for_an_hour_to_the_second(waited: timedelta, answer: str) -> None:
    ports = ports_at("2026-12-31 23:30")
    actor = acting.user(ports)
    wrong_pairs(ports, actor)
    clock(ports).advance(waited)
    with pytest.raises(Refused) as refusal:
        enterprises.bind(ports, acting.order(actor), "虚构无此单位有限公司", "00000000")
    assert codes(refusal) == [answer]


def test_binding_is_not_locked_longer_by_a_clock_that_goes_back() -> None:
    ports = ports_at("2026-12-31 23:30")
    actor = acting.user(ports)
    wrong_pairs(ports, actor)
    clock(ports).advance(BACK)
    clock(ports).advance(timedelta(hours=1))
    with pytest.raises(Refused) as refusal:
        enterprises.bind(ports, acting.order(actor), "虚构无此单位有限公司", "00000000")
    assert codes(refusal) == ["record_not_found"]


def mail_in_hand(ports: Ports) -> str:
    """A worker took the mail and died before he sent it."""
    member, _ = acting.member(ports)
    (certificate,) = certificates.mine(ports, member)
    mail = certificates.send_to(ports, acting.order(member), certificate.root, "office@example.com")
    ports.post.fails_with(InterruptedError())  # type: ignore[attr-defined]  # the post in memory
    with pytest.raises(InterruptedError):
        outbox.work(ports, f"mail-{mail}")
    return mail


def delivery(ports: Ports, mail: str) -> Delivery:
    found = ports.records.get(Mail, mail)
    assert found is not None
    return found.delivery


def test_a_mail_in_hand_is_free_again_after_five_minutes_to_the_second() -> None:
    ports = ports_at("2026-12-31 23:58")
    mail = mail_in_hand(ports)
    clock(ports).advance(timedelta(minutes=5) - A_SECOND)
    with pytest.raises(Failed):
        outbox.work(ports, f"mail-{mail}")
    clock(ports).advance(A_SECOND)
    outbox.work(ports, f"mail-{mail}")
    assert delivery(ports, mail) is Delivery.SENT


def test_a_mail_in_hand_is_not_kept_longer_by_a_clock_that_goes_back() -> None:
    ports = ports_at("2026-12-31 23:58")
    mail = mail_in_hand(ports)
    clock(ports).advance(BACK)
    clock(ports).advance(timedelta(minutes=5))
    outbox.work(ports, f"mail-{mail}")
    assert delivery(ports, mail) is Delivery.SENT


PASSWORD = "four unrelated words here"


def test_an_account_is_not_locked_longer_by_a_clock_that_goes_back() -> None:
    """It ran two hours fast when the wrong tries came, and was put right."""
    ports = ports_at("2026-12-31 23:58")
    roles = frozenset({Role.ADMIN})
    secret = accounts.open_account(ports, "test", "ling", roles, PASSWORD, "示例").totp_secret
    for _ in range(5):
        with pytest.raises(Refused):
            accounts.sign_in(ports, "ling", "wrong", "000000")
    clock(ports).advance(BACK)
    clock(ports).advance(timedelta(minutes=15))
    code = str(ports.credentials.totp_code(secret, ports.clock.now()))  # type: ignore[attr-defined]  # in memory
    assert accounts.sign_in(ports, "ling", PASSWORD, code).name == "ling"


# --- a clock that steps back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [at("2028-02-29 01:00"), at("2027-01-01 01:00"), at("2026-06-15 12:00")])
@pytest.mark.parametrize("step", range(14))
def test_a_join_completes_once_although_the_clock_goes_back_two_hours_before_any_step(
    start: datetime, step: int
) -> None:
    join = Join(ports_at(start))
    for number, do in enumerate(join.steps):
        clock(join.ports).advance(BACK if number == step else timedelta(minutes=1))
        do()
    join.assert_sound()
    unchanged_by_the_jobs(join)


@pytest.mark.parametrize("jump", [BACK, A_MICROSECOND], ids=["two hours back", "over midnight"])
def test_a_join_completes_once_although_the_clock_jumps_between_any_two_looks_at_it(jump: timedelta) -> None:
    start = NEW_YEAR + timedelta(minutes=1) if jump == BACK else LAST_MOMENT
    looks = looks_of_a_join(start)
    assert looks > 30
    for look in range(looks):
        join = Join(ports_in_memory(clock=JumpingClock(start, look, jump)))
        join.whole()
        join.assert_sound()


def looks_of_a_join(start: datetime) -> int:
    counting = JumpingClock(start, -1, timedelta())
    Join(ports_in_memory(clock=counting)).whole()
    return counting.looked


def unchanged_by_the_jobs(join: Join) -> None:
    """Whatever runs late afterwards finds nothing to do."""
    clock(join.ports).advance(timedelta(days=3))
    for job in (sweeping.sweep, sweeping.morning, sweeping.sweep, sweeping.morning):
        job(join.ports)
    acting.work_off(join.ports)
    join.assert_sound()


def test_lists_keep_their_order_and_lose_nobody_when_the_clock_goes_back_between_two_pages() -> None:
    ports = ports_at("2027-01-01 01:00")
    waiting = []
    for n in range(1, 7):
        waiting.append(acting.submitted(ports, acting.user(ports, f"user{n}"), acting.join_form(n)))
        clock(ports).advance(timedelta(minutes=1))
    seen = applications.queue(ports, State.IN_REVIEW, Asked(3))
    clock(ports).advance(BACK)
    late = acting.submitted(ports, acting.user(ports, "user7"), acting.join_form(7))
    rest = applications.queue(ports, State.IN_REVIEW, Asked(3, seen.next))
    assert [each.id for each in (*seen.items, *rest.items)] == waiting
    assert late in {each.id for each in applications.queue(ports, State.IN_REVIEW, Asked(10)).items}


def test_two_things_told_at_the_same_instant_are_two_messages() -> None:
    ports = ports_at("2026-12-31 23:59:59")
    actor = acting.user(ports)
    application, payment = acting.paid(ports, actor)
    reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, "回单不清晰")
    again = payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports))
    reconciling.refuse(ports, acting.order(acting.FINANCE), again, 0, "未到账")
    assert sorted(told(ports, actor.id)) == ["payment_refused", "payment_refused", "to_be_paid"]
    entries = folder_of(ports, application).entries
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert len({entry.at for entry in entries}) == 1


def test_two_units_served_at_the_same_instant_get_two_numbers_and_their_own_notices() -> None:
    ports = ports_at(LAST_MOMENT)
    made = [acting.being_made(ports, acting.user(ports, f"user{n}"), acting.join_form(n)) for n in (1, 2)]
    acting.work_off(ports)
    assert sorted(certificate_of(ports, each).number for each in made) == ["DEMO-HY-2026-0001", "DEMO-HY-2026-0002"]
    for application in made:
        applicant = application_of(ports, application).applicant
        assert sorted(told(ports, applicant)) == ["completed", "to_be_paid"]


def test_revoked_and_reinstated_at_the_same_instant_the_holder_hears_of_each() -> None:
    ports = ports_at(LAST_MOMENT)
    member, application = acting.member(ports)
    found = certificate_of(ports, application)
    for deed in (certificates.revoke, certificates.reinstate, certificates.revoke):
        deed(ports, acting.order(acting.CERTIFIER, deed.__name__), found.number, "测试")
    assert told(ports, member.id).count("certificate_revoked") == 2
    assert told(ports, member.id).count("certificate_reinstated") == 1


@pytest.mark.parametrize("looks", range(6))
def test_whenever_midnight_falls_while_it_is_revoked_all_that_is_kept_of_it_is_of_one_day(looks: int) -> None:
    ports = ports_at(LAST_MOMENT)
    _, application = acting.member(ports)
    found = certificate_of(ports, application)
    over = replace(ports, clock=JumpingClock(LAST_MOMENT, looks, A_MICROSECOND))
    certificates.revoke(over, acting.order(acting.CERTIFIER, "revoke"), found.number, "测试")
    (entry,) = ports.records.audit_of(f"certificate:{found.root}", Asked()).items
    assert certificate_of(ports, application).revoked_on == entry.at.date()


def test_the_list_of_a_month_ends_at_midnight_in_shanghai() -> None:
    ports = ports_at(LAST_MOMENT.astimezone(UTC))
    numbers = {}
    for n, now in enumerate((LAST_MOMENT, NEW_YEAR), 1):
        clock(ports).set(now.astimezone(UTC))
        application = acting.being_made(ports, acting.user(ports, f"user{n}"), acting.join_form(n))
        acting.work_off(ports)
        numbers[now.date()] = certificate_of(ports, application).number
    for day, number in numbers.items():
        listed = ports.records.certificates_issued(day, Asked()).items
        assert [each.number for each in listed] == [number]


def test_public_pages_show_new_settings_within_a_minute_although_the_clock_goes_back() -> None:
    ports = ports_at("2026-03-02 09:30")
    before = catalogue.imprint(ports)
    ports.records.commit(Replace(before, before.changed(website="https://new.association.example/")))
    clock(ports).advance(BACK)
    assert catalogue.imprint(ports).website == "https://new.association.example/"


def test_what_the_queue_has_lost_is_handed_on_again_however_the_clock_has_gone_back() -> None:
    """Later by no more than the clock went back."""
    ports = ports_at("2027-01-01 01:00")
    application = acting.being_made(ports, acting.user(ports))
    (row,) = [each for each in acting.pending(ports) if each.work is Work.ISSUE]
    outbox.dispatch(ports, row.id)
    clock(ports).advance(BACK)
    clock(ports).advance(-BACK + outbox.left_to_the_queue(row.work) + A_SECOND)
    sweeping.sweep(ports)
    issues = [each for each in ports.queues.sent if each[0] is Work.ISSUE]  # type: ignore[attr-defined]  # in memory
    assert len(issues) == 2
    for _, again, *_ in issues:
        outbox.work(ports, again)
    assert application_of(ports, application).state is State.COMPLETED
    assert certificate_of(ports, application).latest == 1


# --- any time at all --------------------------------------------------------------------------------------------------

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31, 23, 59, 59, 999_999))  # noqa: DTZ001 - see below
PAUSES = st.lists(st.timedeltas(BACK, timedelta(hours=40)), min_size=14, max_size=14)


@settings(derandomize=True, max_examples=300, deadline=None, database=None)
@given(start=INSTANTS, pauses=PAUSES)
def test_a_join_ends_completed_with_the_dates_of_the_rules_from_any_instant_with_any_pauses(
    start: datetime, pauses: list[timedelta]
) -> None:
    join = Join(ports_at(start.replace(tzinfo=UTC)))  # the zone is given here
    for do, pause in zip(join.steps, pauses, strict=True):
        clock(join.ports).advance(pause)
        do()
    join.assert_sound()
    unchanged_by_the_jobs(join)
