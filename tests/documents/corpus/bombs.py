"""Small files that would cost much: to unpack, to parse, to draw. The check refuses each within its limits."""

import base64
import struct
import zlib
from binascii import hexlify
from collections.abc import Callable
from functools import cache

from tests.documents.building import (
    chunk,
    compressed,
    flate,
    jpeg,
    object_stream,
    one_page,
    packed_lzw,
    pdf,
    png,
    png_of,
    stream,
    with_jpeg_size,
)
from tests.documents.corpus.sample import bad

MB = 2**20


@cache
def _squeezed(size: int) -> bytes:
    """Nothing, ``size`` bytes long, without holding it."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(MB)) for _ in range(size // MB)) + packer.flush()


def _drawn(content: bytes, filters: bytes, more: dict[int, bytes] | None = None) -> bytes:
    return pdf(one_page(b"", b"", more) | {4: stream(content, b"/Filter" + filters)})


def _lzw(codes: int) -> bytes:
    """A string that grows by one with each code, then the longest again and again: twelve bits for 3,000 bytes."""
    return packed_lzw([256, 0, *range(258, 258 + 3000), *([3000] * codes), 257])


def _lzw_late(codes: int) -> bytes:
    """The same for /EarlyChange 0: who switches early reads an end (257) where the codes get their tenth bit."""
    once_wider = (128, 512, 511)
    return packed_lzw([256, 0, *range(258, 511), *once_wider, *range(514, 3014), *([3000] * codes), 257], early=0)


def _pictured(content: bytes, filters: bytes, more: bytes = b"/Width 8/Height 8/BitsPerComponent 8") -> bytes:
    picture = stream(content, b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/Filter" + filters + more)
    return pdf(one_page(b"", b"/Resources<</XObject<</I 5 0 R>>>>", {5: picture}))


def _one_stream_claimed_by_many() -> bytes:
    """Each entry would have the parser read the whole object stream again and find nothing."""
    data = bytearray(b"%PDF-1.5\n")
    places = {}
    objects = one_page() | {20: object_stream({900: b"[" + b"0 " * 90_000 + b"]"})}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(struct.pack(">BIB", 1, places[number], 0) for number in (1, 2, 3, 4, 20))
    rows += struct.pack(">BIB", 2, 20, 0) * 30_000
    start = len(data)
    index = b"1 4 20 1 1000 30000"
    data += b"21 0 obj\n%s\nendobj\n" % flate(rows, b"/Type/XRef/Size 31000/W[1 4 1]/Root 1 0 R/Index[%s]" % index)
    return bytes(data + b"startxref\n%d\n%%%%EOF\n" % start)


def _many_object_bombs() -> bytes:
    """No table, so that a parser looks for object streams itself and inflates each."""
    bomb = stream(_squeezed(3 * MB), b"/Filter/FlateDecode/Type/ObjStm/N 1/First 4")
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, bomb) for number in range(10, 1010))
    return b"%PDF-1.5\n" + body + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def _xref_stream(size: int, entries: bytes) -> bytes:
    body = b"%PDF-1.5\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in one_page().items())
    table = stream(_squeezed(size), b"/Filter/FlateDecode/Type/XRef/Root 1 0 R" + entries)
    return body + b"9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(body))


def _unlisted(what: bytes) -> Callable[[], bytes]:
    return lambda: pdf(one_page(), unlisted=what)


def _within(opening: bytes, closing: bytes, depth: int = 50_000) -> bytes:
    return pdf(one_page(b"", b"", {5: opening * depth + closing * depth}))


def _scans(number: int) -> bytes:
    """A progressive JPEG with its last scan again and again."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * number + data[-2:]


def _huge_progressive() -> bytes:
    data = jpeg(progressive=True)
    place = data.index(b"\xff\xc2")
    return data[: place + 5] + struct.pack(">HH", 40_000, 40_000) + data[place + 9 :]


def _png_with(name: bytes, body: bytes) -> bytes:
    return png_of(400, 400, bytes(1201 * 400), [chunk(name, body)])


