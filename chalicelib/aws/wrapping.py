"""Who wraps the data keys: KMS when deployed, a key of this machine in development."""

import secrets
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.aws.troubles import reads

KEY_BYTES = 32
NONCE_BYTES = 12


class Wrapping(Protocol):
    """A wrapped key opens only for the subject it was made for."""

    def new(self, subject: str) -> tuple[bytes, bytes]:
        """A fresh key of 32 bytes, plain and wrapped."""

    def unwrap(self, subject: str, wrapped: bytes) -> bytes: ...


class KmsWrapping:
    def __init__(self, kms: Any, key: str) -> None:
        self._kms = kms
        self._key = key

    def new(self, subject: str) -> tuple[bytes, bytes]:
        with reads():
            made = self._kms.generate_data_key(KeyId=self._key, KeySpec="AES_256", EncryptionContext=_context(subject))
        return made["Plaintext"], made["CiphertextBlob"]

    def unwrap(self, subject: str, wrapped: bytes) -> bytes:
        with reads():
            opened = self._kms.decrypt(KeyId=self._key, CiphertextBlob=wrapped, EncryptionContext=_context(subject))
        plain: bytes = opened["Plaintext"]
        return plain


class LocalWrapping:
    """``key``: 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def new(self, subject: str) -> tuple[bytes, bytes]:
        plain, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
        return plain, nonce + self._cipher.encrypt(nonce, plain, subject.encode())

    def unwrap(self, subject: str, wrapped: bytes) -> bytes:
        return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.encode())


def _context(subject: str) -> dict[str, str]:
    return {"subject": subject}
