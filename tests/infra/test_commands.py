"""The commands as people start them: they say what to do, and end as they should."""

import getpass
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.memory.ports import ports as in_memory
from chalicelib.operations import staff_sessions
from chalicelib.operations.ports import Asked, Ports
from chalicelib.operations.staff import reset_by_command
from chalicelib.rules.vocabulary import Refused
from infra import first_admin
from infra.local import claims


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process of `make run`, its port, and what it has printed once it is up."""
    port = str(claims.port())
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


def pasted(told: str) -> str:
    """The lines to try, as a shell takes them, except that each refusal ends it."""
    block = told[told.index("Try,") :].split("The whole story", maxsplit=1)[0]
    lines = "\n".join(line.strip() for line in block.splitlines()[1:])
    return lines.replace("curl -s ", "curl -s --fail-with-body ")


def test_the_lines_to_try_work_as_pasted(running: tuple[subprocess.Popen[str], str, str]) -> None:
    told = running[1]
    ran = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", pasted(told)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert '"陈甲一"' in ran.stdout
    assert ran.stdout.count(": 201") == 2, "two files were taken by the bucket"
    assert '"code": "in_review"' in ran.stdout, "his application was submitted"
    assert "DEMO-HY-" in ran.stdout, "the member who is there from the start sees his certificate"
    assert "DEMO-ZZ-" in ran.stdout, "and his qualification"
    assert "资质证变更  可以办理" in ran.stdout, "his plan, a line a service"
    assert "虚构市新址路 8 号" in ran.stdout, "a change is filled in"
    assert '"status": {\n        "code": "requested"' in ran.stdout, "an invoice is asked for"
    assert '"day": ' in ran.stdout, "finance closes the day"


def test_what_is_shown_tells_the_year_and_not_only_joining(running: tuple[subprocess.Popen[str], str, str]) -> None:
    told = running[1]
    for service in ("dues", "qualification", "annual_review", "qualification_change"):
        assert f"  offer {service}\n" in told, service
    assert "/invoices" in told
    lines = [line for line in told.splitlines() if "infra.local.code" not in line]  # it names this test's directory
    assert max(map(len, lines)) <= 150, "laid out for reading"


def test_the_port_that_is_taken_is_said(running: tuple[subprocess.Popen[str], str, str], tmp_path: Path) -> None:
    port = re.search(r"service +http://127\.0\.0\.1:(\d+)", running[1])
    assert port
    command = [sys.executable, "-m", "infra.local", "--port", port[1], "--state", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert f"port {port[1]} cannot be had" in ran.stderr
    assert f"PORT={int(port[1]) + 1} make run" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_second_one_on_the_same_directory_is_refused_and_told_how(
    running: tuple[subprocess.Popen[str], str, str],
) -> None:
    command = [sys.executable, "-m", "infra.local", "--port", "0", "--state", running[2]]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "another system is running" in ran.stderr
    assert "--state" in ran.stderr


def ended(process: subprocess.Popen[str]) -> int:
    """Its exit status. When it does not end, where every thread of it stands."""
    assert process.stdout
    try:
        return process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        raise AssertionError(process.stdout.read()) from None


def test_a_request_to_end_that_another_thread_receives_ends_it() -> None:
    """The kernel gives it to any thread; the one that waits must hear of it nevertheless."""
    script = """
import signal, threading
from infra.local import __main__ as local
signal.signal(signal.SIGTERM, signal.default_int_handler)
waits, select = threading.Event(), local.select
local.select = lambda *asked: (waits.set(), select(*asked))
def hear():
    waits.wait()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
threading.Thread(target=hear).start()
local.wait_for_the_end()
print("ended")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=20)
    assert ran.stdout == "ended\n", ran.stderr


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


# --- the only admin, who lost his telephone ---------------------------------------------------------------------------

PASSWORD = "a long enough password"
ANOTHER = "another long enough one"


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ports]:
    """In memory, with an admin called head; whoever is asked for a password says another one."""
    given = in_memory()
    wiring.use(given)
    first_admin.make(given, "head", PASSWORD)
    monkeypatch.setattr(getpass, "getpass", lambda _: ANOTHER)
    yield given
    wiring.use(None)


def code(ports: Ports, secret: str) -> str:
    return str(ports.credentials.totp_code(secret, ports.clock.now()))  # type: ignore[attr-defined]  # in memory


def test_the_only_admin_who_lost_his_telephone_is_reset_and_signs_in(
    ports: Ports, capsys: pytest.CaptureFixture[str]
) -> None:
    assert first_admin.main(["--name", "head", "--reset"]) == 0
    secret = re.search(r"\n  secret +(\S+)", capsys.readouterr().out)
    assert secret
    assert staff_sessions.sign_in(ports, "head", ANOTHER, code(ports, secret[1])).epoch == 1
    with pytest.raises(Refused):
        staff_sessions.sign_in(ports, "head", PASSWORD, code(ports, secret[1]))
    entries = ports.records.audit_of("staff:head", Asked()).items
    assert {(each.actor, each.deed) for each in entries} == {
        ("first_admin", "open_account"), ("first_admin", "reset_account"),
    }  # fmt: skip
    assert all(each.reason for each in entries if each.deed == "reset_account")


def test_a_reset_can_be_done_again_when_the_secret_was_not_written_down(ports: Ports) -> None:
    secrets = [reset_by_command(ports, "test", "head", PASSWORD, "x", "x").totp_secret for _ in range(2)]
    assert secrets[0] != secrets[1]


def test_only_an_admin_is_reset_by_the_command(ports: Ports, capsys: pytest.CaptureFixture[str]) -> None:
    assert first_admin.main(["--name", "nobody", "--reset"]) == 1
    assert "No admin is called nobody" in capsys.readouterr().err


def test_a_second_first_admin_is_told_of_the_reset(ports: Ports, capsys: pytest.CaptureFixture[str]) -> None:
    assert first_admin.main(["--name", "second", "--generate"]) == 1
    assert "--reset" in capsys.readouterr().err
