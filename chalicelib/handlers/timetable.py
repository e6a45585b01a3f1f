"""What runs by the clock. Schedules are in UTC: 20:05 is five past four in the morning in Shanghai."""

from chalice.app import Blueprint, Cron, Rate

from chalicelib.handlers.events import at_its_time
from chalicelib.operations import reminding, renewing, sweeping
from chalicelib.operations.ports import Ports

timetable = Blueprint(__name__)


@timetable.schedule(Cron(5, 20, "*", "*", "?", "*"), name="morning")
@at_its_time
def morning(ports: Ports) -> None:
    sweeping.morning(ports)


@timetable.schedule(Cron(5, 16, "*", "*", "?", "*"), name="renewing")
@at_its_time
def renew(ports: Ports) -> None:
    """Five past midnight in Shanghai: what expired yesterday is renewed before anybody is up."""
    renewing.promise_renewals(ports)


@timetable.schedule(Cron(5, 1, "*", "*", "?", "*"), name="reminding")
@at_its_time
def remind(ports: Ports) -> None:
    """Five past nine in Shanghai: what it promises reaches telephones within minutes, so not with the morning job."""
    reminding.promise_reminders(ports)


@timetable.schedule(Rate(5, Rate.MINUTES), name="sweeping")
@at_its_time
def sweep(ports: Ports) -> None:
    sweeping.sweep(ports)
