"""What runs by itself: the jobs of the timetable, late, twice or not at all; the outbox worked off, late or twice."""

from collections import Counter, deque
from datetime import timedelta

from chalicelib.operations import dead_letters, outbox, reminding, renewing, sweeping
from chalicelib.operations.by_the_clock import every
from chalicelib.operations.carriers import Failed, NotDelivered
from chalicelib.operations.issuing import NotFitToCount
from chalicelib.operations.ports import Busy
from chalicelib.rules.records import OutboxRow, OutboxStatus
from tests.year.town import ADMIN, Town, at

MOST_TRIES = 5


class Clockwork:
    """``lost``: how many messages a queue lost; the sweeper has to see to them."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.waiting: deque[tuple[str, int]] = deque()
        self.tries: Counter[tuple[str, int]] = Counter()
        self.lost = 0

    # --- jobs ---------------------------------------------------------------------------------------------------------

    def night(self) -> None:
        self._at(0, 5, renewing.promise_renewals)
        self._at(4, 5, sweeping.morning)

    def morning(self) -> None:
        self._at(9, 5, reminding.promise_reminders)

    def _at(self, hour: int, minute: int, job: object) -> None:
        """Mostly at its time; a few times the day is missed, or it runs again an hour later."""
        if self.town.by_chance(0.05):
            return
        self.town.clock.set(at(self.town.today, hour, minute))
        job(self.town.ports)  # type: ignore[operator]  # a job of the timetable
        if self.town.by_chance(0.1):
            self.town.clock.advance(timedelta(hours=1))
            job(self.town.ports)  # type: ignore[operator]

    def all_jobs(self) -> None:
        for job in (renewing.promise_renewals, sweeping.morning, reminding.promise_reminders, sweeping.sweep):
            job(self.town.ports)

    # --- queues -------------------------------------------------------------------------------------------------------

    def works_off(self, *, all_of_it: bool = False) -> None:
        """What was promised is handed on, and done; a message now and then twice, a day late, or lost for long."""
        self._hand_on()
        left: list[tuple[str, int]] = []
        while self.waiting:
            message = self.waiting.popleft()
            if not all_of_it and self.town.by_chance(0.02):
                left.append(message)
            else:
                left += self._worked(message)
                if self.town.by_chance(0.02):
                    self._worked(message)
            if not self.waiting:
                self._hand_on()
        self.waiting.extend(left)

    def _hand_on(self) -> None:
        fresh = [
            each for each in self.town.kept.those(OutboxRow, status=OutboxStatus.PENDING) if each.handed_at is None
        ]
        for row in fresh:
            outbox.dispatch(self.town.ports, row.id)
        self.collect()

    def collect(self) -> None:
        sent = self.town.queues.sent
        for _, row in sent:
            if self.town.by_chance(0.002):
                self.lost += 1
                continue
            found = self.town.records.get(OutboxRow, row)
            self.waiting.append((row, found.rounds if found else 0))
        sent.clear()

    def _worked(self, message: tuple[str, int]) -> list[tuple[str, int]]:
        """What it leaves for tomorrow: a carrier that fails, until the queue has had enough."""
        self.town.clock.advance(timedelta(milliseconds=200))
        if self.town.by_chance(0.003):
            self.town.wechat.fails_with(Failed("made up"))
        try:
            outbox.work(self.town.ports, message[0])
        except (NotDelivered, NotFitToCount, Busy):
            self.tries[message] += 1
            if self.tries[message] < MOST_TRIES:
                return [message]
            outbox.bury(self.town.ports, message[0], "made-up-queue", message[1])
        finally:
            self.town.wechat._coming.clear()  # trouble that struck nothing is over with it
        return []

    def staff_redrive(self) -> None:
        for each in list(every(lambda asked: dead_letters.listed(self.town.ports, asked))):
            if self.town.by_chance(0.5):
                self.town.asked(ADMIN, dead_letters.redrive, each.id)
