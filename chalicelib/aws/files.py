"""Files in two buckets: uploads arrive in one, and only what was accepted or issued is kept, in the other.

Nobody can write into the bucket that keeps, and what lies in quarantine is never handed out.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.aws.resources import Resources, client
from chalicelib.aws.troubles import reads
from chalicelib.operations.ports import Conflict, Uploaded, UploadForm
from chalicelib.rules.uploads import FileRule

ABSENT = frozenset({"NoSuchKey", "404"})
OVERWRITTEN = frozenset({"PreconditionFailed", "412"}) | ABSENT
# A kept upload is only ever saved by a browser, never shown: whatever it is, it runs nowhere.
OPAQUE = "application/octet-stream"


def _real_time() -> datetime:
    return datetime.now(UTC)


class S3Files:
    """``now`` is the time that the bucket's own clock shows: presigned forms end by it."""

    def __init__(self, resources: Resources, now: Callable[[], datetime] = _real_time) -> None:
        self._s3 = client(resources, "s3")
        self._uploads = resources.uploads
        self._keeping = resources.keeping
        self._now = now

    # --- what arrives -------------------------------------------------------------------------------------------------

    def upload_form(self, file: str, rule: FileRule, expires_at: datetime) -> UploadForm:
        """Good for one key, the rule's size, and until ``expires_at``; the bucket answers 201."""
        status = {"success_action_status": "201"}
        form = self._s3.generate_presigned_post(
            self._uploads,
            _quarantine(file),
            Fields=dict(status),
            Conditions=[["content-length-range", 1, rule.max_bytes], status],
            ExpiresIn=max(1, ceil((expires_at - self._now()).total_seconds())),
        )
        return UploadForm(form["url"], form["fields"], expires_at, rule)

    def uploaded(self, file: str, most: int) -> Uploaded | None:
        there = {"Bucket": self._uploads, "Key": _quarantine(file)}
        try:
            return self._first_bytes(there, most)
        except ClientError as problem:
            if _code(problem) in ABSENT:
                return None
            if _code(problem) == "InvalidRange":  # an empty object has no first byte
                return self._first_bytes(there, None)
            raise

    def has_arrived(self, file: str) -> bool:
        """By the list of names: whoever asks need not be allowed to read what people upload."""
        key = _quarantine(file)
        with reads():
            found = self._s3.list_objects_v2(Bucket=self._uploads, Prefix=key, MaxKeys=1)
        return any(each["Key"] == key for each in found.get("Contents", ()))  # of those so named, itself comes first

    def _first_bytes(self, there: dict[str, str], most: int | None) -> Uploaded:
        part = {} if most is None else {"Range": f"bytes=0-{most}"}
        with reads():
            found = self._s3.get_object(**there, **part)
            return Uploaded(found["Body"].read(), found["ETag"])

    # --- what is kept -------------------------------------------------------------------------------------------------

    def keep(self, file: str, tag: str, place: str) -> None:
        try:
            with reads():
                self._s3.copy_object(
                    Bucket=self._keeping,
                    Key=place,
                    CopySource={"Bucket": self._uploads, "Key": _quarantine(file)},
                    CopySourceIfMatch=tag,
                    MetadataDirective="REPLACE",
                    ContentType=OPAQUE,
                    ChecksumAlgorithm="SHA256",
                )
        except ClientError as problem:
            if _code(problem) in OVERWRITTEN:
                raise Conflict from problem
            raise

    def store(self, place: str, data: bytes, media_type: str) -> None:
        with reads():
            self._s3.put_object(
                Bucket=self._keeping, Key=place, Body=data, ContentType=media_type, ChecksumAlgorithm="SHA256"
            )

    def erase(self, place: str) -> None:
        with reads():
            self._s3.delete_object(Bucket=self._keeping, Key=place)

    def read(self, place: str) -> bytes | None:
        """Checked against the checksum it was stored with."""
        try:
            with reads():
                found = self._s3.get_object(Bucket=self._keeping, Key=place, ChecksumMode="ENABLED")
                data: bytes = found["Body"].read()
        except ClientError as problem:
            if _code(problem) in ABSENT:
                return None
            raise
        return data

    def link(self, place: str, seconds: int, name: str) -> str:
        """The name travels percent-encoded (RFC 5987), so Chinese and quotes in it are safe."""
        shown = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        wanted = {"Bucket": self._keeping, "Key": place, "ResponseContentDisposition": shown}
        address: str = self._s3.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
        return address

    def ready(self) -> None:
        with reads():
            for bucket in (self._uploads, self._keeping):
                self._s3.head_bucket(Bucket=bucket)


def _quarantine(file: str) -> str:
    return f"quarantine/{file}"


def _code(problem: ClientError) -> Any:
    return problem.response.get("Error", {}).get("Code")
