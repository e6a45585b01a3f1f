"""Those who meet over a certificate that counts, and over what is sent: verified, revoked, mailed, notified."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.operations.applications import association
from chalicelib.rules.records import Delivery, Mail, Message, OutboxRow, Work
from tests.faults import people
from tests.faults.journey import decided, submitted
from tests.faults.observed import look
from tests.faults.races.binding import a_member
from tests.faults.races.declared import (
    all_come_back,
    answered,
    clerk,
    done_or_told_why,
    is_done,
    member,
    one_wins,
    race,
    works,
)
from tests.faults.races.reviewing import in_review
from tests.faults.scheduler import Task
from tests.faults.world import JSON, World


def a_certificate(world: World) -> str:
    """One that counts; answers its number."""
    a_member(world)
    (certificate,) = people.member(world, "chen").get("/certificates").json["items"]
    world.names |= {"root": certificate["root"], "path": certificate["verify_path"]}
    return str(certificate["number"])


def revokes(world: World, number: str, key: str = "revoke") -> Task:
    return clerk(world, "certifier", f"/staff/certificates/{number}/revoke", {"reason": "虚假"}, key)


def verified(world: World) -> Any:
    return world.request("GET", world.names["path"], None, {"accept": JSON})


def revoked_from_then_on(world: World, outcomes: tuple[Any, ...]) -> str | None:
    """Who looks meanwhile sees the one or the other; who looks afterwards sees it revoked."""
    if not all(is_done(each) for each in outcomes):
        return answered(outcomes)
    meanwhile, afterwards = outcomes[1].json["standing"], verified(world).json["standing"]
    good = meanwhile in ("valid", "revoked") and afterwards == "revoked"
    return None if good else f"it was said to be {meanwhile}, and afterwards {afterwards}"


@race("revoke / verify", 1, revoked_from_then_on)
def revoke_verify(world: World) -> Callable[[], Sequence[Task]]:
    number = a_certificate(world)
    return lambda: [revokes(world, number), lambda: verified(world)]


@race("revoke / revoke", 3, one_wins)
def revoke_revoke(world: World) -> Callable[[], Sequence[Task]]:
    number = a_certificate(world)
    return lambda: [revokes(world, number, f"revoke-{n}") for n in range(2)]


def revoked_and_mailed_or_told_why(world: World, outcomes: tuple[Any, ...]) -> str | None:
    """It is revoked. A mail that was promised has left, once, and says so; one that was refused is nowhere."""
    if not is_done(outcomes[0]) or done_or_told_why(world, outcomes):
        return answered(outcomes)
    seen, promised = look(world), int(is_done(outcomes[1]))
    deliveries = [each.delivery for each in seen.records(Mail)]
    good = deliveries == [Delivery.SENT] * promised and len(seen.letters) == promised
    return None if good else f"{promised} promised, {len(seen.letters)} left, marked as {deliveries}"


@race("revoke / mail", 6, revoked_and_mailed_or_told_why)
def revoke_mail(world: World) -> Callable[[], Sequence[Task]]:
    number, to = a_certificate(world), {"to": "canary-mail@example.com"}
    path = f"/certificates/{world.names['root']}/mail"
    return lambda: [revokes(world, number), member(world, "chen", "POST", path, to, "mail")]


@race("one mail, two workers", 6, all_come_back)
def mail_mail(world: World) -> Callable[[], Sequence[Task]]:
    a_certificate(world)
    path = f"/certificates/{world.names['root']}/mail"
    mail = people.member(world, "chen").post(path, {"to": "canary-mail@example.com"}, key="mail").json["id"]
    return lambda: [works(world, "mailing", "MailingQueue", f"mail-{mail}") for _ in range(2)]


# --- notices ----------------------------------------------------------------------------------------------------------


def taps(world: World, times: int) -> None:
    """The reader allows so many notices that something was returned to him."""
    template = association(world.ports).wechat_templates["returned"].id
    world.wechat.grant_consent({"name": "chen", "template_id": template, "times": times})
    for n in range(times):
        assert people.member(world, "chen").post("/me/consents", {"notices": ["returned"]}, key=f"tap-{n}").ok


def returned(world: World, times: int) -> list[str]:
    """So many notices of the same kind, none of which has been sent; answers their outbox rows."""
    for n in range(times):
        if n:
            submitted(world, "chen", "join", f"-{n}")
        decided(world, "reviewer", "join", "return", reason="请补正")
        world.later(minutes=1)
    rows = look(world).records(OutboxRow)
    return sorted(each.id for each in rows if each.work is Work.NOTICE and each.handed_at is None)


def sent_once(world: World, outcomes: tuple[Any, ...]) -> str | None:
    """One consent lets one notice through; another one is in the reader's list, and that it was not sent is said."""
    seen = look(world)
    deliveries = [each.delivery for each in seen.records(Message) if each.notice == "returned"]
    good = deliveries.count(Delivery.SENT) == len(seen.notices) == 1
    good = good and set(deliveries) <= {Delivery.SENT, Delivery.NO_CONSENT}
    return all_come_back(world, outcomes) or (None if good else f"{len(seen.notices)} left, marked as {deliveries}")


@race("one notice, two workers", 6, sent_once)
def notice_notice(world: World) -> Callable[[], Sequence[Task]]:
    in_review(world)
    taps(world, 2)
    (row,) = returned(world, 1)
    return lambda: [works(world, "notifying", "NotifyingQueue", row) for _ in range(2)]


@race("two notices, one consent", 6, sent_once)
def one_consent(world: World) -> Callable[[], Sequence[Task]]:
    in_review(world)
    taps(world, 1)
    rows = returned(world, 2)
    return lambda: [works(world, "notifying", "NotifyingQueue", row) for row in rows]
