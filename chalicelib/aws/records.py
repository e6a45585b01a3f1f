"""The records in DynamoDB: what `Records` promises, from reading, writing, the vault and the tallies."""

import time
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeVar

from chalicelib.aws import personal
from chalicelib.aws.data_keys import DataKeyRows
from chalicelib.aws.indexes import (
    SUBMITTED_REQUESTS,
    WAITING_FILES,
    WAITING_STATEMENTS,
    decided,
    ending,
    invoiced,
    month,
    shard,
)
from chalicelib.aws.places import (
    PLACES,
    STAFF,
    STATEMENTS,
    binding_requests_list,
    instant,
    invoices_list,
    owners_list,
    roll_of,
)
from chalicelib.aws.positions import Index, Listing
from chalicelib.aws.reading import Reader
from chalicelib.aws.resources import Resources
from chalicelib.aws.rows import record_of
from chalicelib.aws.tables import Table, connection, models
from chalicelib.aws.tallies import Tallies
from chalicelib.aws.vault import Vault
from chalicelib.aws.wrapping import Wrapping
from chalicelib.aws.writing import Writer
from chalicelib.operations.ports import Asked, Change, Clock, Page
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
    Shelf,
    StaffAccount,
    Statement,
)
from chalicelib.rules.vocabulary import CertificateKind, State

READ_ATTEMPTS = 3

R = TypeVar("R", bound=Record)


