"""The local bucket refuses every form that S3 would refuse: altered, borrowed, expired, or with more than was said."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import boto3
import pytest
from werkzeug.test import Client, TestResponse

from chalicelib.aws.files import S3Files
from chalicelib.aws.resources import Resources
from chalicelib.operations.ports import UploadForm
from chalicelib.rules.records import Work
from chalicelib.rules.uploads import FileRule
from infra.local.post_policy import held_to

BUCKETS = Resources(
    region="us-east-1", enterprises="e", applications="a", certificates="c", accounts="u", outbox="o",
    uploads="uploads", keeping="keeping", queues=dict.fromkeys(Work, "q"), data_key="d", seal_key="s",
    endpoints={"s3": "http://127.0.0.1:1"},
)  # fmt: skip


def bucket(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Takes whatever gets past the gate."""
    body = environment["wsgi.input"].read()
    start_response("201 Created", [("X-Received", str(len(body)))])
    return [b""]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> S3Files:
    """With made-up keys, whoever has asked for others before."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up too")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return S3Files(BUCKETS)


def form_for(files: S3Files, file: str = "a1.f1", most: int = 10) -> UploadForm:
    return files.upload_form(file, FileRule(max_bytes=most), datetime.now(UTC) + timedelta(minutes=5))


def offered(
    fields: Any, size: int = 5, address: str = "/uploads", now: datetime | None = None, key: str | None = None
) -> TestResponse:
    ours = {} if key is None else {"secret": lambda: key}
    gate = held_to(bucket, **ours, now=lambda: now or datetime.now(UTC))
    given = fields.items() if hasattr(fields, "items") else fields
    data: dict[str, list[Any]] = {}
    for name, value in given:
        data.setdefault(name, []).append(value)
    return Client(gate).post(address, data={**data, "file": [_file(size)]}, buffered=True)


def _file(size: int) -> tuple[BytesIO, str, str]:
    return (BytesIO(b"x" * size), "x.pdf", "text/html")  # the file's own part may say what it likes


def assert_denied(answer: TestResponse, code: str = "AccessDenied") -> None:
    assert answer.status_code == 403, answer.text
    assert f"<Code>{code}</Code>" in answer.text


def test_a_form_as_it_was_given_is_taken(files: S3Files) -> None:
    answer = offered(form_for(files).fields)
    assert answer.status_code == 201
    assert int(answer.headers["X-Received"]) > 5


@pytest.mark.parametrize("key", ["quarantine/a1.f2", "kept/a1.f1", "quarantine/../kept/a1.f1", "quarantine/a1.f1/", ""])
def test_a_form_is_good_for_no_other_key(files: S3Files, key: str) -> None:
    assert_denied(offered({**form_for(files).fields, "key": key}))


def test_a_form_is_good_for_no_other_bucket(files: S3Files) -> None:
    form = form_for(files).fields
    assert_denied(offered(form, address="/keeping"))
    assert_denied(offered({**form, "bucket": "uploads"}, address="/keeping"))


def test_the_policy_of_one_file_does_not_carry_another(files: S3Files) -> None:
    """Every mixture of two genuine forms: the signature goes with its policy, and the policy with its key."""
    mine, other = form_for(files).fields, form_for(files, "a1.f2").fields
    for borrowed in (("policy",), ("x-amz-signature",), ("policy", "x-amz-signature"), ("key",), ("key", "policy")):
        mixed = {**mine, **{name: other[name] for name in borrowed}}
        answer = offered(mixed)
        assert answer.status_code == 403, borrowed


@pytest.mark.parametrize(
    "more",
    [
        {"Content-Type": "text/html"},
        {"content-type": "application/pdf"},
        {"acl": "public-read"},
        {"x-amz-meta-owner": "somebody"},
        {"x-amz-storage-class": "GLACIER"},
        {"x-amz-server-side-encryption": "aws:kms"},
        {"x-amz-website-redirect-location": "https://evil.example/"},
        {"success_action_redirect": "https://evil.example/"},
        {"tagging": "<Tagging/>"},
        {"Cache-Control": "max-age=1"},
        {"Content-Disposition": "inline"},
        {"x-amz-security-token": "x"},
        {"anything": "else"},
    ],
    ids=str,
)
def test_nothing_may_be_added_to_a_form(files: S3Files, more: dict[str, str]) -> None:
    assert_denied(offered({**form_for(files).fields, **more}))


def test_no_field_of_a_form_may_be_altered_left_out_or_given_twice(files: S3Files) -> None:
    form = form_for(files).fields
    for name in form:
        rest = {other: value for other, value in form.items() if other != name}
        assert offered(rest).status_code == 403, name
        assert offered({**rest, name: form[name][:-1] + "~"}).status_code == 403, name
        assert offered([*form.items(), (name, "x")]).status_code == 403, name
        assert offered([*form.items(), (name.upper(), "x")]).status_code == 403, name
    assert offered({**form, "success_action_status": "200"}).status_code == 403


def test_a_policy_that_was_rewritten_is_not_the_one_that_was_signed(files: S3Files) -> None:
    form = form_for(files).fields
    policy = json.loads(b64decode(form["policy"]))
    larger = [["content-length-range", 0, 10**9], *policy["conditions"]]
    for altered in ({**policy, "conditions": larger}, {**policy, "expiration": "2999-01-01T00:00:00Z"}, {}):
        rewritten = b64encode(json.dumps(altered).encode()).decode()
        assert_denied(offered({**form, "policy": rewritten}), "SignatureDoesNotMatch")
    assert_denied(offered(form, key="another secret"), "SignatureDoesNotMatch")


def test_a_form_ends_with_its_time(files: S3Files) -> None:
    form = form_for(files).fields
    assert offered(form, now=datetime.now(UTC) + timedelta(minutes=4, seconds=50)).status_code == 201
    assert_denied(offered(form, now=datetime.now(UTC) + timedelta(minutes=5, seconds=2)))


@pytest.mark.parametrize(("size", "code"), [(0, "EntityTooSmall"), (11, "EntityTooLarge")])
def test_a_file_outside_the_bounds_is_refused(files: S3Files, size: int, code: str) -> None:
    answer = offered(form_for(files).fields, size)
    assert answer.status_code == 400
    assert f"<Code>{code}</Code>" in answer.text
    assert offered(form_for(files).fields, 1).status_code == offered(form_for(files).fields, 10).status_code == 201


def test_a_form_without_a_file_or_a_policy_is_refused(files: S3Files) -> None:
    form = {name: [value] for name, value in form_for(files).fields.items()}
    gate = Client(held_to(bucket))
    answer = gate.post("/uploads", data=form, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert_denied(offered({"key": "quarantine/a1.f1"}), "SignatureDoesNotMatch")
