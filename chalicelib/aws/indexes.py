"""By which attributes indexes and the time to live find a record's own row. Sparse: without them it is in no list."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.aws.places import instant
from chalicelib.rules.records import (
    Acknowledgement,
    Application,
    Certificate,
    Issuance,
    MaterialFile,
    OutboxRow,
    OutboxStatus,
    Payment,
    Record,
)
from chalicelib.rules.vocabulary import FileStatus

DONE_STAYS = timedelta(days=30)
WAITING_FILES = "file#waiting"

Aside = dict[str, str | int]


def listed(record: Record) -> Aside:
    """The attributes beside the body of a record's own row; copy rows have none."""
    return LISTED[type(record)](record) if type(record) in LISTED else {}


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def _queued(queue: str, at: datetime, identity: str) -> Aside:
    return {"queue": queue, "queued_at": f"{instant(at)}#{identity}"}


def _application(record: Application) -> Aside:
    """What was withdrawn before anybody submitted it is no business of the staff."""
    if record.state.final and record.submitted_at is None:
        return {}
    return _queued(f"state#{record.state}", record.since, record.id)


def _payment(record: Payment) -> Aside:
    return _queued(f"payment#{record.status}", record.submitted_at, record.id)


def _file(record: MaterialFile) -> Aside:
    waiting = record.status is FileStatus.WAITING
    return _queued(WAITING_FILES, record.requested_at, record.id) if waiting else {}


def _certificate(record: Certificate) -> Aside:
    if record.issuance is not Issuance.ISSUED:
        return {}
    return {"issued_month": month(record.issued_on), "issued_at": f"{record.issued_on.isoformat()}#{record.number}"}


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
    MaterialFile: _file,
    Certificate: _certificate,
    OutboxRow: _outbox_row,
    Acknowledgement: _acknowledgement,
}