UNPACKED = (
    bad(
        "inflates_too_far",
        "PDF with a drawing that inflates to 100 MB",
        lambda: pdf(one_page() | {4: flate(bytes(100 * MB))}),
    ),
    bad(
        "inflates_too_far",
        "PDF with twelve drawings of 50 MB",
        lambda: pdf(
            one_page(b"", b"", {10 + n: stream(_squeezed(50 * MB), b"/Filter/FlateDecode") for n in range(12)})
        ),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing deflated twice",
        lambda: _drawn(zlib.compress(_squeezed(30 * MB)), b"[/FlateDecode/FlateDecode]"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing deflated four times",
        lambda: _drawn(zlib.compress(zlib.compress(zlib.compress(_squeezed(30 * MB)))), b"[/Fl/Fl/Fl/Fl]"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing of 100 MB under hexadecimal",
        lambda: _drawn(hexlify(_squeezed(100 * MB)) + b">", b"[/ASCIIHexDecode/FlateDecode]"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing of 100 MB under base 85",
        lambda: _drawn(base64.a85encode(_squeezed(100 * MB)) + b"~>", b"[/A85/Fl]"),
    ),
    bad("inflates_too_far", "PDF with a drawing of 100 MB under LZW", lambda: _drawn(_lzw(40_000), b"/LZWDecode")),
    bad(
        "inflates_too_far",
        "PDF with a drawing of 100 MB under LZW that switches late",
        lambda: _drawn(_lzw_late(40_000), b"/LZWDecode/DecodeParms<</EarlyChange 0>>"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing of 100 MB under hexadecimal and LZW that switches late",
        lambda: _drawn(hexlify(_lzw_late(40_000)), b"[/AHx/LZW]/DecodeParms[null 5 0 R]", {5: b"<</EarlyChange 0>>"}),
    ),
    bad(
        "unreadable",
        "PDF with LZW of which programs differ when it switches",
        lambda: _drawn(_lzw_late(40_000), b"[/LZWDecode]/DecodeParms<</EarlyChange 0>>"),
    ),
    bad(
        "unreadable",
        "PDF with LZW that switches both early and late",
        lambda: _drawn(_lzw_late(40_000), b"/LZWDecode/DecodeParms<</EarlyChange 1>>/DP<</EarlyChange 0>>"),
    ),
    bad(
        "unreadable",
        "PDF with LZW that switches five codes early",
        lambda: _drawn(_lzw(40_000), b"/LZWDecode/DecodeParms<</EarlyChange 5>>"),
    ),
    bad(
        "unreadable",
        "PDF with a drawing of 100 MB that says twice how it is packed",
        lambda: _drawn(_lzw(40_000), b"/DCTDecode/Filter/LZWDecode"),
    ),
    bad(
        "unreadable",
        "PDF with LZW of two sets of parameters",
        lambda: _drawn(_lzw_late(40_000), b"/LZWDecode/DecodeParms<</EarlyChange 1>>/Decode#50arms<</EarlyChange 0>>"),
    ),
    bad(
        "unreadable",
        "PDF with LZW that goes on behind its end",
        lambda: _drawn(packed_lzw([256, 65, 257]) + _lzw(40_000), b"/LZWDecode"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing of 100 MB in runs",
        lambda: _drawn(b"\x81\0" * 900_000 + b"\x80", b"/RunLengthDecode"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing of runs within Flate",
        lambda: _drawn(zlib.compress(b"\x81\0" * 900_000 + b"\x80"), b"[/FlateDecode/RunLengthDecode]"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing under a disguised filter",
        lambda: _drawn(zlib.compress(_squeezed(30 * MB)), b"[/Fl#61teDecode/FlateDecod#65]"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a drawing whose filters are behind a reference",
        lambda: pdf(
            one_page(b"", b"", {5: b"[/FlateDecode 6 0 R]", 6: b"/FlateDecode"})
            | {4: stream(zlib.compress(_squeezed(30 * MB)), b"/Filter 5 0 R")}
        ),
    ),
    bad(
        "inflates_too_far",
        "PDF with a font program that inflates to 100 MB",
        lambda: pdf(
            one_page(
                b"", b"", {5: b"<</FontFile2 6 0 R>>", 6: stream(_squeezed(100 * MB), b"/Filter/FlateDecode/Length1 9")}
            )
        ),
    ),
    bad(
        "inflates_too_far",
        "PDF with XMP that inflates to 100 MB",
        lambda: pdf(
            one_page(b"/Metadata 5 0 R", b"", {5: stream(_squeezed(100 * MB), b"/Filter/FlateDecode/Type/Metadata")})
        ),
    ),
    bad(
        "inflates_too_far",
        "PDF with a small picture that inflates to 100 MB",
        lambda: _pictured(_squeezed(100 * MB), b"/FlateDecode"),
    ),
    bad(
        "inflates_too_far",
        "PDF with a small picture deflated twice",
        lambda: _pictured(zlib.compress(_squeezed(30 * MB)), b"[/FlateDecode/FlateDecode]"),
    ),
    bad("inflates_too_far", "PDF with a thousand object streams that inflate", _many_object_bombs),
    bad(
        "unreadable",
        "PDF with an object stream that inflates to 60 MB",
        lambda: compressed(one_page(), {9: b"(" + b"a" * (60 * MB) + b")"}),
    ),
    bad(
        "unreadable",
        "PDF with a table that inflates to 60 MB",
        lambda: _xref_stream(60 * MB, b"/Size 9000000/W[1 4 1]"),
    ),
    bad(
        "too_many_pixels",
        "PDF with a picture of 10 thousand million pixels",
        lambda: pdf(one_page(b"", b"", {5: flate(b"", b"/Subtype/Image/Width 100000/Height 100000")})),
    ),
    bad(
        "too_many_pixels",
        "PDF with a fax of 10 thousand million pixels",
        lambda: _pictured(b"", b"/CCITTFaxDecode", b"/Width 100000/Height 100000/BitsPerComponent 1"),
    ),
    bad(
        "too_many_pixels",
        "PDF with a huge picture whose size is behind references",
        lambda: pdf(one_page(b"", b"", {5: flate(b"", b"/Subtype/Image/Width 6 0 R/Height 6 0 R"), 6: b"100000"})),
    ),
    bad(
        "too_many_pixels",
        "PDF with a huge mask",
        lambda: _pictured(b"", b"/FlateDecode", b"/ImageMask true/Width 2147483647/Height 2"),
    ),
)

PARSED = (
    bad("unreadable", "PDF whose stream is claimed by thirty thousand", _one_stream_claimed_by_many),
    bad("too_complex", "PDF of strings that never end", _unlisted(b"9 0 obj (" * 50_000)),
    bad("too_complex", "PDF of too many objects", _unlisted(b"9 0 obj null endobj\n" * 60_001)),
    bad("too_complex", "PDF of a hundred thousand streams", _unlisted(b"stream\n" * 100_000)),
    bad("too_complex", "PDF of a thousand object streams", _unlisted(b"/ObjStm/Obj#53tm " * 500)),
    bad("unreadable", "PDF of arrays within arrays", lambda: _within(b"[", b"]")),
    bad("unreadable", "PDF of dictionaries within dictionaries", lambda: _within(b"<</A", b">>")),
    bad("unreadable", "PDF of both by turns", lambda: _within(b"<</A[", b"]>>", 25_000)),
    bad(
        "unreadable",
        "PDF of one array of millions",
        lambda: pdf(one_page(b"", b"", {5: b"[" + b"0 " * 5_000_000 + b"]"})),
    ),
    bad(
        "too_many_pages",
        "PDF of a list of a hundred thousand pages",
        lambda: pdf(one_page() | {2: b"<</Kids[%s]>>" % (b"3 0 R " * 100_000)}),
    ),
)

PICTURED = (
    bad("too_many_pixels", "JPEG that says it is 65,500 wide and high", lambda: with_jpeg_size(jpeg(), 65500, 65500)),
    bad("too_many_pixels", "JPEG that says it is 65,500 wide", lambda: with_jpeg_size(jpeg(), 65500, 800)),
    bad("too_many_pixels", "JPEG, progressive, that says it is huge", _huge_progressive),
    bad("unreadable", "JPEG with 500 scans", lambda: _scans(500)),
    bad("unreadable", "JPEG of a million segments", lambda: b"\xff\xd8" + b"\xff\xe0\0\2" * 10**6 + jpeg()[2:]),
    bad("unreadable", "JPEG of a million fill bytes", lambda: b"\xff\xd8" + b"\xff" * 10**6 + jpeg()[2:]),
    bad("too_many_pixels", "PNG that says it is 50,000 wide and high", lambda: png_of(50_000, 50_000, b"\0")),
    bad(
        "too_many_pixels",
        "PNG that really is 10,000 wide and high",
        lambda: png_of(10_000, 10_000, bytes(12_510_000), depth=1, colour=0),
    ),
    bad("too_many_pixels", "PNG that says it is four thousand million wide", lambda: png_of(2**32 - 1, 1, b"\0")),
    bad(
        "too_many_pixels", "PNG, interlaced, that says it is huge", lambda: png_of(30_000, 30_000, b"\0", interlaced=1)
    ),
    bad(
        "unreadable",
        "PNG with a text that inflates to 60 MB",
        lambda: _png_with(b"zTXt", b"a\0\0" + _squeezed(60 * MB)),
    ),
    bad(
        "unreadable",
        "PNG with an international text that inflates to 60 MB",
        lambda: _png_with(b"iTXt", b"a\0\1\0\0\0" + _squeezed(60 * MB)),
    ),
    bad(
        "unreadable",
        "PNG with a colour profile that inflates to 60 MB",
        lambda: _png_with(b"iCCP", b"a\0\0" + _squeezed(60 * MB)),
    ),
    bad("unreadable", "PNG whose pixels go on for 60 MB", lambda: png_of(400, 400, bytes(60 * MB))),
    bad("unreadable", "PNG of 200,000 chunks", lambda: png()[:33] + chunk(b"teXt", b"") * 200_000 + png()[33:]),
    bad(
        "unreadable",
        "PNG of 200,000 empty pieces of pixels",
        lambda: png()[:33] + chunk(b"IDAT", b"") * 200_000 + png()[33:],
    ),
)


SAMPLES = UNPACKED + PARSED + PICTURED
