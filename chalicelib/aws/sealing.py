"""The association's key in KMS: it never leaves, only signatures do."""

from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chalicelib.aws.troubles import reads

MOST_BYTES = 4096  # what KMS takes as RAW


class KmsSealer:
    """``certificate`` and ``chain`` (nearest issuer first) are DER; ``is_test``: no licensed authority behind it."""

    def __init__(self, kms: Any, key: str, certificate: bytes, chain: tuple[bytes, ...], *, is_test: bool) -> None:
        self._kms = kms
        self._key = key
        self.certificate = certificate
        self.chain = chain
        self.is_test = is_test

    @classmethod
    def from_pem(cls, kms: Any, key: str, pem: bytes, *, is_test: bool) -> Self:
        """From one PEM text: the signing certificate, then its issuers up to the root."""
        certificate, *chain = (each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem))
        return cls(kms, key, certificate, tuple(chain), is_test=is_test)

    def sign(self, data: bytes) -> bytes:
        """RSA PKCS #1 v1.5 with SHA-256, hashed by KMS. Raises ValueError beyond 4096 bytes, Busy."""
        if len(data) > MOST_BYTES:
            raise ValueError(f"KMS signs at most {MOST_BYTES} bytes as they are")
        with reads():
            signed = self._kms.sign(
                KeyId=self._key, Message=data, MessageType="RAW", SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256"
            )
        signature: bytes = signed["Signature"]
        return signature
