"""The signature as CMS wants it (RFC 5652), with the attributes of PAdES-B-B (ETSI EN 319 142-1, 6.3).

Of all its bytes only the digest and the signature differ from one certificate to the next: the rest is built once for
a key, and these two are put into their places.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from asn1crypto import algos, cms, tsp, x509

DIGEST, SIGNATURE = "sha256", "sha256_rsa"
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
    signer = x509.Certificate.load(certificate)
    attributes = _attributes(certificate)
    no_signature = bytes(255 - at % 256 for at in range(signer.public_key.byte_size))
    signed_data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": DIGEST}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [x509.Certificate.load(each) for each in (certificate, *chain)],
            "signer_infos": [_signer_info(signer, attributes, no_signature)],
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump()
    signed = attributes.dump()
    places = (signed.index(_NO_DIGEST), whole.index(_NO_DIGEST), whole.index(no_signature))
    return Envelope(signed, whole, *places, len(no_signature))


def _signer_info(signer: x509.Certificate, attributes: cms.CMSAttributes, signature: bytes) -> cms.SignerInfo:
    identity = cms.IssuerAndSerialNumber({"issuer": signer.issuer, "serial_number": signer.serial_number})
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", identity),
            "digest_algorithm": {"algorithm": DIGEST},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": SIGNATURE},
            "signature": signature,
        }
    )


def _attributes(certificate: bytes) -> cms.CMSAttributes:
    """No time among them: PAdES leaves the claimed one to the dictionary around the signature."""
    this_certificate = tsp.ESSCertIDv2({"cert_hash": sha256(certificate).digest()})
    algorithms = cms.CMSAlgorithmProtection(
        {
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": DIGEST}),
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": SIGNATURE}),
        }
    )
    said = {
        "content_type": "data",
        "message_digest": _NO_DIGEST,
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [this_certificate]}),
        "cms_algorithm_protection": algorithms,
    }
    return cms.CMSAttributes([cms.CMSAttribute({"type": name, "values": [value]}) for name, value in said.items()])
