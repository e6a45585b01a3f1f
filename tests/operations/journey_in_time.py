"""A whole join, step by step, under a clock that can be set, jump between two looks at it, or go back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.time_and_ids import FixedClock
from chalicelib.operations import applications, certificates, materials, notices, payments, reconciling
from chalicelib.operations.ports import Asked, Ports
from chalicelib.rules.certificates import first_member_dates, number
from chalicelib.rules.records import Application, Certificate, Counter, Folder, OutboxStatus
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, Service, State
from tests.operations import acting

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """An instant in Shanghai, as a clock on the wall there shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class JumpingClock(FixedClock):
    """Shows ``start`` for so many looks, and from then on ``start`` and the jump: time passes between two looks."""

    def __init__(self, start: datetime, looks: int, jump: timedelta) -> None:
        super().__init__(start)
        self.looked = 0
        self._looks, self._jump = looks, jump

    def now(self) -> datetime:
        self._look()
        return super().now()

    def today(self) -> date:
        self._look()
        return super().today()

    def _look(self) -> None:
        if self.looked == self._looks:
            self.advance(self._jump)
        self.looked += 1


def ports_at(now: datetime | str) -> Ports:
    return ports_in_memory(clock=FixedClock(at(now) if isinstance(now, str) else now))


def clock(ports: Ports) -> FixedClock:
    found = ports.clock
    assert isinstance(found, FixedClock)
    return found


def folder_of(ports: Ports, application: str) -> Folder:
    found = ports.records.folder(application)
    assert found is not None
    return found


def application_of(ports: Ports, application: str) -> Application:
    return folder_of(ports, application).application


def certificate_of(ports: Ports, application: str) -> Certificate:
    found = ports.records.get(Certificate, application_of(ports, application).certificate or "")
    assert found is not None
    return found


def told(ports: Ports, user: str) -> list[str]:
    """What a user was told, newest first."""
    messages = notices.my_messages(ports, Actor(user, frozenset()), Asked(100)).items
    return [message.notice for message in messages]


class Join:
    """The steps of a join in their order; each is done by itself, so that time may pass or go back before it."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.actor = Actor("nobody", frozenset())
        self.application = self.file = self.payment = ""
        # Days before: his own calendar does not go back with our clock.
        self._paid_on = ports.clock.today() - timedelta(days=2)

    @property
    def steps(self) -> tuple[Callable[[], None], ...]:
        return (
            self.log_in, self.open, self.fill_in, self.ask_for_a_place, self.upload, self.upload_the_licence,
            self.submit, self.approve, self.upload_the_receipt, self.pay, self.confirm, self.work_off,
            self.ask_for_mail, self.work_off,
        )  # fmt: skip

    def whole(self) -> None:
        for step in self.steps:
            step()

    def log_in(self) -> None:
        self.actor = acting.user(self.ports)

    def open(self) -> None:
        self.application = applications.open_draft(self.ports, acting.order(self.actor), Service.JOIN)

    def fill_in(self) -> None:
        applications.save_draft(self.ports, acting.order(self.actor), self.application, 0, acting.join_form())

    def ask_for_a_place(self) -> None:
        order = acting.order(self.actor)
        self.file = materials.request_upload(self.ports, order, self.application, "application_form", "form.pdf")

    def upload(self) -> None:
        self.ports.files.arrives(self.file, acting.PDF)  # type: ignore[attr-defined]  # what the phone does
        materials.receive(self.ports, self.file)

    def upload_the_licence(self) -> None:
        acting.upload(self.ports, self.actor, self.application, "licence")

    def submit(self) -> None:
        applications.act(self.ports, acting.order(self.actor), self.application, Action.SUBMIT, None)

    def approve(self) -> None:
        applications.act(self.ports, acting.order(acting.REVIEWER), self.application, Action.APPROVE, None)

    def upload_the_receipt(self) -> None:
        acting.upload(self.ports, self.actor, self.application, "bank_receipt")

    def pay(self) -> None:
        paid = replace(acting.transfer(self.ports), paid_on=self._paid_on)
        self.payment = payments.pay(self.ports, acting.order(self.actor), (self.application,), paid)

    def confirm(self) -> None:
        reconciling.confirm(self.ports, acting.order(acting.FINANCE), self.payment, 0, 120_000)

    def work_off(self) -> None:
        acting.work_off(self.ports)

    def ask_for_mail(self) -> None:
        member = acting.as_of_now(self.ports, self.actor.id)
        (certificate,) = certificates.mine(self.ports, member)
        certificates.send_to(self.ports, acting.order(member), certificate.root, "office@example.com")

    # --- what must be so in the end -----------------------------------------------------------------------------------

    def assert_sound(self) -> None:
        """Completed, once, without gaps, and with the dates that the rules give."""
        folder = folder_of(self.ports, self.application)
        application = folder.application
        assert application.state is State.COMPLETED
        assert [entry.number for entry in folder.entries] == list(range(1, application.entries + 1))
        assert [entry.action for entry in folder.entries] == [
            Action.SUBMIT, Action.APPROVE, Action.PAY, Action.CONFIRM_PAYMENT, Action.ISSUE,
        ]  # fmt: skip
        assert application.year == folder.entries[2].at.year
        self._assert_certificate(application)
        self._assert_nothing_twice()

    def _assert_certificate(self, application: Application) -> None:
        found, year = certificate_of(self.ports, application.id), application.year
        assert year is not None
        given = found.issued_on.year
        assert found.number == number("DEMO-HY-{year}-{n:04}", given, 1)
        counter = self.ports.records.get(Counter, CertificateKind.MEMBER.value, str(given))
        assert counter is not None
        assert counter.n == 1
        assert (found.valid_from, found.valid_to) == first_member_dates(found.issued_on, year)
        assert date(year, 1, 1) <= found.valid_from <= found.valid_to == date(year, 12, 31)

    def _assert_nothing_twice(self) -> None:
        assert sorted(told(self.ports, self.actor.id)) == ["completed", "to_be_paid"]
        assert len(self.ports.post.letters) == 1  # type: ignore[attr-defined]  # the post in memory
        for status in (OutboxStatus.PENDING, OutboxStatus.DEAD):
            assert not self.ports.records.outbox(status, Asked()).items
