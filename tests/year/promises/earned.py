"""Promise 5: each certificate and year comes from one completed application, with every condition true at issue."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from chalicelib.rules.records import Application, Certificate, Claim, Enterprise, Invoice, Practitioner, enterprise_of
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, CertificateKind, Service, State
from tests.year.promises.seen import Seen

MEMBER, QUALIFIED = CertificateKind.MEMBER, CertificateKind.QUALIFICATION
MAKES = {
    Service.JOIN: (MEMBER,), Service.DUES: (MEMBER,), Service.DUES_WITH_CHANGES: (MEMBER,),
    Service.QUALIFICATION: (QUALIFIED,), Service.ANNUAL_REVIEW: (QUALIFIED,),
    Service.QUALIFICATION_CHANGE: (QUALIFIED, MEMBER),
}  # fmt: skip
NEEDS_DUES = (Service.QUALIFICATION, Service.ANNUAL_REVIEW)
SIX = 6

Made = tuple[str, CertificateKind, datetime]


def earned(seen: Seen) -> Iterator[str]:
    yield from _every_version_is_somebodys(seen)
    for application in seen.completed:
        told = (*_approved(seen, application), *_conditions(seen, application))
        yield from (f"{application.id} ({application.service}): {each}" for each in told)


def versions_of_renewal(seen: Seen) -> Counter[Made]:
    """Versions that no application has made."""
    applied = Counter(
        (application.owner, kind, seen.done_at(application))
        for application in seen.completed
        for kind in MAKES[application.service]
    )
    return _made(seen) - applied


def _made(seen: Seen) -> Counter[Made]:
    return Counter((c.holder, c.kind, each.issued_at) for c in seen.issued for each in seen.editions.get(c.root, ()))


def _every_version_is_somebodys(seen: Seen) -> Iterator[str]:
    made = _made(seen)
    for application in seen.completed:
        for kind in MAKES[application.service]:
            if made[application.owner, kind, seen.done_at(application)] != 1:
                yield f"{application.id} is completed and has made {kind} other than once"
    for (holder, kind, at), times in versions_of_renewal(seen).items():
        if kind is MEMBER or times > 1:
            yield f"{times} versions of {kind} for {holder} at {at} come of nothing"


def _approved(seen: Seen, application: Application) -> Iterator[str]:
    actions = [each.action for each in seen.histories[application.id]]
    if actions.count(Action.ISSUE) != 1 or Action.APPROVE not in actions:
        yield "not approved and issued once"
    if application.paid != (application.amount_due or 0):
        yield f"{application.paid} of {application.amount_due} paid"


def _conditions(seen: Seen, application: Application) -> Iterator[str]:
    at, owner = seen.done_at(application), enterprise_of(application.owner) or ""
    if application.service in NEEDS_DUES:
        if not any(each.year == application.year and each.at <= at for each in seen.years.get(owner, ())):
            yield f"made without the dues of {application.year}"
        yield from _six_people(seen, application, at)
    if application.service in (Service.ANNUAL_REVIEW, Service.QUALIFICATION_CHANGE):
        held = [each for each in _qualifications(seen, application) if not seen.revoked(each.root, at)]
        if application.certificate not in {each.root for each in held}:
            yield "made for a qualification that was not held"
    if application.service is Service.QUALIFICATION and application.paper_at is None:
        yield "made without paper"
    if application.service is Service.QUALIFICATION_CHANGE and not _is_reviewed(seen, application, at):
        yield f"changed without the review of {application.year}"


def _qualifications(seen: Seen, application: Application) -> list[Certificate]:
    return [each for each in seen.issued if each.holder == application.owner and each.kind is QUALIFIED]


def _is_reviewed(seen: Seen, application: Application, at: datetime) -> bool:
    held = next((each for each in seen.issued if each.root == application.certificate), None)
    done = seen.reviewed.get((application.certificate, application.year))
    in_its_first_year = held is not None and held.issued_on.year == application.year
    return in_its_first_year or (done is not None and done <= at)


def _six_people(seen: Seen, application: Application, at: datetime) -> Iterator[str]:
    """By the books: six different ID numbers, each employed here, each certificate in date on the day of issue."""
    good = set()
    for person in application.persons:
        record = seen.town.records.get(Practitioner, person.id)
        number = seen.town.records.opened(record).id_number.plain if record else None
        if seen.town.books.is_certified(number or "", enterprise_of(application.owner) or "", at.date()):
            good.add(number)
    if len(good) < SIX:
        yield f"made with {len(good)} certified people"


# --- claims -----------------------------------------------------------------------------------------------------------


def claims_are_held_by_what_is_under_way(seen: Seen) -> Iterator[str]:
    under_way = {each.id: each for each in seen.applications.values() if _is_under_way(each)}
    claims = seen.all(Claim)
    held: Counter[str] = Counter()
    for claim in claims:
        kind, _, holder = claim.holder.partition(":")
        held[holder] += kind == "application"
        if kind == "application" and holder not in under_way:
            yield f"{claim.kind} is still held by {holder}"
    for each in under_way.values():
        if held[each.id] != len(TABLE[each.service].holds_for(each.owner)):
            yield f"{each.id} is under way and holds {held[each.id]} claims"
    known = {
        *(f"enterprise:{each.id}" for each in seen.all(Enterprise)),
        *(f"invoice:{each.id}" for each in seen.all(Invoice)),
        *(each.holder for each in seen.all(Certificate)),  # of a void number the member code is spent with it
    }
    loose = (each for each in claims if each.holder.partition(":")[0] in ("enterprise", "invoice"))
    yield from (f"{each.kind} is held by {each.holder}" for each in loose if each.holder not in known)


def _is_under_way(application: Application) -> bool:
    return not application.state.final and application.state is not State.DRAFT
