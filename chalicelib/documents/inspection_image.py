"""Whether a picture can be read: measured from its header before anything is decoded, then decoded once.

Memory: JPEG is decoded at an eighth of its size, PNG in full, so at most 50 million pixels of four bytes.
"""

import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image

from chalicelib.documents.inspection_findings import BROKEN, TRUNCATED, Unreadable, hidden_content
from chalicelib.documents.inspection_inflating import inflated_size
from chalicelib.documents.inspection_signatures import is_script, second_nature
from chalicelib.rules.uploads import FileRule, Kind, PhotoRule
from chalicelib.rules.vocabulary import Reason

MOST_PIXELS: Final = 50_000_000
LEAST_SIDE: Final = 300
# A progressive JPEG has about ten scans; each one more costs a pass over all pixels.
_MOST_SCANS: Final = 64
_ENTROPY_ENDS = re.compile(rb"\xff[^\0\xff\xd0-\xd7]")
_FILL, _END_OF_IMAGE, _START_OF_SCAN = 0xFF, 0xD9, 0xDA
_STARTS_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_WHOLE = ((0, 0, 1, 1),)
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_SIDEWAYS = (5, 6, 7, 8)


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


def look_at(data: bytes, kind: Kind, rule: FileRule) -> tuple[int, int]:
    """Width and height as seen upright. Raises Unreadable."""
    outline = (_outline_of_jpeg if kind is Kind.JPEG else _outline_of_png)(data)
    reason = _objection(data, outline)
    if reason:
        raise Unreadable(reason)
    width, height = _decode(data, kind, outline)
    reason = _too_small(width, height) if rule.photo is None else _no_portrait(width, height, rule.photo)
    if reason:
        raise Unreadable(reason)
    return width, height


def _objection(data: bytes, outline: Outline) -> Reason | None:
    if outline.pixels > MOST_PIXELS:
        return Reason(
            "too_many_pixels",
            f"图片尺寸过大（{outline.width}×{outline.height}像素，上限5000万像素）。",
            "请缩小图片尺寸后上传。",
        )
    if outline.frames > 1:
        return Reason("animated", "这是动态图片，只能接收静态图片。", "请截取其中清晰的一帧，另存为图片后上传。")
    hidden = second_nature(data, outline.end) or ("网页" if is_script(outline.notes) else None)
    if hidden or b"%PDF-" in data[:1029]:
        return hidden_content(hidden or "PDF")
    return None


def _decode(data: bytes, kind: Kind, outline: Outline) -> tuple[int, int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of a second picture it cannot read, which phones append
        with Image.open(BytesIO(data), formats=(kind.name,)) as image:
            if image.size != (outline.width, outline.height):
                raise Unreadable(BROKEN)
            sideways = image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
            image.draft(None, (outline.width // 8, outline.height // 8))  # None keeps the mode
            image.load()
    return (outline.height, outline.width) if sideways else (outline.width, outline.height)


def _too_small(width: int, height: int) -> Reason | None:
    if min(width, height) >= LEAST_SIDE:
        return None
    return Reason(
        "too_small",
        f"图片太小（{width}×{height}像素），看不清内容。",
        f"请上传原图，短边不少于{LEAST_SIDE}像素；微信传图时请勾选“原图”。",
    )


def _no_portrait(width: int, height: int, photo: PhotoRule) -> Reason | None:
    size = f"{photo.height_mm}×{photo.width_mm}毫米"
    if not photo.fits(width, height):
        return Reason("photo_proportions", f"照片比例应为{size}（高×宽）。", f"请按{size}裁剪后上传。")
    if width < photo.least_width:
        return Reason(
            "too_small", f"照片太小，宽度应不少于{photo.least_width}像素。", "请上传照相馆提供的原始电子照片。"
        )
    return None


def _outline_of_jpeg(data: bytes) -> Outline:
    place, size, scans = 2, (0, 0), [0]
    while (marker := _marker(data, place)) != _END_OF_IMAGE:
        if marker == _FILL:
            place += 1
            continue
        segment = _segment(data, place)
        if marker in _STARTS_OF_FRAME:
            size = int.from_bytes(segment[3:5], "big"), int.from_bytes(segment[1:3], "big")
        place += 4 + len(segment)
        if marker == _START_OF_SCAN:
            scans.append(place)
            place = _scan_end(data, place)
    if not 1 < len(scans) <= _MOST_SCANS or 0 in size:
        raise Unreadable(BROKEN)
    return Outline(*size, end=place + 2, notes=data[: scans[1]])


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


def _outline_of_png(data: bytes) -> Outline:
    place, chunks = 8, list[tuple[bytes, bytes]]()
    while not chunks or chunks[-1][0] != b"IEND":
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
    """The inflated size in bytes: per pass (first column, first row, step right, step down) its rows and filter bytes."""
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
