"""From a face to a sealed certificate: draw, seal, read back. The one door of this room for operations."""

from datetime import datetime

from chalicelib.documents import drawing, fonts
from chalicelib.documents.layout import Box, Layout
from chalicelib.documents.page import Imprint
from chalicelib.documents.reading import problems
from chalicelib.documents.seal import draw_seal
from chalicelib.documents.signing import Mark, Rectangle, sign
from chalicelib.documents.templates import TEMPLATES, values
from chalicelib.operations.sealer import Sealer
from chalicelib.rules.certificate_face import Face

__all__ = ["TEMPLATES", "draw", "problems", "seal", "undrawable", "values"]


def undrawable(face: Face) -> str:
    """The characters of a face that cannot be printed, each once; to be asked before anybody pays."""
    return fonts.missing_glyphs("".join(face.says().values()))


def draw(face: Face) -> bytes:
    """The certificate without its seal; the same face gives the same bytes (promise 10).

    Raises fonts.MissingGlyphError, typesetting.TextOverflowError, KeyError for an unknown template.
    """
    imprint = Imprint(
        title=f"{face.title} {face.number}",
        subject=f"{face.number} {face.holder}",
        author=face.association,
        identity=face.content_hash()[:32],
        made_on=face.issued_on,
    )
    return drawing.draw(TEMPLATES[face.template](face), values(face), imprint)


def seal(face: Face, pdf: bytes, sealer: Sealer, at: datetime) -> bytes:
    """The certificate under its seal. A test key seals nothing that does not say that it is a test."""
    if sealer.is_test and not face.test:
        raise ValueError("a test key may only seal a certificate that says 测试证书")
    layout = TEMPLATES[face.template](face)
    mark = Mark(
        place=_on_page(layout, layout.seal_field().box),
        appearance=draw_seal(face.association, test=face.test),
        signatory=face.association,
        reason=f"{face.title} {face.number}",
    )
    return sign(pdf, sealer, at, mark)


def _on_page(layout: Layout, box: Box) -> Rectangle:
    """From mm below the top to points above the bottom."""
    bottom = layout.height - box.y - box.h
    corners = (box.x, bottom, box.x + box.w, bottom + box.h)
    left, low, right, high = (corner / fonts.POINT for corner in corners)
    return left, low, right, high
