"""The time machine in small: a year of a dozen enterprises breaks no promise, and a broken promise is noticed."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.year.__main__ import Report, main
from tests.year.habits import CARELESS
from tests.year.machine import Machine, Size
from tests.year.planted import PLANTED, Planted
from tests.year.promises import Violation, broken
from tests.year.units import Unit


@pytest.fixture(scope="module")
def report() -> Report:
    report = Report(Size.of(12, 14, seed=1))
    report.run()
    return report


def test_a_dozen_enterprises_go_through_fourteen_months_and_no_promise_is_broken(report: Report) -> None:
    assert not report.violations
    assert "no promise broken" in str(report)


def test_everything_that_can_happen_to_them_has_happened(report: Report) -> None:
    happened = ("joined", "dues paid", "qualified", "reviewed", "renewed", "reminders")
    assert [name for name in happened if not sum(row[name] for row in report.rows)] == []
    assert len(report.rows) == 14


def test_the_same_seed_tells_the_same_story() -> None:
    def told() -> str:
        report = Report(Size.of(4, 2, seed=5))
        report.run()
        return json.dumps(report.rows)

    assert told() == told()


def test_who_breaks_a_promise_leaves_with_a_status_that_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--enterprises", "2", "--months", "1", "--seed", "1", "--out", str(tmp_path / "year.json")]
    assert main(asked) == 0
    monkeypatch.setattr("tests.year.__main__.broken", lambda _: [Violation(3, "made_up", "something is wrong")])
    assert main(asked) == 1
    assert "! 2026-11 promise 3: something is wrong" in capsys.readouterr().out
    assert json.loads((tmp_path / "year.json").read_text())["violations"]


class Found(Exception):  # noqa: N818 - the trade's word
    """The machine need not go on."""


@pytest.mark.parametrize("fault", PLANTED, ids=lambda each: each.name)
def test_a_planted_fault_is_noticed(monkeypatch: pytest.MonkeyPatch, fault: Planted) -> None:
    fault.plant(monkeypatch)
    monkeypatch.setattr(Unit, "_how", lambda self, _: self.town.chance.choice(CARELESS))  # there is something to notice
    machine = Machine(Size(12, 5, seed=3, founders=fault.founders, members=fault.members))

    def month_over(_: date) -> None:
        if any(each.promise == fault.promise for each in broken(machine.town)):
            raise Found

    with pytest.raises(Found):
        machine.run(lambda _: None, month_over)


def test_most_promises_have_a_planted_fault() -> None:
    assert {each.promise for each in PLANTED} == set(range(1, 12)) - {10}
