"""Makes plates: fpdf2 draws the constant part of a layout, and its objects are copied into the head of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import compress
from operator import not_

from PIL import ImageCms
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from chalicelib.documents import drawing, file_parts, fonts
from chalicelib.documents.file_parts import CATALOG, CONTENT, FONTS, METADATA, PAGE, PAGES, PICTURE, Growing, deflated
from chalicelib.documents.imprint import Imprint
from chalicelib.documents.layout import Element, Layout, Photo, Text
from chalicelib.documents.plates import Plate

# Little CMS writes the clock into bytes 24 to 35; here it is the day on which the standard sRGB was published
PUBLISHED = b"\x07\xcf\x00\x0a\x00\x12\x00\x00\x00\x00\x00\x00"
CONDITION = b"sRGB IEC61966-2.1"
BARE = Imprint(title="", subject="", author="", identity="0" * 32, made_on=date(2026, 1, 1))


def engrave(layout: Layout) -> Plate:
    """Raises fonts.MissingGlyphError, typesetting.TextOverflowError."""
    file = Growing(0, {PICTURE: 0})
    file.append(file_parts.HEADER)
    # in two streams: what only shows, and what says something, so that a reader of texts need not follow every stroke
    said = [isinstance(each, Text) for each in layout.constant]
    grounds = [_ground(file, layout, [*compress(layout.constant, chosen)]) for chosen in (map(not_, said), said)]
    fonts_there, others = (b"".join(parts) for parts in zip(*(each[1:] for each in grounds), strict=True))
    catalog, page = _catalog(file), _page(layout, [each[0] for each in grounds], others)
    file.add(catalog + b" >>", CATALOG)
    file.add(b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % PAGE, PAGES)
    file.add(page + b" >>", PAGE)
    offsets = {number: offset for number, offset in file.offsets.items() if offset}
    return Plate(file.content(), offsets, fonts_there, catalog, page)


def _ground(file: Growing, layout: Layout, elements: Sequence[Element]) -> tuple[int, bytes, bytes]:
    """The number of a stream that paints these elements, the fonts that it uses, and what else."""
    bare = replace(layout, elements=tuple(elements))
    drawn = PdfReader(BytesIO(drawing.draw(bare, {}, BARE))).pages[0]
    contents = drawn.get_contents()
    operators = b"" if contents is None else contents.get_data()
    number = file.add(deflated(b"q\n%s\nQ" % operators))
    return number, *_Copy(file).resources(drawn)


def _catalog(file: Growing) -> bytes:
    profile = file.add(deflated(_colours(), b"/N 3 "))
    meant = b"/OutputConditionIdentifier (%s) /Info (%s)" % (CONDITION, CONDITION)
    entries = (
        b"<< /Type /Catalog /Pages %d 0 R" % PAGES,
        b"/Metadata %d 0 R /Lang (zh-CN)" % METADATA,
        b"/ViewerPreferences << /DisplayDocTitle true >>",
        b"/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 %s /DestOutputProfile %d 0 R >>]" % (meant, profile),
    )
    return b" ".join(entries)


def _page(layout: Layout, grounds: Sequence[int], resources: bytes) -> bytes:
    photo = (
        b"/XObject << /Photo %d 0 R >> " % PICTURE if any(isinstance(each, Photo) for each in layout.elements) else b""
    )
    size = b"%.2f %.2f" % (layout.width / fonts.POINT, layout.height / fonts.POINT)
    entries = (
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s]" % (PAGES, size),
        b"/Group << /S /Transparency /CS /DeviceRGB >>",
        b"/Contents [%s]" % b" ".join(b"%d 0 R" % number for number in (*grounds, CONTENT)),
        b"/Resources << %s%s/Font %d 0 R >>" % (resources, photo, FONTS),
    )
    return b" ".join(entries)


def _colours() -> bytes:
    """The ICC profile of sRGB, the same bytes every time."""
    profile = bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    return profile[:24] + PUBLISHED + profile[36:]


class _Copy:
    """Copies objects of another file, and whatever they refer to, into one in the making."""

    def __init__(self, file: Growing) -> None:
        self._file = file
        self._numbers: dict[int, int] = {}

    def resources(self, page: DictionaryObject) -> tuple[bytes, bytes]:
        """The entries of its fonts, and those of all else."""
        found = page["/Resources"].get_object()
        assert isinstance(found, DictionaryObject)
        drawn = found.get("/Font", DictionaryObject()).get_object()
        assert isinstance(drawn, DictionaryObject)
        kept = {name: value for name, value in found.items() if name not in {"/Font", "/XObject", "/ProcSet"}}
        return self._entries(drawn), self._entries(kept)

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
