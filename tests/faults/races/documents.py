"""Those who meet over an invoice, and two workers over one reminder."""

from collections.abc import Callable, Sequence
from datetime import date

from chalicelib.rules.records import Work
from tests import made_up
from tests.faults.journey import dues, invoices, to_day
from tests.faults.races.declared import all_come_back, clerk, member, one_wins, race, works
from tests.faults.races.qualifying import pending
from tests.faults.scheduler import Task
from tests.faults.world import World


@race("one application, two invoices: ask / ask", 9, one_wins)
def ask_ask(world: World) -> Callable[[], Sequence[Task]]:
    dues.a_member(world)
    body = {
        "applications": [world.names["join-chen"]], "title": made_up.enterprise(1),
        "tax_number": made_up.credit_code(1), "email": invoices.INVOICES_TO,
    }  # fmt: skip
    return lambda: [member(world, "chen", "POST", "/invoices", body, f"ask-{n}") for n in range(2)]


@race("an invoice: issue / cancel", 9, one_wins)
def issue_cancel(world: World) -> Callable[[], Sequence[Task]]:
    for each in (dues.a_member, invoices.asked, invoices.file_put_in):
        each(world)
    world.lambdas.rest()
    invoice = world.names["invoice"]
    body = {"file": world.names["invoice-file"], "number": "26440000000000000001"}
    return lambda: [
        clerk(world, "finance", f"/staff/invoices/{invoice}/issue", body, "issue"),
        member(world, "chen", "POST", f"/invoices/{invoice}/cancel", {}, "cancel"),
    ]


@race("one reminder, two workers", 6, all_come_back)
def remind_remind(world: World) -> Callable[[], Sequence[Task]]:
    dues.a_member(world)
    to_day(world, date(2027, 1, 1))
    assert world.tick("reminding")
    row = pending(world, Work.REMIND)
    return lambda: [works(world, "issuing", "IssuingQueue", row) for _ in range(2)]
