"""Reads a finished certificate back as a stranger would, before it counts: paper, text, fonts, signature.

It shares nothing with the drawing code: it is given the face, the bytes and the sealer's certificate.
"""

import threading
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import pypdfium2
from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, EncodedStreamObject

from chalicelib.documents.reading_seals import SealRead, seals
from chalicelib.operations.sealer import Sealer
from chalicelib.rules.certificate_face import TEST_NOTICE, Face

MM_PER_POINT = 25.4 / 72
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_EMPTY = zlib.compress(b"")
_HYPHENS = dict.fromkeys((0xFFFE, 0x0002), "-")  # what PDFium makes of a hyphen that ends a line
_ONE_AT_A_TIME = threading.Lock()  # PDFium keeps state of its own and must not be called from two threads at once
# The libraries let slips of damaged files through as the latter five.
TROUBLES = (
    PyPdfError, pypdfium2.PdfiumError, zlib.error, ValueError, LookupError, TypeError, AttributeError,
    AssertionError,
)  # fmt: skip


@dataclass(frozen=True)
class ReadBack:
    """What a PDF says: pages, size of the first as it is shown, in whole mm, text without blanks, fonts, signatures."""

    pages: int
    size: tuple[int, int]
    text: str
    fonts: tuple[str, ...]
    fonts_not_embedded: tuple[str, ...]
    seals: tuple[SealRead, ...]


class UnreadableError(ValueError):
    """These bytes are no PDF that could be read."""


def read_back(pdf: bytes) -> ReadBack:
    """Raises UnreadableError."""
    try:
        document = PdfReader(BytesIO(pdf), strict=True)
        page = document.pages[0]
        fonts = dict(_fonts(page))
        text = squeezed(_text(pdf, page))
        missing = tuple(name for name, embedded in fonts.items() if not embedded)
        return ReadBack(len(document.pages), _size(page), text, tuple(fonts), missing, tuple(seals(pdf, document)))
    except TROUBLES as trouble:
        raise UnreadableError(f"the PDF cannot be read: {type(trouble).__name__}") from trouble


def _text(pdf: bytes, page: PageObject) -> str:
    """As the reader in a browser finds it: pypdf would take forty times as long.

    Streams that show no text are left out of what it gets to read: it would follow every stroke of the border.
    """
    for stream in _streams(page):
        if _is_silent(stream):
            pdf = pdf.replace(stream, _EMPTY.ljust(len(stream)), 1)
    with _ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(pdf)) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return text.translate(_HYPHENS)


def _streams(page: PageObject) -> Iterator[bytes]:
    """The pieces of a page's content that are deflated, as they stand in the file."""
    contents = page.get("/Contents", ArrayObject()).get_object()
    for piece in contents if isinstance(contents, ArrayObject) else (contents,):
        stream = piece.get_object()
        if isinstance(stream, EncodedStreamObject) and stream.get("/Filter") == "/FlateDecode":
            yield stream._data  # noqa: SLF001 - pypdf has no other door to a stream as it stands


@lru_cache(maxsize=32)
def _is_silent(stream: bytes) -> bool:
    """Whether it neither shows a text nor calls anything that may."""
    content = zlib.decompress(stream)
    return not any(operator in content for operator in (b"BT", b"Do", b"'", b'"'))


def squeezed(text: str) -> str:
    """Without blanks and line ends, which follow the layout, and with one form for each character."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def problems(face: Face, pdf: bytes, sealer: Sealer) -> tuple[str, ...]:
    """What keeps this file from being the certificate of that face under that sealer; empty when all is well."""
    try:
        read = read_back(pdf)
    except UnreadableError as trouble:
        return (str(trouble),)
    return (*_paper_problems(face.size, read), *_text_problems(face, read), *_seal_problems(read, sealer))


def _paper_problems(size: tuple[int, int], read: ReadBack) -> Iterator[str]:
    if read.pages != 1:
        yield f"{read.pages} pages instead of one"
    if read.size != size:
        yield f"the page measures {read.size[0]} x {read.size[1]} mm instead of {size[0]} x {size[1]}"
    if not read.fonts:
        yield "no font on the page"
    for name in read.fonts_not_embedded:
        yield f"font {name} is not embedded"


def _text_problems(face: Face, read: ReadBack) -> Iterator[str]:
    for what, text in face.says().items():
        if squeezed(text) not in read.text:
            yield f"{what} is not in the text"
    if not face.test and squeezed(TEST_NOTICE) in read.text:
        yield "the certificate calls itself a test"


def _seal_problems(read: ReadBack, sealer: Sealer) -> Iterator[str]:
    if len(read.seals) != 1:
        yield f"{len(read.seals)} signatures instead of one"
    for seal in read.seals:
        if seal.certificate != sealer.certificate:
            yield "signed under another certificate"
        if not seal.covers_whole_file:
            yield "the signature does not cover the whole file"
        if not (seal.digest_right and seal.signature_right):
            yield "the signature does not match the file"
        if not seal.visible:
            yield "the signature has no appearance"


def _fonts(page: PageObject) -> Iterator[tuple[str, bool]]:
    """Name of each font of the page, and whether its program is in the file."""
    resources = page["/Resources"]
    assert isinstance(resources, DictionaryObject)
    fonts = resources.get("/Font", DictionaryObject()).get_object()
    assert isinstance(fonts, DictionaryObject)
    for name in fonts:
        font = fonts[name]
        assert isinstance(font, DictionaryObject)
        yield str(font["/BaseFont"]), _embedded(font)


def _embedded(font: DictionaryObject) -> bool:
    descendants = font.get("/DescendantFonts")
    inner = descendants.get_object()[0].get_object() if descendants is not None else font
    descriptor = inner.get("/FontDescriptor", DictionaryObject()).get_object()
    return any(name in descriptor for name in _FONT_FILES)


def _size(page: PageObject) -> tuple[int, int]:
    """Width and height as a reader sees them: a page may be turned after it was measured (ISO 32000-1, 7.7.3.3)."""
    width, height = _mm(page.mediabox.width), _mm(page.mediabox.height)
    return (height, width) if page.rotation % 180 else (width, height)


def _mm(points: float) -> int:
    return round(float(points) * MM_PER_POINT)
