"""The form in which work goes through a queue: which row of the outbox, in which round, and nothing else.

No personal data can lie in a queue this way, and a message sent twice is harmless: the row knows whether it is done.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

VERSION = 1


@dataclass(frozen=True)
class Errand:
    """``row``: its id; ``round``: how often it had been begun anew when this was sent."""

    row: str
    round: int = 0

    def written(self) -> str:
        return json.dumps({"v": VERSION, "row": self.row, "round": self.round})

    @staticmethod
    def is_one(body: Mapping[str, Any]) -> bool:
        """Whether it is about a row, in whatever version."""
        return "row" in body

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self | None:
        """None: not in the form of this version."""
        row, number = body.get("row"), body.get("round", 0)
        if body.get("v") != VERSION or not isinstance(row, str) or not row or type(number) is not int:
            return None
        return cls(row, number)
