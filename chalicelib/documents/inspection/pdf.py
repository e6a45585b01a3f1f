"""Whether a PDF can be read by anybody who opens it, and does nothing but show its pages.

Encrypted is accepted where the empty password opens it: banks send receipts that only forbid editing. What cannot be
decided within the limits is refused, with the advice to print the file anew.
"""

import logging
import re
from collections.abc import Iterator
from typing import Final

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, IndirectObject, is_null_or_none

from chalicelib.documents.inspection import findings
from chalicelib.documents.inspection.active import active_content
from chalicelib.documents.inspection.filters import measured
from chalicelib.documents.inspection.findings import Unreadable, hidden_content
from chalicelib.documents.inspection.inflating import check_streams, limits_for
from chalicelib.documents.inspection.objects import MOST_OBJECTS, every_object
from chalicelib.documents.inspection.parsing import Meter, Metered
from chalicelib.documents.inspection.signatures import is_page, pdf_header, second_nature
from chalicelib.documents.inspection.trees import check_trees

MOST_PAGES: Final = 200
# Some seven seconds of parsing; a tagged document of 200 pages and 20,000 elements takes half of it.
_ALLOWANCE: Final = 18_000_000
_TAIL: Final = 2048
# Programs that look at the beginning to tell what a file is look this far.
_FRONT: Final = 1024
_MOST_GAPS: Final = 1000
_END = re.compile(rb"%%EOF")
_GOES_ON = re.compile(rb"[0-9]{1,10}\s{1,9}[0-9]{1,5}\s{1,9}obj|xref")
# In points. Acrobat ends at 14,400; long screenshots go beyond, and still nobody has a sheet of 70 metres.
_LONGEST_SIDE: Final = 200_000
_LARGEST_UNIT: Final = 100

# pypdf's warnings quote the file, and what people upload has no place in logs.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


def count_pages(file: bytes) -> int:
    """The number of pages. Raises Unreadable, and whatever pypdf raises on what it cannot read."""
    data = file[pdf_header(file) :]
    _check_for_more(data)
    _check_the_end(data)
    check_streams(data)
    meter = Meter(_ALLOWANCE)
    with apply_configuration(limits_for(data)):
        reader = PdfReader(Metered(data, meter), xref_stream_maximum_entries=4 * MOST_OBJECTS)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Unreadable(findings.ENCRYPTED)
        reasons = active_content(measured(every_object(reader, data, meter), meter), meter)
        if reasons:
            raise Unreadable(*sorted(reasons, key=lambda reason: reason.code))
        check_trees(reader.root_object, meter)
        return _pages(reader)


def _check_the_end(data: bytes) -> None:
    tail = data.rstrip(b"\0\t\n\f\r ")[-_TAIL:]
    if not 0 <= tail.rfind(b"startxref") < tail.rfind(b"%%EOF"):
        raise Unreadable(findings.TRUNCATED)


def _check_for_more(data: bytes) -> None:
    """What stands behind an end of the file and is no further revision, and a page where none should begin."""
    end = data.rfind(b"%%EOF")
    hidden = second_nature(data, end + 5 if end >= 0 else len(data)) or (
        "网页" if is_page(data[:_FRONT].partition(b"obj")[0]) else None
    )
    for number, gap in enumerate(_gaps(data)):
        if number > _MOST_GAPS:
            raise Unreadable(findings.TOO_COMPLEX)
        hidden = hidden or second_nature(gap, 0)
    if hidden:
        raise Unreadable(hidden_content(hidden))


def _gaps(data: bytes) -> Iterator[bytes]:
    """What stands between an end and the next revision; each byte is looked at once, however many ends there are."""
    next_revision = 0
    for end in _END.finditer(data):
        if next_revision < end.end():
            found = _GOES_ON.search(data, end.end())
            next_revision = found.start() if found else len(data)
            if data[end.end() : next_revision].strip():
                yield data[end.end() : next_revision]


def _pages(reader: PdfReader) -> int:
    pages, seen = 0, set[int]()
    waiting: list[object] = [dict.get(reader.root_object, "/Pages")]
    while waiting:
        node = _node(waiting.pop(), seen)
        _check_sheet(node)
        kids = _resolved(dict.get(node, "/Kids"))
        if isinstance(kids, ArrayObject):
            waiting.extend(list.__iter__(kids))
        else:
            _check_content(node)
            pages += 1
        if pages > MOST_PAGES or len(waiting) > MOST_OBJECTS:
            raise Unreadable(findings.TOO_MANY_PAGES)
    if not pages:
        raise Unreadable(findings.NO_PAGES)
    return pages


def _node(reference: object, seen: set[int]) -> DictionaryObject:
    """A node of the page tree, met for the first time: a tree that turns back on itself is broken."""
    node = _resolved(reference)
    number = reference.idnum if isinstance(reference, IndirectObject) else -1
    if not isinstance(node, DictionaryObject) or number in seen:
        raise Unreadable(findings.BROKEN)
    seen.update({number} - {-1})
    return node


def _check_sheet(node: DictionaryObject) -> None:
    """A size that a sheet says, or hands on, must be one that a screen's memory can hold; without one it is usual."""
    box, unit = _resolved(dict.get(node, "/MediaBox")), _resolved(dict.get(node, "/UserUnit"))
    if isinstance(unit, int | FloatObject) and not 0 < unit <= _LARGEST_UNIT:
        raise Unreadable(findings.SHEET)
    if not isinstance(box, ArrayObject):
        return
    left, bottom, right, top = (_number(side) for side in list.__iter__(box))
    if not (0 < abs(right - left) <= _LONGEST_SIDE and 0 < abs(top - bottom) <= _LONGEST_SIDE):
        raise Unreadable(findings.SHEET)


def _number(side: object) -> float:
    found = _resolved(side)
    if not isinstance(found, int | FloatObject):
        raise Unreadable(findings.BROKEN)
    return float(found)


def _check_content(page: DictionaryObject) -> None:
    """A page whose content is gone would show as an empty sheet."""
    content = dict.get(page, "/Contents")
    parts = _resolved(content)
    references = list.__iter__(parts) if isinstance(parts, ArrayObject) else iter([content])
    if any(isinstance(part, IndirectObject) and is_null_or_none(part.get_object()) for part in references):
        raise Unreadable(findings.BROKEN)


def _resolved(reference: object) -> object:
    return reference.get_object() if isinstance(reference, IndirectObject) else reference
