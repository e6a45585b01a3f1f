"""Hostile pictures: cut, torn, contradicting themselves, moving, or too small to read."""

import struct
import zlib

from tests.documents.building import chunk, jpeg, picture, png, png_of, saved, with_jpeg_segment, with_jpeg_size
from tests.documents.corpus.sample import bad

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ROWS = bytes(1201 * 400)


def _mid(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _header(width: int = 400, height: int = 400, *rest: int) -> bytes:
    depth, colour, packing, filtering, interlace = rest or (8, 2, 0, 0, 0)
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, packing, filtering, interlace))


def _chunks(*chunks: bytes) -> bytes:
    return _SIGNATURE + b"".join(chunks)


def _pixels(rows: bytes = _ROWS) -> bytes:
    return chunk(b"IDAT", zlib.compress(rows))


_END = chunk(b"IEND", b"")


def _moving(kind: str) -> bytes:
    return saved(picture(), kind, save_all=True, append_images=[picture(mode="L").convert("RGB")])


def _frame(marker: int) -> bytes:
    """The same picture under another start of frame: lossless, hierarchical, arithmetic."""
    return jpeg().replace(b"\xff\xc0", bytes([0xFF, marker]))


def _without(marker: int) -> bytes:
    data = jpeg()
    start = data.index(bytes([0xFF, marker]))
    length = struct.unpack(">H", data[start + 2 : start + 4])[0]
    return data[:start] + data[start + 2 + length :]


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


CUT = (
    bad("truncated", "JPEG cut in half", lambda: _mid(jpeg())),
    bad("truncated", "JPEG without its end", lambda: jpeg()[:-2]),
    bad("truncated", "JPEG of three bytes", lambda: b"\xff\xd8\xff"),
    bad("truncated", "JPEG cut within its header", lambda: jpeg()[:15]),
    bad("truncated", "JPEG cut within its tables", lambda: jpeg()[:120]),
    bad("truncated", "JPEG cut where its picture begins", lambda: jpeg().partition(b"\xff\xda")[0]),
    bad("truncated", "JPEG cut between its scans", lambda: jpeg(progressive=True).rpartition(b"\xff\xda")[0]),
    bad("truncated", "JPEG whose segment is longer than the file", lambda: b"\xff\xd8\xff\xe1\xff\xffExif"),
    bad("truncated", "PNG cut in half", lambda: _mid(png())),
    bad("truncated", "PNG without its end", lambda: png()[:-12]),
    bad("truncated", "PNG cut within its end", lambda: png()[:-3]),
    bad("truncated", "PNG of its signature only", lambda: _SIGNATURE),
    bad("truncated", "PNG cut within its header", lambda: png()[:20]),
    bad("truncated", "PNG of a header only", lambda: _chunks(_header())),
    bad(
        "truncated",
        "PNG with a chunk longer than the file",
        lambda: _chunks(_header(), b"\x7f\xff\xff\xffIDAT", bytes(99)),
    ),
    bad("truncated", "PNG with too few rows", lambda: png_of(400, 400, bytes(1201 * 10))),
    bad("truncated", "PNG without its last row", lambda: png_of(400, 400, bytes(1201 * 399))),
    bad(
        "truncated",
        "PNG, interlaced, with its first pass only",
        lambda: png_of(400, 400, bytes(50 * 151), interlaced=1),
    ),
    bad("truncated", "PNG without pixels", lambda: _chunks(_header(), _END)),
    bad("truncated", "PNG with pixels of nothing", lambda: _chunks(_header(), chunk(b"IDAT", b""), _END)),
)

