"""What runs by the clock. Schedules are in UTC: 20:05 is five past four in the morning in Shanghai."""

from chalice.app import Blueprint, Cron, Rate

from chalicelib.handlers.events import at_its_time
from chalicelib.operations import sweeping
from chalicelib.operations.ports import Ports

timetable = Blueprint(__name__)


@timetable.schedule(Cron(5, 20, "*", "*", "?", "*"), name="morning")
@at_its_time
def morning(ports: Ports) -> None:
    sweeping.morning(ports)


@timetable.schedule(Rate(5, Rate.MINUTES), name="sweeping")
@at_its_time
def sweep(ports: Ports) -> None:
    sweeping.sweep(ports)
