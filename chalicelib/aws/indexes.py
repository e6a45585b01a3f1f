"""By which attributes indexes and the time to live find a record's own row. Sparse: without them it is in no list."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.aws.places import instant
from chalicelib.rules.identifiers import name_key
from chalicelib.rules.records import (
    Acknowledgement,
    Application,
    BindingRequest,
    Certificate,
    Enterprise,
    Invoice,
    InvoiceStatus,
    Issuance,
    MaterialFile,
    OutboxRow,
    OutboxStatus,
    Payment,
    Practitioner,
    Record,
    RequestStatus,
    Statement,
    StatementStatus,
)
from chalicelib.rules.vocabulary import CertificateKind, FileStatus

DONE_STAYS = timedelta(days=30)
WAITING_FILES = "file#waiting"
WAITING_STATEMENTS = "statement#waiting"
SUBMITTED_REQUESTS = f"binding_request#{RequestStatus.SUBMITTED}"

Aside = dict[str, str | int]


def listed(record: Record) -> Aside:
    """The attributes beside the body of a record's own row; copy rows have none."""
    return LISTED[type(record)](record) if type(record) in LISTED else {}


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def ending(kind: CertificateKind, last: date) -> str:
    return f"{kind}#{last.isoformat()}"


def shard(number: int) -> str:
    return f"enterprises#{number}"


def decided(day: date) -> str:
    """The list of what finance decided on a day; a list of all it ever decided would have no end."""
    return f"payment#decided#{day.isoformat()}"


def _queued(queue: str, at: datetime, identity: str) -> Aside:
    return {"queue": queue, "queued_at": f"{instant(at)}#{identity}"}


def _application(record: Application) -> Aside:
    """What was withdrawn before anybody submitted it is no business of the staff."""
    if record.state.final and record.submitted_at is None:
        return {}
    return _queued(f"state#{record.state}", record.since, record.id)


def _payment(record: Payment) -> Aside:
    if record.decided_at is not None:
        return _queued(decided(record.decided_at.date()), record.decided_at, record.id)
    return _queued(f"payment#{record.status}", record.submitted_at, record.id)


def invoiced(day: date) -> str:
    """The list of what was issued on a day, replaced since or not."""
    return f"invoice#issued#{day.isoformat()}"


def _invoice(record: Invoice) -> Aside:
    if record.issued_at is not None:
        return _queued(invoiced(record.issued_at.date()), record.issued_at, record.id)
    waiting = record.status is InvoiceStatus.REQUESTED
    return _queued(f"invoice#{record.status}", record.requested_at, record.id) if waiting else {}


def _file(record: MaterialFile) -> Aside:
    waiting = record.status is FileStatus.WAITING
    return _queued(WAITING_FILES, record.requested_at, record.id) if waiting else {}


def _statement(record: Statement) -> Aside:
    waiting = record.status in (StatementStatus.WAITING, StatementStatus.READING)
    return _queued(WAITING_STATEMENTS, record.asked_at, record.id) if waiting else {}


def _binding_request(record: BindingRequest) -> Aside:
    if record.status is not RequestStatus.SUBMITTED or record.submitted_at is None:
        return {}
    return _queued(SUBMITTED_REQUESTS, record.submitted_at, record.id)


def _certificate(record: Certificate) -> Aside:
    if record.issuance is not Issuance.ISSUED:
        return {}
    return {
        "issued_month": month(record.issued_on), "issued_at": f"{record.issued_on.isoformat()}#{record.number}",
        "ends_on": ending(record.kind, record.valid_to), "number": record.number,
    }  # fmt: skip


def _enterprise(record: Enterprise) -> Aside:
    return {"shard": shard(record.shard), "enterprise": record.id, "named": name_key(record.name)}


def _practitioner(record: Practitioner) -> Aside:
    return {"ends_on": record.valid_to.isoformat(), "number": record.certificate_number}


def _outbox_row(record: OutboxRow) -> Aside:
    if record.status is OutboxStatus.DONE:
        last = record.handed_at or record.at  # its messages live 14 days from then: they still find it done
        return {"expires_at": int((last + DONE_STAYS).timestamp())}
    return {"waiting": record.status.value, "at": f"{instant(record.at)}#{record.id}"}


def _acknowledgement(record: Acknowledgement) -> Aside:
    return {"expires_at": int(record.expires_at.timestamp())}


LISTED: Mapping[type[Record], Callable[[Any], Aside]] = {
    Application: _application,
    Payment: _payment,
    Invoice: _invoice,
    MaterialFile: _file,
    Statement: _statement,
    BindingRequest: _binding_request,
    Certificate: _certificate,
    Enterprise: _enterprise,
    Practitioner: _practitioner,
    OutboxRow: _outbox_row,
    Acknowledgement: _acknowledgement,
}
