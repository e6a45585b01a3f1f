"""One object read from the bytes of a PDF: with a meter on the work, and strictly first.

Programs disagree on broken dictionaries, of which pypdf drops what it cannot read and the second of two equal keys.
So where an object cannot be read strictly, the names that stand in it are looked at as well.
"""

import re
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    StreamObject,
    TextStringObject,
    read_object,
)

from chalicelib.documents.inspection import findings
from chalicelib.documents.inspection.findings import Unreadable

_NAME = re.compile(rb"/[^\0\t\n\f\r ()<>\[\]{}/%]+")
_WHITE_SPACE = tuple(bytes([byte]) for byte in b"\0\t\n\f\r ")
STRINGS: Final = (TextStringObject, ByteStringObject)
_NEAR: Final = 4096
_PACKING: Final = (b"/Filter", b"/DecodeParms")
# Broken objects are rare where nobody wants to keep us busy.
_DEAR: Final = 8


class Meter:
    """How much work one file may cost. Every read of the parser takes from it."""

    def __init__(self, allowance: int) -> None:
        self._left = allowance

    def spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise Unreadable(findings.TOO_COMPLEX)


class Metered(BytesIO):
    """Bytes that charge for being read: by the call, for pypdf reads byte by byte, and a little by the length."""

    def __init__(self, data: bytes, meter: Meter) -> None:
        super().__init__(data)
        self.meter = meter
        self.price = 1

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        self.meter.spend(self.price * (1 + (len(part) >> 10)))
        return part

    def getbuffer(self) -> memoryview:
        # pypdf copies the whole file each time it searches it for a lost object.
        view = super().getbuffer()
        self.meter.spend(1 + (view.nbytes >> 8))
        return view


def _parse(content: Metered, place: int, reader: PdfReader) -> PdfObject:
    content.seek(place)
    while content.read(1) in _WHITE_SPACE:
        place += 1
    content.seek(place)
    return read_object(content, reader)


def parse_leniently(raw: Metered, place: int, reader: PdfReader) -> list[object]:
    """The object; where it is broken, its names before what can be read of it, for some programs read on.

    Raises Unreadable for a stream that says twice how it is packed: which of the two counts, programs disagree on.
    """
    item = _parse_unless_broken(raw, place, reader, strict=True)
    if item is not None:
        return [item]
    raw.meter.spend(_DEAR * (100 + max(0, raw.tell() - place)))
    near = raw.getvalue()[place : place + _NEAR].partition(b"endobj")[0]
    names = [NameObject.unnumber(name).decode("latin-1") for name in _NAME.findall(near)]
    item = _parse_unless_broken(raw, place, reader, strict=False)
    said = [NameObject.unnumber(name) for name in _NAME.findall(near.partition(b"stream")[0])]
    if isinstance(item, StreamObject) and any(said.count(key) > 1 for key in _PACKING):
        raise Unreadable(findings.BROKEN)
    return [DictionaryObject(dict.fromkeys(names)), item]


def _parse_unless_broken(raw: Metered, place: int, reader: PdfReader, *, strict: bool) -> object:
    usual, reader.strict, raw.price = reader.strict, strict, 1 if strict else _DEAR
    try:
        return _parse(raw, place, reader)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        if strict and _is_a_trap(error):
            raise Unreadable(findings.BROKEN) from error
        return None
    finally:
        reader.strict, raw.price = usual, 1


def _is_a_trap(error: BaseException | None) -> bool:
    """Nested, or long, beyond what anybody writes: not worth a second attempt."""
    while error is not None:
        if isinstance(error, RecursionError | LimitReachedError):
            return True
        error = error.__cause__
    return False


def without_strings(item: object) -> object:
    """The same object, its strings gone: as they stand in an encrypted file they say nothing."""
    waiting = [item]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ArrayObject):
            waiting.extend(list.__iter__(node))
        elif isinstance(node, DictionaryObject):
            strings = [key for key, part in dict.items(node) if isinstance(part, STRINGS)]
            dict.update(node, dict.fromkeys(strings, NullObject()))
            waiting.extend(dict.values(node))
    return item


def value(node: DictionaryObject, key: str) -> object:
    found = dict.get(node, key)
    return found.get_object() if isinstance(found, IndirectObject) else found
