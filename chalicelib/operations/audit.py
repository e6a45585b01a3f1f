"""The audit log: what staff did that is no step of an application, written in the commit that does it."""

from chalicelib.operations.ports import Insert, Ports
from chalicelib.rules.records import AuditEntry


def noted(ports: Ports, by: str, subject: str, deed: str, reason: str = "") -> Insert:
    """The entry as a change to commit. ``subject`` is an owner-like name: ``application:…``, ``staff:…``."""
    entry = AuditEntry(id=ports.ids.new("d"), subject=subject, at=ports.clock.now(), actor=by, deed=deed, reason=reason)
    return Insert(entry)
