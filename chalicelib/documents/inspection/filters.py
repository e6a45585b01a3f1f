"""How far the streams grow that cannot be measured in the file as they stand: other filters, chains, encrypted ones.

What each filter does: ISO 32000-2 §7.4.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from chalicelib.documents.inspection.findings import BOMB, Unreadable
from chalicelib.documents.inspection.inflating import MOST_IN_ONE_STREAM, inflated_size
from chalicelib.documents.inspection.lzw import early_change, unlzw_size
from chalicelib.documents.inspection.parsing import Meter, value

# A picture is bounded by its width and height, unless these are a lie; large ones would take long to measure.
_SMALL_PICTURE: Final = 500_000
_RUN_END: Final = 128
_LZW: Final = ("/LZWDecode", "/LZW")


def measured(items: Iterable[object], meter: Meter) -> Iterator[object]:
    """The same items, each stream among them measured on the way. Raises Unreadable."""
    for item in items:
        if isinstance(item, StreamObject):
            _check_growth(item, meter)
        yield item


def _check_growth(stream: StreamObject, meter: Meter) -> None:
    filters = list(_filters(stream))
    growing = [name for name in filters if name in _SIZES or name in _LZW]
    if len(growing) > 1:  # nobody packs twice, and each time it grows a thousandfold
        raise Unreadable(BOMB)
    if not growing or _pixels(stream) > _SMALL_PICTURE:
        return
    place = filters.index(growing[0])
    data = _unwrapped(stream, filters[:place], meter)
    if growing[0] in _LZW:
        size = unlzw_size(data, early_change(stream, place, len(filters)), meter)
    else:
        size = _SIZES[growing[0]](data, meter)
    if size >= MOST_IN_ONE_STREAM:
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


def _from_hexadecimal(data: bytes) -> bytes:
    digits = bytes(byte for byte in data.partition(b">")[0] if byte not in b"\0\t\n\f\r ")
    return binascii.unhexlify(digits + b"0" * (len(digits) % 2))


def _from_base_85(data: bytes) -> bytes:
    return base64.a85decode(data.partition(b"~>")[0].removeprefix(b"<~"), ignorechars=b"\0\t\n\f\r\v ")


_SIZES: dict[str, Callable[[bytes, Meter], int]] = {
    **dict.fromkeys(("/FlateDecode", "/Fl"), _inflated),
    **dict.fromkeys(("/RunLengthDecode", "/RL"), _unrun),
}
_UNWRAPPED: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("/ASCIIHexDecode", "/AHx"), _from_hexadecimal),
    **dict.fromkeys(("/ASCII85Decode", "/A85"), _from_base_85),
}
