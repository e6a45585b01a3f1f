"""Buckets on in-process moto, which checks neither a form's policy nor its signature: so the policy is read here."""

import base64
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.files import S3Files
from chalicelib.memory.files import MemoryFiles
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.time_and_ids import FixedClock
from chalicelib.operations import materials
from chalicelib.operations.ports import Busy, Conflict, Files, Insert, Replace, UploadForm
from chalicelib.rules.association import Association
from chalicelib.rules.records import MaterialFile
from chalicelib.rules.uploads import FileRule
from chalicelib.rules.vocabulary import Personal
from tests.aws.emulated import REGION, RESOURCES, copies_checked, counted, crash_before, trouble, without_buckets

RULE = FileRule(max_bytes=1000)


@pytest.fixture
def s3(aws: None) -> Iterator[Any]:
    """A client of our own, and the two buckets, empty."""
    without_buckets()
    client = boto3.client("s3", REGION)
    for bucket in ("uploads", "keeping"):
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield client
    without_buckets()


@pytest.fixture
def files(s3: Any) -> Iterator[S3Files]:
    with copies_checked():
        yield S3Files(RESOURCES)


def arrives(s3: Any, data: bytes, file: str = "a1.f1") -> None:
    s3.put_object(Bucket="uploads", Key=f"quarantine/{file}", Body=data)


# --- the form ---------------------------------------------------------------------------------------------------------


SIGNED = {
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
}  # a function's keys are for a while


def policy_of(form: UploadForm) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(base64.b64decode(form.fields["policy"]))
    return read


def assert_good_for(form: UploadForm, file: str, most: int, ends: datetime) -> None:
    """One bucket, one key, one length, one answer, one signer, one end; and no field more than what is pinned.

    S3 refuses every field that no condition names: so type, access, metadata, redirects and storage are nobody's to
    choose, and a form with a starts-with would leave a choice.
    """
    policy, fields = policy_of(form), dict(form.fields)
    assert set(policy) == {"expiration", "conditions"}
    pinned = {"key": f"quarantine/{file}", "success_action_status": "201"} | {name: fields[name] for name in SIGNED}
    bounds = ["content-length-range", 1, most]
    exact = [{name: value} for name, value in {"bucket": "uploads", **pinned}.items()]
    told = [each for each in policy["conditions"] if each != bounds]
    assert policy["conditions"].count(bounds) == 1
    assert sorted(map(str, told)) == sorted(map(str, exact))
    assert {name: fields[name] for name in pinned} == pinned
    assert set(fields) == {*pinned, "policy", "x-amz-signature"}
    assert abs(datetime.fromisoformat(policy["expiration"]) - ends) <= timedelta(seconds=2)


def test_a_form_is_good_for_one_key_one_bucket_a_bounded_size_and_a_while(files: S3Files) -> None:
    expires_at = datetime.now(UTC) + timedelta(minutes=30)
    assert_good_for(files.upload_form("a1.f1", RULE, expires_at), "a1.f1", 1000, expires_at)


@pytest.mark.parametrize("minutes", [1, 30, 720])
def test_a_form_that_is_asked_for_over_the_api_is_good_for_the_window_in_the_settings(aws: None, minutes: int) -> None:
    clock = FixedClock()
    ports = ports_in_memory(files=S3Files(RESOURCES, clock.now), clock=clock)
    settings = ports.records.get(Association, "association")
    assert settings is not None
    windows = replace(settings.windows, upload_minutes=minutes)
    asked = MaterialFile(
        id="a1.f1", application="a1", slot="licence", name=Personal("***", "x.pdf"), suffix="pdf",
        requested_at=clock.now(),
    )  # fmt: skip
    ports.records.commit(Replace(settings, settings.changed(windows=windows)), Insert(asked))
    form = materials.upload_form(ports, "a1.f1")
    assert form.expires_at == clock.now() + timedelta(minutes=minutes)
    assert_good_for(form, "a1.f1", FileRule().max_bytes, datetime.now(UTC) + timedelta(minutes=minutes))


def test_the_signature_of_a_form_is_over_its_policy_and_by_today(files: S3Files) -> None:
    """Signature Version 4: so another key, length or end in the policy needs another signature, which is ours alone."""
    until, ours = datetime.now(UTC) + timedelta(minutes=5), boto3.Session().get_credentials()
    assert ours is not None
    forms = [files.upload_form(file, RULE, until).fields for file in ("a1.f1", "a1.f2")]
    for fields in forms:
        account, *scope = fields["x-amz-credential"].split("/")
        assert account == ours.access_key
        assert scope == [fields["x-amz-date"][:8], REGION, "s3", "aws4_request"]
        assert fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
        assert fields["x-amz-signature"] == signature(fields["policy"], scope, ours.secret_key or "")
    assert forms[0]["x-amz-signature"] != forms[1]["x-amz-signature"]


def signature(policy: str, scope: list[str], secret: str) -> str:
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), sha256)
    return hmac.digest(key, policy.encode(), sha256).hex()


def test_a_form_says_what_to_send_and_where(files: S3Files) -> None:
    expires_at = datetime.now(UTC) + timedelta(minutes=30)
    form = files.upload_form("a1.f1", RULE, expires_at)
    assert (form.fields["key"], form.fields["success_action_status"]) == ("quarantine/a1.f1", "201")
    assert form.expires_at == expires_at
    assert urlsplit(form.url).scheme == "https"
    # The address without a region redirects for a new bucket's first hours, and a phone does not follow with a body.
    assert REGION in urlsplit(form.url).netloc


def test_a_form_that_is_asked_for_too_late_is_over_at_once(files: S3Files) -> None:
    policy = policy_of(files.upload_form("a1.f1", RULE, datetime.now(UTC) - timedelta(hours=1)))
    assert datetime.fromisoformat(policy["expiration"]) <= datetime.now(UTC) + timedelta(seconds=3)


