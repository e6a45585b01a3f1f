"""Promise 5: each certificate comes from one approved application, with all guards true at issue."""

from collections import Counter
from collections.abc import Iterator

from chalicelib.rules.records import (
    Application,
    Binding,
    Certificate,
    Claim,
    ClaimKind,
    Enterprise,
    Entry,
    Issuance,
    MaterialFile,
    User,
    enterprise_of,
    enterprise_owner,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, FileStatus, Service, State
from tests.faults.promises.case import Case


def earned(case: Case) -> Iterator[str]:
    issued = [each for each in case.seen.records(Certificate) if each.issuance is Issuance.ISSUED]
    per_application = Counter(each.application for each in issued)
    yield from (f"{times} certificates of {one}" for one, times in per_application.items() if times > 1)
    applications = {each.id: each for each in case.seen.records(Application)}
    for certificate in issued:
        application = applications.get(certificate.application)
        told = _unearned(case, certificate, application) if application else ("of no application",)
        yield from (f"{certificate.number}: {each}" for each in told)
    done = [each for each in applications.values() if each.state is State.COMPLETED]
    yield from (f"{each.id} completed without a certificate" for each in done if per_application[each.id] != 1)
    yield from _held_once(case)


def _unearned(case: Case, certificate: Certificate, application: Application) -> Iterator[str]:
    history = [each.action for each in case.seen.records(Entry) if each.application == application.id]
    if Action.APPROVE not in history or history.count(Action.ISSUE) != 1:
        yield "not approved once and issued once"
    if application.amount_due is None or application.paid < application.amount_due:
        yield f"{application.paid} of {application.amount_due} paid"
    accepted = {f.slot for f in case.seen.records(MaterialFile)
                if f.application == application.id and f.status is FileStatus.ACCEPTED}  # fmt: skip
    missing = {each.slot for each in TABLE[application.service].materials if not each.optional} - accepted
    if missing:
        yield f"without {missing}"
    if certificate.holder_name != application.form.get("name"):
        yield "for another name than was approved"
    enterprises = {each.id: each for each in case.seen.records(Enterprise)}
    if enterprise_of(certificate.holder) not in enterprises:
        yield "its holder is no enterprise"


def _held_once(case: Case) -> Iterator[str]:
    """Credit code, applicant and member code are each held by exactly whom the records say."""
    claims = {(each.kind, each.value): each.holder for each in case.seen.records(Claim)}
    for enterprise in case.seen.records(Enterprise):
        codes = {ClaimKind.CREDIT_CODE: enterprise.credit_code, ClaimKind.MEMBER_CODE: enterprise.member_code}
        for kind, value in codes.items():
            if claims.get((kind, value)) != enterprise_owner(enterprise.id):
                yield f"{kind} of {enterprise.id} is held by {claims.get((kind, value))}"
    under_way = {each.id: each for each in case.seen.records(Application) if _is_under_way(each)}
    for (kind, _), holder in claims.items():
        if holder.startswith("application:") and holder.removeprefix("application:") not in under_way:
            yield f"{kind} is still held by {holder}"
    yield from _applicants_hold(case, under_way, claims)
    yield from _bound_both_ways(case)


def _is_under_way(application: Application) -> bool:
    return not application.state.final and application.state is not State.DRAFT


def _applicants_hold(
    case: Case, under_way: dict[str, Application], claims: dict[tuple[ClaimKind, str], str]
) -> Iterator[str]:
    represents = {each.id: each.enterprise for each in case.seen.records(User)}
    for application in under_way.values():
        if claims.get((ClaimKind.APPLICANT, application.applicant)) != f"application:{application.id}":
            yield f"{application.id} is under way and holds nothing"
        if application.service is Service.JOIN and represents[application.applicant] is not None:
            yield f"{application.id} is under way although its applicant represents an enterprise"


def _bound_both_ways(case: Case) -> Iterator[str]:
    bindings = {(each.user, each.enterprise) for each in case.seen.records(Binding)}
    users = {(each.id, each.enterprise) for each in case.seen.records(User) if each.enterprise}
    if bindings != users:
        yield f"bindings and users differ: {bindings ^ users}"
