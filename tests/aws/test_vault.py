"""The vault: bound to table, key and field; one data key per subject; forgotten after five minutes."""

import pytest
from cryptography.exceptions import InvalidTag

from chalicelib.aws.vault import KeyGoneError, NotOpenedError, Vault
from chalicelib.aws.wrapping import LocalWrapping

PLACE = "accounts|W#u1|W|openid"


class KeysInMemory:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.asked = 0

    def find(self, subject: str) -> bytes | None:
        self.asked += 1
        return self.kept.get(subject)

    def keep(self, subject: str, wrapped: bytes) -> bytes:
        return self.kept.setdefault(subject, wrapped)


class Counting(LocalWrapping):
    unwrapped = 0

    def unwrap(self, subject: str, wrapped: bytes) -> bytes:
        self.unwrapped += 1
        return super().unwrap(subject, wrapped)


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def vault(keys: KeysInMemory | None = None, seconds: Seconds | None = None) -> Vault:
    return Vault(keys or KeysInMemory(), LocalWrapping(b"k" * 32), seconds or Seconds())


def test_what_is_sealed_opens_at_its_place() -> None:
    safe = vault()
    blob = safe.seal("user:u1", PLACE, "赵甲一")
    assert "赵甲一".encode() not in blob
    assert safe.open(PLACE, blob) == "赵甲一"


def test_the_same_text_never_looks_the_same_twice() -> None:
    safe = vault()
    assert safe.seal("user:u1", PLACE, "x") != safe.seal("user:u1", PLACE, "x")


def test_a_blob_found_elsewhere_does_not_open() -> None:
    safe = vault()
    blob = safe.seal("user:u1", PLACE, "x")
    for elsewhere in ("accounts|W#u2|W|openid", "accounts|W#u1|W|name", "outbox|W#u1|W|openid", ""):
        with pytest.raises(NotOpenedError):
            safe.open(elsewhere, blob)


def test_a_blob_that_claims_another_place_or_was_altered_does_not_open() -> None:
    safe = vault()
    blob = safe.seal("user:u1", PLACE, "x")
    moved = blob.replace(b"W#u1", b"W#u2")
    with pytest.raises(InvalidTag):
        safe.open("accounts|W#u2|W|openid", moved)
    with pytest.raises(InvalidTag):
        safe.open(PLACE, blob[:-1] + bytes([blob[-1] ^ 1]))


def test_a_blob_of_one_subject_does_not_open_under_the_key_of_another() -> None:
    safe = vault()
    safe.seal("user:u2", PLACE, "x")
    blob = safe.seal("user:u1", PLACE, "x")
    with pytest.raises(InvalidTag):
        safe.open(PLACE, blob.replace(b"user:u1", b"user:u2"))


def test_a_wrapped_key_opens_for_its_own_subject_only() -> None:
    keys = KeysInMemory()
    blob = vault(keys).seal("user:u1", PLACE, "x")
    keys.kept["user:u2"] = keys.kept["user:u1"]
    with pytest.raises(InvalidTag):
        vault(keys).open(PLACE, blob.replace(b"user:u1", b"user:u2"))


def test_an_unwrapped_key_is_used_for_five_minutes() -> None:
    keys, seconds, wrapping = KeysInMemory(), Seconds(), Counting(b"k" * 32)
    safe = Vault(keys, wrapping, seconds)
    blob = safe.seal("user:u1", PLACE, "x")
    seconds.now = 299.9
    safe.open(PLACE, blob)
    assert (keys.asked, wrapping.unwrapped) == (1, 0)
    seconds.now = 300.0
    safe.open(PLACE, blob)
    safe.open(PLACE, blob)
    assert (keys.asked, wrapping.unwrapped) == (2, 1)


def test_without_its_data_key_a_subject_is_forgotten() -> None:
    keys, seconds = KeysInMemory(), Seconds()
    safe = vault(keys, seconds)
    blob = safe.seal("user:u1", PLACE, "x")
    keys.kept.clear()
    seconds.now = 301
    with pytest.raises(KeyGoneError):
        safe.open(PLACE, blob)


def test_whoever_comes_second_with_a_new_key_uses_the_first() -> None:
    keys = KeysInMemory()
    first = vault(keys)

    class Late(KeysInMemory):
        def find(self, subject: str) -> bytes | None:
            """Looked before the other had put his."""
            del subject
            return None

        def keep(self, subject: str, wrapped: bytes) -> bytes:
            return keys.keep(subject, wrapped)

    blob = first.seal("user:u1", PLACE, "x")
    second = vault(Late())
    second.seal("user:u1", PLACE, "y")
    assert second.open(PLACE, blob) == "x"


def test_what_this_vault_never_sealed_is_refused() -> None:
    for strange in (b"", b"\x02\x00\x00", b"openid-of-u1"):
        with pytest.raises(ValueError, match="not sealed"):
            vault().open(PLACE, strange)
