"""The commands as people start them: they say what to do, and end as they should."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import system


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process of `make run`, its port, and what it has printed once it is up."""
    port = str(system.free_port())
    state = tmp_path_factory.mktemp("run")
    command = [sys.executable, "-X", "faulthandler", "-m", "infra.local", "--port", port, "--state", str(state)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    lines: list[str] = []
    while "make demo" not in "".join(lines):
        lines.append(process.stdout.readline())
        assert lines[-1], "".join(lines)
    yield process, "".join(lines), str(state)
    process.kill()
    process.wait()
    process.stdout.close()


def pasted(told: str, state: str) -> str:
    """The lines to try, as a shell takes them; make is the one thing that a test machine may not have ready."""
    block = told[told.index("Try,") :].split("The whole story", maxsplit=1)[0]
    lines = "\n".join(line.strip() for line in block.splitlines()[1:])
    code = f"{sys.executable} -m infra.local.code --state {state} reviewer"
    return lines.replace("make -s code NAME=reviewer", code).replace("curl -s ", "curl -s --fail-with-body ")


def test_the_lines_to_try_work_as_pasted(running: tuple[subprocess.Popen[str], str, str]) -> None:
    _, told, state = running
    ran = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", pasted(told, state)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert '"陈甲一"' in ran.stdout


def test_the_port_that_is_taken_is_said(running: tuple[subprocess.Popen[str], str, str], tmp_path: Path) -> None:
    port = re.search(r"service +http://127\.0\.0\.1:(\d+)", running[1])
    assert port
    command = [sys.executable, "-m", "infra.local", "--port", port[1], "--state", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "PORT=" in ran.stderr
    assert "Traceback" not in ran.stderr


def ended(process: subprocess.Popen[str]) -> int:
    """Its exit status. When it does not end, where every thread of it stands."""
    assert process.stdout
    try:
        return process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        raise AssertionError(process.stdout.read()) from None


def test_ctrl_c_ends_it_cleanly(running: tuple[subprocess.Popen[str], str, str]) -> None:
    process = running[0]
    assert process.stdout
    process.send_signal(signal.SIGINT)
    assert ended(process) == 0
    assert process.stdout.read().strip() == "ended"


def test_a_start_without_settings_names_every_problem() -> None:
    bare = {"PATH": os.environ["PATH"], "MAIL_BY": "smtp"}
    command = [sys.executable, "-m", "infra.first_admin", "--name", "head", "--generate"]
    ran = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert {"PUBLIC_URL", "SESSION_SECRET", "TABLE_OUTBOX", "WECHAT_SECRET"} <= set(
        re.findall(r"^([A-Z_]+):", ran.stderr, re.MULTILINE)
    )
    assert "Traceback" not in ran.stderr
