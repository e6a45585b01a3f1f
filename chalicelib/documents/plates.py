"""The plate of a layout: all that is the same on every certificate of it, drawn once by fpdf2 and kept ready to print.

A file begins with its plate, byte for byte; what varies follows, under numbers that the plate refers to already.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from chalicelib.documents import archive, drawing, file_parts, fonts
from chalicelib.documents.file_parts import CATALOG, CONTENT, FONTS, METADATA, PAGE, PAGES, PICTURE, Growing, stream
from chalicelib.documents.layout import Layout, Photo
from chalicelib.documents.page import Imprint

BARE = Imprint(title="", subject="", author="", identity="0" * 32, made_on=date(2026, 1, 1))


@dataclass(frozen=True)
class Plate:
    """`head` is how every file of the layout begins, `offsets` where its objects are.

    `fonts` are the entries of the plate's own fonts among the page's; `catalog` and `page` are dictionaries without
    their ends, for the seal that adds to them.
    """

    head: bytes
    offsets: Mapping[int, int]
    fonts: bytes
    catalog: bytes
    page: bytes


def engrave(layout: Layout) -> Plate:
    """Raises fonts.MissingGlyphError, typesetting.TextOverflowError."""
    bare = Layout(layout.name, layout.constant, layout.width, layout.height, layout.margin)
    drawn = PdfReader(BytesIO(drawing.draw(bare, {}, BARE))).pages[0]
    file = Growing(0, {PICTURE: 0})
    file.append(file_parts.HEADER)
    contents = drawn.get_contents()
    ground = file.add(deflated(b"q\n%s\nQ" % b"" if contents is None else contents.get_data()))
    resources = _Copy(file).resources(drawn)
    catalog, page = _catalog(file), _page(layout, ground, resources.others)
    file.add(catalog + b" >>", CATALOG)
    file.add(b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % PAGE, PAGES)
    file.add(page + b" >>", PAGE)
    offsets = {number: offset for number, offset in file.offsets.items() if offset}
    return Plate(file.content(), offsets, resources.fonts, catalog, page)


def _catalog(file: Growing) -> bytes:
    profile = file.add(deflated(archive.colours(), b"/N 3 "))
    meant = b"/OutputConditionIdentifier (%s) /Info (%s)" % (archive.CONDITION, archive.CONDITION)
    entries = (
        b"<< /Type /Catalog /Pages %d 0 R" % PAGES,
        b"/Metadata %d 0 R /Lang (zh-CN)" % METADATA,
        b"/ViewerPreferences << /DisplayDocTitle true >>",
        b"/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 %s /DestOutputProfile %d 0 R >>]" % (meant, profile),
    )
    return b" ".join(entries)


def _page(layout: Layout, ground: int, resources: bytes) -> bytes:
    photo = (
        b"/XObject << /Photo %d 0 R >> " % PICTURE if any(isinstance(each, Photo) for each in layout.elements) else b""
    )
    size = b"%.2f %.2f" % (layout.width / fonts.POINT, layout.height / fonts.POINT)
    entries = (
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s]" % (PAGES, size),
        b"/Group << /S /Transparency /CS /DeviceRGB >>",
        b"/Contents [%d 0 R %d 0 R]" % (ground, CONTENT),
        b"/Resources << %s%s/Font %d 0 R >>" % (resources, photo, FONTS),
    )
    return b" ".join(entries)


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    """As a stream, as small as it gets: this is done once."""
    return stream(zlib.compress(data, 9), b"%s/Filter /FlateDecode " % entries)


@dataclass(frozen=True)
class _Resources:
    fonts: bytes
    others: bytes


class _Copy:
    """Copies objects of another file, and whatever they refer to, into one in the making."""

    def __init__(self, file: Growing) -> None:
        self._file = file
        self._numbers: dict[int, int] = {}

    def resources(self, page: DictionaryObject) -> _Resources:
        found = page["/Resources"].get_object()
        assert isinstance(found, DictionaryObject)
        drawn = found.get("/Font", DictionaryObject()).get_object()
        assert isinstance(drawn, DictionaryObject)
        kept = {name: value for name, value in found.items() if name not in {"/Font", "/XObject", "/ProcSet"}}
        return _Resources(self._entries(drawn), self._entries(kept))

    def _entries(self, dictionary: Mapping[str, PdfObject]) -> bytes:
        return b"".join(b"%s %s " % (name.encode(), self._copied(value)) for name, value in dictionary.items())

    def _copied(self, value: PdfObject) -> bytes:
        if isinstance(value, IndirectObject):
            return b"%d 0 R" % self._number(value)
        if isinstance(value, ArrayObject):
            return b"[%s]" % b" ".join(self._copied(each) for each in value)
        if isinstance(value, DictionaryObject):
            return b"<< %s>>" % self._entries(value)
        leaf = BytesIO()
        value.write_to_stream(leaf)
        return leaf.getvalue()

    def _number(self, reference: IndirectObject) -> int:
        if reference.idnum not in self._numbers:
            self._numbers[reference.idnum] = self._file.add(self._body(reference.get_object()))
        return self._numbers[reference.idnum]

    def _body(self, value: PdfObject | None) -> bytes:
        assert value is not None, "a reference of the plate leads nowhere"
        if not isinstance(value, StreamObject):
            return self._copied(value)
        own = {name: each for name, each in value.items() if name not in {"/Length", "/Filter", "/DecodeParms"}}
        return deflated(value.get_data(), self._entries(own))
