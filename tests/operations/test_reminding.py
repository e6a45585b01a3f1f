"""到期与缴费提醒: what is owed or lapses is said in its windows, once each, whatever days job and worker run."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.time_and_ids import SHANGHAI
from chalicelib.messages.templates import notice
from chalicelib.operations import accounts, dead_letters, outbox, reminding
from chalicelib.operations.ports import Asked, Busy, Insert, Ports, Remove, Replace
from chalicelib.operations.settings import save_settings
from chalicelib.rules.association import Association, WechatTemplate
from chalicelib.rules.certificates import Deadline
from chalicelib.rules.records import (
    SHARDS,
    Certificate,
    JobRun,
    MembershipYear,
    Message,
    OutboxRow,
    Practitioner,
    Reminded,
    Work,
)
from chalicelib.rules.schedule import DayOfYear
from chalicelib.rules.vocabulary import CertificateKind
from tests.aws import samples
from tests.operations import acting

A_DAY = timedelta(days=1)
NEW_YEAR = date(2027, 1, 1)
LAST = date(2027, 6, 30)
OPENS = {60: date(2027, 5, 1), 30: date(2027, 5, 31), 7: date(2027, 6, 23)}


# --- a made-up association on a made-up day ---------------------------------------------------------------------------


def on(ports: Ports, day: date) -> None:
    ports.clock.set(datetime.combine(day, time(9, 5), SHANGHAI))  # type: ignore[attr-defined]  # the clock in memory


def unit(ports: Ports, identity: str = "e1", representatives: tuple[str, ...] = ("u1",)) -> None:
    """A member that has paid nothing, with whoever represents it."""
    bindings = (Insert(samples.binding(user, identity)) for user in representatives)
    ports.records.commit(Insert(samples.enterprise(identity)), *bindings)


def qualified(ports: Ports, identity: str = "e1", **changes: object) -> Certificate:
    certificate = samples.certificate(
        identity.upper() * 13, kind=CertificateKind.QUALIFICATION, holder=f"enterprise:{identity}",
        number=f"ZZ-{identity}", valid_to=date(2029, 3, 1), **changes,
    )  # fmt: skip
    ports.records.commit(Insert(certificate))
    return certificate


def employed(ports: Ports, *last_days: date, identity: str = "e1", legacy: bool = False) -> list[Practitioner]:
    """A practitioner for each last day, by the numbers PX-e1-000, PX-e1-001, …"""
    people = [
        replace(
            samples.practitioner(f"w-{identity}-{n:03}", identity, valid_to=last),
            certificate_number=f"PX-{identity}-{n:03}", legacy=legacy,
        )
        for n, last in enumerate(last_days)
    ]  # fmt: skip
    for each in people:
        ports.records.commit(Insert(each))
    return people


def paid(ports: Ports, year: int = 2027, identity: str = "e1") -> None:
    """As when finance has confirmed: the dues are there, and the enterprise's facts have moved."""
    dossier = ports.records.dossier(identity)
    assert dossier is not None
    ports.records.commit(
        Insert(samples.paid_year(year, identity)), Replace(dossier.enterprise, dossier.enterprise.changed())
    )


def promised(ports: Ports) -> tuple[OutboxRow, ...]:
    return tuple(each for each in acting.pending(ports) if each.work is Work.REMIND)


def run(ports: Ports, day: date) -> None:
    """The job on that day, and its worker right behind."""
    on(ports, day)
    reminding.promise_reminders(ports)
    acting.work_off(ports)


def messages(ports: Ports, user: str = "u1") -> tuple[Message, ...]:
    """Oldest first."""
    return tuple(reversed(ports.records.messages_of(user, Asked(100)).items))


def told(ports: Ports, user: str = "u1") -> list[tuple[str, date]]:
    return [(each.notice, each.at.date()) for each in messages(ports, user)]


def sentence(message: Message) -> str:
    return notice(message.notice, message.context).body