class DynamoRecords:
    """``clock`` closes the windows of tallies; ``seconds`` (monotonic) ages the unwrapped data keys."""

    def __init__(
        self,
        resources: Resources,
        wrapping: Wrapping,
        clock: Clock,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        reading = connection(resources, READ_ATTEMPTS)
        tables = models(resources, reading)
        self._reader = Reader(tables, reading)
        self._vault = Vault(DataKeyRows(tables, self._reader), wrapping, seconds)
        self._writer = Writer(tables, connection(resources, attempts=1), self._reader, self._vault)
        self._tallies = Tallies(tables, self._reader, clock)

    def commit(self, *changes: Change) -> None:
        self._writer.commit(changes)

    # --- one and many -------------------------------------------------------------------------------------------------

    def get(self, kind: type[R], *key: str) -> R | None:
        row = self._reader.row(PLACES[kind](*key))
        found = record_of(row) if row is not None else None
        return found if isinstance(found, kind) else None

    def get_many(self, *wanted: tuple[type[Record], tuple[str, ...]]) -> tuple[Record | None, ...]:
        places = [PLACES[kind](*key) for kind, key in wanted]
        rows = self._reader.rows(places)
        return tuple(record_of(rows[place]) if place in rows else None for place in places)

    def opened(self, record: R) -> R:
        return personal.opened(record, self._vault)

    # --- what is read together ----------------------------------------------------------------------------------------

    def folder(self, application: str) -> Folder | None:
        lying = self._partition_of(Application, application)
        head, shelf = _only(Application, lying), _only(Shelf, lying)
        if head is None or shelf is None:
            return None
        look = _only(Look, lying)
        return Folder(head, shelf, _those(Entry, lying), judged(_those(MaterialFile, lying), look), look)

    def dossier(self, enterprise: str) -> Dossier | None:
        lying = self._partition_of(Enterprise, enterprise)
        head = _only(Enterprise, lying)
        if head is None:
            return None
        return Dossier(head, _those(Binding, lying), _those(MembershipYear, lying), _those(Certificate, lying))

    def family(self, root: str) -> Family | None:
        lying = self._partition_of(Certificate, root)
        head = _only(Certificate, lying)
        if head is None:
            return None
        # The order of keys is not the order of numbers beyond the 99th version.
        return Family(head, tuple(sorted(_those(Edition, lying), key=lambda each: each.ordinal)))

    def request_folder(self, request: str) -> RequestFolder | None:
        lying = self._partition_of(BindingRequest, request)
        head, shelf = _only(BindingRequest, lying), _only(Shelf, lying)
        if head is None or shelf is None:
            return None
        return RequestFolder(head, shelf, _those(MaterialFile, lying))

    def staff_accounts(self) -> tuple[StaffAccount, ...]:
        return _those(StaffAccount, self._reader.partition(Table.ACCOUNTS, STAFF))

    def _partition_of(self, kind: type[Record], key: str) -> tuple[Record, ...]:
        place = PLACES[kind](key)
        return self._reader.partition(place.table, place.pk)

    # --- a person's own lists: strongly consistent --------------------------------------------------------------------

    def applications_of(self, owner: str, asked: Asked) -> Page[Application]:
        return self._page(Application, asked, Table.APPLICATIONS, owners_list(owner), newest_first=True)

    def messages_of(self, user: str, asked: Asked) -> Page[Message]:
        return self._page(Message, asked, Table.ACCOUNTS, PLACES[Message](user, "").pk, newest_first=True)

    def practitioners_of(self, enterprise: str, asked: Asked) -> Page[Practitioner]:
        return self._page(Practitioner, asked, Table.ENTERPRISES, roll_of(enterprise), newest_first=True)

    def invoices_of(self, owner: str, asked: Asked) -> Page[Invoice]:
        return self._page(Invoice, asked, Table.APPLICATIONS, invoices_list(owner), newest_first=True)

    def binding_requests_of(self, user: str, asked: Asked) -> Page[BindingRequest]:
        return self._page(BindingRequest, asked, Table.APPLICATIONS, binding_requests_list(user), newest_first=True)

    def audit_of(self, subject: str, asked: Asked) -> Page[AuditEntry]:
        return self._page(AuditEntry, asked, Table.ACCOUNTS, PLACES[AuditEntry](subject, "", "").pk, newest_first=True)

    def statements(self, asked: Asked) -> Page[Statement]:
        return self._page(Statement, asked, Table.APPLICATIONS, STATEMENTS, newest_first=True)

    def lines_of(self, statement: str, asked: Asked) -> Page[BankLine]:
        return self._page(BankLine, asked, Table.APPLICATIONS, PLACES[BankLine](statement, "").pk, newest_first=False)

    # --- the lists of staff and sweepers, by indexes that may lag -----------------------------------------------------

    def applications_in(self, state: State, asked: Asked, before: datetime | None = None) -> Page[Application]:
        return self._queue(Application, asked, f"state#{state}", before)

    def payments_in(self, status: PaymentStatus, asked: Asked) -> Page[Payment]:
        return self._queue(Payment, asked, f"payment#{status}", None)

    def files_waiting(self, before: datetime, asked: Asked) -> Page[MaterialFile]:
        return self._queue(MaterialFile, asked, WAITING_FILES, before)

    def statements_waiting(self, before: datetime, asked: Asked) -> Page[Statement]:
        return self._queue(Statement, asked, WAITING_STATEMENTS, before)

    def payments_decided(self, day: date, asked: Asked) -> Page[Payment]:
        return self._queue(Payment, asked, decided(day), None)

    def invoices_to_issue(self, asked: Asked) -> Page[Invoice]:
        return self._queue(Invoice, asked, f"invoice#{InvoiceStatus.REQUESTED}", None)

    def invoices_issued(self, day: date, asked: Asked) -> Page[Invoice]:
        return self._queue(Invoice, asked, invoiced(day), None)

    def movements_on(self, day: date, asked: Asked) -> Page[Movement]:
        place = PLACES[Movement](day.isoformat(), "")
        return self._page(Movement, asked, place.table, place.pk, newest_first=True)

    def certificates_issued(self, month_of: date, asked: Asked) -> Page[Certificate]:
        return self._reader.page(Listing(Table.CERTIFICATES, month(month_of), Index.ISSUED), Certificate, asked)

    def certificates_ending(self, kind: CertificateKind, last: date, asked: Asked) -> Page[Certificate]:
        return self._reader.page(Listing(Table.CERTIFICATES, ending(kind, last), Index.ENDING), Certificate, asked)

    def practitioners_ending(self, last: date, asked: Asked) -> Page[Practitioner]:
        return self._reader.page(Listing(Table.ENTERPRISES, last.isoformat(), Index.ENDING), Practitioner, asked)

    def enterprises_in(self, shard_of: int, asked: Asked) -> Page[Enterprise]:
        return self._reader.page(Listing(Table.ENTERPRISES, shard(shard_of), Index.SHARDS), Enterprise, asked)

    def enterprises_named(self, name: str, asked: Asked) -> Page[Enterprise]:
        return self._reader.page(Listing(Table.ENTERPRISES, name_key(name), Index.NAMES), Enterprise, asked)

    def binding_requests_submitted(self, asked: Asked) -> Page[BindingRequest]:
        return self._queue(BindingRequest, asked, SUBMITTED_REQUESTS, None)

    def outbox(self, status: OutboxStatus, asked: Asked, before: datetime | None = None) -> Page[OutboxRow]:
        if status is OutboxStatus.DONE:
            raise ValueError("what is done stands in no list")
        listing = Listing(Table.OUTBOX, status.value, Index.WAITING, before=_bound(before))
        return self._reader.page(listing, OutboxRow, asked)

    def _page(self, kind: type[R], asked: Asked, table: Table, pk: str, *, newest_first: bool) -> Page[R]:
        return self._reader.page(Listing(table, pk, newest_first=newest_first), kind, asked)

    def _queue(self, kind: type[R], asked: Asked, queue: str, before: datetime | None) -> Page[R]:
        return self._reader.page(Listing(Table.APPLICATIONS, queue, Index.QUEUE, before=_bound(before)), kind, asked)

    # --- tallies ------------------------------------------------------------------------------------------------------

    def tally(self, name: str, until: datetime) -> int:
        return self._tallies.count(name, until)

    def tallied(self, name: str, until: datetime | None = None) -> int:
        return self._tallies.counted(name, until)


def _bound(before: datetime | None) -> str | None:
    return instant(before) if before else None


def _those(kind: type[R], lying: Iterable[Record]) -> tuple[R, ...]:
    return tuple(each for each in lying if isinstance(each, kind))


def _only(kind: type[R], lying: Iterable[Record]) -> R | None:
    return next(iter(_those(kind, lying)), None)
