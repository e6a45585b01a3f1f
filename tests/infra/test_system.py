"""The whole system on one machine: what is set going comes to rest, what fails for good lies before the staff."""

import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

import pytest
import requests

from chalicelib import wiring
from chalicelib.operations import dead_letters
from chalicelib.operations.commands import Order
from chalicelib.operations.ports import Asked, Insert, UploadForm
from chalicelib.rules.association import BlankForm
from chalicelib.rules.records import Application, Mail, MaterialFile, OutboxRow, OutboxStatus, Shelf, Work
from chalicelib.rules.services import JOIN
from chalicelib.rules.uploads import FileRule
from chalicelib.rules.vocabulary import Actor, FileStatus, Personal, Role, Service, State
from infra.local import accounts, claims, code, forms, mailbox, resources, worker
from infra.local.demo_story import eventually
from infra.local.making import queue_arn
from infra.local.schedules import Ticker
from infra.local.system import System

LETTER = {
    "association": "虚构协会", "certificate": "会员证", "kind": "会员证",
    "number": "DEMO-HY-2026-0001", "holder": "虚构一号公司",
    "valid_from": "2026年1月1日", "valid_to": "2026年12月31日", "paper": "A4 纸", "test": "1",
    "verify_url": "https://m.example/v/x", "telephone": "000-0000 0001",
}  # fmt: skip


def promise_a_mail(name: str, *, root: str | None = None) -> str:
    """A mail and the outbox row that promises it; with a root, a certificate that is not there."""
    ports = wiring.ports()
    to = Personal("x***@unit.example", f"{name}@unit.example")
    mail = Mail(
        id=name, to=to, letter="certificate", context=LETTER, asked_at=ports.clock.now(), asked_by="u1",
        root=root, ordinal=1 if root else None,
    )  # fmt: skip
    row = OutboxRow(id=f"row-{name}", work=Work.MAIL, subject=(name,), at=ports.clock.now())
    ports.records.commit(Insert(mail), Insert(row))
    return row.id


def status(row: str) -> OutboxStatus:
    found = wiring.ports().records.get(OutboxRow, row)
    assert found
    return found.status


def test_a_promised_mail_goes_from_the_outbox_to_the_mail_box_by_itself(whole: System) -> None:
    row = promise_a_mail("mail1")
    assert whole.pumps.settle()
    assert status(row) is OutboxStatus.DONE
    letters = [file.read_text() for file in whole.mailbox.directory.glob("*.eml")]
    assert sum("mail1@unit.example" in letter for letter in letters) == 1


def test_what_fails_five_times_lies_before_the_staff_as_dead(whole: System) -> None:
    row = promise_a_mail("mail2", root="ROOTTHATISNOTTHERE")
    assert whole.pumps.settle()
    assert status(row) is OutboxStatus.DEAD


def arrives(identity: str, whole: System) -> None:
    """A file that was asked for, and that a phone has uploaded."""
    ports, application = wiring.ports(), identity.partition(".")[0]
    name = Personal("l***.pdf", "licence.pdf")
    now = ports.clock.now()
    file = MaterialFile(id=identity, application=application, slot="licence", name=name, suffix="pdf", requested_at=now)
    draft = Application(
        id=application,
        service=Service.JOIN,
        owner="user:u1",
        applicant="u1",
        state=State.DRAFT,
        opened_at=now,
        since=now,
    )
    ports.records.commit(Insert(draft), Insert(file), Insert(Shelf(application=application)))
    form = ports.files.upload_form(identity, FileRule(), now + timedelta(minutes=5))
    blank = (whole.state / "forms" / "join.pdf").read_bytes()
    sent = requests.post(form.url, data=dict(form.fields), files={"file": ("licence.pdf", BytesIO(blank))}, timeout=10)
    assert sent.status_code == 201


def file_status(identity: str) -> FileStatus:
    found = wiring.ports().records.get(MaterialFile, identity.partition(".")[0], identity)
    assert found
    return found.status


def test_an_uploaded_file_is_checked_by_itself(whole: System) -> None:
    arrives("a1.f1", whole)
    assert whole.pumps.settle()
    assert file_status("a1.f1") is FileStatus.ACCEPTED


def offered(name: str, size: int) -> requests.Response:
    """The bucket's answer to a file of that many bytes, under a form that takes 1 to 10."""
    until = wiring.ports().clock.now() + timedelta(minutes=5)
    form: UploadForm = wiring.ports().files.upload_form(name, FileRule(max_bytes=10), until)
    return requests.post(form.url, data=dict(form.fields), files={"file": ("x.pdf", b"x" * size)}, timeout=10)


