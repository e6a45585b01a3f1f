"""How far the streams grow that cannot be measured in the file as they stand: other filters, chains, encrypted ones.

What each filter does: ISO 32000-2 §7.4.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from chalicelib.documents.inspection_findings import BOMB, Unreadable
from chalicelib.documents.inspection_inflating import MOST_IN_ONE_STREAM, inflated_size
from chalicelib.documents.inspection_parsing import Meter, value

# A picture is bounded by its width and height, unless these are a lie; large ones would take long to measure.
_SMALL_PICTURE: Final = 500_000
_CLEAR, _END, _FIRST_FREE, _MOST_CODES = 256, 257, 258, 4096
_RUN_END: Final = 128


def measured(items: Iterable[object], meter: Meter) -> Iterator[object]:
    """The same items, each stream among them measured on the way. Raises Unreadable."""
    for item in items:
        if isinstance(item, StreamObject):
            _check_growth(item, meter)
        yield item


def _check_growth(stream: StreamObject, meter: Meter) -> None:
    filters = list(_filters(stream))
    growing = [name for name in filters if name in _SIZES]
    if len(growing) > 1:  # nobody packs twice, and each time it grows a thousandfold
        raise Unreadable(BOMB)
    if not growing or _pixels(stream) > _SMALL_PICTURE:
        return
    data = _unwrapped(stream, filters[: filters.index(growing[0])], meter)
    if _SIZES[growing[0]](data, meter) >= MOST_IN_ONE_STREAM:
        raise Unreadable(BOMB)


def _unwrapped(stream: StreamObject, filters: list[str], meter: Meter) -> bytes:
    """As it stands in the file, decrypted, without the letters it is written in; empty where these are broken."""
    data = StreamObject.get_data(stream)
    for name in filters:
        meter.spend(len(data) >> 1)
        try:
            data = _UNWRAPPED.get(name, bytes)(data)
        except ValueError:
            return b""
    return data


def _filters(stream: DictionaryObject) -> Iterator[str]:
    found = value(stream, "/Filter")
    for name in list.__iter__(found) if isinstance(found, ArrayObject) else (found,):
        yield str(name.get_object() if isinstance(name, IndirectObject) else name)


def _pixels(stream: DictionaryObject) -> int:
    if value(stream, "/Subtype") != "/Image":
        return 0
    width, height = value(stream, "/Width"), value(stream, "/Height")
    return width * height if isinstance(width, int) and isinstance(height, int) else 0


def _inflated(data: bytes, meter: Meter) -> int:
    size = inflated_size(data, 0, MOST_IN_ONE_STREAM)
    meter.spend(size >> 8)
    return size


def _unrun(data: bytes, meter: Meter) -> int:
    """Lengths up to 127 copy what follows, those from 129 repeat the next byte."""
    size = place = 0
    while place < len(data) and data[place] != _RUN_END and size < MOST_IN_ONE_STREAM:
        meter.spend(2)
        length = data[place]
        size += length + 1 if length < _RUN_END else 257 - length
        place += length + 2 if length < _RUN_END else 2
    return size


def _unlzw(data: bytes, meter: Meter) -> int:
    """Only the length of each string is kept: a new one is one longer than the last."""
    lengths, size, last = _fresh(), 0, 0
    for code in _codes(data, lengths):
        meter.spend(3)
        if code == _END or size >= MOST_IN_ONE_STREAM:
            break
        if code == _CLEAR:
            lengths[:], last = _fresh(), 0
            continue
        length = lengths[code] if code < len(lengths) else last + 1
        if last and len(lengths) < _MOST_CODES:
            lengths.append(last + 1)
        size, last = size + length, length
    return size


def _fresh() -> list[int]:
    return [1] * _FIRST_FREE


def _codes(data: bytes, lengths: list[int]) -> Iterator[int]:
    """Nine bits each, up to twelve as the table grows; it switches one code early, as nearly all writers do."""
    held = bits = 0
    for byte in data:
        held, bits = held << 8 | byte, bits + 8
        width = min(12, max(9, (len(lengths) + 1).bit_length()))
        if bits >= width:
            bits -= width
            yield held >> bits
            held &= (1 << bits) - 1


def _from_hexadecimal(data: bytes) -> bytes:
    digits = bytes(byte for byte in data.partition(b">")[0] if byte not in b"\0\t\n\f\r ")
    return binascii.unhexlify(digits + b"0" * (len(digits) % 2))


def _from_base_85(data: bytes) -> bytes:
    return base64.a85decode(data.partition(b"~>")[0].removeprefix(b"<~"), ignorechars=b"\0\t\n\f\r\v ")


_SIZES: dict[str, Callable[[bytes, Meter], int]] = {
    **dict.fromkeys(("/FlateDecode", "/Fl"), _inflated),
    **dict.fromkeys(("/LZWDecode", "/LZW"), _unlzw),
    **dict.fromkeys(("/RunLengthDecode", "/RL"), _unrun),
}
_UNWRAPPED: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("/ASCIIHexDecode", "/AHx"), _from_hexadecimal),
    **dict.fromkeys(("/ASCII85Decode", "/A85"), _from_base_85),
}
