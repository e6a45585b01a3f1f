"""Everything that is kept, as it is at one moment, and the moment: what the promises are looked at by."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from chalicelib.rules.records import (
    Application,
    AuditEntry,
    Certificate,
    Edition,
    Entry,
    Issuance,
    MembershipYear,
    Payment,
    Record,
    enterprise_of,
)
from chalicelib.rules.vocabulary import CertificateKind, Service, State
from tests.year.town import Town

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Seen:
    def __init__(self, town: Town) -> None:
        self.town, self.now, self.today = town, town.clock.now(), town.today

    def all(self, kind: type[R]) -> tuple[R, ...]:
        return self.town.kept.those(kind)

    @cached_property
    def applications(self) -> Mapping[str, Application]:
        return {each.id: each for each in self.all(Application)}

    @cached_property
    def completed(self) -> list[Application]:
        return [each for each in self.applications.values() if each.state is State.COMPLETED]

    @cached_property
    def histories(self) -> Mapping[str, list[Entry]]:
        return _by(self.all(Entry), lambda each: each.application)

    def done_at(self, application: Application) -> datetime:
        """When it was completed, by its history."""
        return self.histories[application.id][-1].at

    @cached_property
    def editions(self) -> Mapping[str, list[Edition]]:
        return _by(self.all(Edition), lambda each: each.root)

    @cached_property
    def issued(self) -> list[Certificate]:
        return [each for each in self.all(Certificate) if each.issuance is Issuance.ISSUED]

    @cached_property
    def qualifications(self) -> Mapping[str, list[Certificate]]:
        """By enterprise, the revoked ones too."""
        held = (each for each in self.issued if each.kind is CertificateKind.QUALIFICATION)
        return _by(held, lambda each: enterprise_of(each.holder) or "")

    @cached_property
    def reviewed(self) -> Mapping[tuple[str | None, int | None], datetime]:
        """By qualification and year, when its review was completed."""
        reviews = (each for each in self.completed if each.service is Service.ANNUAL_REVIEW)
        return {(each.certificate, each.year): self.done_at(each) for each in reviews}

    @cached_property
    def years(self) -> Mapping[str, list[MembershipYear]]:
        return _by(self.all(MembershipYear), lambda each: each.enterprise)

    @cached_property
    def payments(self) -> Mapping[str, Payment]:
        return {each.id: each for each in self.all(Payment)}

    @cached_property
    def revocations(self) -> Mapping[str, list[AuditEntry]]:
        """By certificate, what was decided about its being revoked, in order."""
        deeds = (each for each in self.all(AuditEntry) if each.deed in ("revoke", "reinstate"))
        return _by(deeds, lambda each: each.subject.removeprefix("certificate:"))

    def revoked(self, root: str, moment: datetime) -> bool:
        """By what staff decided up to then."""
        deeds = [each.deed for each in self.revocations.get(root, ()) if each.at <= moment]
        return bool(deeds) and deeds[-1] == "revoke"


def _by(records: Iterable[T], name: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for each in records:
        found[name(each)].append(each)
    return found


@dataclass(frozen=True)
class Violation:
    """The number is that of the house's promises (design, 4)."""

    promise: int
    check: str
    told: str

    def __str__(self) -> str:
        return f"promise {self.promise}: {self.told}"


Check = Callable[[Seen], Iterator[str]]
