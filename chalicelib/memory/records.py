"""Records in memory: as strict as the real store about conditions, versions, paging, and who has opened what."""

from collections.abc import Iterable
from datetime import date, datetime
from threading import RLock
from typing import TypeVar

from chalicelib.memory import lists, vault
from chalicelib.memory.kept import Kept
from chalicelib.memory.soundness import refuse_unsound, subject_of, target
from chalicelib.operations.ports import APART, Asked, Change, Clock, Conflict, Insert, Page, Remove, Replace, Require
from chalicelib.rules.identifiers import name_key
from chalicelib.rules.looks import judged
from chalicelib.rules.records import (
    Application,
    AuditEntry,
    BankLine,
    Binding,
    BindingRequest,
    Certificate,
    Dossier,
    Edition,
    Enterprise,
    Entry,
    Family,
    Folder,
    Invoice,
    InvoiceStatus,
    Issuance,
    Look,
    MaterialFile,
    MembershipYear,
    Message,
    Movement,
    OutboxRow,
    OutboxStatus,
    Payment,
    PaymentStatus,
    Practitioner,
    Record,
    RequestFolder,
    RequestStatus,
    Shelf,
    StaffAccount,
    Statement,
    StatementStatus,
    enterprise_owner,
)
from chalicelib.rules.vocabulary import CertificateKind, FileStatus, State

R = TypeVar("R", bound=Record)


