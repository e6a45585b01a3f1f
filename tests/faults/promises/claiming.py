"""Promises 3 and 5 of a binding request: it is decided once, by whom the log names, and only what is open holds.

And of its evidence: what nobody decided is nowhere any more (PIPL).
"""

from collections.abc import Iterator

from chalicelib.rules.records import (
    AuditEntry,
    BindingRequest,
    Claim,
    ClaimKind,
    MaterialFile,
    Message,
    RequestStatus,
    User,
)
from tests.faults.promises.case import Case

DECIDED = {RequestStatus.GRANTED: "grant_binding_request", RequestStatus.REFUSED: "refuse_binding_request"}
TOLD = {RequestStatus.GRANTED: "binding_granted", RequestStatus.REFUSED: "binding_refused"}
UNDECIDED = (RequestStatus.WITHDRAWN, RequestStatus.OVERTAKEN)


def claims_are_decided_once(case: Case) -> Iterator[str]:
    requests = case.seen.records(BindingRequest)
    held = {each.value: each.holder for each in case.seen.records(Claim) if each.kind is ClaimKind.BINDING_REQUEST}
    opened = {each.user: f"binding_request:{each.id}" for each in requests if each.status.open}
    if held != opened:
        yield f"open are {opened}, and held {held}"
    bound = {each.id for each in case.seen.records(User) if each.enterprise}
    yield from (f"{claim} is open, and its user represents somebody" for user, claim in opened.items() if user in bound)
    for request in requests:
        yield from _decided(case, request)
        if request.status in UNDECIDED:
            yield from _evidence_of(case, request)


def _decided(case: Case, request: BindingRequest) -> Iterator[str]:
    """One entry of the log and one message for each decision, and neither for anything else."""
    entries = [each for each in case.seen.records(AuditEntry) if each.subject == f"binding_request:{request.id}"]
    deeds = [each.deed for each in entries if each.deed in DECIDED.values()]
    if deeds != ([DECIDED[request.status]] if request.status in DECIDED else []):
        yield f"{request.id} is {request.status}, and the log says {deeds}"
    told = [each.notice for each in case.seen.records(Message) if each.id.endswith(f"-{request.id}")]
    if told != ([TOLD[request.status]] if request.status in TOLD else []):
        yield f"{request.id} is {request.status}, and its user was told {told}"


def _evidence_of(case: Case, request: BindingRequest) -> Iterator[str]:
    files = [each.id for each in case.seen.records(MaterialFile) if each.application == request.id]
    objects = [place for place in case.seen.kept if place.startswith(f"kept/{request.id}/")]
    if files or objects:
        yield f"{request.id} is {request.status}, and its evidence is still there: {files or objects}"