TORN = (
    bad("unreadable", "JPEG of noise", lambda: b"\xff\xd8\xff\xe0" + bytes(500)),
    bad("unreadable", "JPEG with no picture in it", lambda: b"\xff\xd8\xff\xd9"),
    bad("unreadable", "JPEG without tables", lambda: jpeg().replace(b"\xff\xdb\0\x43", b"\xff\xfe\0\x43")),
    bad("unreadable", "JPEG without a frame", lambda: _without(0xC0)),
    bad("unreadable", "JPEG without a scan", lambda: jpeg().partition(b"\xff\xda")[0] + b"\xff\xd9"),
    bad("unreadable", "JPEG of no height", lambda: with_jpeg_size(jpeg(), 640, 0)),
    bad("unreadable", "JPEG of no width", lambda: with_jpeg_size(jpeg(), 0, 480)),
    bad("unreadable", "JPEG of twelve bits", lambda: jpeg().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c")),
    bad("unreadable", "JPEG without loss, as few can read", lambda: _frame(0xC3)),
    bad("unreadable", "JPEG of layers, as few can read", lambda: _frame(0xC5)),
    bad("unreadable", "JPEG of five colours", lambda: jpeg().replace(b"\x01\xe0\x02\x80\x03", b"\x01\xe0\x02\x80\x05")),
    bad(
        "unreadable",
        "JPEG with a segment of no length",
        lambda: with_jpeg_segment(jpeg(), 0xE5, b"")[:4] + b"\0\0" + jpeg()[2:],
    ),
    bad("unreadable", "JPEG with text between its segments", lambda: jpeg()[:20] + b"made up" + jpeg()[20:]),
    bad("unreadable", "JPEG with two starts", lambda: b"\xff\xd8" + jpeg()),
    bad(
        "unreadable",
        "JPEG with two frames that disagree",
        lambda: with_jpeg_segment(jpeg(), 0xC0, b"\x08\x10\0\x10\0\x01\x01\x11\0"),
    ),
    bad("unreadable", "PNG with one bit flipped", lambda: _flipped(png(), 200)),
    bad("unreadable", "PNG with one bit flipped in its header", lambda: _flipped(png(), 19)),
    bad("unreadable", "PNG with the checksum of its end wrong", lambda: _flipped(png(), len(png()) - 1)),
    bad("unreadable", "PNG of no width", lambda: png_of(0, 400, bytes(400))),
    bad("unreadable", "PNG of no height", lambda: png_of(400, 0, b"")),
    bad("unreadable", "PNG of an unknown colour", lambda: png_of(400, 400, _ROWS, colour=9)),
    bad("unreadable", "PNG of three bits", lambda: png_of(400, 400, _ROWS, depth=3)),
    bad("unreadable", "PNG in colour of one bit", lambda: png_of(400, 400, _ROWS, depth=1)),
    bad("unreadable", "PNG of an unknown packing", lambda: _chunks(_header(400, 400, 8, 2, 1, 0, 0), _pixels(), _END)),
    bad(
        "unreadable", "PNG of an unknown filtering", lambda: _chunks(_header(400, 400, 8, 2, 0, 1, 0), _pixels(), _END)
    ),
    bad(
        "unreadable",
        "PNG of an unknown interlacing",
        lambda: _chunks(_header(400, 400, 8, 2, 0, 0, 7), _pixels(), _END),
    ),
    bad("unreadable", "PNG whose rows have an unknown filter", lambda: png_of(400, 400, (b"\x09" + bytes(1200)) * 400)),
    bad("unreadable", "PNG that begins with its pixels", lambda: _chunks(_pixels(), _header(), _END)),
    bad("unreadable", "PNG with two headers", lambda: _chunks(_header(), _header(800, 800), _pixels(), _END)),
    bad(
        "unreadable", "PNG with a header that is too short", lambda: _chunks(chunk(b"IHDR", bytes(9)), _pixels(), _END)
    ),
    bad("unreadable", "PNG of a palette without one", lambda: png_of(400, 400, bytes(401 * 400), colour=3)),
    bad(
        "unreadable",
        "PNG with a palette of no whole colour",
        lambda: png_of(400, 400, bytes(401 * 400), [chunk(b"PLTE", bytes(7))], colour=3),
    ),
    bad(
        "unreadable",
        "PNG as a phone's app stores it",
        lambda: _chunks(chunk(b"CgBI", bytes(4)), _header(), _pixels(), _END),
    ),
    bad("unreadable", "PNG with a vital chunk nobody knows", lambda: png_of(400, 400, _ROWS, [chunk(b"ABCD", b"x")])),
    bad("truncated", "PNG whose pixels are not compressed", lambda: _chunks(_header(), chunk(b"IDAT", _ROWS), _END)),
)

SHOWN = (
    bad("animated", "PNG that moves", lambda: _moving("PNG")),
    bad(
        "animated",
        "PNG that says it has a thousand frames",
        lambda: png_of(400, 400, _ROWS, [chunk(b"acTL", struct.pack(">II", 1000, 0))]),
    ),
    bad(
        "unreadable",
        "PNG with a frame it does not announce",
        lambda: png_of(400, 400, _ROWS, [chunk(b"fcTL", bytes(26)), chunk(b"fdAT", bytes(4))]),
    ),
    bad("too_small", "JPEG too small to read", lambda: saved(picture(299, 900), "JPEG")),
    bad(
        "too_small",
        "JPEG too low to read, turned by EXIF",
        lambda: saved(picture(900, 299), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"),
    ),
    bad("too_small", "JPEG of one pixel", lambda: saved(picture(1, 1), "JPEG")),
    bad("too_small", "JPEG of a thin line", lambda: saved(picture(20_000, 2), "JPEG")),
    bad("too_small", "PNG too small to read", lambda: saved(picture(900, 100), "PNG")),
    bad("too_small", "PNG of one pixel that nobody sees", lambda: saved(picture(1, 1, "RGBA"), "PNG")),
)

SAMPLES = CUT + TORN + SHOWN
