"""The QR code of a certificate: alphanumeric mode, so that it stays coarse enough to scan from worn paper."""

import segno

# ISO/IEC 18004, table 5
ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
# any mask decodes; trying all eight takes most of the time and changes nothing for the reader
MASK = 3

Run = tuple[int, int, int]


def runs(url: str) -> tuple[int, tuple[Run, ...]]:
    """Modules per side without the quiet zone, and the dark runs as (row, first column, length).

    Error correction Q: a quarter of the code may be creased, stained or under a stamp.
    """
    assert set(url) <= ALPHANUMERIC, "an address outside the alphanumeric set would fall back to byte mode"
    code = segno.make_qr(url, mode="alphanumeric", error="q", mask=MASK, boost_error=False)
    rows = tuple(tuple(bool(module) for module in row) for row in code.matrix)
    return len(rows), tuple((y, *run) for y, row in enumerate(rows) for run in _dark(row))


def _dark(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    edges = [x for x in range(len(row) + 1) if (x < len(row) and row[x]) != (x > 0 and row[x - 1])]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
