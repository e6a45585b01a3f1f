"""Whether a PDF can be read by anybody who opens it, and does nothing but show its pages.

Encrypted is accepted where the empty password opens it: banks send receipts that only forbid editing. What cannot be
decided within the limits is refused, with the advice to print the file anew.
"""

import logging
from typing import Final

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, is_null_or_none

from chalicelib.documents import inspection_findings as findings
from chalicelib.documents.inspection_active import active_content
from chalicelib.documents.inspection_findings import Unreadable, hidden_content
from chalicelib.documents.inspection_inflating import check_streams, limits_for
from chalicelib.documents.inspection_objects import MOST_OBJECTS, Meter, Metered, every_object
from chalicelib.documents.inspection_signatures import pdf_header, second_nature

MOST_PAGES: Final = 200
# Some seven seconds of parsing; a tagged document of 200 pages and 20,000 elements takes half of it.
_ALLOWANCE: Final = 18_000_000
_TAIL: Final = 2048

# pypdf's warnings quote the file, and what people upload has no place in logs.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


def count_pages(file: bytes) -> int:
    """The number of pages. Raises Unreadable, and whatever pypdf raises on what it cannot read."""
    data = file[pdf_header(file) :]
    _check_the_end(data)
    check_streams(data)
    meter = Meter(_ALLOWANCE)
    with apply_configuration(limits_for(data)):
        reader = PdfReader(Metered(data, meter), xref_stream_maximum_entries=4 * MOST_OBJECTS)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Unreadable(findings.ENCRYPTED)
        reasons = active_content(every_object(reader, data, meter), meter)
        if reasons:
            raise Unreadable(*sorted(reasons, key=lambda reason: reason.code))
        return _pages(reader)


def _check_the_end(data: bytes) -> None:
    tail = data.rstrip(b"\0\t\n\f\r ")[-_TAIL:]
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise Unreadable(findings.TRUNCATED)
    hidden = second_nature(data, data.rindex(b"%%EOF") + 5)
    if hidden:
        raise Unreadable(hidden_content(hidden))


def _pages(reader: PdfReader) -> int:
    pages, seen = 0, set[int]()
    waiting: list[object] = [dict.get(reader.root_object, "/Pages")]
    while waiting:
        node = _node(waiting.pop(), seen)
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


def _check_content(page: DictionaryObject) -> None:
    """A page whose content is gone would show as an empty sheet."""
    content = dict.get(page, "/Contents")
    parts = _resolved(content)
    references = list.__iter__(parts) if isinstance(parts, ArrayObject) else iter([content])
    if any(isinstance(part, IndirectObject) and is_null_or_none(part.get_object()) for part in references):
        raise Unreadable(findings.BROKEN)


def _resolved(reference: object) -> object:
    return reference.get_object() if isinstance(reference, IndirectObject) else reference
