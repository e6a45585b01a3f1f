"""Time where two clocks or two moments meet: one step is of one instant, jobs that lay still, clocks that differ."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.printer import PlainPrinter
from chalicelib.memory.sample import DUES
from chalicelib.memory.time_and_ids import SHANGHAI, FixedClock
from chalicelib.operations import (
    accounts,
    applications,
    certificates,
    enterprises,
    materials,
    outbox,
    outgoing,
    payments,
    reconciling,
    sweeping,
)
from chalicelib.operations.carriers import Failed, Letter
from chalicelib.operations.issuing import NotFitToCount, issue
from chalicelib.operations.ports import Asked, Ports, Replace
from chalicelib.pages.certificate_view import certificate_view
from chalicelib.pages.verification import verification_json
from chalicelib.rules.association import Association
from chalicelib.rules.certificate_face import MemberFace
from chalicelib.rules.certificates import first_member_dates, standing_today
from chalicelib.rules.payments import Fee
from chalicelib.rules.records import (
    Application,
    Certificate,
    Counter,
    Entry,
    MaterialFile,
    Message,
    Payment,
    StaffAccount,
    user_owner,
)
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, FileStatus, Refused, Role, Standing, State
from tests.operations import acting

SECOND = timedelta(seconds=1)
MOMENT = timedelta(microseconds=1)
TWO_HOURS = timedelta(hours=2)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=SHANGHAI)
EVE = NEW_YEAR - MOMENT
PASSWORD = "four unrelated words here"


class Running(FixedClock):
    """Time does not stand still while an operation runs: a second passes with every look."""

    def now(self) -> datetime:
        self.advance(SECOND)
        return super().now()

    def today(self) -> date:
        return self.now().date()


def at(now: datetime) -> tuple[Ports, FixedClock]:
    clock = FixedClock(now)
    return ports_in_memory(clock=clock), clock


def found(ports: Ports, application: str) -> Application:
    kept = ports.records.get(Application, application)
    assert kept is not None
    return kept


def history(ports: Ports, application: str) -> list[Entry]:
    folder = ports.records.folder(application)
    assert folder is not None
    return list(folder.entries)


def certificate_of(ports: Ports, application: str) -> Certificate:
    kept = ports.records.get(Certificate, found(ports, application).certificate or "")
    assert kept is not None
    return kept


def told(ports: Ports, user: str) -> list[Message]:
    return list(ports.records.messages_of(user, Asked(100)).items)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def counted_years(ports: Ports) -> list[int]:
    there = [ports.records.get(Counter, CertificateKind.MEMBER.value, str(year)) for year in (2026, 2027)]
    return [each.year for each in there if each is not None]


def with_receipt(ports: Ports, n: int = 1) -> tuple[Actor, str]:
    actor = acting.user(ports, f"chen{n}")
    application = acting.to_be_paid(ports, actor, acting.join_form(n))
    acting.upload(ports, actor, application, "bank_receipt")
    return actor, application


def paid_for(ports: Ports, actor: Actor, *those: str, amount: int = 120_000) -> str:
    return payments.pay(ports, acting.order(actor), those, acting.transfer(ports, amount))


def confirmed(ports: Ports, payment: str) -> None:
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 120_000)


def assert_finished_rightly(ports: Ports, application: str) -> None:
    """Completed without a gap, year and dates by the rules, each notice once, and everybody of one mind."""
    after, certificate = found(ports, application), certificate_of(ports, application)
    entries = history(ports, application)
    assert after.state is entries[-1].after is State.COMPLETED
    assert [each.number for each in entries] == list(range(1, after.entries + 1))
    receipt = [each for each in entries if each.action is Action.PAY][-1]
    assert after.year == receipt.at.year
    assert certificate.number.startswith(f"DEMO-HY-{certificate.issued_on.year}-")
    assert (certificate.valid_from, certificate.valid_to) == first_member_dates(certificate.issued_on, after.year)
    dossier = enterprises.my_enterprise(ports, acting.as_of_now(ports, after.applicant))
    assert dossier.enterprise.member_since == certificate.issued_on
    assert [each.year for each in dossier.years] == [after.year]
    assert [each.notice for each in told(ports, after.applicant)].count("completed") == 1


# --- one step is of one instant ---------------------------------------------------------------------------------------


def test_new_year_may_come_between_any_two_looks_at_the_clock() -> None:
    for looks in range(70):
        ports = ports_in_memory(clock=Running(NEW_YEAR - looks * SECOND))
        _, application = acting.member(ports)
        assert_finished_rightly(ports, application)
        certificate = certificate_of(ports, application)
        family = ports.records.family(certificate.root)
        assert family is not None
        assert family.editions[0].issued_at == history(ports, application)[-1].at
        assert counted_years(ports) == [certificate.issued_on.year]


def test_applications_paid_together_at_midnight_are_of_one_year_and_one_instant() -> None:
    for looks in range(9):
        ports, _ = at(EVE - timedelta(days=1))
        (actor, first), (_, second) = with_receipt(ports, 1), with_receipt(ports, 2)
        lent = ports.records.opened(found(ports, second))  # one user has two only in services to come
        ports.records.commit(Replace(lent, lent.changed(owner=user_owner(actor.id))))
        running = replace(ports, clock=Running(NEW_YEAR - looks * SECOND))
        payment = ports.records.get(Payment, paid_for(running, actor, first, second, amount=240_000))
        assert payment is not None
        entries = [history(ports, each)[-1] for each in (first, second)]
        assert {each.at for each in entries} == {payment.submitted_at}
        assert {found(ports, each).year for each in (first, second)} == {payment.submitted_at.year}


def test_a_revocation_at_midnight_is_of_one_day_for_the_page_and_for_the_log() -> None:
    for looks in range(5):
        ports, _ = at(NEW_YEAR - timedelta(days=3))
        _, application = acting.member(ports)
        running = replace(ports, clock=Running(NEW_YEAR - looks * SECOND))
        number = certificate_of(ports, application).number
        certificates.revoke(running, acting.order(acting.ADMIN, "revoke"), number, "登记有误")
        certificate = certificate_of(ports, application)
        (entry,) = ports.records.audit_of(f"certificate:{certificate.root}", Asked()).items
        assert entry.at.date() == certificate.revoked_on


# --- numbers, years and fees ------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([timedelta(0), timedelta(minutes=50), -TWO_HOURS]), min_size=6, max_size=6))
def test_however_the_clock_goes_about_new_year_neither_year_has_a_gap(moves: list[timedelta]) -> None:
    ports, clock = at(NEW_YEAR - timedelta(hours=1))
    made = []
    for n, move in enumerate(moves, 1):
        clock.advance(move)
        made.append(acting.being_made(ports, acting.user(ports, f"chen{n}"), acting.join_form(n)))
        acting.work_off(ports)
    numbers = sorted(certificate_of(ports, each).number for each in made)
    for year in (2026, 2027):
        of_the_year = [each for each in numbers if f"-{year}-" in each]
        assert of_the_year == [f"DEMO-HY-{year}-{n:04}" for n in range(1, len(of_the_year) + 1)]


class Unfit(PlainPrinter):
    def problems(self, face: MemberFace, sealed: bytes) -> tuple[str, ...]:
        del face, sealed
        return ("unfit",)


def test_a_reserved_number_that_is_sent_back_in_the_new_year_is_void_in_the_old_and_a_hole_in_neither() -> None:
    ports, clock = at(EVE)
    actor = acting.user(ports)
    application = acting.being_made(ports, actor)
    with pytest.raises(NotFitToCount):
        issue(replace(ports, printer=Unfit()), application)
    void = certificate_of(ports, application)
    clock.set(NEW_YEAR)
    applications.act(ports, acting.order(acting.CERTIFIER), application, Action.SEND_BACK, None, "名称有误")
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, None)
    acting.work_off(ports)
    again = certificate_of(ports, application)
    assert (void.number, again.number) == ("DEMO-HY-2026-0001", "DEMO-HY-2027-0001")
    kept = ports.records.get(Certificate, void.root)
    assert kept is not None
    assert kept.void_reason == "名称有误"
    assert found(ports, application).year == again.valid_to.year == 2026  # what was paid for stays paid for


def test_the_month_of_the_issue_log_is_shanghais() -> None:
    ports, clock = at(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    acting.member(ports)
    assert clock.today() == date(2027, 1, 1)
    assert len(ports.records.certificates_issued(date(2027, 1, 31), Asked()).items) == 1
    assert not ports.records.certificates_issued(date(2026, 12, 31), Asked()).items


@pytest.mark.parametrize(("moment", "year"), [(EVE, 2026), (NEW_YEAR, 2027), (NEW_YEAR.astimezone(UTC), 2027)])
def test_the_year_of_dues_is_that_of_the_receipt_in_shanghai(moment: datetime, year: int) -> None:
    ports, clock = at(EVE - timedelta(days=2))
    actor, application = with_receipt(ports)
    clock.set(moment)
    payment = paid_for(ports, actor, application)
    clock.advance(timedelta(days=3))
    confirmed(ports, payment)
    acting.work_off(ports)
    assert found(ports, application).year == certificate_of(ports, application).valid_to.year == year


def test_a_receipt_that_finance_refused_fixes_no_year() -> None:
    """Who really pays in March must not get a certificate that ran out at the end of last year."""
    ports, clock = at(EVE)
    actor, application = with_receipt(ports)
    payment = paid_for(ports, actor, application)
    clock.set(NEW_YEAR + timedelta(days=4))
    reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, "查无此款")
    clock.set(datetime(2027, 3, 1, tzinfo=SHANGHAI))
    confirmed(ports, paid_for(ports, actor, application))
    acting.work_off(ports)
    certificate = certificate_of(ports, application)
    assert (certificate.valid_from, certificate.valid_to) == (date(2027, 3, 1), date(2027, 12, 31))
    assert_finished_rightly(ports, application)


def fees(ports: Ports, *rows: Fee) -> None:
    before = ports.records.get(Association, "association")
    assert before is not None
    ports.records.commit(Replace(before, before.changed(fees=rows)))


@pytest.mark.parametrize(
    ("submitted", "approved", "due"),
    [(EVE, EVE, 120_000), (EVE, NEW_YEAR, 150_000), (NEW_YEAR, NEW_YEAR, 150_000)],
)
def test_the_fee_is_that_of_the_day_of_approval_and_the_year_that_of_the_receipt(
    submitted: datetime, approved: datetime, due: int
) -> None:
    ports, clock = at(submitted)
    fees(ports, replace(DUES, valid_to=date(2026, 12, 31)), replace(DUES, amount=150_000, valid_from=date(2027, 1, 1)))
    actor = acting.user(ports)
    application = acting.submitted(ports, actor)
    clock.set(approved)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, None)
    clock.set(NEW_YEAR)
    acting.upload(ports, actor, application, "bank_receipt")
    paid_for(ports, actor, application, amount=due)
    assert (found(ports, application).amount_due, found(ports, application).year) == (due, 2027)


def test_a_schedule_that_ends_with_the_year_stops_the_approval_at_midnight_and_nothing_that_was_approved() -> None:
    ports, clock = at(EVE)
    fees(ports, replace(DUES, valid_to=date(2026, 12, 31)))
    actor, approved = with_receipt(ports)
    late = acting.submitted(ports, acting.user(ports, "li"), acting.join_form(2))
    clock.set(NEW_YEAR)
    with pytest.raises(Refused) as refusal:
        applications.act(ports, acting.order(acting.REVIEWER), late, Action.APPROVE, None)
    assert codes(refusal) == ["fee_not_set"]
    confirmed(ports, paid_for(ports, actor, approved))
    acting.work_off(ports)
    assert_finished_rightly(ports, approved)


# --- standing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 1, 2, tzinfo=SHANGHAI) - MOMENT, Standing.NOT_YET_VALID),
        (datetime(2027, 1, 2, tzinfo=SHANGHAI), Standing.VALID),
        (datetime(2028, 1, 1, tzinfo=SHANGHAI) - MOMENT, Standing.VALID),
        (datetime(2028, 1, 1, tzinfo=SHANGHAI), Standing.EXPIRED),
    ],
)
@pytest.mark.parametrize("zone", [SHANGHAI, UTC])
def test_the_page_the_programs_answer_and_the_rule_turn_at_the_same_moment(
    moment: datetime, expected: Standing, zone: tzinfo
) -> None:
    ports, clock = at(datetime(2027, 1, 2, 12, tzinfo=SHANGHAI))
    _, application = acting.member(ports)
    clock.set(moment)
    shown = certificates.search(ports, certificate_of(ports, application).number)
    assert shown is not None
    view = certificate_view(
        shown.family, shown.ordinal, moment.astimezone(zone), applications.association(ports),
        domain="x.invalid", scanned=True, test=True,
    )  # fmt: skip
    assert view is not None
    assert view.standing is standing_today(shown.family.certificate, clock.today()) is expected
    assert verification_json(view)["standing"] == expected.value


# --- unpaid -----------------------------------------------------------------------------------------------------------


def test_nobody_lapses_unwarned_however_long_the_job_lay_still() -> None:
    """Domain §3, D: reminded before. Not on a single day of the week in between may the job have run."""
    ports, clock = at(NEW_YEAR)
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    clock.advance(timedelta(days=100))
    for _ in range(6):
        sweeping.morning(ports)
        assert sorted(each.notice for each in told(ports, actor.id)) == ["lapse_warning", "to_be_paid"]
        assert found(ports, application).state is State.TO_BE_PAID
        clock.advance(timedelta(days=1))
    sweeping.morning(ports)
    assert found(ports, application).state is State.WITHDRAWN


@pytest.mark.parametrize("hour", [0, 3, 4, 5, 23])
def test_a_job_that_runs_every_morning_puts_off_no_lapse(hour: int) -> None:
    """A few seconds earlier on one morning than on another."""
    ports, clock = at(datetime(2027, 12, 2, hour, tzinfo=SHANGHAI))
    application = acting.to_be_paid(ports, acting.user(ports))
    fell_due, ran = clock.now(), []
    for day in range(1, 93):
        clock.set(datetime(2027, 12, 2, 4, 5, 30 if day % 2 else 0, tzinfo=SHANGHAI) + timedelta(days=day))
        sweeping.morning(ports)
        ran.append(clock.now())
    lapsed = history(ports, application)[-1]
    assert lapsed.action is Action.LAPSE
    assert lapsed.at == next(each for each in ran if each >= fell_due + timedelta(days=90))


def test_a_second_time_in_to_be_paid_has_its_own_90_days_and_its_own_warning() -> None:
    ports, clock = at(NEW_YEAR)
    actor, application = with_receipt(ports)
    for _ in range(2):
        clock.advance(timedelta(days=89))
        sweeping.morning(ports)
        reconciling.refuse(ports, acting.order(acting.FINANCE), paid_for(ports, actor, application), 0, "查无此款")
    assert [each.notice for each in told(ports, actor.id)].count("lapse_warning") == 2
    assert found(ports, application).state is State.TO_BE_PAID


# --- uploads, outbox, leases ------------------------------------------------------------------------------------------


def asked_for(ports: Ports) -> tuple[str, str]:
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    return application, materials.request_upload(ports, acting.order(actor), application, "licence", "a.pdf")


@pytest.mark.parametrize("minutes", [0, 1, 25, 29])
def test_no_form_outlives_the_time_for_which_its_slot_waits(minutes: int) -> None:
    """The same key again gets the same file: a form good for longer would take what the sweeper has given up."""
    ports, clock = at(EVE)
    _, file = asked_for(ports)
    clock.advance(timedelta(minutes=minutes))
    assert materials.upload_form(ports, file).expires_at == EVE + timedelta(minutes=30)


def test_a_form_is_good_for_no_longer_than_its_window_after_a_step_back_either() -> None:
    ports, clock = at(EVE)
    _, file = asked_for(ports)
    clock.advance(-TWO_HOURS)
    assert materials.upload_form(ports, file).expires_at == clock.now() + timedelta(minutes=30)


def test_a_file_asked_for_by_a_clock_two_hours_ahead_is_given_up_in_the_end() -> None:
    ports, clock = at(EVE)
    application, file = asked_for(ports)
    clock.advance(-TWO_HOURS)
    sweeping.sweep(ports)
    clock.advance(TWO_HOURS + timedelta(minutes=36))
    sweeping.sweep(ports)
    kept = ports.records.get(MaterialFile, application, file)
    assert kept is not None
    assert kept.status is FileStatus.REFUSED


@pytest.mark.parametrize(("later", "sent"), [(timedelta(0), 1), (MOMENT, 2), (timedelta(days=4), 2)])
def test_a_row_in_its_queue_is_left_to_it_while_it_may_be_tried_and_then_handed_on_once(
    later: timedelta, sent: int
) -> None:
    ports, clock = at(NEW_YEAR)
    acting.to_be_paid(ports, acting.user(ports))
    (row,) = acting.pending(ports)
    outbox.dispatch(ports, row.id)
    clock.advance(outbox.left_to_the_queue(row.work) + later)
    for _ in range(3):
        sweeping.sweep(ports)
    assert len(ports.queues.sent) == sent  # type: ignore[attr-defined]  # in memory


def test_a_row_handed_on_by_a_clock_two_hours_ahead_is_not_stuck() -> None:
    ports, clock = at(NEW_YEAR)
    acting.to_be_paid(ports, acting.user(ports))
    (row,) = acting.pending(ports)
    outbox.dispatch(ports, row.id)
    clock.advance(-TWO_HOURS)
    sweeping.sweep(ports)
    clock.advance(TWO_HOURS + outbox.left_to_the_queue(row.work) + SECOND)
    sweeping.sweep(ports)
    assert len(ports.queues.sent) == 2  # type: ignore[attr-defined]  # in memory


class Dying:
    """A carrier in whose hands the worker is cut off: nothing is told, nothing let go."""

    def send(self, letter: Letter) -> None:
        del letter
        raise InterruptedError


@pytest.mark.parametrize(
    ("later", "sent"), [(timedelta(0), 0), (-5 * SECOND, 0), (outgoing.IN_HAND - MOMENT, 0), (outgoing.IN_HAND, 1)]
)
def test_a_mail_in_dead_hands_is_free_again_after_five_minutes_whose_clock_ever(later: timedelta, sent: int) -> None:
    ports, clock = at(EVE)
    actor, application = acting.member(ports)
    root = certificate_of(ports, application).root
    mail = certificates.send_to(ports, acting.order(actor), root, "li@example.invalid")
    with pytest.raises(InterruptedError):
        outgoing.send_mail(replace(ports, post=Dying()), mail)
    clock.advance(later)
    for _ in range(2):
        with suppress(Failed):
            outgoing.send_mail(ports, mail)
    assert len(ports.post.letters) == sent  # type: ignore[attr-defined]  # in memory


# --- locks ------------------------------------------------------------------------------------------------------------


def five_wrong_pairs(ports: Ports, stranger: Actor) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            enterprises.bind(ports, acting.order(stranger), "另一家公司", "00000000")


def may_bind(ports: Ports, stranger: Actor, member: Actor) -> bool:
    enterprise = enterprises.my_enterprise(ports, member).enterprise
    with suppress(Refused):
        return bool(enterprises.bind(ports, acting.order(stranger), enterprise.name, enterprise.member_code))
    return False


LOCKED_OR_NOT = [
    (timedelta(hours=1) - SECOND, False),
    (timedelta(hours=1), True),
    (-5 * SECOND, False),  # another machine, whose clock is a little behind
    (-TWO_HOURS, True),  # a clock that was wrong keeps nobody out for three hours
]


@pytest.mark.parametrize(("later", "expected"), LOCKED_OR_NOT)
def test_wrong_pairs_lock_binding_for_an_hour_and_for_no_longer_whatever_the_clock_does(
    later: timedelta, *, expected: bool
) -> None:
    ports, clock = at(EVE)
    member, _ = acting.member(ports)
    stranger = acting.user(ports, "li")
    five_wrong_pairs(ports, stranger)
    clock.advance(later)
    assert may_bind(ports, stranger, member) is expected


def test_tries_counted_by_a_clock_that_stepped_back_are_forgotten_and_new_ones_lock_again() -> None:
    ports, clock = at(EVE)
    member, _ = acting.member(ports)
    stranger = acting.user(ports, "li")
    five_wrong_pairs(ports, stranger)
    clock.advance(-TWO_HOURS)
    five_wrong_pairs(ports, stranger)
    assert not may_bind(ports, stranger, member)
    clock.advance(timedelta(hours=1))
    assert may_bind(ports, stranger, member)


def open_account(ports: Ports) -> str:
    return accounts.open_account(ports, "test", "ling", frozenset({Role.ADMIN}), PASSWORD, "示例").totp_secret


def signs_in(ports: Ports, code: str, password: str = PASSWORD) -> bool:
    with suppress(Refused):
        return accounts.sign_in(ports, "ling", password, code).failures == 0
    return False


def code_at(ports: Ports, secret: str, moment: datetime) -> str:
    """What the person's telephone shows, whose clock is right."""
    return str(ports.credentials.totp_code(secret, moment))  # type: ignore[attr-defined]  # in memory


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (timedelta(minutes=15) - MOMENT, False),
        (timedelta(minutes=15), True),
        (-5 * SECOND, False),
        (-TWO_HOURS, True),
    ],
)
def test_failures_lock_an_account_for_a_quarter_of_an_hour_and_for_no_longer_whatever_the_clock_does(
    later: timedelta, *, expected: bool
) -> None:
    ports, clock = at(NEW_YEAR)
    secret = open_account(ports)
    assert not any(signs_in(ports, "000000", "wrong") for _ in range(5))
    clock.advance(later)
    assert signs_in(ports, code_at(ports, secret, clock.now())) is expected