@pytest.mark.parametrize(("size", "code"), [(0, "EntityTooSmall"), (11, "EntityTooLarge")])
def test_an_upload_outside_the_bounds_of_its_form_is_refused_as_s3_does(whole: System, size: int, code: str) -> None:
    del whole
    refused = offered("a9.f9", size)
    assert refused.status_code == 400
    assert f"<Code>{code}</Code>" in refused.text
    assert offered("a9.f9", 10).status_code == 201


def test_a_message_that_is_put_off_is_not_shown_before_its_time(whole: System) -> None:
    sqs, queue = whole.emulator.client("sqs"), whole.emulator.names["NotifyingQueue"]
    with whole.pumps.standing_still():
        sqs.send_message(QueueUrl=queue, MessageBody="no JSON")
        (message,) = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)["Messages"]
        wiring.put_off(queue_arn("NotifyingQueue"), message["ReceiptHandle"], timedelta(minutes=15))
        assert "Messages" not in sqs.receive_message(QueueUrl=queue)
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


@pytest.mark.parametrize("queue", ["Issuing", "Mailing", "Notifying", "Uploads"])
def test_a_poisonous_message_ends_before_the_staff_and_the_system_comes_to_rest(whole: System, queue: str) -> None:
    address = whole.emulator.names[f"{queue}Queue"]
    sent = whole.emulator.client("sqs").send_message(QueueUrl=address, MessageBody="no JSON")
    assert whole.pumps.settle()
    assert status(f"unreadable-{queue}Dead-{sent['MessageId']}") is OutboxStatus.DEAD


