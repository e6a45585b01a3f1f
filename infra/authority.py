"""The signing authority of a developer's machine: a root and a signing certificate, both plainly named TEST.

Made once at set-up into a directory that git ignores. Run again it changes nothing; only an unusable set is refused.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from chalicelib.memory.sealing import LocalSealer

FILES = ("signing.key", "signing.pem", "root.key", "root.pem")
ROOT_LIFE = timedelta(days=3650)
SIGNING_LIFE = timedelta(days=1825)
BACKDATED = timedelta(days=1)  # clocks of other machines may run behind


class HalfAnAuthorityError(Exception):
    """Some files are there and some are not: overwriting could orphan certificates already signed."""


def ensure(directory: Path) -> None:
    """Make root.key, root.pem, signing.key and signing.pem in `directory` unless they are there already.

    Raises HalfAnAuthorityError when only some of them are, ValueError when key and certificate do not match.
    """
    present = [name for name in FILES if (directory / name).exists()]
    if not present:
        _make(directory)
    elif len(present) < len(FILES):
        raise HalfAnAuthorityError(f"{directory} holds only {', '.join(present)}: move it away and run again")
    LocalSealer.from_directory(directory)


def _make(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = datetime.now(UTC)
    root_key, signing_key = _new_key(), _new_key()
    root = _root_certificate(root_key, now)
    signing = _signing_certificate(signing_key.public_key(), root_key, root, now)
    _write_key(directory / "root.key", root_key)
    _write_key(directory / "signing.key", signing_key)
    (directory / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (directory / "signing.pem").write_bytes(signing.public_bytes(Encoding.PEM))


def chain_for(key: rsa.RSAPublicKey, now: datetime) -> bytes:
    """A test certificate for a key that lies elsewhere (KMS), and the root behind it, as one PEM text."""
    root_key = _new_key()
    root = _root_certificate(root_key, now)
    chain = (_signing_certificate(key, root_key, root, now), root)
    return b"".join(each.public_bytes(Encoding.PEM) for each in chain)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _write_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # created with its mode: writing first and restricting afterwards leaves a moment in which anyone may read
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "测试 TEST - 无法律效力 no legal effect"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _unsigned(key: rsa.RSAPublicKey, subject: x509.Name, now: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_documents: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_documents,
        crl_sign=not signs_documents,
        encipher_only=False,
        decipher_only=False,
    )


def _root_certificate(key: rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    name = _name("测试根证书 TEST root")
    return (
        _unsigned(key.public_key(), name, now)
        .issuer_name(name)
        .not_valid_after(now + ROOT_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_documents=False), critical=True)
        .sign(key, hashes.SHA256())
    )


def _signing_certificate(
    key: rsa.RSAPublicKey, root_key: rsa.RSAPrivateKey, root: x509.Certificate, now: datetime
) -> x509.Certificate:
    return (
        _unsigned(key, _name("测试电子签章 TEST seal"), now)
        .issuer_name(root.subject)
        .not_valid_after(now + SIGNING_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_documents=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: the authority is there; 1: what is there cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m infra.authority", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(".local/authority"), help="directory (default: %(default)s)")
    directory = parser.parse_args(arguments).out
    try:
        ensure(directory)
    except (HalfAnAuthorityError, OSError, ValueError, TypeError) as trouble:
        print(f"no signing authority: {trouble}", file=sys.stderr)
        return 1
    print(f"TEST signing authority: {directory / 'root.pem'} (trust it only on this machine)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