# --- what both stores promise -----------------------------------------------------------------------------------------


class Buckets:
    """A store of files, and the phone that uploads to it."""

    def __init__(self, files: Files, arrives: Any) -> None:
        self.files = files
        self.arrives = arrives


@pytest.fixture(params=["memory", "s3"])
def buckets(request: pytest.FixtureRequest) -> Buckets:
    if request.param == "memory":
        files = MemoryFiles()
        return Buckets(files, files.arrives)
    s3 = request.getfixturevalue("s3")
    return Buckets(request.getfixturevalue("files"), lambda file, data: arrives(s3, data, file))


def test_what_has_not_arrived_is_not_there(buckets: Buckets) -> None:
    assert buckets.files.uploaded("a1.f1", 1000) is None
    assert buckets.files.read("kept/a1.f1") is None


def test_what_arrived_is_read_no_further_than_one_byte_beyond_the_bound(buckets: Buckets) -> None:
    for size, read in ((0, 0), (1, 1), (10, 10), (11, 11), (5000, 11)):
        buckets.arrives("a1.f1", b"x" * size)
        there = buckets.files.uploaded("a1.f1", 10)
        assert there is not None
        assert there.data == b"x" * read


def test_exactly_the_content_that_was_looked_at_is_kept(buckets: Buckets) -> None:
    buckets.arrives("a1.f1", b"first")
    seen = buckets.files.uploaded("a1.f1", 1000)
    assert seen is not None
    buckets.files.keep("a1.f1", seen.tag, "kept/a1.f1")
    buckets.files.keep("a1.f1", seen.tag, "kept/a1.f1")
    buckets.arrives("a1.f1", b"later")
    assert buckets.files.read("kept/a1.f1") == b"first"
    with pytest.raises(Conflict):
        buckets.files.keep("a1.f1", seen.tag, "kept/a1.f1")
    assert buckets.files.read("kept/a1.f1") == b"first"


def test_what_is_gone_cannot_be_kept(buckets: Buckets) -> None:
    with pytest.raises(Conflict):
        buckets.files.keep("a1.f1", "tag", "kept/a1.f1")


def test_what_has_arrived_is_told_by_its_whole_name(buckets: Buckets) -> None:
    buckets.arrives("a1.f10", b"x")
    assert not buckets.files.has_arrived("a1.f1")
    buckets.arrives("a1.f1", b"")
    assert buckets.files.has_arrived("a1.f1")


def test_exactly_what_is_erased_is_gone_however_often(buckets: Buckets) -> None:
    for place in ("kept/a1/f1-1", "kept/a1/f1-12"):
        buckets.files.store(place, b"x", "application/pdf")
    for _ in range(2):
        buckets.files.erase("kept/a1/f1-1")
    assert buckets.files.read("kept/a1/f1-1") is None
    assert buckets.files.read("kept/a1/f1-12") == b"x"


def test_what_was_stored_is_read_again(buckets: Buckets) -> None:
    buckets.files.store("certificates/x.pdf", b"%PDF-", "application/pdf")
    assert buckets.files.read("certificates/x.pdf") == b"%PDF-"
    buckets.files.ready()


# --- what only the bucket has -----------------------------------------------------------------------------------------


def test_what_is_kept_carries_its_checksum_and_no_type_that_a_browser_would_run(files: S3Files, s3: Any) -> None:
    s3.put_object(Bucket="uploads", Key="quarantine/a1.f1", Body=b"<script>", ContentType="text/html")
    seen = files.uploaded("a1.f1", 1000)
    assert seen is not None
    files.keep("a1.f1", seen.tag, "kept/a1.f1")
    files.store("certificates/x.pdf", b"%PDF-", "application/pdf")
    kept = s3.head_object(Bucket="keeping", Key="kept/a1.f1", ChecksumMode="ENABLED")
    stored = s3.head_object(Bucket="keeping", Key="certificates/x.pdf", ChecksumMode="ENABLED")
    assert kept["ContentType"] == "application/octet-stream"
    assert stored["ContentType"] == "application/pdf"
    assert stored["ChecksumSHA256"]


def test_a_link_is_short_lived_and_saves_under_a_name_that_cannot_break_the_header(files: S3Files) -> None:
    address = urlsplit(files.link("certificates/x.pdf", 300, '会员证 "1"\r\nX: y.pdf'))
    query = parse_qs(address.query)
    (shown,) = query["response-content-disposition"]
    assert shown.startswith("attachment; filename*=UTF-8''")
    assert unquote(shown.partition("''")[2]) == '会员证 "1"\r\nX: y.pdf'
    assert shown.isascii()
    assert not set(shown.partition("''")[2]) & set(' "\r\n;')
    assert query["X-Amz-Expires"] == ["300"]
    assert address.path.endswith("/certificates/x.pdf")
    assert "X-Amz-Signature" in query


def test_a_bucket_that_is_not_there_is_not_ready(aws: None) -> None:
    without_buckets()
    with pytest.raises(ClientError):
        S3Files(RESOURCES).ready()


def test_a_bucket_that_answers_at_the_second_try_is_read_without_anybody_noticing(files: S3Files, s3: Any) -> None:
    arrives(s3, b"first")
    with trouble(crash_before, "GetObject"), counted() as calls:
        there = files.uploaded("a1.f1", 1000)
    assert there is not None
    assert calls == ["GetObject"]


def test_a_bucket_that_does_not_answer_is_busy(files: S3Files) -> None:
    with trouble(crash_before, "PutObject", times=3), pytest.raises(Busy):
        files.store("certificates/x.pdf", b"%PDF-", "application/pdf")
