"""Dead letters: what no queue could do, and what nobody can read; staff see each, try again or lay it aside."""

import json
from typing import Any

from moto.moto_api._internal import mock_random

from tests import made_up
from tests.faults.journey.steps import (
    FEE,
    Broken,
    checked,
    dead,
    decided,
    inspector_out_of_order,
    is_accepted,
    paid,
    ready_to_submit,
    scan,
    sent_on_again,
    step,
    submitted,
    until,
    uploaded,
)
from tests.faults.people import PATIENCE, member, staff
from tests.faults.world import World

# What comes to the queue of uploads: no JSON, a row of another version, an event of nobody's, a row nobody promised.
POISON = ("not JSON {", '{"v": 2, "row": "mail-m1"}', '{"hello": "world"}', '{"v": 1, "row": "mail-never-was"}')


@step("（第五家） a fifth company, about to pay in cash", struck=False)
def fifth_company(world: World) -> None:
    ready_to_submit(world, "sun", 5, "seventh")
    submitted(world, "sun", "seventh")
    decided(world, "reviewer", "seventh", "approve")
    world.names["paid_on"] = world.clock.today().isoformat()
    world.names["of-seventh"] = paid(world, "sun", "seventh", "cash")


@step("制证失败 the printer is out of order; once it is mended, staff send for the certificate again")
def printer_broken(world: World) -> None:
    application = world.names["seventh"]
    with world.printer_out_of_order():
        checked(world, world.names["of-seventh"], "confirm", received=FEE)
        entries = staff(world, "finance").get(f"/staff/applications/{application}").json["history"]
        letter = f"issue-{application}-{len(entries)}"
        dead(world, letter)
    sent_on_again(world, letter)


def mail(world: World, n: int) -> str:
    """Asks for one; answers its outbox row."""
    path = f"/certificates/{world.names['root']}/mail"
    answer = member(world, "chen").post(path, {"to": f"canary-{n}@example.com"}, key=f"mail-dead-{n}")
    assert answer.status == 202
    return f"mail-{answer.json['id']}"


@step("邮件不通 a mail that cannot leave; once the way is free, staff send it again")
def mail_broken(world: World) -> None:
    with world.post_out_of_order():
        letter = mail(world, 0)
        dead(world, letter)
    sent_on_again(world, letter)


@step("检查放弃 an upload that nobody can look into; once it is mended, staff have it checked again")
def check_given_up(world: World) -> None:
    with inspector_out_of_order():
        file = uploaded(world, "zhao", "sixth", "licence", scan("licence"), "-given-up")
        dead(world, f"upload-{file}")
    sent_on_again(world, f"upload-{file}")


@step("毒消息 poison among good ones", jobs=("sweeping",))
def poison(world: World) -> None:
    """One batch holds them all: a file that did come, one that did not, and what nobody can read."""
    file = uploaded(world, "zhao", "sixth", "application_form", scan("application_form"), "-good")
    asked = {"application": world.names["sixth"], "slot": "licence", "file_name": f"{made_up.person(4)}.pdf"}
    missing = member(world, "zhao").post("/uploads", asked, key="missing").json["id"]
    told = {"Records": [{"s3": {"object": {"key": f"quarantine/{missing}"}}}]}
    letters = {arrives(world, text) for text in POISON}
    arrives(world, json.dumps(told))
    until(world, lambda: is_accepted(world, file), f"{file} checked")
    seen_by_staff(world, letters)
    world.later(hours=2)


def arrives(world: World, text: str) -> str:
    """At the queue of uploads; answers the id of the dead letter that it would become.

    A message's id is by chance, and two runs are to be compared.
    """
    mock_random.seed(text)
    client, address = world.emulation.client("sqs"), world.emulation.names["UploadsQueue"]
    return f"unreadable-UploadsDead-{client.send_message(QueueUrl=address, MessageBody=text)['MessageId']}"


def seen_by_staff(world: World, letters: set[str]) -> None:
    """Each, with a reason. A list may lag: who does not find it there looks again."""
    missing = letters
    for _ in range(PATIENCE):
        listed: list[Any] = staff(world, "admin").get("/staff/dead-letters?limit=50").json["items"]
        missing = letters - {each["id"] for each in listed if each["trouble"]}
        if not missing:
            return
        world.later(minutes=6)
        world.lambdas.rest()
    raise Broken(11, f"given up, and staff do not see it: {sorted(missing)}")


@step("（又一封） one more mail that cannot leave", struck=False)
def another_mail(world: World) -> None:
    with world.post_out_of_order():
        world.names["dead-mail"] = mail(world, 1)
        world.lambdas.rest()


@step("待人工处理 dead letters laid aside: a mail, and what nobody can read")
def laid_aside(world: World) -> None:
    admin = staff(world, "admin")
    listed = [each["id"] for each in admin.get("/staff/dead-letters").json["items"]]
    unreadable = next(each for each in listed if each.startswith("unreadable-"))
    for letter in (world.names["dead-mail"], unreadable):
        answer = admin.post(f"/staff/dead-letters/{letter}/discard", {"reason": "不需要了"}, key=f"discard-{letter}")
        assert answer.ok, answer.body.decode()
