"""The bytes of a PDF file: numbered objects one after the other, texts, dates, and the table that finds them."""

import zlib
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the four bytes tell that what follows is binary (ISO 19005-2, 6.1.2)
CATALOG, PAGES, PAGE, CONTENT, METADATA, INFORMATION, FONTS, PICTURE = range(1, 9)
_FREE = b"0000000000 65535 f \n"


class Growing:
    """A file in the making, from what stands already: its length and where each of its objects begins."""

    def __init__(self, length: int, offsets: Mapping[int, int]) -> None:
        self.length = length
        self.offsets = dict(offsets)
        self._parts: list[bytes] = []
        self._last = max(offsets, default=0)

    def add(self, body: bytes, number: int = 0) -> int:
        """An object under its number, by default the next; the number."""
        if not number:
            number = self._last = self._last + 1
        self.offsets[number] = self.length
        self.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def append(self, piece: bytes) -> None:
        self._parts.append(piece)
        self.length += len(piece)

    def content(self) -> bytes:
        """All that was added."""
        return b"".join(self._parts)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    """As a stream, as small as it gets: for what is made once."""
    return stream(zlib.compress(data, 9), b"%s/Filter /FlateDecode " % entries)


def text(words: str) -> bytes:
    """A text string, in UTF-16 with its mark (ISO 32000-1, 7.9.2.2)."""
    return b"<FEFF%s>" % words.encode("utf-16-be").hex().upper().encode()


def instant(at: datetime) -> bytes:
    """A time with a zone as a date string in UTC (ISO 32000-1, 7.9.4)."""
    return at.strftime("(D:%Y%m%d%H%M%SZ)").encode()


def table(offsets: Mapping[int, int]) -> bytes:
    """The cross-reference table; it begins with the head of the list of free objects, that of an update as well."""
    numbers = [0, *sorted(offsets)]
    # numbers without a gap keep one distance from their place in the row
    rows = [[number for _, number in group] for _, group in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    parts = [b"xref\n"]
    for row in rows:
        parts.append(b"%d %d\n" % (row[0], len(row)))
        parts.extend([b"%010d 00000 n \n" % offsets[number] if number else _FREE for number in row])
    return b"".join(parts)
