"""The outline of a picture: what its header says and where it ends, read part by part without decoding a pixel."""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.documents.inspection_findings import BROKEN, TRUNCATED, Unreadable
from chalicelib.documents.inspection_inflating import inflated_size

MOST_PIXELS: Final = 50_000_000
# A progressive JPEG has about ten scans; each one more costs a pass over all pixels.
_MOST_SCANS: Final = 64
# Segments, fill bytes or chunks: a PNG of 20 MB in pieces of 256 bytes has 80,000.
_MOST_PARTS: Final = 100_000
_ENTROPY_ENDS = re.compile(rb"\xff[^\0\xff\xd0-\xd7]")
_FILL, _END_OF_IMAGE, _START_OF_SCAN = 0xFF, 0xD9, 0xDA
_STARTS_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_WHOLE = ((0, 0, 1, 1),)
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


@dataclass(frozen=True, slots=True)
class Outline:
    """What the header says; ``end`` is where the picture ends in the file, ``notes`` is what is written beside it."""

    width: int
    height: int
    end: int
    notes: bytes
    frames: int = 1

    @property
    def pixels(self) -> int:
        return self.width * self.height


def outline_of_jpeg(data: bytes) -> Outline:
    """Raises Unreadable where the chain of segments breaks or ends too early."""
    size, scans = (0, 0), list[int]()
    for marker, place in _markers(data):
        if marker == _END_OF_IMAGE:
            break
        segment = _segment(data, place)
        if marker in _STARTS_OF_FRAME:
            size = int.from_bytes(segment[3:5], "big"), int.from_bytes(segment[1:3], "big")
        if marker == _START_OF_SCAN:
            scans.append(place)
    if not 1 <= len(scans) <= _MOST_SCANS or 0 in size:
        raise Unreadable(BROKEN)
    return Outline(*size, end=place + 2, notes=data[: scans[0]])


def _markers(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker with its place, fill bytes left out, to the end of the image."""
    place = 2
    for _ in range(_MOST_PARTS):
        marker = _marker(data, place)
        if marker == _FILL:
            place += 1
            continue
        yield marker, place
        place += 4 + len(_segment(data, place))
        if marker == _START_OF_SCAN:
            place = _scan_end(data, place)
    raise Unreadable(BROKEN)


def _segment(data: bytes, place: int) -> bytes:
    length = int.from_bytes(data[place + 2 : place + 4], "big")
    if length < 2:  # noqa: PLR2004 - it counts its own two bytes
        raise Unreadable(BROKEN)
    return data[place + 4 : place + 2 + length]


def _marker(data: bytes, place: int) -> int:
    if place + 2 > len(data):
        raise Unreadable(TRUNCATED)
    if data[place] != _FILL:  # the same byte introduces a marker and fills the room before it
        raise Unreadable(BROKEN)
    return data[place + 1]


def _scan_end(data: bytes, place: int) -> int:
    found = _ENTROPY_ENDS.search(data, place)
    if found is None:
        raise Unreadable(TRUNCATED)
    return found.start()


def outline_of_png(data: bytes) -> Outline:
    """Raises Unreadable where a chunk is broken or rows are missing; KeyError, struct.error for nonsense."""
    place, chunks = 8, list[tuple[bytes, bytes]]()
    while not chunks or chunks[-1][0] != b"IEND":
        if len(chunks) > _MOST_PARTS:
            raise Unreadable(BROKEN)
        chunks.append(_chunk(data, place))
        place += 12 + len(chunks[-1][1])
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    frames = max((int.from_bytes(body[:4], "big") for name, body in chunks if name == b"acTL"), default=1)
    outline = Outline(width, height, place, _bodies(chunks, b"tEXt", b"iTXt", b"eXIf"), frames)
    # Pillow fills missing rows with black and says nothing.
    rows = _size_of_rows(width, height, depth * _CHANNELS[colour], _ADAM7 if interlaced else _WHOLE)
    if outline.pixels <= MOST_PIXELS and inflated_size(_bodies(chunks, b"IDAT"), 0, rows) < rows:
        raise Unreadable(TRUNCATED)
    return outline


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
