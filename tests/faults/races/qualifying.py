"""Those who meet over a qualification: practitioners, paper, renewal, revocation, the register."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from chalicelib.operations.ports import Replace
from chalicelib.rules.records import Certificate, OutboxRow, Work
from chalicelib.rules.vocabulary import CertificateKind
from tests import made_up
from tests.faults import people
from tests.faults.journey import (
    FEE,
    checked,
    decided,
    drafted,
    dues,
    joined,
    put_in,
    qualifying,
    submitted,
    to_day,
    with_files,
)
from tests.faults.observed import look
from tests.faults.races.declared import (
    all_come_back,
    answered,
    came_back,
    clerk,
    is_done,
    is_told_why,
    member,
    one_wins,
    race,
    works,
)
from tests.faults.races.reviewing import version_seen
from tests.faults.scheduler import Task
from tests.faults.world import World
from tests.operations.years import REVIEW


@race("one practitioner, two enterprises: enter / enter", 5, one_wins)
def entered_twice(world: World) -> Callable[[], Sequence[Task]]:
    for n, who in enumerate(("chen", "wang"), 1):
        joined(world, who, n)
    bodies = {
        who: {
            "member_code": world.names[f"enterprise-{who}"]["member_code"],
            "people": qualifying.practitioners(range(101, 102)),
        }
        for who in ("chen", "wang")
    }  # fmt: skip
    return lambda: [clerk(world, "admin", "/staff/practitioners", body, f"enter-{who}") for who, body in bodies.items()]


def waiting_for_paper(world: World) -> str:
    """Approved; answers the application."""
    for each in (
        dues.a_member, qualifying.six_entered, qualifying.draft, qualifying.six_chosen, qualifying.each_brings,
        qualifying.submit, qualifying.approved,
    ):  # fmt: skip
        each(world)
        world.lambdas.rest()
    return str(world.names["qualification"])


def qualified(world: World) -> Certificate:
    waiting_for_paper(world)
    qualifying.paper_noted(world)
    world.lambdas.rest()
    return qualification_of(world)


def qualification_of(world: World) -> Certificate:
    found: list[Certificate] = look(world).records(Certificate)
    return next(each for each in found if each.kind is CertificateKind.QUALIFICATION)


@race("note paper / note paper", 3, one_wins)
def note_note(world: World) -> Callable[[], Sequence[Task]]:
    application = waiting_for_paper(world)
    body = {"version": version_seen(world, application)}
    path = f"/staff/applications/{application}/note-paper"
    return lambda: [clerk(world, "certifier", path, body, f"note-{n}") for n in range(2)]


# --- the day after its term -------------------------------------------------------------------------------------------


def to_be_renewed(world: World) -> tuple[Certificate, str]:
    """As if last year's review had been done; the job has promised the renewal, and nobody has begun it."""
    before = qualified(world)
    world.ports.records.commit(Replace(before, before.changed(reviewed=(before.valid_to.year - 1,))))
    to_day(world, before.valid_to + timedelta(days=1))
    assert world.tick("renewing")
    return qualification_of(world), pending(world, Work.RENEW)


def pending(world: World, work: Work) -> str:
    (row,) = (each.id for each in look(world).records(OutboxRow) if each.work is work and each.handed_at is None)
    return str(row)


@race("renew / renew, two workers", 5, all_come_back)
def renew_renew(world: World) -> Callable[[], Sequence[Task]]:
    _, row = to_be_renewed(world)
    return lambda: [works(world, "issuing", "IssuingQueue", row) for _ in range(2)]


@race("renew / issue of the review", 5, all_come_back)
def renew_review(world: World) -> Callable[[], Sequence[Task]]:
    before = qualified(world)
    world.ports.records.commit(Replace(before, before.changed(reviewed=(before.valid_to.year - 1,))))
    to_day(world, before.valid_to - timedelta(days=2))
    review_put_in(world)
    to_day(world, before.valid_to + timedelta(days=1))
    decided(world, "reviewer", "review", "approve")
    assert world.tick("renewing")
    rows = [pending(world, Work.RENEW), pending(world, Work.ISSUE)]
    return lambda: [works(world, "issuing", "IssuingQueue", row) for row in rows]


def review_put_in(world: World) -> None:
    drafted(world, "chen", "dues", "dues-now")
    payment = put_in(world, "chen", "dues-now", method="cash")
    decided(world, "reviewer", "dues-now", "approve")
    checked(world, payment, "confirm", received=FEE)
    world.lambdas.rest()
    drafted(world, "chen", "annual_review", "review", REVIEW)
    with_files(world, "chen", "review", "review_form", "licence")
    qualifying.chosen(world, "review", 1)
    qualifying.brought(world, "review", "training_certificate")
    submitted(world, "chen", "review")


def revoked_and_perhaps_renewed(world: World, outcomes: tuple[Any, ...]) -> str | None:
    """It is revoked; renewed if that came first, and then once."""
    worker, revoked = outcomes
    if not came_back(worker) or not is_done(revoked):
        return answered(outcomes)
    certificate = qualification_of(world)
    good = certificate.revoked_on is not None and certificate.latest in (1, 2)
    return None if good else f"revoked on {certificate.revoked_on}, version {certificate.latest}"


@race("renew / revoke", 5, revoked_and_perhaps_renewed)
def renew_revoke(world: World) -> Callable[[], Sequence[Task]]:
    certificate, row = to_be_renewed(world)
    path = f"/staff/certificates/{certificate.number}/revoke"
    return lambda: [
        works(world, "issuing", "IssuingQueue", row),
        clerk(world, "certifier", path, {"reason": "虚假"}, "revoke"),
    ]


# --- the register -----------------------------------------------------------------------------------------------------


def both_are_there(world: World, outcomes: tuple[Any, ...]) -> str | None:
    """The register has the new name and the new contact: neither has overwritten the other."""
    worker, contact = outcomes
    if not came_back(worker) or not (is_done(contact) or is_told_why(contact)):
        return answered(outcomes)
    shown = people.member(world, "chen").get("/me/enterprise").json
    good = shown["name"] == made_up.enterprise(9) and (shown["contact_post"] == "秘书") == is_done(contact)
    return None if good else f"{answered(outcomes)}, and the register says {shown['name']}, {shown['contact_post']}"


@race("issue with changes / the contact changed", 1, both_are_there)
def change_contact(world: World) -> Callable[[], Sequence[Task]]:
    for each in (dues.a_member, dues.december, dues.with_changes, dues.changes_approved):
        each(world)
        world.lambdas.rest()
    checked(world, world.names["of-changes"], "confirm", received=FEE)
    row = pending(world, Work.ISSUE)
    return lambda: [
        works(world, "issuing", "IssuingQueue", row),
        member(world, "chen", "PATCH", "/me/enterprise/contact", {"contact_post": "秘书"}, "contact"),
    ]