class MemoryRecords:
    """One mapping behind one lock. Personal values are kept sealed: only ``opened`` makes them readable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._kept = Kept()
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
            entries = self._those(Entry, application=application)
            files = self._those(MaterialFile, application=application)
            look = self.get(Look, application)
            return Folder(head, shelf, entries, judged(files, look), look)

    def dossier(self, enterprise: str) -> Dossier | None:
        with self._lock:
            head = self.get(Enterprise, enterprise)
            if head is None:
                return None
            bindings = self._those(Binding, enterprise=enterprise)
            years = self._those(MembershipYear, enterprise=enterprise)
            held = self._those(Certificate, holder=enterprise_owner(enterprise))
            return Dossier(head, bindings, years, held)

    def family(self, root: str) -> Family | None:
        with self._lock:
            head = self.get(Certificate, root)
            if head is None:
                return None
            editions = self._those(Edition, root=root)
            return Family(head, tuple(sorted(editions, key=lambda each: each.ordinal)))

    def request_folder(self, request: str) -> RequestFolder | None:
        with self._lock:
            head, shelf = self.get(BindingRequest, request), self.get(Shelf, request)
            if head is None or shelf is None:
                return None
            return RequestFolder(head, shelf, self._those(MaterialFile, application=request))

    def staff_accounts(self) -> tuple[StaffAccount, ...]:
        return self._those(StaffAccount)

    # --- lists --------------------------------------------------------------------------------------------------------

    def applications_of(self, owner: str, asked: Asked) -> Page[Application]:
        found = self._those(Application, owner=owner)
        return lists.newest_first(
            f"of#{owner}", asked, ((lists.since(each.opened_at, each.id), each) for each in found)
        )

    def messages_of(self, user: str, asked: Asked) -> Page[Message]:
        found = self._those(Message, user=user)
        return lists.newest_first(f"messages#{user}", asked, (((each.id,), each) for each in found))

    def practitioners_of(self, enterprise: str, asked: Asked) -> Page[Practitioner]:
        found = self._those(Practitioner, employer=enterprise)
        rows = (((each.valid_to.isoformat(), each.id), each) for each in found)
        return lists.newest_first(f"practitioners#{enterprise}", asked, rows)

    def invoices_of(self, owner: str, asked: Asked) -> Page[Invoice]:
        found = self._those(Invoice, owner=owner)
        rows = ((lists.since(each.requested_at, each.id), each) for each in found)
        return lists.newest_first(f"invoices#{owner}", asked, rows)

    def binding_requests_of(self, user: str, asked: Asked) -> Page[BindingRequest]:
        found = self._those(BindingRequest, user=user)
        rows = ((lists.since(each.opened_at, each.id), each) for each in found)
        return lists.newest_first(f"binding-requests#{user}", asked, rows)

    def audit_of(self, subject: str, asked: Asked) -> Page[AuditEntry]:
        found = self._those(AuditEntry, subject=subject)
        return lists.newest_first(f"audit#{subject}", asked, ((lists.since(each.at, each.id), each) for each in found))

    def statements(self, asked: Asked) -> Page[Statement]:
        found = self._those(Statement)
        return lists.newest_first("statements", asked, ((lists.since(each.asked_at, each.id), each) for each in found))

    def lines_of(self, statement: str, asked: Asked) -> Page[BankLine]:
        found = self._those(BankLine, statement=statement)
        return lists.oldest_first(f"lines#{statement}", asked, (((each.id,), each) for each in found))

    def statements_waiting(self, before: datetime, asked: Asked) -> Page[Statement]:
        waiting = (StatementStatus.WAITING, StatementStatus.READING)
        found = (each for each in self._those(Statement) if each.status in waiting and each.asked_at < before)
        rows = ((lists.since(each.asked_at, each.id), each) for each in found)
        return lists.oldest_first("statements waiting", asked, rows)

    def applications_in(self, state: State, asked: Asked, before: datetime | None = None) -> Page[Application]:
        there = (each for each in self._those(Application, state=state) if _earlier(each.since, before))
        found = (each for each in there if each.submitted_at is not None or not state.final)
        return lists.oldest_first(f"state#{state}", asked, ((lists.since(each.since, each.id), each) for each in found))

    def payments_in(self, status: PaymentStatus, asked: Asked) -> Page[Payment]:
        found = (each for each in self._those(Payment, status=status) if each.decided_at is None)
        rows = ((lists.since(each.submitted_at, each.id), each) for each in found)
        return lists.oldest_first(f"payment#{status}", asked, rows)

    def payments_decided(self, day: date, asked: Asked) -> Page[Payment]:
        decided = ((each.decided_at, each) for each in self._those(Payment))
        rows = ((lists.since(at, each.id), each) for at, each in decided if at is not None and at.date() == day)
        return lists.oldest_first(f"decided#{day}", asked, rows)

    def invoices_to_issue(self, asked: Asked) -> Page[Invoice]:
        found = self._those(Invoice, status=InvoiceStatus.REQUESTED)
        rows = ((lists.since(each.requested_at, each.id), each) for each in found)
        return lists.oldest_first("invoices", asked, rows)

    def invoices_issued(self, day: date, asked: Asked) -> Page[Invoice]:
        issued = ((each.issued_at, each) for each in self._those(Invoice))
        rows = ((lists.since(at, each.id), each) for at, each in issued if at is not None and at.date() == day)
        return lists.oldest_first(f"invoiced#{day}", asked, rows)

    def movements_on(self, day: date, asked: Asked) -> Page[Movement]:
        found = self._those(Movement, day=day)
        return lists.newest_first(f"movements#{day}", asked, (((each.id,), each) for each in found))

    def certificates_issued(self, month: date, asked: Asked) -> Page[Certificate]:
        issued = (each for each in self._those(Certificate) if each.issuance is Issuance.ISSUED)
        found = (each for each in issued if f"{each.issued_on:%Y-%m}" == f"{month:%Y-%m}")
        rows = (((each.issued_on.isoformat(), each.number), each) for each in found)
        return lists.oldest_first(f"issued#{month:%Y-%m}", asked, rows)

    def certificates_ending(self, kind: CertificateKind, last: date, asked: Asked) -> Page[Certificate]:
        ending = (each for each in self._those(Certificate, valid_to=last) if each.kind is kind)
        found = (each for each in ending if each.issuance is Issuance.ISSUED)
        return lists.oldest_first(f"ending#{kind}#{last}", asked, (((each.number,), each) for each in found))

    def practitioners_ending(self, last: date, asked: Asked) -> Page[Practitioner]:
        found = self._those(Practitioner, valid_to=last)
        rows = (((each.certificate_number, each.id), each) for each in found)
        return lists.oldest_first(f"practitioners-ending#{last}", asked, rows)

    def enterprises_in(self, shard: int, asked: Asked) -> Page[Enterprise]:
        found = self._those(Enterprise, shard=shard)
        return lists.oldest_first(f"enterprises#{shard}", asked, (((each.id,), each) for each in found))

    def enterprises_named(self, name: str, asked: Asked) -> Page[Enterprise]:
        wanted = name_key(name)
        found = (each for each in self._those(Enterprise) if name_key(each.name) == wanted)
        return lists.oldest_first(f"named#{wanted}", asked, (((each.id,), each) for each in found))

    def binding_requests_submitted(self, asked: Asked) -> Page[BindingRequest]:
        found = self._those(BindingRequest, status=RequestStatus.SUBMITTED)
        rows = ((lists.since(each.submitted_at or each.opened_at, each.id), each) for each in found)
        return lists.oldest_first("binding-requests", asked, rows)

    def files_waiting(self, before: datetime, asked: Asked) -> Page[MaterialFile]:
        waiting = self._those(MaterialFile, status=FileStatus.WAITING)
        found = (each for each in waiting if each.requested_at < before)
        return lists.oldest_first("waiting", asked, ((lists.since(each.requested_at, each.id), each) for each in found))

    def outbox(self, status: OutboxStatus, asked: Asked, before: datetime | None = None) -> Page[OutboxRow]:
        if status is OutboxStatus.DONE:
            raise ValueError("what is done stands in no list")
        found = (each for each in self._those(OutboxRow, status=status) if _earlier(each.at, before))
        return lists.oldest_first(f"outbox#{status}", asked, ((lists.since(each.at, each.id), each) for each in found))

    def _those(self, kind: type[R], **sought: object) -> tuple[R, ...]:
        """In the order of their keys."""
        with self._lock:
            return self._kept.those(kind, **sought)

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
