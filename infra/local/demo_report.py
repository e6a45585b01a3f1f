"""The demo's own record: what each step showed, for the reader as it goes, and as `report.json` for the checker."""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from infra.local.demo_people import Problem

COLUMN = 36


class Unmet(Exception):  # noqa: N818 - the outcome of a step, not an error of ours
    """The step did not show what it has to show; the message says what was found instead."""


def require(holds: object, otherwise: str) -> None:
    """Raises Unmet."""
    if not holds:
        raise Unmet(otherwise)


@dataclass(frozen=True)
class Step:
    """``key`` is what the checker knows the step by; the two names are for people."""

    key: str
    chinese: str
    english: str

    @property
    def name(self) -> str:
        return f"{self.chinese} / {self.english}"


@dataclass
class Record:
    """Grows step by step. ``evidence`` is told by key of step: what a stranger needs to look for himself."""

    out: Path
    base_url: str
    wechat_url: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    evidence: dict[str, dict[str, Any]] = field(default_factory=dict)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    mails: list[dict[str, Any]] = field(default_factory=list)
    people: dict[str, Any] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    spare_desk: Mapping[str, str] = field(default_factory=dict)

    def take(self, step: Step, do: Callable[[], str], day: date) -> None:
        """Does one step and notes how it went; a failure is told with its reasons and ends nothing."""
        started = monotonic()
        ok, detail = _attempted(do)
        told = {"name": step.name, "ok": ok, "detail": detail, "key": step.key, "day": day.isoformat()}
        self.steps.append(told)
        _tell(len(self.steps), step, ok=ok, detail=detail, seconds=monotonic() - started)

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(step["ok"] for step in self.steps)

    def keep(self, place: str, content: bytes) -> str:
        """A file of the run under ``out``; answers its SHA-256."""
        path = self.out / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return sha256(content).hexdigest()

    def write(self) -> Path:
        path = self.out / "report.json"
        path.write_text(json.dumps(self._shown(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return path

    def _shown(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok, "steps": self.steps, "certificates": self.certificates, "mails": self.mails,
            "base_url": self.base_url, "wechat_url": self.wechat_url,
            "people": self.people, "staff_sessions": self.staff, "spare_desk": dict(self.spare_desk),
            "evidence": self.evidence,
        }  # fmt: skip


def _attempted(do: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, do()
    except Problem as problem:
        return False, problem.told
    except Unmet as unmet:
        return False, str(unmet)
    except Exception as trouble:  # noqa: BLE001 - whatever a step meets, the run goes on and ends non-zero
        return False, f"{type(trouble).__name__}: {trouble}"


def _tell(number: int, step: Step, *, ok: bool, detail: str, seconds: float) -> None:
    print(f" {number:>2} {'✓' if ok else '✗'} {padded(step.chinese, COLUMN)} {step.english}  ({seconds:.1f} s)")
    for line in detail.splitlines():
        print(f"      {line}")
    print(flush=True)


def padded(text: str, columns: int) -> str:
    """Chinese characters are two columns wide on a terminal."""
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, columns - width)
