"""The form of the table: what a service's row, a step, a field, a material and a guard are.

`services.py` is written in these words; `workflow.py` reads them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

from chalicelib.rules.records import Application, Claim, ClaimKind, Dossier, MaterialFile, Payment, enterprise_of
from chalicelib.rules.vocabulary import (
    Action,
    CertificateKind,
    Effect,
    FileStatus,
    How,
    Reason,
    Role,
    Service,
    State,
    Term,
)


class Fold(Protocol):
    """Answers the canonical writing of what was typed, or raises ``identifiers.Malformed``."""

    def __call__(self, text: str, /) -> str: ...


@dataclass(frozen=True)
class Field:
    """One thing to fill in. ``mask`` makes it personal: encrypted at rest, shown masked.

    ``kind``, ``options`` and ``longest`` (characters) tell a program which input to draw; ``fold`` alone decides.
    ``past``: a day that has been, today at the latest.
    """

    name: str
    chinese: str
    fold: Fold
    hint: str = ""
    optional: bool = False
    mask: Callable[[str], str] | None = None
    printed: bool = False
    kind: str = "text"
    options: tuple[str, ...] = ()
    longest: int | None = None
    past: bool = False

    @property
    def personal(self) -> bool:
        return self.mask is not None


@dataclass(frozen=True)
class Material:
    """One slot for files (资料). ``form`` names the blank form to download and fill in.

    ``issued``: what the platform itself issued of this kind fills the slot; an upload stays possible (domain §6, D).
    ``only_with``: asked only of a unit that holds a certificate of this kind.
    """

    slot: str
    chinese: str
    hint: str = ""
    optional: bool = False
    several: bool = False
    stamped: bool = False
    form: str | None = None
    per_person: bool = False
    issued: CertificateKind | None = None
    only_with: CertificateKind | None = None

    @property
    def most(self) -> int:
        """How many files the slot takes."""
        return 10 if self.several else 1


@dataclass(frozen=True)
class Making:
    """One certificate that comes of a service, and how. ``if_held``: only where the unit holds one already."""

    kind: CertificateKind
    how: How
    if_held: bool = False


class When(Term):
    """Which of two edges a step takes, where the table has both."""

    ALWAYS = "always", ""
    DUE = "due", "有应缴费用时"
    NOTHING_DUE = "nothing_due", "无应缴费用时"
    SOMEONE_PASSED = "someone_passed", "有人考核合格时"
    NOBODY_PASSED = "nobody_passed", "无人考核合格时"


@dataclass(frozen=True)
class PractitionerFact:
    """What guards may know of a practitioner: who employs him and until when his training certificate runs."""

    id: str
    name: str
    employer: str | None
    certified_to: date | None
    certified_from: date | None = None


@dataclass(frozen=True)
class Facts:
    """Everything a guard may ask about, read beforehand. ``due`` and ``paid`` are fen.

    ``due`` is None where the fee schedule of the day has no row for the service. ``former``: of a join, the unit whose
    membership had ended and that joins again.
    """

    at: datetime
    today: date
    bound_to: str | None = None
    claims: tuple[Claim, ...] = ()
    dossier: Dossier | None = None
    former: Dossier | None = None
    practitioners: Mapping[str, PractitionerFact] = field(default_factory=lambda: MappingProxyType({}))
    files: tuple[MaterialFile, ...] = ()
    payment: Payment | None = None
    due: int | None = 0
    paid: int = 0
    unprintable: str = ""

    @property
    def known(self) -> Dossier | None:
        """What the register has of the unit, a member or one that was."""
        return self.dossier or self.former

    def in_slot(self, slot: str, person: str | None = None) -> tuple[MaterialFile, ...]:
        return tuple(each for each in self.files if each.slot == slot and each.person == person)


def this_year(facts: Facts) -> int:
    return facts.today.year


def holds_one(files: tuple[MaterialFile, ...], status: FileStatus) -> bool:
    return any(each.status is status for each in files)


@dataclass(frozen=True)
class Case:
    """What a guard looks at: the service's row, the application (none yet in the list of services), the facts."""

    row: "ServiceRow"
    application: Application | None
    facts: Facts


@dataclass(frozen=True)
class Guard:
    """A rule that must hold before a step: its sentence for the rulebook, and the check that answers every reason."""

    name: str
    rule: str
    check: Callable[[Case], tuple[Reason, ...]]

    def __call__(self, case: Case) -> tuple[Reason, ...]:
        return self.check(case)


def guard(rule: str) -> Callable[[Callable[[Case], tuple[Reason, ...]]], Guard]:
    """Makes a check into a guard that carries its sentence."""
    return lambda check: Guard(check.__name__, rule, check)


@dataclass(frozen=True)
class Step:
    """One edge: what may be done in a state, by whom, under which guards, and what follows."""

    action: Action
    before: State
    after: State
    who: tuple[Role, ...]
    when: When = When.ALWAYS
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    notice: str | None = None
    needs_reason: bool = False
    fixes_amount: bool = False
    fixes_year: bool = False
    frees_year: bool = False
    unbooks: bool = False


@dataclass(frozen=True)
class ServiceRow:
    """One service: who may apply, what to fill in and bring, what it costs, the steps, and what comes of it.

    ``free_unless_set``: no row in the fee schedule means that it costs nothing; elsewhere it is an oversight.
    ``receipt_first``: the receipt, or the word that cash will be paid, comes with the application. ``year_of``: the
    year that an application submitted on a day is for.
    """

    service: Service
    purpose: str
    result: str
    who: str
    eligibility: tuple[Guard, ...]
    fields: tuple[Field, ...]
    materials: tuple[Material, ...]
    fee: str | None
    makes: tuple[Making, ...]
    steps: tuple[Step, ...]
    holds: tuple[ClaimKind, ...] = ()
    free_unless_set: bool = False
    persons: int = 0
    person_fields: tuple[Field, ...] = ()
    offered: bool = True
    receipt_first: bool = False
    for_members: bool = True
    year_of: Callable[[Facts], int] = this_year

    @property
    def certificate(self) -> CertificateKind:
        """The kind that the service is about."""
        return self.makes[0].kind

    def holds_for(self, owner: str) -> tuple[ClaimKind, ...]:
        """What an application of this owner holds. A unit that joins again does so itself: who filed it may leave, and
        is then as free as anybody to bind or to join elsewhere.
        """
        applicants_own = enterprise_of(owner) is None or self.for_members
        return tuple(each for each in self.holds if applicants_own or each is not ClaimKind.APPLICANT)

    def field(self, name: str) -> Field | None:
        return next((each for each in self.fields if each.name == name), None)

    def material(self, slot: str) -> Material | None:
        return next((each for each in self.materials if each.slot == slot), None)
