"""Reads the signatures of a finished certificate back as a stranger would: what each covers, and whether it fits.

By pypdf, asn1crypto and cryptography, none of which takes part in signing. pyHanko and pdfsig judge the same files in
the tests; here they would take a sixth of what Lambda lets one ship.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from pypdf import PdfReader
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, PdfObject, TextStringObject

_HEX = re.compile(rb"<[0-9A-Fa-f]*>")
_SET = b"\x31"  # the attributes are signed under this tag, and sent under another (RFC 5652, 5.4)
# the two stretches of a file that a signature covers: start and length of each (ISO 32000-1, 12.8.1)
Stretches = tuple[int, int, int, int]


@dataclass(frozen=True)
class SealRead:
    """What one signature proves about the file."""

    certificate: bytes
    covers_whole_file: bool
    digest_right: bool
    signature_right: bool
    visible: bool


def seals(pdf: bytes, document: PdfReader) -> Iterator[SealRead]:
    """Raises what the readers of damaged files raise."""
    for field in _fields(document.root_object.get("/AcroForm", DictionaryObject()), "/Fields"):
        if field.get("/FT") == "/Sig" and "/V" in field:
            yield _read(pdf, field)


def _fields(above: PdfObject, name: str) -> Iterator[DictionaryObject]:
    parent = above.get_object()
    assert isinstance(parent, DictionaryObject)
    among = parent.get(name, ArrayObject()).get_object()
    assert isinstance(among, ArrayObject)
    for each in among:
        field = each.get_object()
        assert isinstance(field, DictionaryObject)
        yield field
        yield from _fields(field, "/Kids")


def _read(pdf: bytes, field: DictionaryObject) -> SealRead:
    said = field["/V"].get_object()
    assert isinstance(said, DictionaryObject)
    stretches = _stretches(said)
    envelope, covers = _envelope(pdf, stretches)
    contents = said["/Contents"]
    assert isinstance(contents, ByteStringObject | TextStringObject)
    assert envelope == contents.original_bytes, "the gap holds another signature than the dictionary"
    signed = cms.ContentInfo.load(envelope, strict=True)["content"]
    (signer,) = signed["signer_infos"]
    certificate = _certificate(signed, signer)
    return SealRead(
        certificate=certificate,
        covers_whole_file=covers and str(said["/SubFilter"]) == "/ETSI.CAdES.detached",
        digest_right=_fits(signer, certificate, _digest(pdf, stretches)),
        signature_right=_signed_by(certificate, signer),
        visible="/AP" in field,
    )


def _stretches(said: DictionaryObject) -> Stretches:
    numbers = said["/ByteRange"].get_object()
    assert isinstance(numbers, ArrayObject)
    start, length, resumed, rest = (int(number.get_object()) for number in numbers)
    return start, length, resumed, rest


def _envelope(pdf: bytes, stretches: Stretches) -> tuple[bytes, bool]:
    """What stands in the gap, and whether that is all that is not covered."""
    start, length, resumed, rest = stretches
    gap = pdf[start + length : resumed]
    if not _HEX.fullmatch(gap):
        raise ValueError("what is not covered is more than a signature")
    return bytes.fromhex(gap[1:-1].decode()), (start, resumed + rest) == (0, len(pdf))


def _digest(pdf: bytes, stretches: Stretches) -> bytes:
    start, length, resumed, rest = stretches
    return sha256(pdf[start : start + length] + pdf[resumed : resumed + rest]).digest()


def _certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> bytes:
    """The one that the signer names by issuer and number."""
    named = signer["sid"].chosen
    (found,) = (
        each.chosen for each in signed["certificates"]
        if (each.chosen.issuer, each.chosen.serial_number) == (named["issuer"], named["serial_number"].native)
    )  # fmt: skip
    return bytes(found.dump())


def _fits(signer: cms.SignerInfo, certificate: bytes, digest: bytes) -> bool:
    """Whether the attributes tell of this file and of this certificate (ETSI EN 319 142-1, 6.3)."""
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    (content,), (told,) = attributes["content_type"], attributes["message_digest"]
    (by,) = attributes["signing_certificate_v2"]
    # asn1crypto knows this attribute only where its module of time stamps was loaded
    assert isinstance(by, tsp.SigningCertificateV2)
    first = by["certs"][0]
    algorithms = {signer["digest_algorithm"]["algorithm"].native, first["hash_algorithm"]["algorithm"].native}
    of_certificate = first["cert_hash"].native == sha256(certificate).digest()
    return content.native == "data" and told.native == digest and of_certificate and algorithms == {"sha256"}


def _signed_by(certificate: bytes, signer: cms.SignerInfo) -> bool:
    key = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, RSAPublicKey) or signer["signature_algorithm"]["algorithm"].native != "sha256_rsa":
        return False
    try:
        key.verify(signer["signature"].native, _SET + signer["signed_attrs"].dump()[1:], PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
