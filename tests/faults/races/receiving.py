"""Those who meet over a file: a form asked for twice, an event told twice, the phone that sends something else."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from chalicelib.rules.records import MaterialFile
from chalicelib.rules.vocabulary import FileStatus
from infra.local.demo_files import DISGUISED
from tests.faults import people
from tests.faults.journey import opened, scan, uploaded
from tests.faults.observed import look
from tests.faults.races.declared import all_come_back, came_back, handed, member, race, the_same_answer
from tests.faults.scheduler import Task
from tests.faults.world import World


@race("the same key at once: a new upload", 2, the_same_answer)
def same_key_upload(world: World) -> Callable[[], Sequence[Task]]:
    world.names["chen"] = people.logs_in(world, "chen")
    opened(world, "chen", 1, "join")
    body = {"application": world.names["join"], "slot": "licence", "file_name": "a.pdf"}
    return lambda: [member(world, "chen", "POST", "/uploads", body, "the-same") for _ in range(2)]


def told_of(world: World) -> Any:
    """The bucket's message about a file that has arrived, and that nobody has looked at."""
    world.names["chen"] = people.logs_in(world, "chen")
    opened(world, "chen", 1, "join")
    world.names["file"] = uploaded(world, "chen", "join", "licence", scan("licence"))
    (message,) = world.emulation.client("sqs").receive_message(
        QueueUrl=world.emulation.names["UploadsQueue"], VisibilityTimeout=0
    )["Messages"]
    return message


@race("an upload's event, twice at once", 7, all_come_back)
def receive_receive(world: World) -> Callable[[], Sequence[Task]]:
    message = told_of(world)
    return lambda: [handed(world, "receiving", "UploadsQueue", message) for _ in range(2)]


def the_one_or_the_other(world: World, outcomes: tuple[Any, ...]) -> str | None:
    """Accepted is what was inspected, to the byte; else the disguised file was, and its slot says what it is."""
    if not came_back(outcomes[0]) or outcomes[1] is not None:
        return f"came back with {outcomes}"
    seen = look(world)
    (file,) = seen.records(MaterialFile)
    if file.status is FileStatus.REFUSED:
        return None if file.reasons else "refused without a reason"
    kept = seen.kept.get(file.kept or "")
    world.uploaded[file.id] = scan("licence")
    good = file.status is FileStatus.ACCEPTED and kept == scan("licence") and sha256(kept).hexdigest() == file.sha256
    return None if good else f"{file.status}, and what is kept was never inspected"


@race("an upload is overwritten while it is checked", 1, the_one_or_the_other)
def receive_overwrite(world: World) -> Callable[[], Sequence[Task]]:
    message = told_of(world)

    def overwrite() -> None:
        with world.injector.running():
            world.upload(world.names["file"], DISGUISED)

    def begin() -> Sequence[Task]:
        # moto closes a file that is overwritten, and going back does not open it again
        world.upload(world.names["file"], scan("licence"))
        return [handed(world, "receiving", "UploadsQueue", message), overwrite]

    return begin
