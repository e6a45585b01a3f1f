"""What each bit of an address changes in its QR code, so that a new code is a sum of parts that segno made before.

Every module of a code is a sum without carry of data bits: so is error correction (ISO/IEC 18004, 7.5), and placement
and mask are fixed. segno takes a millisecond or two for a code, the sum a hundredth of that. A book holds, for one
version, the change that each bit makes; set-up writes it with segno's own codes, and a test holds sums against segno.
"""

from functools import cache
from pathlib import Path

import segno

from chalicelib.documents.fonts import KEPT

# any mask decodes; trying all eight takes most of the time and changes nothing for the reader
MASK = 3
ERROR = "q"
VERSIONS = (3, 4, 5, 6)  # addresses of up to 108 characters
# ISO/IEC 18004, table 5, in the order of their values
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(ALPHANUMERIC)}
_BEFORE_BYTES, _BEFORE_CHARACTERS = 12, 13  # bits for mode and count before the data, up to version 9

# a code as one number: its modules row by row, the first the most significant
Modules = int


def file_of(version: int, folder: Path = KEPT) -> Path:
    return folder / f"code-{version}-{ERROR}-{MASK}.book"


def written(version: int) -> bytes:
    """The book of a version: one line for each data bit that bytes can reach, from the first."""
    side, room = 17 + 4 * version, _bytes_in(version)
    plain = _of_bytes(bytes(room), version)
    changes = (plain ^ _of_bytes(_one_bit(bit, room), version) for bit in range(8 * room))
    return b"".join(change.to_bytes(_width(side), "big") for change in changes)


def _width(side: int) -> int:
    return (side * side + 7) // 8


def _one_bit(bit: int, room: int) -> bytes:
    return (1 << (8 * room - 1 - bit)).to_bytes(room, "big")


def _bytes_in(version: int) -> int:
    """How many bytes a code of that version takes at most (ISO/IEC 18004, table 7, level Q)."""
    return {3: 32, 4: 46, 5: 60, 6: 74}[version]


def _of_bytes(data: bytes, version: int) -> Modules:
    code = segno.make_qr(data, mode="byte", version=version, error=ERROR, mask=MASK, boost_error=False)
    return _joined(code)


def _joined(code: segno.QRCode) -> Modules:
    return int(b"".join(bytes(row) for row in code.matrix).translate(bytes.maketrans(b"\0\1", b"01")), 2)


def of_segno(address: str) -> tuple[int, Modules]:
    """The whole code by segno: modules per side, and all of them."""
    code = segno.make_qr(address, mode="alphanumeric", error=ERROR, mask=MASK, boost_error=False)
    return len(code.matrix), _joined(code)


@cache
def _blank(length: int) -> tuple[int, Modules]:
    """The code of as many zeros, all of whose data bits are 0."""
    return of_segno("0" * length)


@cache
def _book(side: int) -> tuple[Modules, ...]:
    """Nothing where set-up wrote none."""
    file = file_of((side - 17) // 4)
    data, width = file.read_bytes() if file.is_file() else b"", _width(side)
    return tuple(int.from_bytes(data[at : at + width], "big") for at in range(0, len(data), width))


def code(address: str) -> tuple[int, Modules]:
    """Modules per side, and all of them, of an address in the alphanumeric set."""
    side, modules = _blank(len(address))
    bits, count = _bits(address)
    book = _book(side)
    if _BEFORE_CHARACTERS - _BEFORE_BYTES + count > len(book):
        return of_segno(address)
    first = _BEFORE_CHARACTERS - _BEFORE_BYTES + count - 1
    while bits:
        lowest = bits & -bits
        modules ^= book[first - lowest.bit_length() + 1]
        bits ^= lowest
    return side, modules


def _bits(address: str) -> tuple[int, int]:
    """The data bits of an address and their number: 11 for each two characters, 6 for a last one (7.4.4)."""
    values, bits = [_VALUES[character] for character in address], 0
    for first, second in zip(values[::2], values[1::2], strict=False):
        bits = bits << 11 | 45 * first + second
    if len(values) % 2:
        return bits << 6 | values[-1], 11 * (len(values) // 2) + 6
    return bits, 11 * (len(values) // 2)
