"""Promise 5: each certificate comes from one approved application, with all guards true at issue."""

from collections import Counter
from collections.abc import Iterator

from chalicelib.rules.eligibility import six_practitioners_are_certified
from chalicelib.rules.looks import judged
from chalicelib.rules.records import (
    Application,
    Binding,
    Certificate,
    Claim,
    ClaimKind,
    Edition,
    Enterprise,
    Entry,
    Issuance,
    Look,
    MaterialFile,
    OutboxRow,
    Practitioner,
    User,
    Work,
    enterprise_of,
    enterprise_owner,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, CertificateKind, FileStatus, Service, State
from tests.faults.promises.case import Case

SIX = 6


def earned(case: Case) -> Iterator[str]:
    issued = [each for each in case.seen.records(Certificate) if each.issuance is Issuance.ISSUED]
    roots = {each.root for each in issued}
    per_application = Counter(each.application for each in issued)
    yield from (f"{times} certificates of {one}" for one, times in per_application.items() if times > 1)
    applications = {each.id: each for each in case.seen.records(Application)}
    for certificate in issued:
        application = applications.get(certificate.application)
        told = _unearned(case, certificate, application) if application else ("of no application",)
        yield from (f"{certificate.number}: {each}" for each in told)
    done = [each for each in applications.values() if each.state is State.COMPLETED]
    yield from (f"{each.id} completed without a certificate" for each in done if each.certificate not in roots)
    for application in done:
        yield from (f"{application.id}: {told}" for told in _not_entitled(case, application))
    yield from _each_version_from_one(case, issued, done)
    yield from _held_once(case)


def _unearned(case: Case, certificate: Certificate, application: Application) -> Iterator[str]:
    free = TABLE[application.service].free_unless_set and application.amount_due is None
    if not free and (application.amount_due is None or application.paid < application.amount_due):
        yield f"{application.paid} of {application.amount_due} paid"
    if certificate.latest == 1 and certificate.holder_name != application.title:
        yield "for another name than was approved"
    enterprises = {each.id: each for each in case.seen.records(Enterprise)}
    if enterprise_of(certificate.holder) not in enterprises:
        yield "its holder is no enterprise"


def _not_entitled(case: Case, application: Application) -> Iterator[str]:
    """Approved, with all that its service asks for, and where it asks for six practitioners, six different people."""
    entries = [each for each in case.seen.records(Entry) if each.application == application.id]
    actions = [each.action for each in sorted(entries, key=lambda each: each.number)]
    if actions.count(Action.ISSUE) != 1 or Action.APPROVE not in actions:
        yield f"completed by {actions}"
    accepted = _accepted(case, application)
    asked = [m for m in TABLE[application.service].materials if not (m.optional or m.issued or m.only_with)]
    persons = [person.id for person in application.persons]
    wanted = {(each.slot, person) for each in asked for person in (persons if each.per_person else (None,))}
    if wanted - accepted:
        yield f"without {wanted - accepted}"
    if six_practitioners_are_certified in TABLE[application.service].eligibility:
        yield from _six_people(case, application)


def _accepted(case: Case, application: Application) -> set[tuple[str, str | None]]:
    """By its check, and by the reviewer's last word."""
    look = next((each for each in case.seen.records(Look) if each.application == application.id), None)
    files = tuple(each for each in case.seen.records(MaterialFile) if each.application == application.id)
    return {(each.slot, each.person) for each in judged(files, look) if each.status is FileStatus.ACCEPTED}


def _six_people(case: Case, application: Application) -> Iterator[str]:
    """By their resident IDs, each with a certificate that ran on the day of issue, each of this enterprise."""
    known = {each.id: each for each in case.seen.records(Practitioner)}
    issue = next(e for e in case.seen.records(Entry) if e.application == application.id and e.action is Action.ISSUE)
    good = {
        case.world.ports.records.opened(known[person.id]).id_number.plain
        for person in application.persons
        if known[person.id].employer == enterprise_of(application.owner)
        and known[person.id].valid_to >= issue.at.date()
    }
    if len(good) < SIX:
        yield f"completed with {len(good)} different practitioners"


def _each_version_from_one(case: Case, issued: list[Certificate], done: list[Application]) -> Iterator[str]:
    """Every version counts from the instant of one application's completion, or comes of a renewal that was promised
    for the term before it.
    """
    at = {each.application: each.at for each in case.seen.records(Entry) if each.action is Action.ISSUE}
    kinds = {each.root: (each.holder, each.kind) for each in issued}
    earned = Counter((a.owner, making.kind, at[a.id]) for a in done for making in TABLE[a.service].makes)
    editions = [each for each in case.seen.records(Edition) if each.root in kinds]
    made = Counter((*kinds[each.root], each.issued_at) for each in editions)
    yield from (f"{what[1]} of {what[0]} has no version of that application" for what in earned - made)
    more = Counter((holder, kind) for holder, kind, _ in (made - earned).elements())
    promised = Counter(kinds[row.subject[0]] for row in case.seen.records(OutboxRow) if row.work is Work.RENEW)
    yield from (f"{times} versions of {what[1]} come of nothing" for what, times in (more - promised).items())


def _held_once(case: Case) -> Iterator[str]:
    """Credit code, applicant and member code are each held by exactly whom the records say."""
    claims = {(each.kind, each.value): each.holder for each in case.seen.records(Claim)}
    yield from _codes_held(case, claims)
    for each in case.seen.records(Practitioner):
        holder = claims.get((ClaimKind.CERTIFICATE_NUMBER, each.certificate_number))
        if holder != f"practitioner:{each.id}":
            yield f"the certificate of {each.id} is held by {holder}"
    under_way = {each.id: each for each in case.seen.records(Application) if _is_under_way(each)}
    for (kind, _), holder in claims.items():
        if holder.startswith("application:") and holder.removeprefix("application:") not in under_way:
            yield f"{kind} is still held by {holder}"
    yield from _applicants_hold(case, under_way, claims)
    yield from _ended_stays_ended(case, under_way)
    yield from _bound_both_ways(case)


def _codes_held(case: Case, claims: dict[tuple[ClaimKind, str], str]) -> Iterator[str]:
    """The credit code of a unit that is no member any more waits for it, or is held by its new join; no member code
    leads to nobody.
    """
    former = {each.value: each.former for each in case.seen.records(Claim) if each.kind is ClaimKind.CREDIT_CODE}
    for enterprise in case.seen.records(Enterprise):
        owner, code = enterprise_owner(enterprise.id), enterprise.credit_code
        if claims.get((ClaimKind.MEMBER_CODE, enterprise.member_code)) != owner:
            yield f"the member code of {enterprise.id} is not held by it"
        holder = claims.get((ClaimKind.CREDIT_CODE, code), "")
        waits = former.get(code) == enterprise.id and holder.startswith(("former:", "application:"))
        good = waits if enterprise.ended else holder == owner
        if not good:
            yield f"credit code of {enterprise.id} is held by {holder}"
    homes = {enterprise_owner(each.id) for each in case.seen.records(Enterprise)}
    homes |= {each.holder for each in case.seen.records(Certificate) if each.issuance is Issuance.RESERVED}
    for (kind, value), holder in claims.items():
        if kind is ClaimKind.MEMBER_CODE and holder not in homes:
            yield f"member code {value} is held by {holder}, which is nobody"


def _ended_stays_ended(case: Case, under_way: dict[str, Application]) -> Iterator[str]:
    """Who is no member any more holds nothing that stands on membership, and has nothing under way but a new join."""
    ended = {enterprise_owner(each.id) for each in case.seen.records(Enterprise) if each.ended}
    for certificate in case.seen.records(Certificate):
        counts = certificate.issuance is Issuance.ISSUED and certificate.revoked_on is None
        if counts and certificate.holder in ended and certificate.kind is not CertificateKind.TRAINING:
            yield f"{certificate.number} counts although its holder is no member any more"
    for application in under_way.values():
        if application.owner in ended and application.service is not Service.JOIN:
            yield f"{application.id} is under way although its unit is no member any more"


def _is_under_way(application: Application) -> bool:
    return not application.state.final and application.state is not State.DRAFT


def _applicants_hold(
    case: Case, under_way: dict[str, Application], claims: dict[tuple[ClaimKind, str], str]
) -> Iterator[str]:
    represents = {each.id: each.enterprise for each in case.seen.records(User)}
    for application in under_way.values():
        if application.service is not Service.JOIN:
            yield from _members_hold(application, claims)
            continue
        if enterprise_of(application.owner) is not None:
            continue  # a unit joins again: whoever filed it may leave
        if claims.get((ClaimKind.APPLICANT, application.applicant)) != f"application:{application.id}":
            yield f"{application.id} is under way and holds nothing"
        if represents[application.applicant] is not None:
            yield f"{application.id} is under way although its applicant represents an enterprise"


def _members_hold(application: Application, claims: dict[tuple[ClaimKind, str], str]) -> Iterator[str]:
    """Each service of an enterprise holds what excludes the others."""
    enterprise = enterprise_of(application.owner) or ""
    for kind in TABLE[application.service].holds:
        if claims.get((kind, enterprise)) != f"application:{application.id}":
            yield f"{application.id} is under way and holds no {kind}"


def _bound_both_ways(case: Case) -> Iterator[str]:
    bindings = {(each.user, each.enterprise) for each in case.seen.records(Binding)}
    users = {(each.id, each.enterprise) for each in case.seen.records(User) if each.enterprise}
    if bindings != users:
        yield f"bindings and users differ: {bindings ^ users}"
