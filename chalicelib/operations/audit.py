"""The audit log: what staff did that is no step of an application, written in the commit that does it."""

from dataclasses import replace
from datetime import datetime

from chalicelib.operations.ports import Insert, Ports
from chalicelib.rules.records import AuditEntry
from chalicelib.rules.vocabulary import Reason, Refused

NO_REASON = Reason("reason_required", "必须写明理由。", "请写明理由后再提交。", "reason")


def reason_given(reason: str, told: str = NO_REASON.message, following: str = NO_REASON.next) -> str:
    """As it is kept. Raises Refused where there is none: what staff do beside the steps is logged with its reason.

    ``told`` names what the reason is wanted for, ``following`` the next step.
    """
    if not reason.strip():
        raise Refused(replace(NO_REASON, message=told, next=following))
    return reason.strip()


def noted(ports: Ports, by: str, subject: str, deed: str, reason: str = "", at: datetime | None = None) -> Insert:
    """The entry as a change to commit. ``subject`` is an owner-like name: ``application:…``, ``staff:…``.

    ``at``: the instant the deed itself is dated by, where it is dated.
    """
    when = at or ports.clock.now()
    return Insert(AuditEntry(id=ports.ids.new("d"), subject=subject, at=when, actor=by, deed=deed, reason=reason))