@pytest.fixture
def member(ports: Ports) -> Ports:
    """The same ports, with one member: e1, represented by u1."""
    unit(ports)
    return ports


# --- dues and review --------------------------------------------------------------------------------------------------


def test_who_owes_the_dues_is_told_on_1_january_1_march_and_25_march_and_no_more_after_the_deadline(
    member: Ports,
) -> None:
    for n in range(120):
        run(member, NEW_YEAR + n * A_DAY)
    assert told(member) == [("dues_due", date(2027, *day)) for day in ((1, 1), (3, 1), (3, 25))]
    first, *_ = messages(member)
    assert "虚构一号公司2027年度会费尚未缴纳，最迟请在2027年03月31日办理，还有 89 天。" in sentence(first)


def test_who_has_paid_and_has_no_qualification_hears_nothing(member: Ports) -> None:
    paid(member)
    run(member, NEW_YEAR)
    assert told(member) == []


def test_who_pays_between_the_promise_and_its_worker_hears_nothing(member: Ports) -> None:
    on(member, NEW_YEAR)
    reminding.promise_reminders(member)
    (row,) = promised(member)
    paid(member)
    acting.work_off(member)
    assert told(member) == []
    assert row.subject[:2] == ("e1", "dues")


def test_who_pays_while_the_worker_reads_hears_nothing(member: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    on(member, NEW_YEAR)
    reminding.promise_reminders(member)
    read = member.records.get_many

    def paid_meanwhile(*wanted: object) -> object:
        if member.records.get(MembershipYear, "e1", "2027") is None:
            paid(member)
        return read(*wanted)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(member.records, "get_many", paid_meanwhile)
    acting.work_off(member)
    assert told(member) == []


def test_who_has_paid_and_is_not_reviewed_is_told_of_the_review_alone(member: Ports) -> None:
    paid(member)
    certificate = qualified(member)
    run(member, NEW_YEAR)
    assert told(member) == [("review_due", NEW_YEAR)]
    assert "资质证（编号 ZZ-e1）2027年度尚未年审" in sentence(messages(member)[0])
    member.records.commit(Replace(certificate, certificate.changed(reviewed=(2027,))))
    run(member, date(2027, 3, 1))
    assert told(member) == [("review_due", NEW_YEAR)]


def test_of_a_revoked_qualification_nobody_is_reminded(member: Ports) -> None:
    paid(member)
    qualified(member, revoked_on=date(2026, 12, 1))
    run(member, NEW_YEAR)
    assert told(member) == []


def test_a_promise_that_is_worked_off_after_the_deadline_says_nothing(member: Ports) -> None:
    on(member, date(2027, 3, 25))
    reminding.promise_reminders(member)
    on(member, date(2027, 4, 1))
    acting.work_off(member)
    assert told(member) == []


def test_a_promise_that_waits_into_the_next_window_says_the_next_one_once(member: Ports) -> None:
    on(member, NEW_YEAR)
    reminding.promise_reminders(member)
    run(member, date(2027, 3, 2))
    assert told(member) == [("dues_due", date(2027, 3, 2))]
    run(member, date(2027, 3, 25))
    assert len(told(member)) == 2


# --- training certificates --------------------------------------------------------------------------------------------


def test_a_training_certificate_is_spoken_of_60_30_and_7_days_before_its_last_day(member: Ports) -> None:
    employed(member, LAST)
    for n in range(75):
        run(member, date(2027, 4, 25) + n * A_DAY)
    assert told(member) == [("training_expiring", day) for day in OPENS.values()]
    first, *_, final = messages(member)
    assert "一名从业人员的岗位培训合格证（编号 PX-e1-000）将于2027年06月30日到期，还有 60 天。" in sentence(first)
    assert "还有 7 天" in sentence(final)


def test_a_legacy_certificate_is_spoken_of_as_well(member: Ports) -> None:
    employed(member, LAST, legacy=True)
    run(member, OPENS[30])
    assert told(member) == [("training_expiring", OPENS[30])]


def test_two_hundred_practitioners_make_one_message_with_the_first_to_lapse(member: Ports) -> None:
    employed(member, *(LAST + (n % 50) * A_DAY for n in range(200)))
    run(member, OPENS[7])
    (message,) = messages(member)
    assert message.context["count"] == "200"
    assert notice(message.notice, message.context).title == "200 张岗位培训合格证即将到期"
    assert "有 200 名从业人员的岗位培训合格证即将到期。最早的一张（编号 PX-e1-000）将于2027年06月30日到期" in sentence(
        message
    )


def test_nobody_is_named_in_a_reminder_or_its_promise(member: Ports) -> None:
    (practitioner,) = employed(member, LAST)
    on(member, OPENS[7])
    reminding.promise_reminders(member)
    (row,) = promised(member)
    acting.work_off(member)
    written = f"{row} {messages(member)}"
    for personal in (practitioner.name, practitioner.id_number):
        assert personal.masked not in written
        assert personal.plain is not None
        assert personal.plain not in written


def test_who_is_employed_nowhere_has_nobody_to_be_reminded(member: Ports) -> None:
    member.records.commit(Insert(samples.practitioner("w9", None, valid_to=LAST)))
    run(member, OPENS[7])
    assert told(member) == []
    assert promised(member) == ()


def test_one_that_is_renewed_meanwhile_is_not_spoken_of(member: Ports) -> None:
    first, second = employed(member, LAST, LAST)
    on(member, OPENS[60])
    reminding.promise_reminders(member)
    member.records.commit(Replace(first, member.records.opened(first).changed(valid_to=date(2030, 6, 30))))
    acting.work_off(member)
    (message,) = messages(member)
    assert (message.context["count"], message.context["number"]) == ("1", second.certificate_number)


def test_on_the_last_day_it_says_today(member: Ports) -> None:
    employed(member, LAST)
    run(member, LAST)
    assert "今天是最后一天" in sentence(messages(member)[0])


# --- to whom ----------------------------------------------------------------------------------------------------------


def test_every_representative_is_told_and_one_promise_is_enough(ports: Ports) -> None:
    unit(ports, representatives=("u1", "u2", "u3"))
    on(ports, NEW_YEAR)
    reminding.promise_reminders(ports)
    assert len(promised(ports)) == 1
    acting.work_off(ports)
    assert [len(told(ports, user)) for user in ("u1", "u2", "u3")] == [1, 1, 1]


def test_who_is_bound_later_hears_only_of_the_windows_that_open_then(member: Ports) -> None:
    run(member, NEW_YEAR)
    member.records.commit(Insert(samples.binding("u2")))
    for day in (date(2027, 1, 2), date(2027, 2, 1), date(2027, 3, 1)):
        run(member, day)
    assert told(member, "u2") == [("dues_due", date(2027, 3, 1))]
    assert len(told(member)) == 2


def test_where_nobody_is_bound_nothing_counts_as_said(ports: Ports) -> None:
    unit(ports, representatives=())
    run(ports, NEW_YEAR)
    assert ports.records.get(Reminded, "e1", "dues-0101", "2027") is None
    ports.records.commit(Insert(samples.binding("u1")))
    run(ports, date(2027, 3, 1))
    assert told(ports) == [("dues_due", date(2027, 3, 1))]


def test_it_goes_out_by_wechat_as_often_as_was_consented_and_is_in_the_list_always(ports: Ports) -> None:
    known = ports.records.get(Association, "association")
    assert known is not None
    template = WechatTemplate(id="t-dues", page="pages/services", keys={"unit": "thing1", "time": "time2"})
    ports.records.commit(acting.settings_with(known, wechat_templates={**known.wechat_templates, "dues_due": template}))
    actor = acting.user(ports)
    accounts.give_consents(ports, acting.order(actor), ["dues_due"])
    unit(ports, representatives=(actor.id,))
    for day in ((1, 1), (3, 1)):
        run(ports, date(2027, *day))
    assert [each[1] for each in ports.wechat.notices] == ["t-dues"]  # type: ignore[attr-defined]  # in memory
    assert [each.delivery.value for each in messages(ports, actor.id)] == ["sent", "no_consent"]


# --- whatever days it runs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [0, 1, 20, 58])
def test_a_job_that_runs_late_and_twice_says_it_once_with_the_days_that_are_left(member: Ports, late: int) -> None:
    run(member, NEW_YEAR - A_DAY)
    day = NEW_YEAR + late * A_DAY
    for _ in range(2):
        run(member, day)
    assert told(member) == [("dues_due", day)]
    assert messages(member)[0].context["days"] == str(89 - late)


def test_what_is_promised_twice_before_any_worker_comes_is_one_row(member: Ports) -> None:
    employed(member, LAST)
    on(member, NEW_YEAR)
    for _ in range(2):
        reminding.promise_reminders(member)
        forget_the_run(member)
    assert len(promised(member)) == 1


def forget_the_run(ports: Ports) -> None:
    """As if it had died before its end."""
    ran = ports.records.get(JobRun, reminding.JOB)
    assert ran is not None
    ports.records.commit(Remove(ran))


def test_a_message_delivered_again_says_nothing_again(member: Ports) -> None:
    on(member, NEW_YEAR)
    reminding.promise_reminders(member)
    (row,) = promised(member)
    for later in (0, 0, 1, 30):
        on(member, NEW_YEAR + later * A_DAY)
        reminding.remind(member, *row.subject)
    assert len(told(member)) == 1


def revoked(ports: Ports, on_day: date | None) -> None:
    """The qualification is revoked on a day; None: it is reinstated."""
    root = "E1" * 13
    found = ports.records.get(Certificate, root)
    assert found is not None
    ports.records.commit(Replace(found, found.changed(revoked_on=on_day)))


def test_a_kept_promise_that_comes_again_after_a_revocation_and_its_undoing_does_not_speak_for_the_next_window(
    member: Ports,
) -> None:
    paid(member)
    qualified(member)
    on(member, NEW_YEAR)
    reminding.promise_reminders(member)
    (row,) = promised(member)
    acting.work_off(member)
    revoked(member, date(2027, 2, 20))
    run(member, date(2027, 3, 1))
    revoked(member, None)
    for later in (date(2027, 3, 10), date(2027, 3, 24)):
        on(member, later)
        reminding.remind(member, *row.subject)
    assert told(member) == [("review_due", NEW_YEAR)]
    run(member, date(2027, 3, 25))
    assert told(member) == [("review_due", NEW_YEAR), ("review_due", date(2027, 3, 25))]


def test_a_promise_of_which_nothing_was_left_is_kept_and_says_nothing_when_it_comes_again(member: Ports) -> None:
    paid(member)
    qualified(member)
    on(member, NEW_YEAR)
    reminding.promise_reminders(member)
    (row,) = promised(member)
    revoked(member, NEW_YEAR)
    acting.work_off(member)
    revoked(member, None)
    reminding.remind(member, *row.subject)
    assert told(member) == []


def test_what_is_said_and_that_its_promise_is_kept_is_one_commit(
    member: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies before its mark leaves nothing to be done again."""
    on(member, NEW_YEAR)
    reminding.promise_reminders(member)
    (row,) = promised(member)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "done", lambda *_: None)
        outbox.work(member, row.id)
    assert promised(member) == ()
    assert len(told(member)) == 1


def test_a_promise_that_was_given_up_says_nothing_until_staff_redrive_it(member: Ports) -> None:
    on(member, NEW_YEAR)
    reminding.promise_reminders(member)
    (row,) = promised(member)
    outbox.bury(member, row.id, "made-up-queue")
    reminding.remind(member, *row.subject)
    assert told(member) == []
    dead_letters.redrive(member, acting.order(acting.ADMIN), row.id)
    acting.work_off(member)
    assert told(member) == [("dues_due", NEW_YEAR)]


def test_one_that_cannot_be_promised_does_not_hold_up_the_others_and_is_promised_next_time(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        unit(ports, f"e{n}", (f"u{n}",))
    read = ports.records.dossier

    def busy_about_one(enterprise: str) -> object:
        if enterprise == "e3":
            raise Busy
        return read(enterprise)

    on(ports, NEW_YEAR)
    with monkeypatch.context() as patch:
        patch.setattr(ports.records, "dossier", busy_about_one)
        with pytest.raises(ExceptionGroup):
            reminding.promise_reminders(ports)
    acting.work_off(ports)
    assert [len(told(ports, f"u{n}")) for n in range(5)] == [1, 1, 1, 0, 1]
    run(ports, NEW_YEAR + A_DAY)
    assert [len(told(ports, f"u{n}")) for n in range(5)] == [1, 1, 1, 1, 1]


def test_a_certificate_that_opens_after_a_run_that_died_is_not_lost_behind_the_one_before(member: Ports) -> None:
    employed(member, LAST, LAST + A_DAY)
    run(member, OPENS[7])
    forget_the_run(member)
    run(member, OPENS[7] + A_DAY)
    assert [each.context["count"] for each in messages(member)] == ["2", "1"]


def test_a_clock_that_stepped_back_says_nothing_twice(member: Ports) -> None:
    employed(member, LAST)
    for day in (OPENS[7], OPENS[60], OPENS[7]):
        run(member, day)
    assert told(member) == [("training_expiring", OPENS[7])]
    ran = member.records.get(JobRun, reminding.JOB)
    assert ran is not None
    assert ran.through == OPENS[7]


def test_a_day_that_staff_add_is_looked_at_even_where_it_has_passed_and_what_was_said_is_not_repeated(
    member: Ports,
) -> None:
    for day in (NEW_YEAR, date(2027, 2, 3)):
        run(member, day)
    known = member.records.get(Association, "association")
    assert known is not None
    days = (*known.windows.season_reminder_days, DayOfYear(2, 1))
    windows = replace(known.windows, season_reminder_days=days)
    save_settings(member, acting.order(acting.ADMIN), known.version, replace(known, windows=windows))
    for day in (date(2027, 2, 4), date(2027, 2, 5)):
        run(member, day)
    assert told(member) == [("dues_due", NEW_YEAR), ("dues_due", date(2027, 2, 4))]


def test_a_deadline_that_is_put_off_prolongs_the_season(member: Ports) -> None:
    known = member.records.get(Association, "association")
    assert known is not None
    member.records.commit(acting.settings_with(known, windows=replace(known.windows, review_deadline=Deadline(4, 30))))
    run(member, date(2027, 4, 30))
    assert "最迟请在2027年04月30日办理，今天是最后一天" in sentence(messages(member)[0])


# --- what it costs ----------------------------------------------------------------------------------------------------


def listings(ports: Ports, patch: pytest.MonkeyPatch) -> list[str]:
    """The names of the reads that follow, each time one is made."""
    made: list[str] = []
    for name in ("enterprises_in", "practitioners_ending", "dossier"):
        patch.setattr(ports.records, name, _noting(getattr(ports.records, name), name, made))
    return made


def _noting(read: object, name: str, made: list[str]) -> object:
    def reads(*asked: object) -> object:
        made.append(name)
        return read(*asked)  # type: ignore[operator]  # a method of the records

    return reads


def test_outside_the_windows_no_enterprise_is_looked_at(member: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    run(member, date(2027, 4, 1))
    made = listings(member, monkeypatch)
    run(member, date(2027, 4, 2))
    assert made == ["practitioners_ending"] * 3
    run(member, date(2027, 4, 2))
    assert made == ["practitioners_ending"] * 3


def test_on_a_day_that_opens_a_window_every_part_of_the_list_is_gone_through_once(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(40):
        unit(ports, f"e{n}", ())
        paid(ports, 2027, f"e{n}")
    run(ports, NEW_YEAR - A_DAY)
    made = listings(ports, monkeypatch)
    run(ports, NEW_YEAR)
    assert made.count("enterprises_in") == SHARDS
    assert made.count("dossier") == 40


# --- for any days at all ----------------------------------------------------------------------------------------------

FIRST_DAY = date(2026, 12, 1)
DAYS = st.integers(0, 200).map(lambda n: FIRST_DAY + n * A_DAY)
LAST_DAYS = st.lists(st.integers(0, 200).map(lambda n: FIRST_DAY + n * A_DAY), max_size=5)


def windows_of_a_certificate(last: date) -> Iterator[tuple[date, date]]:
    """From which day to which it is to be said, by domain §6 alone."""
    for opens, closes in ((60, 31), (30, 8), (7, 0)):
        yield last - opens * A_DAY, last - closes * A_DAY


def windows_of_the_dues(year: int) -> Iterator[tuple[date, date]]:
    for (month, day), end in (((1, 1), (2, 28)), ((3, 1), (3, 24)), ((3, 25), (3, 31))):
        yield date(year, month, day), date(year, *end)


def opened(windows: Iterable[tuple[date, date]], days: Iterable[date]) -> int:
    """In how many of these windows lies one of the days."""
    known = tuple(days)
    return sum(any(first <= day <= last for day in known) for first, last in windows)


def a_member(last_days: list[date]) -> Ports:
    ports = ports_in_memory()
    unit(ports, representatives=("u1", "u2"))
    paid(ports, 2026)
    employed(ports, *last_days)
    return ports


@settings(deadline=None, max_examples=60)
@given(st.lists(DAYS, min_size=1, max_size=25), LAST_DAYS)
def test_each_window_is_said_once_if_the_job_runs_in_it_and_never_otherwise(
    days: list[date], last_days: list[date]
) -> None:
    ports = a_member(last_days)
    for day in sorted(days):
        run(ports, day)
    for user in ("u1", "u2"):
        said = messages(ports, user)
        about_training = sum(int(each.context["count"]) for each in said if each.notice == "training_expiring")
        expected = sum(opened(windows_of_a_certificate(last), days) for last in last_days)
        assert about_training == expected
        dues = [each.at.date() for each in said if each.notice == "dues_due"]
        assert len(dues) == sum(opened(windows_of_the_dues(year), days) for year in (2026, 2027))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(DAYS, st.booleans(), st.booleans()), min_size=1, max_size=25), LAST_DAYS)
def test_in_any_order_with_workers_late_and_runs_that_die_nothing_is_said_twice(
    steps: list[tuple[date, bool, bool]], last_days: list[date]
) -> None:
    """Each step: the day, whether the worker comes, whether the run dies before it has noted how far it came."""
    ports = a_member(last_days)
    for day, worked, died in steps:
        on(ports, day)
        reminding.promise_reminders(ports)
        if died:
            forget_the_run(ports)
        if worked:
            acting.work_off(ports)
    said = messages(ports)
    dues = [each.at.date() for each in said if each.notice == "dues_due"]
    for first, last in windows_of_the_dues(2027):
        assert sum(first <= day <= last for day in dues) <= 1
    about_training = sum(int(each.context["count"]) for each in said if each.notice == "training_expiring")
    assert about_training == sum(of_one_channel(ports, code, year) for code in TRAINING for year in (2026, 2027))
    assert about_training <= sum(
        opened(windows_of_a_certificate(last), (day for day, *_ in steps)) for last in last_days
    )


TRAINING = ("training-60", "training-30", "training-7")


def of_one_channel(ports: Ports, window: str, year: int) -> int:
    """How many certificates the guard of a window knows as said in the message list."""
    guard = ports.records.get(Reminded, "e1", window, str(year))
    return len([key for key in guard.said if key.endswith("message_list")]) if guard else 0
