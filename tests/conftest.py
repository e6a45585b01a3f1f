"""What is told at the end of every run."""

import pytest

from tests.counting import summed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.stats.get(kind, [])]
    if lines := list(summed(reports)):
        terminalreporter.section("counted")
        for line in lines:
            terminalreporter.write_line(line)
