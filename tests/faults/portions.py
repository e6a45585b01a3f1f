"""What a run of `make faults` has found so far, kept portion by portion, so that one that is cut off can go on."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.faults import work
from tests.faults.work import Share


@dataclass
class Kept:
    """The portions done so far, one to a line; a line is good for the code, the share and the seed it was run with."""

    path: Path
    run: dict[str, Any]
    done: dict[str, Share] = field(default_factory=dict)

    def begin(self, *, resume: bool) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not resume:
            self.path.unlink(missing_ok=True)
        *lines, half = self.path.read_text(encoding="utf-8").split("\n") if self.path.exists() else ("",)
        if half:  # it was cut off while it wrote: that portion is not done
            self.path.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")
        for told in map(json.loads, lines):
            if told["run"] == self.run:
                self.done[told["portion"]] = Share.of(told["found"])

    def keep(self, portion: str, found: Share) -> None:
        line = json.dumps({"run": self.run, "portion": portion, "found": found.kept()}, ensure_ascii=False)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def name_of(part: str, asked: tuple[Any, ...]) -> str:
    return " ".join(map(str, (part, *asked)))


def code() -> str:
    """One hash of all that is run, be it a program or a template: what an older tree has found says nothing of this."""
    rooms = (work.ROOT / each for each in ("chalicelib", "infra", "tests"))
    files = sorted(each for room in rooms for each in room.rglob("*") if each.is_file() and each.suffix != ".pyc")
    return sha256(b"".join(each.read_bytes() for each in files)).hexdigest()[:16]
