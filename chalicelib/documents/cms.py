"""The signature as CMS wants it (RFC 5652), with the attributes of PAdES-B-B (ETSI EN 319 142-1, 6.3).

Of all its bytes only the digest and the signature differ from one certificate to the next: the rest is built once for
a key, and these two are put into their places. It is written byte by byte: the first certificate of a process would
wait for a library longer than it takes to be drawn.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from chalicelib.documents.der import BITS, NULL, OCTETS, identifier, inside, sequence, set_of, wrapped

_DATA, _SIGNED_DATA = identifier("1.2.840.113549.1.7.1"), identifier("1.2.840.113549.1.7.2")
_CONTENT_TYPE, _MESSAGE_DIGEST = identifier("1.2.840.113549.1.9.3"), identifier("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = identifier("1.2.840.113549.1.9.16.2.47")  # RFC 5035
_ALGORITHM_PROTECTION = identifier("1.2.840.113549.1.9.52")  # RFC 6211
_SHA256 = (identifier("2.16.840.1.101.3.4.2.1"), NULL)
_SHA256_WITH_RSA = (identifier("1.2.840.113549.1.1.11"), NULL)
_ONE = b"\x02\x01\x01"
_CONTEXT = 0xA0  # a field that goes by its number
# stand in for digest and signature while the rest is built
_NO_DIGEST = bytes(range(100, 132))


@dataclass(frozen=True)
class Envelope:
    """`signed` is what the key signs and `whole` the container; at these places go digest and signature."""

    signed: bytes
    whole: bytes
    digest_in_signed: int
    digest_in_whole: int
    signature_in_whole: int
    signature_size: int

    def to_sign(self, digest: bytes) -> bytes:
        return _with(self.signed, self.digest_in_signed, digest)

    def closed(self, digest: bytes, signature: bytes) -> bytes:
        """DER. Raises ValueError for a signature of another key's size."""
        if len(signature) != self.signature_size:
            raise ValueError(f"a signature of {len(signature)} bytes instead of {self.signature_size}")
        return _with(_with(self.whole, self.digest_in_whole, digest), self.signature_in_whole, signature)


def _with(data: bytes, place: int, piece: bytes) -> bytes:
    return b"".join([data[:place], piece, data[place + len(piece) :]])


@lru_cache(maxsize=4)
def envelope(certificate: bytes, chain: tuple[bytes, ...]) -> Envelope:
    """For an RSA key whose certificate and issuers are given as DER."""
    signer = _signer(certificate)
    attributes = _attributes(certificate)
    no_signature = bytes(255 - at % 256 for at in range(signer.size))
    signed_data = sequence(
        _ONE,
        set_of(sequence(*_SHA256)),
        sequence(_DATA),
        set_of(certificate, *chain, tag=_CONTEXT),
        set_of(_signer_info(signer, attributes, no_signature)),
    )
    whole = sequence(_SIGNED_DATA, wrapped(_CONTEXT, signed_data))
    signed = set_of(*attributes)
    places = (signed.index(_NO_DIGEST), whole.index(_NO_DIGEST), whole.index(no_signature))
    return Envelope(signed, whole, *places, len(no_signature))


class _Signer(NamedTuple):
    """Who issued a certificate and under which number (as they stand in it), and how long its signatures are."""

    issuer: bytes
    number: bytes
    size: int


def _signer(certificate: bytes) -> _Signer:
    """Of a certificate of version 3 (RFC 5280, 4.1), whose fields come in this order."""
    _version, number, _algorithm, issuer, _validity, _subject, key, *_ = inside(inside(certificate)[0][1])
    bits = next(content for tag, _, content in inside(key[1]) if tag == BITS)
    modulus = inside(bits[1:])[0][2]
    return _Signer(issuer[1], number[1], len(modulus.lstrip(b"\0")))


def _signer_info(signer: _Signer, attributes: tuple[bytes, ...], signature: bytes) -> bytes:
    return sequence(
        _ONE,
        sequence(signer.issuer, signer.number),
        sequence(*_SHA256),
        set_of(*attributes, tag=_CONTEXT),
        sequence(*_SHA256_WITH_RSA),
        wrapped(OCTETS, signature),
    )


def _attributes(certificate: bytes) -> tuple[bytes, ...]:
    """No time among them: PAdES leaves the claimed one to the dictionary around the signature."""
    # SHA-256 is what goes without saying there
    this_certificate = sequence(wrapped(OCTETS, sha256(certificate).digest()))
    algorithms = sequence(sequence(*_SHA256), wrapped(_CONTEXT | 1, *_SHA256_WITH_RSA))
    said = (
        (_CONTENT_TYPE, _DATA),
        (_MESSAGE_DIGEST, wrapped(OCTETS, _NO_DIGEST)),
        (_SIGNING_CERTIFICATE_V2, sequence(sequence(this_certificate))),
        (_ALGORITHM_PROTECTION, algorithms),
    )
    return tuple(sequence(name, set_of(value)) for name, value in said)
