"""The outline of a picture: what its header says and where it ends; and that of a JPEG, without decoding a pixel."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.documents.inspection.findings import BROKEN, TRUNCATED, Unreadable

MOST_PIXELS: Final = 50_000_000
# A progressive JPEG has about ten scans; each one more costs a pass over all pixels.
_MOST_SCANS: Final = 64
# Segments, fill bytes or chunks: a PNG of 20 MB in pieces of 256 bytes has 80,000.
MOST_PARTS: Final = 100_000
_ENTROPY_ENDS = re.compile(rb"\xff[^\0\xff\xd0-\xd7]")
_FILL, _END_OF_IMAGE, _START_OF_SCAN = 0xFF, 0xD9, 0xDA
_STARTS_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


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
    size, scans, notes = (0, 0), list[int](), list[bytes]()
    for marker, place in _markers(data):
        if marker == _END_OF_IMAGE:
            break
        segment = _segment(data, place)
        notes.append(segment)
        if marker in _STARTS_OF_FRAME:
            size = int.from_bytes(segment[3:5], "big"), int.from_bytes(segment[1:3], "big")
        if marker == _START_OF_SCAN:
            scans.append(place)
    if not 1 <= len(scans) <= _MOST_SCANS or 0 in size:
        raise Unreadable(BROKEN)
    return Outline(*size, end=place + 2, notes=b"\n".join(notes))


def _markers(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker with its place, fill bytes left out, to the end of the image."""
    place = 2
    for _ in range(MOST_PARTS):
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
