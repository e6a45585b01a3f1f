"""Two or three at once, in every order of their calls: the pairs that meet, each with what must come of it.

Whatever the order, the promises hold afterwards, nobody hears a 5xx, and of those who exclude each other one wins and
the others are told why. Each module declares its own races; to import them here is to have them run.
"""

from tests.faults.races import (
    binding,
    binding_requests,
    documents,
    dues,
    holding,
    issuing,
    membership,
    paying,
    qualifying,
    receiving,
    reviewing,
)
from tests.faults.races.declared import RACES, Race, Run
from tests.faults.races.running import Played, played, run

__all__ = [
    "RACES",
    "Played",
    "Race",
    "Run",
    "binding",
    "binding_requests",
    "documents",
    "dues",
    "holding",
    "issuing",
    "membership",
    "paying",
    "played",
    "qualifying",
    "receiving",
    "reviewing",
    "run",
]
