"""What S3 does and moto does not: it copies nothing whose source is no longer the one that is meant (412)."""

from typing import Any
from urllib.parse import unquote

from moto.s3.models import s3_backends

from infra.local.making import ACCOUNT


def is_of_another(request: Any) -> bool:
    """Whether a CopyObject names a tag that its source does not have, or no longer. False where it names none."""
    wanted = _text(request.headers.get("x-amz-copy-source-if-match"))
    if not wanted:
        return False
    bucket, _, key = unquote(_text(request.headers["x-amz-copy-source"])).lstrip("/").partition("/")
    there = s3_backends[ACCOUNT]["aws"].buckets[bucket].keys.get(key)
    return there is not None and there.etag.strip('"') != wanted.strip('"')


def _text(header: Any) -> str:
    return header.decode() if isinstance(header, bytes) else header or ""
