"""Seals personal values: AES-256-GCM under one data key per subject, bound to table, key and field (PIPL art. 51).

A blob names its subject and its place in the clear, so it opens after its record has changed owner, and a blob that
was carried to another record is noticed before anything is decrypted. Without its data key a subject is forgotten.
"""

import secrets
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.aws.wrapping import NONCE_BYTES, Wrapping

FORM = b"\x01"
LENGTH_BYTES = 2
KEPT_SECONDS = 300.0


class NotOpenedError(ValueError):
    """A sealed value under another record or field than the one it was sealed for: it must be opened first."""


class KeyGoneError(LookupError):
    """The subject's data key is not there any more: what it sealed stays unreadable."""


class DataKeys(Protocol):
    """Where wrapped keys are kept, one per subject."""

    def find(self, subject: str) -> bytes | None: ...

    def keep(self, subject: str, wrapped: bytes) -> bytes:
        """Puts it if there is none yet; answers the one that is there afterwards."""


class Vault:
    """``seconds`` is a monotonic clock: an unwrapped key is used for five minutes."""

    def __init__(self, keys: DataKeys, wrapping: Wrapping, seconds: Callable[[], float]) -> None:
        self._keys = keys
        self._wrapping = wrapping
        self._seconds = seconds
        self._opened: dict[str, tuple[bytes, float]] = {}
        self._lock = Lock()

    def seal(self, subject: str, place: str, plain: str) -> bytes:
        head = _head(subject, place)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return head + nonce + AESGCM(self._key_to_seal(subject)).encrypt(nonce, plain.encode(), head)

    def open(self, place: str, blob: bytes) -> str:
        """Raises NotOpenedError for a blob of another place, KeyGoneError, cryptography's InvalidTag if altered."""
        head, subject, _ = _read(blob)
        refuse_foreign(place, blob)
        nonce, sealed = blob[len(head) : len(head) + NONCE_BYTES], blob[len(head) + NONCE_BYTES :]
        return AESGCM(self._key_to_open(subject)).decrypt(nonce, sealed, head).decode()

    def _key_to_seal(self, subject: str) -> bytes:
        key = self._remembered(subject)
        if key is not None:
            return key
        wrapped = self._keys.find(subject)
        return self._made(subject) if wrapped is None else self._unwrapped(subject, wrapped)

    def _key_to_open(self, subject: str) -> bytes:
        key = self._remembered(subject)
        if key is not None:
            return key
        wrapped = self._keys.find(subject)
        if wrapped is None:
            raise KeyGoneError(subject)
        return self._unwrapped(subject, wrapped)

    def _made(self, subject: str) -> bytes:
        key, wrapped = self._wrapping.new(subject)
        kept = self._keys.keep(subject, wrapped)
        return self._learnt(subject, key) if kept == wrapped else self._unwrapped(subject, kept)

    def _unwrapped(self, subject: str, wrapped: bytes) -> bytes:
        return self._learnt(subject, self._wrapping.unwrap(subject, wrapped))

    def _remembered(self, subject: str) -> bytes | None:
        with self._lock:
            key, until = self._opened.get(subject, (None, 0.0))
        return key if self._seconds() < until else None

    def _learnt(self, subject: str, key: bytes) -> bytes:
        now = self._seconds()
        with self._lock:
            self._opened = {name: kept for name, kept in self._opened.items() if now < kept[1]}
            self._opened[subject] = (key, now + KEPT_SECONDS)
        return key


def refuse_foreign(place: str, blob: bytes) -> None:
    """Raises NotOpenedError where the blob was sealed for another place."""
    _, _, sealed_for = _read(blob)
    if sealed_for != place:
        raise NotOpenedError(f"sealed for {sealed_for}, found at {place}")


def _head(subject: str, place: str) -> bytes:
    parts = (text.encode() for text in (subject, place))
    return FORM + b"".join(len(part).to_bytes(LENGTH_BYTES) + part for part in parts)


def _read(blob: bytes) -> tuple[bytes, str, str]:
    """The head, and the subject and place it names."""
    if not blob.startswith(FORM):
        raise ValueError("not sealed by this vault")
    subject, after = _part(blob, len(FORM))
    place, end = _part(blob, after)
    return blob[:end], subject, place


def _part(blob: bytes, start: int) -> tuple[str, int]:
    begin = start + LENGTH_BYTES
    end = begin + int.from_bytes(blob[start:begin])
    return blob[begin:end].decode(), end