def test_an_upload_that_cannot_be_checked_is_a_dead_letter_and_is_checked_when_redriven(
    whole: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = wiring.ports()
    with monkeypatch.context() as patch:
        patch.setattr(ports.inspector, "inspect", lambda *_: 1 // 0, raising=False)
        arrives("a2.f1", whole)
        assert whole.pumps.settle()
    assert file_status("a2.f1") is FileStatus.WAITING
    (dead,) = (each for each in dead_letters.listed(ports, Asked()).items if each.id == "upload-a2.f1")
    dead_letters.redrive(ports, Order(Actor("admin", frozenset({Role.ADMIN})), "redrive", "k1", ""), dead.id)
    assert whole.pumps.settle()
    assert (file_status("a2.f1"), status(dead.id)) == (FileStatus.ACCEPTED, OutboxStatus.DONE)


@pytest.mark.parametrize("job", ["sweeping", "morning", "renewing", "reminding"])
def test_scheduled_jobs_run_on_an_association_without_work(whole: System, job: str) -> None:
    whole.pumps.call(job)
    assert whole.pumps.settle()


def test_every_variable_of_the_deployed_functions_is_there_on_one_machine(whole: System) -> None:
    del whole
    settings = wiring.settings()
    deployed = {name.lower() for name in resources.environment()}
    assert deployed <= set(type(settings).model_fields)
    assert settings.seal_licensed is False


def test_demo_accounts_have_codes_to_sign_in_with(whole: System, capsys: pytest.CaptureFixture[str]) -> None:
    assert [account.name for account in whole.accounts] == list(accounts.ROLES)
    assert code.main(["reviewer", "--state", str(whole.state)]) == 0
    assert capsys.readouterr().out.strip().isdecimal()
    assert code.main(["reviewer", "--state", str(whole.state / "nowhere")]) == 1


def test_nothing_personal_is_in_the_log(whole: System) -> None:
    log = (whole.state / "log.jsonl").read_text()
    assert "failed, to be delivered again" in log
    assert "@unit.example" not in log
    assert all(json.loads(line) for line in log.splitlines())


def test_a_request_is_one_line_in_the_log_without_its_ids(whole: System) -> None:
    requests.get(f"{whole.url}/V/SOMEBODYSTOKEN?with=13900000000", timeout=10)
    log = (whole.state / "log.jsonl").read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    told = [line for line in lines if line["message"] == "request" and line["route"] == "/V/{token}"]
    assert [(line["method"], line["status"]) for line in told] == [("GET", 404)]
    assert told[0]["ms"] >= 0
    assert "SOMEBODYSTOKEN" not in log


# --- HTTP -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer of a session"}])
def test_an_unknown_path_says_what_to_do_as_every_other_answer_does(whole: System, headers: dict[str, str]) -> None:
    answer = requests.get(f"{whole.url}/no/such/path", headers=headers, timeout=10)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["no_such_path"]


def test_a_blank_form_can_be_downloaded_and_nothing_beside_it(whole: System) -> None:
    form = requests.get(f"{whole.url}/forms/join.pdf", timeout=10)
    assert form.headers["Content-Type"] == "application/pdf"
    assert form.content.startswith(b"%PDF-")
    for sly in ("/forms/../demo-accounts.json", "/forms/%2e%2e/demo-accounts.json", "/forms/no.pdf"):
        assert asked(whole, "GET", sly)[0] in (403, 404)


def test_the_blank_form_asks_exactly_what_the_service_asks() -> None:
    assert forms.fields(BlankForm(code="join", title="", url="")) == JOIN.fields


def test_head_is_answered_without_a_body(whole: System) -> None:
    assert asked(whole, "HEAD", "/forms/join.pdf") == (200, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Length": "99999999"}, 413), ({"Content-Length": "-1"}, 400), ({"Transfer-Encoding": "chunked"}, 411)],
)
def test_a_body_of_odd_length_is_refused_before_it_is_read(whole: System, headers: dict[str, str], status: int) -> None:
    assert asked(whole, "POST", "/sessions", headers)[0] == status


def asked(whole: System, method: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """The path exactly as it stands: other clients would tidy it up."""
    connection = HTTPConnection(urlsplit(whole.url).netloc, timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


# --- schedules --------------------------------------------------------------------------------------------------------


def test_a_daily_job_runs_once_a_day_at_five_past_four_in_shanghai() -> None:
    now = datetime(2026, 11, 24, 20, 4, tzinfo=UTC)
    ran: list[str] = []

    def turn_at(minutes: int) -> bool:
        moments.append(now + timedelta(minutes=minutes))
        return ticker.turn()

    moments = [now]
    ticker = Ticker(
        "morning",
        lambda event: ran.append(event["time"]) or {},
        lambda: moments[-1],
        None,
        timedelta(hours=20, minutes=5),
    )
    assert [turn_at(minutes) for minutes in (0, 1, 2, 1440, 1441, 1442)] == [False, True, False, False, True, False]
    assert ran == ["2026-11-24T20:05:00Z", "2026-11-25T20:05:00Z"]


# --- a worker of its own ----------------------------------------------------------------------------------------------


def test_what_a_killed_worker_left_is_done_by_the_next(whole: System) -> None:
    with whole.pumps.standing_still():
        first = worker.start(whole, retry=0)
        first.kill()
        row = promise_a_mail("mail3")
        assert status(row) is OutboxStatus.PENDING
        second = worker.start(whole, retry=0)
        eventually("the mail", lambda: status(row) is OutboxStatus.DONE or None)
        second.close()
    letters = [file.read_text() for file in whole.mailbox.directory.glob("*.eml")]
    assert sum("mail3@unit.example" in letter for letter in letters) == 1


def test_a_worker_ends_with_whoever_started_it(whole: System) -> None:
    started = worker.start(whole)
    pipe = started._process.stdin
    assert pipe
    pipe.close()  # as the end of the process that holds it would
    assert started._process.wait(10) == 0
    started.close()


# --- starting ---------------------------------------------------------------------------------------------------------


def test_a_directory_in_use_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with claims.directory(tmp_path), pytest.raises(claims.Taken, match="--state"), claims.directory(tmp_path):
        pass
    with claims.directory(tmp_path):
        pass


def test_a_port_in_use_is_refused_by_its_number() -> None:
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(claims.Taken, match=f"port {taken} .*PORT={taken + 1}"):
            claims.port(taken)


def test_mails_of_an_earlier_run_are_gone(tmp_path: Path) -> None:
    (tmp_path / "0001.eml").write_text("Subject: earlier\n\n")
    mailbox.start(mailbox.emptied(tmp_path)).close()
    assert not list(tmp_path.glob("*.eml"))
    assert "没有邮件" in (tmp_path / "index.html").read_text()


def test_state_is_kept_where_git_does_not_look() -> None:
    ignored = (Path(__file__).parents[2] / ".gitignore").read_text().splitlines()
    assert {"/.local/", "/build/", ".chalice/deployments/"} <= set(ignored)
