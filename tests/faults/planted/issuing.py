"""Promises 4, 5 and 10: the numbers, what each certificate comes from, and the paper itself."""

from dataclasses import replace
from itertools import count
from typing import Any

from chalicelib.aws import writing
from chalicelib.aws.planning import Verb
from chalicelib.documents import certificate as paper
from chalicelib.documents.imprint import Imprint
from chalicelib.operations import applications, editions, issuing, membership, payments
from chalicelib.operations.ports import Require
from chalicelib.rules import certificate_face
from chalicelib.rules.records import Certificate, Issuance
from chalicelib.rules.vocabulary import Effect
from tests.faults.planted.declared import Patch, committed_apart, kind_of, plant, record_of

# --- 4: numbers -------------------------------------------------------------------------------------------------------


@plant(
    "the counter moves by itself, before the reservation",
    4,
    "counted",
    "核账通过",
    modes=("crash before",),
    at="issuing",
)
def count_first(patch: Patch) -> None:
    committed_apart(patch, lambda change: kind_of(change) == "Counter")


@plant(
    "the application does not remember its number",
    4,
    "reserved for nothing",
    "核账通过",
    modes=("crash before",),
    at="PutObject",
)
def forgotten_number(patch: Patch) -> None:
    reservation = issuing._reservation
    latest: dict[str, Any] = {}

    def reserve(ports: Any, application: str) -> Any:
        deed = reservation(ports, application)
        if deed is None:
            return None
        latest[application] = deed.subject
        kept = tuple(each for each in deed.changes if kind_of(each) != "Application")
        return replace(deed, changes=kept)

    drafts = editions.drafts

    def remembered_elsewhere(ports: Any, gathered: Any, application: Any, reserved: Any) -> Any:
        del reserved
        return drafts(ports, gathered, application, ports.records.get(Certificate, latest[application.id]))

    patch.setattr(issuing, "_reservation", reserve)
    patch.setattr(issuing, "drafts", remembered_elsewhere)


@plant("a number that will not be issued is not made void", 4, "reserved for nothing", "制证退回")
def no_void(patch: Patch) -> None:
    patch.setitem(applications.EFFECTS, Effect.VOID_NUMBER, lambda *_: ())


@plant("the member code of a void number stays taken", 5, "which is nobody", "制证退回")
def code_lost(patch: Patch) -> None:
    patch.setattr(applications, "_code_freed", lambda *_: ())


@plant("a membership ends and its certificates still count", 5, "counts although", "终止会员资格")
def certificates_left(patch: Patch) -> None:
    patch.setattr(membership, "revoked_with_it", lambda _: ())


@plant("who submits does not move the enterprise", 5, "its unit is no member any more", "end / submit", raced=True)
def unseen_submission(patch: Patch) -> None:
    claims = applications.EFFECTS[Effect.CLAIM]

    def without_the_enterprise(*given: Any) -> tuple[Any, ...]:
        return tuple(each for each in claims(*given) if kind_of(each) != "Enterprise")

    patch.setitem(applications.EFFECTS, Effect.CLAIM, without_the_enterprise)


@plant("the counter is added to blindly", 4, "counted", "two at the number counter", raced=True)
def blind_add(patch: Patch) -> None:
    condition = writing._condition

    def blind(write: Any, models: Any) -> Any:
        if write.verb is Verb.PUT and type(write.record).__name__ in ("Counter", "Claim"):
            return None
        return condition(write, models)

    patch.setattr(writing, "_condition", blind)


# --- 5: from one approved application, guards true --------------------------------------------------------------------


@plant(
    "what the guards asked is not required when it commits",
    5,
    "although its applicant represents an enterprise",
    "bind / submit",
    raced=True,
)
def unwatched(patch: Patch) -> None:
    recorded = applications.recorded

    def lax(ports: Any, decision: Any, gathered: Any) -> Any:
        changes = recorded(ports, decision, gathered)
        kept = (each for each in changes if not isinstance(each, Require))
        return tuple(each for each in kept if kind_of(each) != "User")

    for module in (applications, payments, issuing):
        patch.setattr(module, "recorded", lax)


@plant("nothing is claimed when it is submitted", 5, "is under way and holds nothing", "提交 submitted")
def no_claims(patch: Patch) -> None:
    patch.setitem(applications.EFFECTS, Effect.CLAIM, lambda *_: ())


@plant(
    "the certificate counts before its enterprise is enrolled",
    5,
    "its holder is no enterprise",
    "核账通过",
    modes=("crash before",),
    at="TransactWriteItems < operations.issuing.",
)
def enrolled_after(patch: Patch) -> None:
    of_the_certificate = ("Certificate", "Edition", "Application", "Entry")
    committed_apart(patch, lambda change: kind_of(change) in of_the_certificate, _makes_one_count)


def _makes_one_count(changes: tuple[Any, ...]) -> bool:
    certificates = (each for each in map(record_of, changes) if isinstance(each, Certificate))
    return any(each.issuance is Issuance.ISSUED for each in certificates)


# --- 10: the same paper -----------------------------------------------------------------------------------------------


@plant("each drawing has an identity of its own", 10, "is drawn otherwise now", "核账通过")
def drawn_by_chance(patch: Patch) -> None:
    imprint, numbers = Imprint, count()
    patch.setattr(paper, "Imprint", lambda **given: imprint(**{**given, "identity": f"{next(numbers):032}"}))


@plant("what is kept of a version is not what was printed", 10, "says something else now", "核账通过")
def kept_otherwise(patch: Patch) -> None:
    printed = certificate_face.printed
    patch.setattr(issuing, "printed", lambda face: {**printed(face), "valid_to": face.valid_from.isoformat()})
