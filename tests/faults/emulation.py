"""moto in this process, holding the resources of infra/resources.yaml, that can be put back to where it was.

Only its state is looked at or put back behind its API; whatever the platform does goes through botocore.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import botocore.endpoint
import botocore.useragent
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.moto_api._internal import moto_api_backend
from moto.s3.models import FakeDeleteMarker, s3_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from chalicelib.memory.time_and_ids import A_MORNING
from infra import authority
from infra.local import making, mending, resources, wechat

CHAIN = "authority/chain.pem"
ELSEWHERE: Mapping[str, str] = {
    **making.LOCAL_KEYS,
    "AWS_DEFAULT_REGION": making.REGION,
    "PUBLIC_URL": "https://member.association.example",
    "SESSION_SECRET": "a made-up secret of more than 32 characters",
    "HASH_KEY": "a made-up key of hashing, longer than 32 characters",
    "MAIL_BY": "ses",
    "MAIL_FROM": "示例市卫生有害生物防制协会 <office@association.example>",
    "SEAL_CHAIN": CHAIN,
    "SEAL_LICENSED": "no",
    "WECHAT_APPID": wechat.APPID,
    "WECHAT_SECRET": wechat.SECRET,
}


@dataclass(frozen=True)
class Snapshot:
    tables: Any
    objects: Mapping[str, Mapping[str, list[Any]]]
    letters: list[Any]


@dataclass(frozen=True)
class Emulation:
    """``names`` leads from a logical name to what AWS's Ref gives."""

    names: Mapping[str, str]

    def client(self, service: str) -> Any:
        return making.client(None, service)  # type: ignore[arg-type]  # AWS's own address, which moto answers for

    def tables(self) -> Any:
        return _backend(dynamodb_backends).tables

    def use_tables(self, tables: Any) -> None:
        _backend(dynamodb_backends).tables = tables

    def snapshot(self) -> Snapshot:
        """Taken at rest: queues are empty then, and what the stream told has been heard."""
        for table in self.tables().values():
            if table.stream_shard is not None:
                table.stream_shard.items.clear()
        objects = {name: dict(_versions(bucket)) for name, bucket in _buckets().items()}
        return Snapshot(copy.deepcopy(self.tables()), objects, list(_backend(ses_backends).sent_messages))

    def restore(self, snapshot: Snapshot) -> None:
        self.use_tables(copy.deepcopy(snapshot.tables))
        for name, bucket in _buckets().items():
            dict.clear(bucket.keys)
            dict.update(bucket.keys, {key: list(versions) for key, versions in snapshot.objects[name].items()})
        for queue in _backend(sqs_backends).queues.values():
            queue._messages, queue._pending_messages = [], set()
            queue.deleted_messages.clear()
        _backend(ses_backends).sent_messages[:] = snapshot.letters

    def items(self, table: str) -> list[dict[str, Any]]:
        """Every item as DynamoDB would write it, the bytes in them included."""
        return [item.to_json()["Attributes"] for item in self.tables()[self.names[table]].all_items()]

    def objects(self, bucket: str) -> dict[str, bytes]:
        """The newest version of each object."""
        newest = ((key, versions[-1]) for key, versions in _versions(_buckets()[self.names[bucket]]))
        return {key: each.value for key, each in newest if not isinstance(each, FakeDeleteMarker)}

    def has_messages(self, queue: str) -> bool:
        """Asked over the API, it takes as long as a delivery, for each of eight queues."""
        return bool(_backend(sqs_backends).queues[queue]._messages)

    def letters(self) -> list[tuple[tuple[str, ...], str]]:
        """Every mail that SES has taken: its recipients (moto adds those of the header) and its raw text."""
        return [(tuple({*each.destinations}), each.raw_data) for each in _backend(ses_backends).sent_messages]


def _backend(backends: Any) -> Any:
    return backends[making.ACCOUNT][making.REGION]


def _buckets() -> Any:
    return s3_backends[making.ACCOUNT]["aws"].buckets


def _versions(bucket: Any) -> Iterator[tuple[str, list[Any]]]:
    return ((key, list(versions)) for key, versions in dict.items(bucket.keys))


@contextmanager
def started() -> Iterator[Emulation]:
    """With the environment of the deployed functions, resolved against it; nothing waits between the SDK's tries."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in making.LOCAL_KEYS.items():
            patch.setenv(name, value)
        mending.mend()
        moto_api_backend.reset()  # its state is the process's: whoever was here before has left something
        emulation = Emulation(making.make_all(None))  # type: ignore[arg-type]  # as above
        for name, value in {**dict(resources.resolved(emulation.names)), **ELSEWHERE}.items():
            patch.setenv(name, value)
        patch.setattr(botocore.endpoint.time, "sleep", lambda _: None)
        # it names the machine anew for every request, and nobody reads it here
        patch.setattr(botocore.useragent.UserAgentString, "to_string", lambda _: "made-up")
        _certify(emulation)
        emulation.client("ses").verify_email_identity(EmailAddress="office@association.example")
        yield emulation
        moto_api_backend.reset()


def _certify(emulation: Emulation) -> None:
    """What the association does once, at set-up: the certificate of its key, put where the functions read it."""
    kms = emulation.client("kms")
    key = load_der_public_key(kms.get_public_key(KeyId=emulation.names["SealKey"])["PublicKey"])
    assert isinstance(key, RSAPublicKey)
    chain = authority.chain_for(key, A_MORNING)
    emulation.client("s3").put_object(Bucket=emulation.names["Keeping"], Key=CHAIN, Body=chain)


def body_of(request: Any) -> Any:
    """What was asked, for services that speak JSON."""
    raw = request.body
    return json.loads(raw) if raw and raw[:1] == b"{" else {}
