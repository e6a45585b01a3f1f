"""The QR code of a certificate: alphanumeric mode, so that it stays coarse enough to scan from worn paper."""

import re
from functools import lru_cache

from chalicelib.documents import codebook

ALPHANUMERIC = frozenset(codebook.ALPHANUMERIC)
_DARK = re.compile("1+")

Run = tuple[int, int, int]


@lru_cache(maxsize=8)  # what is drawn is sealed and checked right after
def runs(url: str) -> tuple[int, tuple[Run, ...]]:
    """Modules per side without the quiet zone, and the dark runs as (row, first column, length).

    Error correction Q: a quarter of the code may be creased, stained or under a stamp.
    """
    assert set(url) <= ALPHANUMERIC, "an address outside the alphanumeric set would fall back to byte mode"
    side, modules = codebook.code(url)
    digits = f"{modules:0{side * side}b}"
    rows = (digits[at : at + side] for at in range(0, side * side, side))
    return side, tuple(
        [(y, run.start(), run.end() - run.start()) for y, row in enumerate(rows) for run in _DARK.finditer(row)]
    )
