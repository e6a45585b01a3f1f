"""From a face to a sealed certificate: draw, seal, read back. The one door of this room for operations."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from chalicelib.documents import fonts, member, qualification
from chalicelib.documents.layout import Box, Layout
from chalicelib.documents.page import Imprint
from chalicelib.documents.plates import engrave
from chalicelib.documents.press import NO_PHOTOS, Photos, Press
from chalicelib.documents.reading import problems
from chalicelib.documents.seal import draw_seal
from chalicelib.documents.signing import Mark, Rectangle, sign
from chalicelib.operations.sealer import Sealer
from chalicelib.rules.certificate_face import Face
from chalicelib.rules.vocabulary import Part

__all__ = ["TEMPLATES", "draw", "problems", "seal", "undrawable", "values"]

# the layout of a face's paper, by the template that the face names; a template that was ever issued stays
TEMPLATES: Mapping[str, Callable[[Face], Layout]] = {
    "member-1": member.layout,
    "qualification-1": qualification.layout,
}


def undrawable(face: Face) -> str:
    """The characters of a face that cannot be printed, each once; to be asked before anybody pays."""
    return fonts.missing_glyphs("".join(face.says().values()))


def values(face: Face) -> dict[str, str]:
    """What the {names} of every template stand for on this face."""
    site, slash, token = face.verify_url.rpartition("/")
    return {**face.says(), "verify_site": site + slash, "verify_token": token}


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


class Sheet(NamedTuple):
    """All that a layout may depend on; whatever else a face says stands in its values."""

    template: str
    part: Part
    test: bool
    silent: tuple[str, ...]  # the names of the texts that are empty


def press(face: Face) -> Press:
    """The layout of a face's paper, made ready to print."""
    said = face.says()
    sheet = Sheet(face.template, face.which, face.test, tuple(name for name, words in said.items() if not words))
    if sheet not in _PRESSES:
        layout = TEMPLATES[face.template](face)
        _PRESSES[sheet] = Press(layout, engrave(layout))
    return _PRESSES[sheet]


_PRESSES: dict[Sheet, Press] = {}


def _on_page(layout: Layout, box: Box) -> Rectangle:
    """From mm below the top to points above the bottom."""
    bottom = layout.height - box.y - box.h
    corners = (box.x, bottom, box.x + box.w, bottom + box.h)
    left, low, right, high = (corner / fonts.POINT for corner in corners)
    return left, low, right, high
