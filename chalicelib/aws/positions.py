"""Lists and the positions in them. A position is only good for the list that gave it out."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from json import dumps, loads
from typing import Any, Self

from chalicelib.aws.places import LONGEST_SK, Place
from chalicelib.aws.tables import Row, Table
from chalicelib.operations.ports import Asked, BadPosition

LARGEST_PAGE = 100
LONGEST_POSITION = 8192


class Index(Enum):
    """The indexes, with the attributes they sort under and by."""

    QUEUE = "queue", "queue", "queued_at"
    ISSUED = "issued", "issued_month", "issued_at"
    WAITING = "waiting", "waiting", "at"
    ENDING = "ending", "ends_on", "number"
    SHARDS = "shards", "shard", "enterprise"
    NAMES = "names", "named", "enterprise"

    def __new__(cls, value: str, under: str, by: str) -> Self:
        index = object.__new__(cls)
        index._value_ = value
        index.under = under
        index.by = by
        return index

    under: str
    by: str


@dataclass(frozen=True)
class Listing:
    """One list: a partition of a table, or of an index of it; ``before`` bounds what it sorts by."""

    table: Table
    within: str
    index: Index | None = None
    newest_first: bool = False
    before: str | None = None

    @property
    def _keys(self) -> tuple[str, ...]:
        return (self.index.by, "pk", "sk") if self.index else ("sk",)


def position(listing: Listing, row: Row) -> str:
    """Where the page after this row starts."""
    place = [getattr(row, name) for name in listing._keys]  # noqa: SLF001 - of the class above
    return urlsafe_b64encode(dumps([_name(listing), *place]).encode()).decode().rstrip("=")


def start(listing: Listing, asked: Asked) -> dict[str, Any] | None:
    """The key to start after, None for the first page. Raises BadPosition, and ValueError for an impossible limit."""
    if not 1 <= asked.limit <= LARGEST_PAGE:
        raise ValueError("a page holds 1 to 100")
    if asked.position is None:
        return None
    given = _read(asked.position)
    keys = listing._keys  # noqa: SLF001 - of the class above
    if len(given) != len(keys) + 1 or given[0] != _name(listing):
        raise BadPosition
    known = dict(zip(keys, given[1:], strict=True))
    under = {listing.index.under: listing.within} if listing.index else {"pk": listing.within}
    return {name: {"S": value} for name, value in {**known, **under}.items()}


def _name(listing: Listing) -> str:
    """Hashed: a position travels in addresses, and need not say whose list it is of."""
    name = f"{listing.table}|{listing.index.value if listing.index else ''}|{listing.within}"
    return sha256(name.encode()).hexdigest()[:12]


def _read(text: str) -> list[str]:
    if len(text) > LONGEST_POSITION:
        raise BadPosition
    try:
        given = loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except (ValueError, RecursionError) as problem:
        raise BadPosition from problem
    if not isinstance(given, list) or not all(_can_be_a_key(each) for each in given):
        raise BadPosition
    return given


def _can_be_a_key(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_SK and Place(Table.OUTBOX, "-", value).possible
