"""The demo as people start it, in a process of its own, kept running; and copies of what it left, to tamper with."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Any

ROOT = Path(__file__).parents[2]
CHECKER = ROOT / "infra" / "local" / "check_demo.py"
LONGEST = 480  # seconds, on a machine that others use too
STAYING = "The system stays"


@dataclass(frozen=True)
class Performance:
    """What was printed, and where everything was left. The system still runs."""

    out: Path
    printed: str


@contextmanager
def performed(out: Path) -> Iterator[Performance]:
    """Runs the demo, and at the end expects of it exit status 0."""
    printed = out.with_suffix(".txt")
    command = [sys.executable, "-m", "infra.local.demo", "--stay", "--out", str(out)]
    with printed.open("wb") as screen:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=screen, stderr=subprocess.STDOUT)
    try:
        _wait(process, printed)
        yield Performance(out, printed.read_text(encoding="utf-8"))
    finally:
        process.communicate(timeout=30)  # ends its input
    assert process.returncode == 0


def _wait(process: "subprocess.Popen[bytes]", printed: Path) -> None:
    until = monotonic() + LONGEST
    while STAYING not in printed.read_text(encoding="utf-8", errors="ignore"):
        assert process.poll() is None, printed.read_text(encoding="utf-8")
        assert monotonic() < until, printed.read_text(encoding="utf-8")
        sleep(0.1)


@dataclass(frozen=True)
class Evidence:
    """A copy of what the demo left; ``check`` runs the checker on it."""

    out: Path

    @property
    def report(self) -> Any:
        return json.loads((self.out / "report.json").read_text(encoding="utf-8"))

    def rewrite(self, change: Callable[[Any], object]) -> None:
        """The report, forged."""
        report = self.report
        change(report)
        (self.out / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")

    def replace(self, place: str, content: bytes) -> str:
        """A file, exchanged; its SHA-256, for a forger who thinks of it."""
        (self.out / place).write_bytes(content)
        return sha256(content).hexdigest()

    def check(self, *steps: str, through: str | None = None) -> int:
        """The checker's exit status for these steps, looking through a proxy where one is given."""
        return int(checker().main([str(self.out), *(["--proxy", through] if through else []), "--only", *steps]))


def copied(performance: Performance, to: Path) -> Evidence:
    shutil.copytree(performance.out, to, ignore=shutil.ignore_patterns("system"))
    return Evidence(to)


def checker() -> Any:
    """The script as a module, loaded from its file as a stranger would."""
    if "check_demo" not in sys.modules:
        spec = importlib.util.spec_from_file_location("check_demo", CHECKER)
        assert spec is not None
        assert spec.loader is not None
        sys.modules["check_demo"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["check_demo"])
    return sys.modules["check_demo"]
