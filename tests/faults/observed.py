"""The state of the world as one text that two runs can be compared by: what is kept, without when and under which id.

Left out is what may differ between a smooth run and a rough one: instants, versions, hand-over marks, ciphertexts, and
the counts of rate limits. An id becomes its prefix and its place among those that are in use.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.aws import personal
from chalicelib.aws.codec import decoded, encoded
from chalicelib.aws.places import RECORDS, copies_of, place_of
from chalicelib.aws.tables import Table
from chalicelib.rules.records import AuditEntry, Edition, Mail, Record
from chalicelib.rules.vocabulary import Personal
from chalicelib.time_and_ids import ROOT_LENGTH
from tests.faults.opening import reading
from tests.faults.world import World

_READ = TypeDeserializer()
UNSEEN = frozenset(
    {
        "version",
        "in_hand_until",
        "handed_at",
        "sealed",
        "file_sha256",
        "content_hash",
        "fingerprint",
        "password_hash",
        "last_step",
        "rounds",
        "place",
    }
)
SHOWN_ONCE = re.compile(
    r'("totp_secret": \{"masked": "\*\*\*", "plain": )"\w+"|("operation": "(?:open|reset)_account", "subject": )"\w+"'
)
LOOKS = frozenset({"open_file", "reveal"})  # every look is kept, and who has to look again has looked twice
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?([+-]\d\d:\d\d|Z)?")
CHINESE_INSTANT = re.compile(r"\d{4}年\d\d月\d\d日 \d\d:\d\d")
BY_THE_QUEUE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # SQS names its messages at random
IN_A_MOVEMENT = re.compile(r'(?<="id": ")\d{12}(?=-)')  # by the hour, so that a day's are in order
IN_AN_ID = re.compile(r"(?<!\d)20\d{12}(?!\d)")
SEALED_FILE = re.compile(r"-[0-9a-f]{16}-[0-9a-f]{16}\.pdf")
MEMBER_CODE_LENGTH = 8
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DAYS_LEFT = re.compile(r'(?<="days": ")\d+(?=")')  # as a reminder counts them on the day it is said


@dataclass(frozen=True)
class Row:
    """One item of a table: where it lies, the record in it (None: a data key or a count), and the item as stored."""

    table: Table
    pk: str
    sk: str
    record: Record | None
    raw: dict[str, Any]

    @property
    def is_copy(self) -> bool:
        if self.record is None:
            return False
        place = place_of(self.record)
        return (place.table, place.pk, place.sk) != (self.table, self.pk, self.sk)


@dataclass(frozen=True)
class Seen:
    """Everything there is at one moment. ``kept`` and ``quarantined``: the newest version of each object there."""

    rows: tuple[Row, ...]
    kept: dict[str, bytes]
    letters: tuple[tuple[tuple[str, ...], str], ...]
    notices: tuple[dict[str, Any], ...]
    quarantined: dict[str, bytes]

    def records(self, kind: type[Any]) -> list[Any]:
        return [row.record for row in self.rows if isinstance(row.record, kind) and not row.is_copy]


def look(world: World) -> Seen:
    rows = tuple(row for table in Table for row in _rows(world, table))
    kept = world.emulation.objects("Keeping")
    letters = (*world.emulation.letters(), *world.by_smtp)
    return Seen(rows, kept, letters, tuple(world.wechat.sent), world.emulation.objects("Uploads"))


def _rows(world: World, table: Table) -> Iterator[Row]:
    for raw in world.emulation.items(table.value.capitalize()):
        yield _row(table, _Raw(raw, repr(raw)))


@dataclass(frozen=True, eq=False)
class _Raw:
    """An item, alike where it is written alike."""

    item: dict[str, Any]
    written: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Raw) and self.written == other.written

    def __hash__(self) -> int:
        return hash(self.written)


@lru_cache(maxsize=20_000)
def _row(table: Table, raw: _Raw) -> Row:
    """Most items of a run are those of the run before: what was read once is known."""
    plain = {name: _READ.deserialize(value) for name, value in raw.item.items()}
    kind = RECORDS.get(plain.get("record", ""))
    return Row(table, plain["pk"], plain["sk"], decoded(kind, plain["body"]) if kind else None, raw.item)


def exactly(seen: Seen) -> dict[str, str]:
    """Every item to the letter, every object by its hash, everything that left, each under the name of its place."""
    items = {f"{row.table} {row.pk} {row.sk}": json.dumps(row.raw, sort_keys=True, default=repr) for row in seen.rows}
    buckets = {"keeping": seen.kept, "uploads": seen.quarantined}
    objects = {f"{name} {place}": _hash(data) for name, held in buckets.items() for place, data in held.items()}
    letters = {f"letter {n}": f"to {to}, {_hash(raw.encode())}" for n, (to, raw) in enumerate(seen.letters)}
    return items | objects | letters | {f"notice {n}": repr(each) for n, each in enumerate(seen.notices)}


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


def state(world: World, seen: Seen, *, days: bool = True) -> list[str]:
    """Sorted lines, one for each record and each kept object. ``days`` False: whatever day it happened on."""
    vault = reading(world, {row.pk: row.raw for row in seen.rows})
    lines = [_line(row.record, vault) for row in seen.rows if row.record is not None and _counts(row)]
    lines += [f"object {place}" for place in seen.kept if place not in orphans(seen)]
    whole = _without_time("\n".join(lines), days=days)
    return sorted(_named(whole, [*world.ids.given, *_derived(seen)]).split("\n"))


def _derived(seen: Seen) -> list[str]:
    """Ids of mails to contacts, hashed from the instant among others, in the order of their instants."""
    mails = [each for each in seen.records(Mail) if each.contact_of is not None]
    return [each.id for each in sorted(mails, key=lambda each: (each.asked_at, each.context.get("application", "")))]


def _counts(row: Row) -> bool:
    return not row.is_copy and not (isinstance(row.record, AuditEntry) and row.record.deed in LOOKS)


def orphans(seen: Seen) -> set[str]:
    """Certificates that were sealed and stored and did not come to count: made anew, each lies under its own hash."""
    named = {paper.file for each in seen.records(Edition) for paper in each.papers}
    return {place for place in seen.kept if place.startswith("certificates/")} - named


def _line(record: Record, vault: Any) -> str:
    def show(value: Personal, _: str) -> Personal:
        return Personal(value.masked, None, (value.plain or "").encode())

    body = encoded(personal.opened(record, vault), show)
    return f"{type(record).__name__} {json.dumps(_visible(body), ensure_ascii=False, sort_keys=True, default=_text)}"


def _visible(value: Any) -> Any:
    match value:
        case {"sealed": bytes() as plain, **rest}:
            return {**rest, "plain": plain.decode()}
        case dict():
            return {name: _visible(each) for name, each in value.items() if name not in UNSEEN}
        case list() | tuple():
            return [_visible(each) for each in value]
    return value


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _without_time(text: str, *, days: bool) -> str:
    text = SHOWN_ONCE.sub(r"\1\2…", SEALED_FILE.sub("-….pdf", text))
    for pattern in (INSTANT, CHINESE_INSTANT, IN_AN_ID, IN_A_MOVEMENT, BY_THE_QUEUE):
        text = pattern.sub("…", text)
    return text if days else DAYS_LEFT.sub("…", DAY.sub("…", text))


def _named(text: str, given: list[str]) -> str:
    """Ids by prefix and place. In the order they were given out, and only those that something is known under."""
    counted: Counter[str] = Counter()
    found = [each for each in given if each in text]
    for identity in found:
        prefix = {ROOT_LENGTH: "R", MEMBER_CODE_LENGTH: "#"}.get(len(identity), identity[0])
        counted[prefix] += 1
        text = text.replace(identity, f"<{prefix}{counted[prefix]}>")
    return text


def copies_astray(seen: Seen) -> list[str]:
    """Copy rows that differ from the record they copy, that nothing points to, or that are missing."""
    by_place = {(row.table, row.pk, row.sk): row for row in seen.rows}
    astray = []
    for row in seen.rows:
        if row.record is None:
            continue
        own = place_of(row.record)
        original = by_place.get((own.table, own.pk, own.sk))
        if row.is_copy and (original is None or original.record != row.record):
            astray.append(f"{row.pk} {row.sk}")
        if not row.is_copy:
            astray += [
                str(place) for place in copies_of(row.record) if (place.table, place.pk, place.sk) not in by_place
            ]
    return astray