def test_staff_locked_out_by_a_wrong_clock_sign_in_once_it_is_right() -> None:
    """While ours is wrong no code of their telephones fits, and every try counts as a failure."""
    ports, clock = at(NEW_YEAR)
    secret = open_account(ports)
    assert signs_in(ports, code_at(ports, secret, NEW_YEAR))
    later = NEW_YEAR + timedelta(minutes=30)
    for wrong in (TWO_HOURS, -TWO_HOURS):
        clock.set(later + wrong)
        assert not any(signs_in(ports, code_at(ports, secret, later)) for _ in range(6))
    clock.set(later)
    assert signs_in(ports, code_at(ports, secret, later))
    account = ports.records.get(StaffAccount, "ling")
    assert account is not None
    assert account.locked_until is None


# --- what is told, and clocks that differ -----------------------------------------------------------------------------


def test_the_same_event_tried_again_at_another_instant_is_told_once() -> None:
    ports, clock = at(EVE)
    actor = acting.user(ports)
    application = acting.submitted(ports, actor)
    order = acting.order(acting.REVIEWER, "approve")
    for _ in range(3):
        applications.act(ports, order, application, Action.APPROVE, None)
        clock.advance(timedelta(minutes=1))
    assert [each.notice for each in told(ports, actor.id)] == ["to_be_paid"]


