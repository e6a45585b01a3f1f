"""A few companies at once, the worker killed once in the middle; `make faults` does the same with fifty."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.local import worker
from tests.faults import companies, joined, load
from tests.faults.joined import Aftermath

WANTED = 4
STRANGERS_TOOLS = {"requests"}


@pytest.fixture(scope="module")
def result() -> load.Result:
    return load.run(WANTED, kill=True)


def test_every_company_holds_its_certificate_though_the_worker_was_killed(result: load.Result) -> None:
    assert result.violations == []
    assert (result.completed, result.certificates, result.mails) == (WANTED, WANTED, WANTED)
    assert (result.dead_letters, result.waiting) == (0, 0)


def test_the_worker_was_killed_after_some_certificates_and_before_all(result: load.Result) -> None:
    assert result.killed_after is not None
    assert 1 <= result.killed_after < WANTED


def test_every_operation_of_the_way_is_measured(result: load.Result) -> None:
    once_each = {"log_in", "submit", "approve", "pay", "confirm_payment", "mail_certificate", "verify"}
    assert {result.operations[name]["count"] for name in once_each} == {WANTED}
    assert all(0 <= each["p50_ms"] <= each["p95_ms"] for each in result.operations.values())


def test_a_worker_that_dies_at_once_is_told_of_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[subprocess.Popen[str]] = []
    begin = worker._process

    def noted() -> subprocess.Popen[str]:
        begun.append(begin())
        begun[-1].wait()
        return begun[-1]

    monkeypatch.setattr(worker, "_process", noted)
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    running: Any = SimpleNamespace(emulator=SimpleNamespace(url="http://127.0.0.1:9", names={}), state=tmp_path)
    with pytest.raises(OSError, match="could not start"):
        worker.start(running)
    (process,) = begun
    assert process.returncode is not None
    assert process.stdin is not None
    assert process.stdout is not None
    assert (process.stdin.closed, process.stdout.closed) == (True, True)


# --- the companies ----------------------------------------------------------------------------------------------------


def test_the_companies_import_nothing_of_ours() -> None:
    tree = ast.parse(load.COMPANIES.read_text(encoding="utf-8"))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names <= STRANGERS_TOOLS


def test_the_companies_write_no_path_of_the_service_themselves() -> None:
    """What they know of it is its document; the stand-in's phone and the printed address are no part of that."""
    tree = ast.parse(load.COMPANIES.read_text(encoding="utf-8"))
    written = {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    paths = {each for each in written if each.startswith("/") and " " not in each and len(each) > 1}
    assert paths - {"/openapi.json", "/stand-in/codes"} == set()


def test_a_body_holds_what_the_document_asks_for_and_nothing_else() -> None:
    schema = {"properties": {"name": {}, "mobile": {}, "remark": {}}, "required": ["name", "mobile"]}
    known = {"name": "虚构", "mobile": "19900010001", "application": "a1"}
    assert companies.filled(schema, known) == {"name": "虚构", "mobile": "19900010001"}
    with pytest.raises(companies.Unmet, match="mobile"):
        companies.filled(schema, {"name": "虚构"})


# --- what is noticed afterwards ---------------------------------------------------------------------------------------


def entry(number: int, action: str, before: str, after: str) -> dict[str, Any]:
    return {"number": number, "action": {"code": action}, "before": {"code": before}, "after": {"code": after}}


HISTORY = [
    entry(1, "submit", "draft", "in_review"),
    entry(2, "approve", "in_review", "to_be_paid"),
    entry(3, "pay", "to_be_paid", "payment_being_checked"),
    entry(4, "confirm_payment", "payment_being_checked", "being_made"),
    entry(5, "issue", "being_made", "completed"),
]


def certificate(number: int, application: str = "a1") -> dict[str, Any]:
    return {
        "number": f"DEMO-HY-2026-{number:04}", "application": application, "standing": {"code": "valid"},
        "issuance": {"code": "issued"}, "editions": [{"file_sha256": "0"}],
    }  # fmt: skip


def case(**found: Any) -> Aftermath:
    """Of one company that has joined as it should, except for what is told."""
    said = {"troubles": [], "others": {}, "held": [{"mail": "office1@load.example", "holder": "虚构市第1号"}]}
    told = Aftermath(running=None, companies=1, said=said)  # type: ignore[arg-type]  # what it would look up is told here
    told.__dict__.update(
        {
            "completed": [{"id": "a1", "title": "虚构市第1号", "history": HISTORY}],
            "certificates": {"虚构市第1号": certificate(1)}, "made": 1, "dead_letters": 0, "waiting": 0, **found,
        }
    )  # fmt: skip
    return told


CHECKS = (joined.nobody_was_left_out, joined.histories, joined.numbers, joined.all_is_at_rest)


def noticed(told: Aftermath) -> list[str]:
    for check in CHECKS:
        check(told)
    return told.violations


def test_a_company_that_joined_as_it_should_is_no_violation() -> None:
    assert noticed(case()) == []


@pytest.mark.parametrize(
    "found",
    [
        {"completed": []},
        {"completed": [{"id": "a1", "title": "虚构市第1号", "history": HISTORY[1:]}]},
        {"completed": [{"id": "a1", "title": "虚构市第1号", "history": [*HISTORY, HISTORY[-1]]}]},
        {"certificates": {"虚构市第1号": certificate(2)}},
        {"certificates": {"虚构市第1号": certificate(1, "a2")}},
        {"made": 2},
        {"dead_letters": 1},
        {"waiting": 1},
        {"said": {"troubles": ["company 1: Unmet"], "others": {}, "held": [{}]}},
        {"said": {"troubles": [], "others": {"pay 500": 1}, "held": [{}]}},
        {"said": {"troubles": [], "others": {}, "held": []}},
    ],
    ids=lambda found: next(iter(found)),
)
def test_what_is_missing_doubled_or_broken_is_noticed(found: dict[str, Any]) -> None:
    assert noticed(case(**found))


def test_being_asked_to_come_back_later_is_no_violation() -> None:
    others = {"pay 503": 3, "log_in ConnectionError": 1}
    assert noticed(case(said={"troubles": [], "others": others, "held": [{}]})) == []
