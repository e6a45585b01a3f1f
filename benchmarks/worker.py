"""One contestant in a process of its own: takes pages line by line, answers how long each took.

It runs in the environment of its library, so it imports nothing of ours but the module it is told.
"""

import base64
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    name, font, core = sys.argv[1:]
    os.sched_setaffinity(0, {int(core)})
    contestant: Any = importlib.import_module(name)
    contestant.prepare(font)
    for line in sys.stdin:
        page = json.loads(line)
        began = time.perf_counter()
        made = contestant.draw(page)
        took = time.perf_counter() - began
        answer: dict[str, Any] = {"ms": took * 1000, "bytes": len(made), "mb": memory()}
        if page.get("keep"):
            answer["pdf"] = base64.b64encode(made).decode()
        print(json.dumps(answer), flush=True)


def memory() -> float:
    """The most this process ever held, in MB."""
    # getrusage would tell what the process held that started this one
    line = next(each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


if __name__ == "__main__":
    main()
