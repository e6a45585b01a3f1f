"""Records in memory: as strict as the real store about conditions, versions, paging, and who has opened what."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from threading import RLock
from typing import TypeVar

from chalicelib.memory import lists, vault
from chalicelib.memory.soundness import Target, refuse_unsound, subject_of, target
from chalicelib.operations.ports import APART, Asked, Change, Clock, Conflict, Insert, Page, Remove, Replace, Require
from chalicelib.rules.records import (
    Application,
    AuditEntry,
    Binding,
    Certificate,
    Dossier,
    Edition,
    Enterprise,
    Entry,
    Family,
    Folder,
    Issuance,
    MaterialFile,
    MembershipYear,
    Message,
    OutboxRow,
    OutboxStatus,
    Payment,
    PaymentStatus,
    Record,
    Shelf,
    StaffAccount,
    enterprise_owner,
)
from chalicelib.rules.vocabulary import FileStatus, State

R = TypeVar("R", bound=Record)


class MemoryRecords:
    """One dictionary behind one lock. Personal values are kept sealed: only ``opened`` makes them readable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._kept: dict[Target, Record] = {}
        self._tallies: dict[str, tuple[int, datetime]] = {}

    # --- writing ------------------------------------------------------------------------------------------------------

    def commit(self, *changes: Change) -> None:
        refuse_unsound(changes)
        written = [vault.sealed(record) for record in _written(changes)]
        with self._lock:
            if not all(self._holds(change) for change in changes):
                raise Conflict
            for change in changes:
                if isinstance(change, Remove):
                    del self._kept[target(change.record)]
            self._kept.update((target(record), record) for record in written)

    def _holds(self, change: Change) -> bool:
        stored = self._kept.get(target(subject_of(change)))
        if isinstance(change, Insert):
            return stored is None
        return stored is not None and stored.version == subject_of(change).version

    # --- reading ------------------------------------------------------------------------------------------------------

    def get(self, kind: type[R], *key: str) -> R | None:
        with self._lock:
            found = self._kept.get((kind, key))
        return found if isinstance(found, kind) else None

    def get_many(self, *wanted: tuple[type[Record], tuple[str, ...]]) -> tuple[Record | None, ...]:
        with self._lock:
            return tuple(self._kept.get(each) for each in wanted)

    def opened(self, record: R) -> R:
        return vault.opened(record)

    def folder(self, application: str) -> Folder | None:
        with self._lock:
            head, shelf = self.get(Application, application), self.get(Shelf, application)
            if head is None or shelf is None:
                return None
            entries = self._those(Entry, lambda each: each.application == application)
            files = self._those(MaterialFile, lambda each: each.application == application)
            return Folder(head, shelf, entries, files)

    def dossier(self, enterprise: str) -> Dossier | None:
        with self._lock:
            head = self.get(Enterprise, enterprise)
            if head is None:
                return None
            bindings = self._those(Binding, lambda each: each.enterprise == enterprise)
            years = self._those(MembershipYear, lambda each: each.enterprise == enterprise)
            held = self._those(Certificate, lambda each: each.holder == enterprise_owner(enterprise))
            return Dossier(head, bindings, years, held)

    def family(self, root: str) -> Family | None:
        with self._lock:
            head = self.get(Certificate, root)
            if head is None:
                return None
            editions = self._those(Edition, lambda each: each.root == root)
            return Family(head, tuple(sorted(editions, key=lambda each: each.ordinal)))

    def staff_accounts(self) -> tuple[StaffAccount, ...]:
        return self._those(StaffAccount, lambda _: True)

    # --- lists --------------------------------------------------------------------------------------------------------

    def applications_of(self, owner: str, asked: Asked) -> Page[Application]:
        found = self._those(Application, lambda each: each.owner == owner)
        return lists.newest_first(
            f"of#{owner}", asked, ((lists.since(each.opened_at, each.id), each) for each in found)
        )

    def messages_of(self, user: str, asked: Asked) -> Page[Message]:
        found = self._those(Message, lambda each: each.user == user)
        return lists.newest_first(f"messages#{user}", asked, (((each.id,), each) for each in found))

    def audit_of(self, subject: str, asked: Asked) -> Page[AuditEntry]:
        found = self._those(AuditEntry, lambda each: each.subject == subject)
        return lists.newest_first(f"audit#{subject}", asked, ((lists.since(each.at, each.id), each) for each in found))

    def applications_in(self, state: State, asked: Asked, before: datetime | None = None) -> Page[Application]:
        there = self._those(Application, lambda each: each.state is state and _earlier(each.since, before))
        found = (each for each in there if each.submitted_at is not None or not state.final)
        return lists.oldest_first(f"state#{state}", asked, ((lists.since(each.since, each.id), each) for each in found))

    def payments_in(self, status: PaymentStatus, asked: Asked) -> Page[Payment]:
        found = self._those(Payment, lambda each: each.status is status)
        rows = ((lists.since(each.submitted_at, each.id), each) for each in found)
        return lists.oldest_first(f"payment#{status}", asked, rows)

    def certificates_issued(self, month: date, asked: Asked) -> Page[Certificate]:
        issued = self._those(Certificate, lambda each: each.issuance is Issuance.ISSUED)
        found = (each for each in issued if f"{each.issued_on:%Y-%m}" == f"{month:%Y-%m}")
        rows = (((each.issued_on.isoformat(), each.number), each) for each in found)
        return lists.oldest_first(f"issued#{month:%Y-%m}", asked, rows)

    def files_waiting(self, before: datetime, asked: Asked) -> Page[MaterialFile]:
        waiting = self._those(MaterialFile, lambda each: each.status is FileStatus.WAITING)
        found = (each for each in waiting if each.requested_at < before)
        return lists.oldest_first("waiting", asked, ((lists.since(each.requested_at, each.id), each) for each in found))

    def outbox(self, status: OutboxStatus, asked: Asked, before: datetime | None = None) -> Page[OutboxRow]:
        if status is OutboxStatus.DONE:
            raise ValueError("what is done stands in no list")
        found = self._those(OutboxRow, lambda each: each.status is status and _earlier(each.at, before))
        return lists.oldest_first(f"outbox#{status}", asked, ((lists.since(each.at, each.id), each) for each in found))

    def _those(self, kind: type[R], wanted: Callable[[R], bool]) -> tuple[R, ...]:
        """In the order of their keys."""
        with self._lock:
            found = [each for each in self._kept.values() if isinstance(each, kind) and wanted(each)]
        return tuple(sorted(found, key=lambda each: each.key))

    # --- tallies ------------------------------------------------------------------------------------------------------

    def tally(self, name: str, until: datetime) -> int:
        with self._lock:
            counted = self.tallied(name, until) + 1
            self._tallies[name] = (counted, until)
            return counted

    def tallied(self, name: str, until: datetime | None = None) -> int:
        count, kept_until = self._tallies.get(name, (0, None))
        if kept_until is None or kept_until <= self._clock.now() or (until and kept_until > until + APART):
            return 0
        return count


def _written(changes: tuple[Change, ...]) -> Iterable[Record]:
    for change in changes:
        match change:
            case Insert(record):
                yield record
            case Replace(_, after):
                yield after
            case Require() | Remove():
                pass


def _earlier(at: datetime, before: datetime | None) -> bool:
    return before is None or at < before
