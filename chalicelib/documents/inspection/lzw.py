"""How far LZW grows (ISO 32000-2 §7.4.4), and when its codes get a bit more: a count that errs in this counts noise."""

from collections.abc import Iterator
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from chalicelib.documents.inspection.findings import BROKEN, Unreadable
from chalicelib.documents.inspection.inflating import MOST_IN_ONE_STREAM
from chalicelib.documents.inspection.parsing import Meter, value

_CLEAR, _END, _FIRST_FREE, _MOST_CODES = 256, 257, 258, 4096
_WHITE_SPACE: Final = b"\0\t\n\f\r "


def early_change(stream: DictionaryObject, place: int, filters: int) -> int:
    """1, or 0 where the filter's own parameters say so (ISO 32000-2, table 8). Raises Unreadable.

    Where programs would read different ones, what one of them measures says nothing about the others.
    """
    readings = {_said_of_change(parameters) for parameters in _parameters(stream, place, filters)}
    if len(readings) > 1 or not readings <= {0, 1}:
        raise Unreadable(BROKEN)
    return readings.pop() if readings else 1


def _parameters(stream: DictionaryObject, place: int, filters: int) -> Iterator[object]:
    """All that may be taken for the parameters of the filter at ``place``: its own, where they are shaped rightly."""
    for key in ("/DecodeParms", "/DP"):
        found = value(stream, key)
        listed = list(list.__iter__(found)) if isinstance(found, ArrayObject) else [found] * isinstance(found, dict)
        yield from listed[place : place + 1] if len(listed) == filters else listed
        if listed and (len(listed) != filters or isinstance(found, ArrayObject) != _is_list(stream)):
            yield None  # as if there were none


def _is_list(stream: DictionaryObject) -> bool:
    return isinstance(value(stream, "/Filter"), ArrayObject)


def _said_of_change(parameters: object) -> int:
    """-1 for what is no number."""
    found = parameters.get_object() if isinstance(parameters, IndirectObject) else parameters
    if not isinstance(found, DictionaryObject) or "/EarlyChange" not in found:
        return 1
    change = value(found, "/EarlyChange")
    return int(change) if isinstance(change, int) else -1


def unlzw_size(data: bytes, early: int, meter: Meter) -> int:
    """Only the length of each string is kept: a new one is one longer than the last. Raises Unreadable.

    An end with more behind it is none: whoever wrote it wants the rest to be read by somebody else.
    """
    lengths, size, last = _fresh(), 0, 0
    for code, left in _codes(data, lengths, early):
        meter.spend(3)
        if size >= MOST_IN_ONE_STREAM:
            break
        if code == _END:
            if data[len(data) - left :].strip(_WHITE_SPACE):
                raise Unreadable(BROKEN)
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


def _codes(data: bytes, lengths: list[int], early: int) -> Iterator[tuple[int, int]]:
    """Nine bits each, up to twelve as the table grows, switched ``early`` by one code or not; the bytes left after."""
    held = bits = 0
    for place, byte in enumerate(data, 1):
        held, bits = held << 8 | byte, bits + 8
        width = min(12, max(9, (len(lengths) + early).bit_length()))
        if bits >= width:
            bits -= width
            yield held >> bits, len(data) - place
            held &= (1 << bits) - 1
