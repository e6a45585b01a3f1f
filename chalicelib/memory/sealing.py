"""A sealer whose key lies in this process: for development, tests and previews."""

from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key


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
        certificate = x509.load_pem_x509_certificate(cert_pem)
        if certificate.public_key() != key.public_key():
            raise ValueError("the signing certificate does not belong to the key")
        self._key = key
        self.certificate = certificate.public_bytes(Encoding.DER)
        issuers = x509.load_pem_x509_certificates(chain_pem) if chain_pem else []
        self.chain = tuple(issuer.public_bytes(Encoding.DER) for issuer in issuers)

    @classmethod
    def from_directory(cls, directory: Path) -> Self:
        """Read what `python -m infra.authority` wrote: signing.key, signing.pem, root.pem."""
        return cls(*((directory / name).read_bytes() for name in ("signing.key", "signing.pem", "root.pem")))

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())
