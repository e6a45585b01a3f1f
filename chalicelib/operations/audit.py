"""The audit log: what staff did that is no step of an application, written in the commit that does it."""

from datetime import datetime

from chalicelib.operations.ports import Insert, Ports
from chalicelib.rules.records import AuditEntry
from chalicelib.rules.vocabulary import Reason, Refused

NO_REASON = Reason("reason_required", "必须写明理由。", "请写明理由后再提交。", "reason")


def reason_given(reason: str) -> str:
    """As it is kept. Raises Refused where there is none: what staff do beside the steps is logged with its reason."""
    if not reason.strip():
        raise Refused(NO_REASON)
    return reason.strip()


def noted(ports: Ports, by: str, subject: str, deed: str, reason: str = "", at: datetime | None = None) -> Insert:
    """The entry as a change to commit. ``subject`` is an owner-like name: ``application:…``, ``staff:…``.

    ``at``: the instant the deed itself is dated by, where it is dated.
    """
    when = at or ports.clock.now()
    return Insert(AuditEntry(id=ports.ids.new("d"), subject=subject, at=when, actor=by, deed=deed, reason=reason))
