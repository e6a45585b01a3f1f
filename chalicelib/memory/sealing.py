"""A sealer whose key lies in this process: for development, tests and previews."""

import base64
import re
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


class LocalSealer:
    """Signs with an RSA key in memory.

    It is parsed once and not checked, which would cost more than a hundred signatures: it must belong to the
    certificate, and whatever it seals is read back.
    """

    is_test = True

    def __init__(self, key_pem: bytes, cert_pem: bytes, chain_pem: bytes = b"") -> None:
        key = load_pem_private_key(key_pem, password=None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("the seal needs an RSA key")
        (certificate,) = _certificates(cert_pem)
        # it stands in its certificate byte for byte (RFC 5280, 4.1)
        if key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) not in certificate:
            raise ValueError("the signing certificate does not belong to the key")
        self._key = key
        self.certificate = certificate
        self.chain = tuple(_certificates(chain_pem))

    @classmethod
    def from_directory(cls, directory: Path) -> Self:
        """Read what `python -m infra.authority` wrote: signing.key, signing.pem, root.pem."""
        return cls(*((directory / name).read_bytes() for name in ("signing.key", "signing.pem", "root.pem")))

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())


def _certificates(pem: bytes) -> list[bytes]:
    """As DER. A library that reads what is in them takes longer to load than to sign twenty times."""
    return [base64.b64decode(found) for found in _PEM.findall(pem)]
