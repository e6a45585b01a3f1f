"""What truly happened, as nobody in the system knows it: money that arrived, certificates that people hold, paper."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Held:
    """A practitioner's training certificate as it was entered on a day, by whose employer."""

    entered: date
    unit: str
    number: str
    first: date
    last: date


@dataclass(frozen=True)
class Transfer:
    """Money on its way to the association's account; ``payment`` is what it is for, None what nobody waits for."""

    day: date
    amount: int
    payer: str
    serial: str
    remark: str
    payment: str | None


@dataclass
class Books:
    """``arrived``: fen that truly came for a payment, 0 where a receipt was put in and no money ever came."""

    people: dict[str, list[Held]] = field(default_factory=dict)
    arrived: dict[str, int] = field(default_factory=dict)
    transfers: list[Transfer] = field(default_factory=list)
    paper: set[str] = field(default_factory=set)
    refunded: int = 0
    confirmed: set[str] = field(default_factory=set)

    def is_certified(self, person: str, unit: str, day: date) -> bool:
        """Whether whoever has this ID number was the unit's on a day, with a term in date, as far as it was entered.

        One that was renewed early runs on until the new term begins.
        """
        known = [each for each in self.people.get(person, ()) if each.entered <= day]
        return bool(known) and known[-1].unit == unit and any(each.first <= day <= each.last for each in known)
