"""Naive variants of the platform, each of which breaks a promise: a harness that does not notice them proves nothing.

Each is planted alone, into the running code; then the points (or orders, or plain steps) where it shows are run, until
the promise that it breaks is found broken, in the words it should be. The rooms declare theirs when imported.
"""

from tests.faults.planted import claiming, issuing, messages, money, personal, writes, year
from tests.faults.planted.catching import Caught, caught, forget_papers
from tests.faults.planted.declared import PLANTED, Planted, plant

__all__ = (
    "PLANTED", "Caught", "Planted", "caught", "claiming", "forget_papers", "issuing", "messages", "money", "personal",
    "plant", "writes", "year",
)  # fmt: skip
