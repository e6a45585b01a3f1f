"""Every object of a PDF, whether the document still refers to it or not.

Programs disagree on which revision of a damaged or doctored file counts, so a script in a shadowed one is a script.
pypdf's own limits hold what it inflates; what it parses is metered, since its limits do not add up over many objects.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final, TypeGuard

from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject

from chalicelib.documents.inspection import findings
from chalicelib.documents.inspection.findings import Unreadable
from chalicelib.documents.inspection.parsing import Meter, Metered, parse_leniently, value, without_strings

MOST_OBJECTS: Final = 60_000
_OBJECT = re.compile(rb"(?<![0-9])[0-9]{1,10}[\0\t\n\f\r ]+[0-9]{1,5}[\0\t\n\f\r ]+obj")
# Numbers no table can name, a comment in between, a trailer of another root: some programs take them.
_ODD_OBJECTS = (
    re.compile(rb"obj(?<=[\0\t\n\f\r ]obj)(?![A-Za-z])"),
    re.compile(rb"trailer(?<=[\0\t\n\f\r ]trailer)(?=[\0\t\n\f\r ]*<<)"),
)
_NUMBERED = re.compile(rb"[0-9][\0\t\n\f\r ]+[0-9]{1,5}[\0\t\n\f\r ]+obj\Z")
_BEFORE: Final = 64
_MOST_ODD: Final = 3_000  # in drawings and pictures the three letters come by chance too


def every_object(reader: PdfReader, data: bytes, meter: Meter) -> Iterator[object]:
    """All objects, those in object streams included. Raises Unreadable, and whatever pypdf raises on a broken one."""
    number = sum(1 for _ in _OBJECT.finditer(data))
    if not number:
        raise Unreadable(findings.BROKEN)
    if max(number, sum(map(len, reader.xref.values()))) > MOST_OBJECTS:
        raise Unreadable(findings.TOO_COMPLEX)
    _check_object_streams(reader, meter)
    raw, sound = Metered(data, meter), set[int]()
    yield reader.trailer
    standing = chain(_standing(reader, raw, sound), _odd(reader, raw))
    yield from map(without_strings, standing) if reader.is_encrypted else standing
    yield from _listed(reader, meter, set() if reader.is_encrypted else sound)


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


def _standing(reader: PdfReader, raw: Metered, sound: set[int]) -> Iterator[object]:
    """What stands in the file: listed, of earlier revisions, and what somebody hopes nobody looks at.

    Where a listed one could be read strictly, its place is noted as ``sound``.
    """
    listed = {place for entries in reader.xref.values() for place in entries.values()}
    for found in _OBJECT.finditer(raw.getvalue()):
        items = parse_leniently(raw, found.end(), reader)
        yield from items
        if found.start() in listed:
            sound.update({found.start()} if len(items) == 1 else ())
        if found.start() in sound or found.start() not in listed:
            yield from _inside_unlisted(items[-1], reader, raw.meter, listed=found.start() in listed)


def _inside_unlisted(item: object, reader: PdfReader, meter: Meter, *, listed: bool) -> Iterator[object]:
    if not _is_object_stream(item) or (listed and reader.is_encrypted):
        return
    if reader.is_encrypted:  # its key depends on a number that nothing vouches for
        raise Unreadable(findings.BROKEN)
    yield from _inside(item, reader, meter)


def _odd(reader: PdfReader, raw: Metered) -> Iterator[object]:
    data = raw.getvalue()
    ends = (found.end() for pattern in _ODD_OBJECTS for found in pattern.finditer(data))
    odd = (end for end in ends if not _NUMBERED.search(data, max(0, end - _BEFORE), end))
    for number, end in enumerate(odd):
        if number > _MOST_ODD:
            raise Unreadable(findings.TOO_COMPLEX)
        yield from parse_leniently(raw, end, reader)


def _listed(reader: PdfReader, meter: Meter, known: set[int]) -> Iterator[object]:
    entries = [
        (number, generation)
        for generation, of in reader.xref.items()
        for number, place in of.items()
        if place not in known
    ]
    for number, generation in entries:
        item = reader.get_object(IndirectObject(number, generation, reader))
        yield item
        if _is_object_stream(item):
            yield from _inside(item, reader, meter)


def _is_object_stream(item: object) -> TypeGuard[StreamObject]:
    return isinstance(item, StreamObject) and value(item, "/Type") == "/ObjStm"


def _inside(stream: StreamObject, reader: PdfReader, meter: Meter) -> Iterator[object]:
    content, table, first = _opened(stream, meter)
    for offset in table[1::2]:
        yield from parse_leniently(content, first + offset, reader)


def _opened(stream: StreamObject, meter: Meter) -> tuple[Metered, list[int], int]:
    """Its content, the table before it (number, offset, number, offset...) and where the first object begins."""
    content = Metered(stream.get_data(), meter)
    first, count = value(stream, "/First"), value(stream, "/N")
    if (
        not isinstance(first, int)
        or not isinstance(count, int)
        or not 0 <= first <= len(content.getvalue())
        or count < 0
    ):
        raise Unreadable(findings.BROKEN)
    return content, [int(part) for part in content.read(first).split()[: 2 * count]], first
