"""Those who meet over a membership: two who end it, who submits meanwhile, who undoes it while the unit joins again."""

from collections.abc import Callable, Sequence

from tests.faults.journey import drafted, dues, membership, with_files
from tests.faults.people import staff
from tests.faults.races.declared import clerk, member, one_wins, race
from tests.faults.scheduler import Task
from tests.faults.world import World
from tests.operations.years import CHANGES


def said(world: World, deed: str, key: str = "once") -> Task:
    path = f"/staff/enterprises/{world.names['enterprise-chen']['member_code']}"
    seen = staff(world, "admin").get(path).json["version"]
    return clerk(world, "admin", f"{path}/{deed}", {"version": seen, "reason": "自愿退会"}, f"{deed}-{key}")


@race("end / end, one membership", 3, one_wins)
def end_end(world: World) -> Callable[[], Sequence[Task]]:
    dues.a_member(world)
    tasks = [said(world, "end-membership", key) for key in ("one", "other")]
    return lambda: tasks


@race("end / submit", 5, one_wins)
def end_submit(world: World) -> Callable[[], Sequence[Task]]:
    """What is under way when a membership ends would be nobody's to settle."""
    dues.a_member(world)
    drafted(world, "chen", "dues_with_changes", "changes", CHANGES)
    with_files(world, "chen", "changes", "licence", "change_notice")
    submit = member(world, "chen", "POST", f"/applications/{world.names['changes']}/submit", {}, "submit")
    ending = said(world, "end-membership")
    return lambda: [ending, submit]


@race("restore / join again", 5, one_wins)
def restore_join(world: World) -> Callable[[], Sequence[Task]]:
    dues.a_member(world)
    membership.ended_again(world)
    submit = member(world, "chen", "POST", f"/applications/{world.names['again']}/submit", {}, "submit")
    restoring = said(world, "restore-membership")
    return lambda: [restoring, submit]
