"""Every object of a PDF, whether the document still refers to it or not.

Programs disagree on which revision of a damaged or doctored file counts, so a script in a shadowed one is a script.
pypdf's own limits hold what it inflates; what it parses is metered, since its limits do not add up over many objects.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final, TypeGuard

from pypdf import PdfReader
from pypdf.generic import (
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
    read_object,
)

from chalicelib.documents import inspection_findings as findings
from chalicelib.documents.inspection_findings import Unreadable

MOST_OBJECTS: Final = 60_000
_OBJECT = re.compile(rb"(?<![0-9])[0-9]{1,10}[\0\t\n\f\r ]+[0-9]{1,5}[\0\t\n\f\r ]+obj")
_NAME = re.compile(rb"/[^\0\t\n\f\r ()<>\[\]{}/%]+")
_WHITE_SPACE = tuple(bytes([byte]) for byte in b"\0\t\n\f\r ")
_NEAR: Final = 4096


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

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        self.meter.spend(1 + (len(part) >> 10))
        return part

    def getbuffer(self) -> memoryview:
        # pypdf copies the whole file each time it searches it for a lost object.
        view = super().getbuffer()
        self.meter.spend(1 + (view.nbytes >> 8))
        return view


def every_object(reader: PdfReader, data: bytes, meter: Meter) -> Iterator[object]:
    """All objects, those in object streams included. Raises Unreadable, and whatever pypdf raises on a broken one."""
    if sum(1 for _ in _OBJECT.finditer(data)) > MOST_OBJECTS or sum(map(len, reader.xref.values())) > MOST_OBJECTS:
        raise Unreadable(findings.TOO_COMPLEX)
    _check_object_streams(reader, meter)
    places = {place for entries in reader.xref.values() for place in entries.values()}
    yield reader.trailer
    yield from _listed(reader, meter)
    yield from _unlisted(reader, Metered(data, meter), places)


def _check_object_streams(reader: PdfReader, meter: Meter) -> None:
    """Each holds what the table says: for an entry without its object pypdf would parse the stream anew every time."""
    claimed: dict[int, set[int]] = {}
    for number, (stream, _) in reader.xref_objStm.items():
        claimed.setdefault(stream, set()).add(number)
    for stream, numbers in claimed.items():
        item = reader.get_object(IndirectObject(stream, 0, reader))
        if not _is_object_stream(item):
            raise Unreadable(findings.BROKEN)
        content, table, _ = _opened(item, meter)
        meter.spend(len(content.getvalue()))  # pypdf will parse it once more, on its own account
        if not numbers <= set(table[::2]):
            raise Unreadable(findings.BROKEN)


def _listed(reader: PdfReader, meter: Meter) -> Iterator[object]:
    for number, generation in [(number, generation) for generation, of in reader.xref.items() for number in of]:
        item = reader.get_object(IndirectObject(number, generation, reader))
        yield item
        if _is_object_stream(item):
            yield from _inside(item, reader, meter)


def _unlisted(reader: PdfReader, raw: Metered, places: set[int]) -> Iterator[object]:
    """What stands in the file and not in its table: earlier revisions, and what somebody hopes nobody looks at."""
    for found in _OBJECT.finditer(raw.getvalue()):
        if found.start() in places:
            continue
        item = _parse_leniently(raw, found.end(), reader)
        yield item
        if _is_object_stream(item):
            if reader.is_encrypted:  # its key depends on a number that nothing vouches for
                raise Unreadable(findings.BROKEN)
            yield from _inside(item, reader, raw.meter)


def _is_object_stream(item: object) -> TypeGuard[StreamObject]:
    return isinstance(item, StreamObject) and value(item, "/Type") == "/ObjStm"


def _inside(stream: StreamObject, reader: PdfReader, meter: Meter) -> Iterator[object]:
    content, table, first = _opened(stream, meter)
    for offset in table[1::2]:
        yield _parse(content, first + offset, reader)


def _opened(stream: StreamObject, meter: Meter) -> tuple[Metered, list[int], int]:
    """Its content, the table before it (number, offset, number, offset...) and where the first object begins."""
    content = Metered(stream.get_data(), meter)
    first, count = value(stream, "/First"), value(stream, "/N")
    if not isinstance(first, int) or not isinstance(count, int) or min(first, count) < 0:
        raise Unreadable(findings.BROKEN)
    return content, [int(part) for part in content.read(first).split()[: 2 * count]], first


def _parse(content: Metered, place: int, reader: PdfReader) -> PdfObject:
    content.seek(place)
    while content.read(1) in _WHITE_SPACE:
        place += 1
    content.seek(place)
    return read_object(content, reader)


def _parse_leniently(raw: Metered, place: int, reader: PdfReader) -> object:
    """The object, or the names that follow, where it is too broken for us but perhaps not for every program."""
    try:
        return _parse(raw, place, reader)
    except (Unreadable, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - pypdf raises what it likes on a broken object
        near = raw.getvalue()[place : place + _NEAR]
        return DictionaryObject({NameObject.unnumber(name).decode("latin-1"): None for name in _NAME.findall(near)})


def value(node: DictionaryObject, key: str) -> object:
    found = dict.get(node, key)
    return found.get_object() if isinstance(found, IndirectObject) else found
