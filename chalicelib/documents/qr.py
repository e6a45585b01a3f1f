"""The QR code of a certificate: alphanumeric mode, so that it stays coarse enough to scan from worn paper."""

import re
from functools import lru_cache

import segno

# ISO/IEC 18004, table 5
ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
# any mask decodes; trying all eight takes most of the time and changes nothing for the reader
MASK = 3
_DARK = re.compile(rb"\x01+")

Run = tuple[int, int, int]


@lru_cache(maxsize=8)  # what is drawn is sealed and checked right after
def runs(url: str) -> tuple[int, tuple[Run, ...]]:
    """Modules per side without the quiet zone, and the dark runs as (row, first column, length).

    Error correction Q: a quarter of the code may be creased, stained or under a stamp.
    """
    assert set(url) <= ALPHANUMERIC, "an address outside the alphanumeric set would fall back to byte mode"
    code = segno.make_qr(url, mode="alphanumeric", error="q", mask=MASK, boost_error=False)
    dark = (
        (y, run.start(), run.end() - run.start()) for y, row in enumerate(code.matrix) for run in _DARK.finditer(row)
    )
    return len(code.matrix), tuple(dark)