def test_revoking_and_reinstating_at_the_same_instant_is_told_each_time() -> None:
    ports, _ = at(NEW_YEAR)
    actor, application = acting.member(ports)
    number = certificate_of(ports, application).number
    for _ in range(2):
        certificates.revoke(ports, acting.order(acting.ADMIN, "revoke"), number, "登记有误")
        certificates.reinstate(ports, acting.order(acting.ADMIN, "reinstate"), number, "注销有误")
    kinds = sorted(each.notice for each in told(ports, actor.id))
    assert kinds == [*["certificate_reinstated"] * 2, *["certificate_revoked"] * 2, "completed", "to_be_paid"]


def test_colleagues_bound_at_the_same_instant_are_each_told_of() -> None:
    ports, _ = at(NEW_YEAR)
    member, _ = acting.member(ports)
    for name in ("li", "wang"):
        assert may_bind(ports, acting.user(ports, name), member)
    assert [each.notice for each in told(ports, member.id)].count("new_binding") == 2


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.integers(-10, 10), min_size=5, max_size=5), st.integers(-5, 5))
def test_functions_whose_clocks_differ_by_seconds_finish_a_join_all_the_same(apart: list[int], off: int) -> None:
    """Every step is done by another function, its clock up to ten seconds off, about new year."""
    right = NEW_YEAR + timedelta(seconds=off)
    ports, _ = at(right)
    others = [replace(ports, clock=FixedClock(right + timedelta(seconds=each))) for each in apart]
    actor, application = with_receipt(others[0])
    paid_on = min(each.clock.today() for each in others)
    payment = payments.pay(
        others[1], acting.order(actor), (application,), replace(acting.transfer(others[1]), paid_on=paid_on)
    )
    confirmed(others[2], payment)
    sweeping.sweep(others[3])
    acting.work_off(others[4])
    assert_finished_rightly(ports, application)


def test_two_workers_whose_clocks_differ_issue_one_certificate_between_them() -> None:
    ports, _ = at(EVE)
    application = acting.being_made(ports, acting.user(ports))
    other = replace(ports, clock=FixedClock(EVE + 3 * SECOND))

    class Overtaken(PlainPrinter):
        """While this one draws, the other does it all."""

        def draw(self, face: MemberFace) -> bytes:
            issue(other, application)
            return super().draw(face)

    issue(replace(ports, printer=Overtaken()), application)
    acting.work_off(ports)
    certificate = certificate_of(ports, application)
    assert (certificate.number, certificate.issued_on) == ("DEMO-HY-2026-0001", date(2026, 12, 31))
    assert counted_years(ports) == [2026]
    assert_finished_rightly(ports, application)
