"""Everything that is kept, as one mapping that finds a kind's records by what they are often asked for.

It is a mapping like any other: whoever clears it, puts it back or takes one record away leaves nothing to be found.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TypeVar

from chalicelib.memory.soundness import Target
from chalicelib.rules.records import (
    Application,
    AuditEntry,
    BankLine,
    Binding,
    BindingRequest,
    Certificate,
    Edition,
    Enterprise,
    Entry,
    Invoice,
    MaterialFile,
    MembershipYear,
    Message,
    Movement,
    OutboxRow,
    Payment,
    Practitioner,
    Record,
)

R = TypeVar("R", bound=Record)
Place = tuple[type[Record], str, object]

# By which of its values a kind is looked for, beside its key; what stands here is found without going through all.
SOUGHT_BY: Mapping[type[Record], tuple[str, ...]] = {
    Application: ("owner", "state"),
    AuditEntry: ("subject",),
    BankLine: ("statement",),
    Binding: ("enterprise",),
    BindingRequest: ("user", "status"),
    Certificate: ("holder", "valid_to"),
    Edition: ("root",),
    Enterprise: ("shard",),
    Entry: ("application",),
    Invoice: ("owner", "status"),
    MaterialFile: ("application", "status"),
    MembershipYear: ("enterprise",),
    Message: ("user",),
    Movement: ("day",),
    OutboxRow: ("status",),
    Payment: ("status",),
    Practitioner: ("employer", "valid_to"),
}
ITSELF = ""


class Kept(MutableMapping[Target, Record]):
    def __init__(self) -> None:
        self._all: dict[Target, Record] = {}
        self._found: defaultdict[Place, dict[Target, Record]] = defaultdict(dict)

    def those(self, kind: type[R], **sought: object) -> tuple[R, ...]:
        """All of a kind, or those with one value that `SOUGHT_BY` names, in the order of their keys.

        Raises LookupError for a value by which the kind is not kept: it would be found nowhere.
        """
        name, value = next(iter(sought.items()), (ITSELF, None))
        if name not in (ITSELF, *SOUGHT_BY.get(kind, ())):
            raise LookupError(f"{kind.__name__} is not kept by its {name}")
        there = self._found.get((kind, name, value), {})
        return tuple(sorted((each for each in there.values() if isinstance(each, kind)), key=lambda each: each.key))

    def __getitem__(self, target: Target) -> Record:
        return self._all[target]

    def __setitem__(self, target: Target, record: Record) -> None:
        if target in self._all:
            self._forget(target)
        self._all[target] = record
        for place in _places(record):
            self._found[place][target] = record

    def __delitem__(self, target: Target) -> None:
        self._forget(target)
        del self._all[target]

    def _forget(self, target: Target) -> None:
        for place in _places(self._all[target]):
            del self._found[place][target]

    def __iter__(self) -> Iterator[Target]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def clear(self) -> None:
        self._all.clear()
        self._found.clear()

    def __copy__(self) -> dict[Target, Record]:
        """As it is now, to be compared with or put back: a copy is not looked into."""
        return dict(self._all)


def _places(record: Record) -> Iterator[Place]:
    kind = type(record)
    yield kind, ITSELF, None
    for name in SOUGHT_BY.get(kind, ()):
        yield kind, name, getattr(record, name)
