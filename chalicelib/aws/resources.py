"""Where everything is: names, addresses, keys. And the clients that reach it, each with short patience."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.rules.records import Work

CONNECT_SECONDS = 2
READ_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Five tables, two buckets (where uploads arrive, what is kept), queue addresses, two KMS keys.

    ``endpoints`` holds other addresses than AWS's own by service name, for the system on one machine.
    """

    region: str
    enterprises: str
    applications: str
    certificates: str
    accounts: str
    outbox: str
    uploads: str
    keeping: str
    queues: Mapping[Work, str]
    data_key: str
    seal_key: str
    endpoints: Mapping[str, str] = field(default_factory=dict)


def client(resources: Resources, service: str, attempts: int = 3) -> Any:
    """A boto3 client. ``attempts`` counts the first one: 1 for whatever must not happen twice, such as mail."""
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": attempts},
        signature_version="s3v4" if service == "s3" else None,
        # Said outright, or presigned forms go to the address without a region, which redirects.
        s3={"addressing_style": "path" if service in resources.endpoints else "virtual"},
    )
    endpoint = resources.endpoints.get(service)
    return boto3.client(service, region_name=resources.region, endpoint_url=endpoint, config=config)  # type: ignore[call-overload]  # the stubs want a literal name
