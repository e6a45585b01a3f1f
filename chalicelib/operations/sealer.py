"""What an operation may ask of whoever holds the association's key: a signature, and the certificates behind it."""

from typing import Protocol


class Sealer(Protocol):
    """The key itself never shows: KMS holds it when deployed, a file on a developer's machine."""

    @property
    def certificate(self) -> bytes:
        """The signing certificate, DER."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Its issuers up to the root, DER, nearest first."""

    @property
    def is_test(self) -> bool:
        """True when no licensed authority stands behind the key: what it seals must say 测试证书."""

    def sign(self, data: bytes) -> bytes:
        """Signature over data: RSA PKCS #1 v1.5 with SHA-256 (RFC 8017 §8.2)."""
