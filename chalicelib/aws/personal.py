"""The personal values of records on their way in and out: whose key they are under, and that they are sealed at all."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chalicelib.aws.codec import decoded, encoded
from chalicelib.aws.places import place_of
from chalicelib.aws.vault import NotOpenedError, Vault, refuse_foreign
from chalicelib.rules.records import (
    Application,
    BankLine,
    BindingRequest,
    Edition,
    Enterprise,
    Invoice,
    Look,
    Mail,
    MaterialFile,
    Practitioner,
    Record,
    StaffAccount,
    Statement,
    User,
    enterprise_owner,
    user_owner,
)
from chalicelib.rules.vocabulary import Personal

R = TypeVar("R", bound=Record)


SUBJECTS: Mapping[type[Record], Callable[[Any], str]] = {
    Application: lambda record: record.owner,
    MaterialFile: lambda record: f"application:{record.application}",
    Look: lambda record: f"application:{record.application}",
    BindingRequest: lambda record: user_owner(record.user),
    Enterprise: lambda record: enterprise_owner(record.id),
    Invoice: lambda record: record.owner,
    Practitioner: lambda record: enterprise_owner(record.employer) if record.employer else f"practitioner:{record.id}",
    Edition: lambda record: f"certificate:{record.root}",
    User: lambda record: user_owner(record.id),
    StaffAccount: lambda record: f"staff:{record.name}",
    Statement: lambda record: f"statement:{record.id}",
    BankLine: lambda record: f"statement:{record.statement}",
    Mail: lambda record: record.asked_by if ":" in record.asked_by else user_owner(record.asked_by),
}


def subject_of(record: Record) -> str:
    """Whose data key the personal values of a record are sealed under. Raises LookupError where none is foreseen."""
    subject = SUBJECTS.get(type(record))
    if subject is None:
        raise LookupError(f"whose are the personal values of {type(record).__name__}?")
    return subject(record)


def sealed_body(record: Record, vault: Vault) -> dict[str, Any]:
    """The record's body with every personal value sealed. Raises NotOpenedError for one that came from elsewhere."""
    place = place_of(record)

    def seal(value: Personal, path: str) -> Personal:
        here = f"{place}|{path}"
        if value.plain is not None:
            return Personal(value.masked, None, vault.seal(subject_of(record), here, value.plain))
        if value.sealed is None:
            raise NotOpenedError(f"neither plain nor sealed: {here}")
        refuse_foreign(here, value.sealed)
        return value

    return encoded(record, seal)


def opened(record: R, vault: Vault) -> R:
    """The same record with its personal values readable; those that are readable already stay as they are."""
    place = place_of(record)
    readable: dict[str, Personal] = {}

    def remember(value: Personal, path: str) -> Personal:
        readable[path] = value
        return value

    def open_(value: Personal, path: str) -> Personal:
        known = readable[path]
        if known.plain is not None:
            return known
        if value.sealed is None:
            raise NotOpenedError(f"neither plain nor sealed: {place}|{path}")
        return Personal(value.masked, vault.open(f"{place}|{path}", value.sealed), value.sealed)

    body = encoded(record, remember)
    return decoded(type(record), body, open_)
