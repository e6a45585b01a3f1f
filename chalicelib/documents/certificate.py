"""From a face to a sealed certificate: draw, seal, read back. The one door of this room for operations."""

from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import cast

from chalicelib.documents import fonts, sheets
from chalicelib.documents.imprint import Imprint
from chalicelib.documents.layout import NO_PHOTOS, Box, Layout, Photos
from chalicelib.documents.press import Press
from chalicelib.documents.seal import draw_seal
from chalicelib.documents.sheets import Sheet, layout_of, sheet_of
from chalicelib.documents.signing import Mark, Rectangle, sign
from chalicelib.documents.templates import TEMPLATES, values
from chalicelib.operations.sealer import Sealer
from chalicelib.rules.certificate_face import Face

__all__ = ["TEMPLATES", "draw", "layout_of", "problems", "seal", "undrawable", "values"]


def undrawable(face: Face) -> str:
    """The characters of a face that cannot be printed, each once; to be asked before anybody pays."""
    return fonts.missing_glyphs("".join(face.says().values()))


def draw(face: Face, photos: Photos = NO_PHOTOS) -> bytes:
    """The certificate without its seal; the same face and photos give the same bytes (promise 10).

    Raises fonts.MissingGlyphError, typesetting.TextOverflowError, KeyError for an unknown template.
    """
    return press(face).print(values(face), imprint(face), photos)


def imprint(face: Face) -> Imprint:
    return Imprint(
        title=f"{face.title} {face.number}",
        subject=f"{face.number} {face.holder}",
        author=face.association,
        identity=face.content_hash()[:32],
        made_on=face.issued_on,
        number=face.number,
    )


def seal(face: Face, pdf: bytes, sealer: Sealer, at: datetime) -> bytes:
    """The certificate under its seal. A test key seals nothing that does not say that it is a test."""
    if sealer.is_test and not face.test:
        raise ValueError("a test key may only seal a certificate that says 测试证书")
    ready = press(face)
    mark = Mark(
        place=_on_page(ready.layout, ready.layout.seal_field().box),
        appearance=draw_seal(face.association, test=face.test),
        signatory=face.association,
        reason=f"{face.title} {face.number}",
    )
    return sign(pdf, ready.plate, sealer, at, mark)


def problems(face: Face, pdf: bytes, sealer: Sealer) -> tuple[str, ...]:
    """What keeps this file from being the certificate of that face under that sealer; empty when all is well."""
    # the readers of strangers take longer to load than all the rest
    reading = import_module("chalicelib.documents.reading")
    return cast("tuple[str, ...]", reading.problems(face, pdf, sealer))


@lru_cache(maxsize=8)  # what is drawn is sealed right after
def press(face: Face) -> Press:
    """The layout of a face's paper, made ready to print."""
    sheet = sheet_of(face)
    if sheet not in _PRESSES:
        _PRESSES[sheet] = Press(*sheets.ready(face))
    return _PRESSES[sheet]


_PRESSES: dict[Sheet, Press] = {}


def _on_page(layout: Layout, box: Box) -> Rectangle:
    """From mm below the top to points above the bottom."""
    bottom = layout.height - box.y - box.h
    corners = (box.x, bottom, box.x + box.w, bottom + box.h)
    left, low, right, high = (corner / fonts.POINT for corner in corners)
    return left, low, right, high
