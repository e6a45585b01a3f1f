"""The personal values of records on their way in and out: whose key they are under, and that they are sealed at all."""

from typing import Any, TypeVar

from chalicelib.aws.codec import decoded, encoded
from chalicelib.aws.places import place_of
from chalicelib.aws.vault import NotOpenedError, Vault, refuse_foreign
from chalicelib.rules.records import (
    Application,
    Enterprise,
    Mail,
    MaterialFile,
    Record,
    StaffAccount,
    User,
    enterprise_owner,
    user_owner,
)
from chalicelib.rules.vocabulary import Personal

R = TypeVar("R", bound=Record)


def subject_of(record: Record) -> str:
    """Whose data key the personal values of a record are sealed under. Raises LookupError where none is foreseen."""
    match record:
        case Application(owner=owner):
            return owner
        case MaterialFile(application=application):
            return f"application:{application}"
        case Enterprise(id=enterprise):
            return enterprise_owner(enterprise)
        case User(id=user):
            return user_owner(user)
        case StaffAccount(name=name):
            return f"staff:{name}"
        case Mail(asked_by=asker):
            return asker if ":" in asker else user_owner(asker)
    raise LookupError(f"whose are the personal values of {type(record).__name__}?")


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
