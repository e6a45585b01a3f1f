"""Opens what is personal for whoever judges a run: as the store does, but the keys are taken from what was seen.

The same wrapped key is the same key in every run, so KMS is asked once for each.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.aws.places import data_key_place
from chalicelib.aws.vault import Vault
from chalicelib.aws.wrapping import Wrapping
from tests.faults.world import World

_READ = TypeDeserializer()
_KEYS: dict[tuple[str, bytes], bytes] = {}


def reading(world: World, items: Mapping[str, Any]) -> Vault:
    """``items``: what lies in the tables, by partition key."""
    store: Any = world.ports.records
    return Vault(_Lying(items), _Asked(store._vault._wrapping), time.monotonic)


@dataclass(frozen=True)
class _Lying:
    items: Mapping[str, Any]

    def find(self, subject: str) -> bytes | None:
        found = self.items.get(data_key_place(subject).pk)
        return None if found is None else bytes(_READ.deserialize(found["body"])["wrapped"])

    def keep(self, subject: str, wrapped: bytes) -> bytes:
        raise NotImplementedError("who judges writes nothing")


@dataclass(frozen=True)
class _Asked:
    wrapping: Wrapping

    def new(self, subject: str) -> tuple[bytes, bytes]:
        raise NotImplementedError("who judges writes nothing")

    def unwrap(self, subject: str, wrapped: bytes) -> bytes:
        if (subject, wrapped) not in _KEYS:
            _KEYS[subject, wrapped] = self.wrapping.unwrap(subject, wrapped)
        return _KEYS[subject, wrapped]
