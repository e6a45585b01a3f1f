"""Sealing in memory: no secret, but as awkward as the real one, so that tests notice who forgot to open a record."""

from base64 import b64decode, b64encode
from json import dumps, loads
from typing import TypeVar

from chalicelib.memory.personal import with_personal
from chalicelib.memory.soundness import NotOpenedError
from chalicelib.rules.records import Record
from chalicelib.rules.vocabulary import Personal

R = TypeVar("R", bound=Record)


def sealed(record: R) -> R:
    """As it is kept: every personal value closed. Raises NotOpenedError for one that was sealed for another place."""

    def close(value: Personal, path: str) -> Personal:
        place = _place(record, path)
        if value.plain is not None:
            return Personal(value.masked, None, b64encode(dumps([place, value.plain]).encode()))
        if value.sealed is None or _read(value.sealed)[0] != place:
            raise NotOpenedError(path)
        return value

    return with_personal(record, close)


def opened(record: R) -> R:
    """With every personal value readable. Raises NotOpenedError as ``sealed`` does."""

    def open_(value: Personal, path: str) -> Personal:
        if value.plain is not None:
            return value
        place, plain = _read(value.sealed) if value.sealed else ("", "")
        if place != _place(record, path):
            raise NotOpenedError(path)
        return Personal(value.masked, plain, value.sealed)

    return with_personal(record, open_)


def _place(record: Record, path: str) -> str:
    return "|".join((type(record).__name__, *record.key, path))


def _read(blob: bytes) -> tuple[str, str]:
    place, plain = loads(b64decode(blob))
    return place, plain
