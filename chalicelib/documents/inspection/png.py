"""The outline of a PNG, read chunk by chunk without decoding a pixel (PNG third edition, §5 and §11)."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from chalicelib.documents.inspection.findings import BROKEN, TRUNCATED, Unreadable
from chalicelib.documents.inspection.inflating import inflated_size
from chalicelib.documents.inspection.outlines import MOST_PARTS, MOST_PIXELS, Outline

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_WHOLE = ((0, 0, 1, 1),)
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_VITAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_OF_A_PALETTE = 3
_ROOM: Final = 2**22  # colour profiles of printers take two megabytes


def outline_of_png(data: bytes) -> Outline:
    """Raises Unreadable where a chunk is broken or rows are missing; KeyError, struct.error for nonsense."""
    place, chunks = 8, list[tuple[bytes, bytes]]()
    while not chunks or chunks[-1][0] != b"IEND":
        if len(chunks) > MOST_PARTS:
            raise Unreadable(BROKEN)
        chunks.append(_chunk(data, place))
        place += 12 + len(chunks[-1][1])
    _check_chunks(chunks)
    width, height, depth, colour, packing, filtering, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if packing or filtering or interlaced > 1:
        raise Unreadable(BROKEN)
    frames = max((int.from_bytes(body[:4], "big") for name, body in chunks if name == b"acTL"), default=1)
    outline = Outline(width, height, place, b"\n".join(_notes(chunks)), frames)
    rows = _size_of_rows(width, height, depth * _CHANNELS[colour], _ADAM7 if interlaced else _WHOLE)
    if outline.pixels <= MOST_PIXELS:
        _check_rows(_bodies(chunks, b"IDAT"), rows)
    return outline


def _check_chunks(chunks: list[tuple[bytes, bytes]]) -> None:
    """The header first and once, a palette where one is used, no other vital chunk (PNG §5.6, §11.2)."""
    names = [name for name, _ in chunks]
    vital = {name for name in names if name[:1].isupper()}
    if names[0] != b"IHDR" or names.count(b"IHDR") > 1 or vital - _VITAL:
        raise Unreadable(BROKEN)
    palette = _bodies(chunks, b"PLTE")
    if len(palette) % 3 or (chunks[0][1][9] == _OF_A_PALETTE and not palette):
        raise Unreadable(BROKEN)


def _check_rows(packed: bytes, rows: int) -> None:
    """Pillow fills missing rows with black and says nothing; of rows too many it says nothing either."""
    size = inflated_size(packed, 0, rows + _ROOM)
    if size < rows:
        raise Unreadable(TRUNCATED)
    if size >= rows + _ROOM:
        raise Unreadable(BROKEN)


def _notes(chunks: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """What stands beside the pixels, packed texts unpacked. Raises Unreadable where one grows beyond all reason."""
    for name, body in chunks:
        if name != b"IDAT":
            yield body
        packed = _packed_text(name, body)
        if packed:
            yield _unpacked(packed)


def _packed_text(name: bytes, body: bytes) -> bytes:
    """The packed part of a text or a colour profile, behind its keyword (PNG §11.3.2, §11.3.3)."""
    _, _, text = body.partition(b"\0")
    if name in (b"zTXt", b"iCCP"):
        return text[1:]
    return text[2:].split(b"\0", 2)[-1] if name == b"iTXt" and text[:1] == b"\1" else b""


def _unpacked(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(packed, _ROOM)
    except zlib.error:
        return b""  # nobody can read it
    if inflater.unconsumed_tail:
        raise Unreadable(BROKEN)
    return text


def _bodies(chunks: list[tuple[bytes, bytes]], *names: bytes) -> bytes:
    return b"".join(body for name, body in chunks if name in names)


def _size_of_rows(width: int, height: int, bits: int, passes: tuple[tuple[int, int, int, int], ...]) -> int:
    """The inflated size in bytes: per pass (first column and row, steps right and down) its rows with filter bytes."""
    columns_and_rows = ((-(-(width - x) // right), -(-(height - y) // down)) for x, y, right, down in passes)
    return sum((-(-columns * bits // 8) + 1) * rows for columns, rows in columns_and_rows if columns > 0 and rows > 0)


def _chunk(data: bytes, place: int) -> tuple[bytes, bytes]:
    length = int.from_bytes(data[place : place + 4], "big")
    end = place + 8 + length
    if end + 4 > len(data):
        raise Unreadable(TRUNCATED)
    named = data[place + 4 : end]
    if zlib.crc32(named).to_bytes(4, "big") != data[end : end + 4]:
        raise Unreadable(BROKEN)
    return named[:4], named[4:]
