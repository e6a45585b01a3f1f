"""Seals a PDF: a PAdES-B-B signature (ETSI EN 319 142-1) whose visible appearance is the association's chop.

pyHanko writes the signature; the key stays behind the port, so the same code serves KMS and a file.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import DictionaryObject, PdfObject, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter, init_xobject_dictionary
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.stamp import BaseStampStyle
from pyhanko.stamp.base import BaseStamp
from pyhanko_certvalidator.registry import SimpleCertificateStore

from chalicelib.documents.seal import Appearance
from chalicelib.operations.sealer import Sealer

FIELD = "Seal"
DIGEST = "sha256"
# what the signature itself takes beside the certificates: attributes and an RSA signature of up to 4096 bits
CMS_OVERHEAD = 3072

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """Where the seal shows on the first page (left, bottom, right, top in points), what it looks like, and why."""

    place: Rectangle
    appearance: Appearance
    signatory: str
    reason: str


def sign(pdf: bytes, sealer: Sealer, at: datetime, mark: Mark) -> bytes:
    """The PDF with one signature over all of it, as an update behind the unchanged original bytes.

    `at` (with a time zone) is the claimed time. The signature certifies: no later change is permitted, except
    the data for long-term validation that ETSI EN 319 142-1 lets one append.
    """
    return asyncio.run(_sign(pdf, sealer, at, mark))


async def _sign(pdf: bytes, sealer: Sealer, at: datetime, mark: Mark) -> bytes:
    session = _signer(sealer, mark).init_signing_session(IncrementalPdfFileWriter(BytesIO(pdf)))
    session.system_time = at  # pyHanko would ask the machine's clock
    document = session.prepare_tbs_document(None, bytes_reserved=2 * _container_size(sealer))
    output = BytesIO()
    digest, _ = document.digest_tbs_document(output=output)
    await document.perform_signature(digest.document_digest, PdfCMSSignedAttributes())
    return output.getvalue()


def _container_size(sealer: Sealer) -> int:
    return CMS_OVERHEAD + len(sealer.certificate) + sum(map(len, sealer.chain))


def _signer(sealer: Sealer, mark: Mark) -> PdfSigner:
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        name=mark.signatory,
        reason=mark.reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    # annotated as whole points, written as given
    field = SigFieldSpec(FIELD, on_page=0, box=mark.place, readable_field_name=mark.reason)  # type: ignore[arg-type]
    return PdfSigner(metadata, PortSigner(sealer), stamp_style=SealStyle(seal=mark.appearance), new_field_spec=field)


class PortSigner(Signer):
    """A pyHanko signer that asks our port."""

    def __init__(self, sealer: Sealer) -> None:
        # pyHanko annotates its core only in part
        store = SimpleCertificateStore.from_certs(  # type: ignore[no-untyped-call]
            map(x509.Certificate.load, sealer.chain)
        )
        super().__init__(signing_cert=x509.Certificate.load(sealer.certificate), cert_registry=store)
        self._sealer = sealer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - pyHanko's signature
        assert digest_algorithm == DIGEST
        return bytes(256) if dry_run else self._sealer.sign(data)


class SealAppearance(BaseStamp):
    """The chop as the appearance of the field.

    Ink lies over ink, so the chop is multiplied onto the page and what lies beneath stays legible. It is painted
    as one group: multiplied stroke by stroke, its own outlines would show darker where they overlap.
    """

    def __init__(self, writer: BasePdfFileWriter, style: "SealStyle", appearance: Appearance) -> None:
        super().__init__(writer, style, BoxConstraints(width=appearance.side, height=appearance.side))
        multiply = _dictionary(BM=pdf_name("/Multiply"))
        self.set_resource(ResourceType.EXT_G_STATE, pdf_name("/Ink"), multiply)
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Chop"), writer.add_object(_group(appearance)))

    def render(self) -> bytes:
        return b"/Ink gs /Chop Do"


def _group(appearance: Appearance) -> StreamObject:
    form = init_xobject_dictionary(appearance.content, appearance.side, appearance.side)
    form[pdf_name("/Group")] = _dictionary(S=pdf_name("/Transparency"))
    form.compress()  # type: ignore[no-untyped-call]  # pyHanko annotates its core only in part
    return form


def _dictionary(**entries: PdfObject) -> DictionaryObject:
    named = {pdf_name(f"/{name}"): value for name, value in entries.items()}
    return DictionaryObject(named)  # type: ignore[no-untyped-call]  # as above


@dataclass(frozen=True)
class SealStyle(BaseStampStyle):
    """How pyHanko asks for an appearance."""

    seal: Appearance | None = None

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: object) -> SealAppearance:
        del box, text_params
        assert self.seal
        return SealAppearance(writer, self, self.seal)
