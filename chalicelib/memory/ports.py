"""All the ports in memory, put together: what tests, previews and the time machine run on."""

from typing import Any

from chalicelib.memory.carriers import KeptPost, KeptQueues, PlainLetters, StandInWechat
from chalicelib.memory.credentials import PlainCredentials
from chalicelib.memory.files import MemoryFiles
from chalicelib.memory.inspector import PlainInspector
from chalicelib.memory.printer import PlainPrinter
from chalicelib.memory.records import MemoryRecords
from chalicelib.memory.sample import SAMPLE
from chalicelib.memory.statements import PlainStatements
from chalicelib.memory.time_and_ids import CountingIds, FixedClock
from chalicelib.operations.ports import Insert, Ports

PUBLIC_URL = "https://member.association.example"


def ports(**overrides: Any) -> Ports:
    """New and empty but for the sample association; ``overrides`` replace ports by their names in ``Ports``.

    The records keep time by the ``clock`` given; records given are left as they are.
    """
    clock = overrides.pop("clock", None) or FixedClock()
    parts: dict[str, Any] = {
        "ids": CountingIds(),
        "records": _records_of_the_sample(clock) if "records" not in overrides else None,
        "files": MemoryFiles(),
        "inspector": PlainInspector(),
        "statements": PlainStatements(),
        "printer": PlainPrinter(),
        "letters": PlainLetters(),
        "post": KeptPost(),
        "wechat": StandInWechat(),
        "queues": KeptQueues(),
        "credentials": PlainCredentials(),
        "public_url": PUBLIC_URL,
    }
    return Ports(**{"clock": clock, **parts, **overrides})


def _records_of_the_sample(clock: FixedClock) -> MemoryRecords:
    records = MemoryRecords(clock)
    records.commit(Insert(SAMPLE))
    return records
