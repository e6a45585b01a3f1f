"""What each bit of an address changes in its QR code, so that a new code is a sum of parts that segno made before.

Every module of a code is a sum without carry of data bits: so is error correction (ISO/IEC 18004, 7.5), and placement
and mask are fixed. segno takes a millisecond or two for a code, the sum a hundredth of that. A book holds, for one
version, the code of as many zeros as an address is long, for each length, and the change that each bit makes; set-up
writes it with segno's own codes, and a test holds sums against segno.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.documents.fonts import KEPT

# any mask decodes; trying all eight takes most of the time and changes nothing for the reader
MASK = 3
ERROR = "q"
# the lengths of the addresses that take a version (ISO/IEC 18004, table 7, level Q)
LENGTHS = {3: range(30, 48), 4: range(48, 68), 5: range(68, 88), 6: range(88, 109)}
VERSIONS = tuple(LENGTHS)
# ISO/IEC 18004, table 5, in the order of their values
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(ALPHANUMERIC)}
_BEFORE_BYTES, _BEFORE_CHARACTERS = 12, 13  # bits for mode and count before the data, up to version 9

# a code as one number: its modules row by row, the first the most significant
Modules = int


class Book(NamedTuple):
    """Of one version: codes of zeros by their number, and what each bit changes, from the first."""

    side: int
    zeros: dict[int, Modules]
    changes: tuple[Modules, ...]


def file_of(version: int, folder: Path = KEPT) -> Path:
    return folder / f"code-{version}-{ERROR}-{MASK}.sums"


def written(version: int) -> bytes:
    """The book of a version: a line for each length, and one for each data bit that bytes can reach."""
    side, room = 17 + 4 * version, _bytes_in(version)
    plain = _of_bytes(bytes(room), version)
    zeros = (of_segno("0" * length)[1] for length in LENGTHS[version])
    changes = (plain ^ _of_bytes(_one_bit(bit, room), version) for bit in range(8 * room))
    return b"".join(line.to_bytes(_width(side), "big") for line in (*zeros, *changes))


def _width(side: int) -> int:
    return (side * side + 7) // 8


def _one_bit(bit: int, room: int) -> bytes:
    return (1 << (8 * room - 1 - bit)).to_bytes(room, "big")


def _bytes_in(version: int) -> int:
    """How many bytes a code of that version takes at most (ISO/IEC 18004, table 7, level Q)."""
    return {3: 32, 4: 46, 5: 60, 6: 74}[version]


def _of_bytes(data: bytes, version: int) -> Modules:
    return _joined(_segno().make_qr(data, mode="byte", version=version, error=ERROR, mask=MASK, boost_error=False))


def _segno() -> Any:
    # loading it takes longer than a thousand sums
    return import_module("segno")


def _joined(code: Any) -> Modules:
    return int(b"".join(bytes(row) for row in code.matrix).translate(bytes.maketrans(b"\0\1", b"01")), 2)


def of_segno(address: str) -> tuple[int, Modules]:
    """The whole code by segno: modules per side, and all of them."""
    code = _segno().make_qr(address, mode="alphanumeric", error=ERROR, mask=MASK, boost_error=False)
    return len(code.matrix), _joined(code)


@cache
def _book(length: int) -> Book | None:
    """The book for addresses of that length; None where set-up wrote none."""
    version = next((each for each, lengths in LENGTHS.items() if length in lengths), 0)
    if not version or not (file := file_of(version)).is_file():
        return None
    side = 17 + 4 * version
    data, width, lengths = file.read_bytes(), _width(side), LENGTHS[version]
    lines = [int.from_bytes(data[at : at + width], "big") for at in range(0, len(data), width)]
    return Book(side, dict(zip(lengths, lines, strict=False)), tuple(lines[len(lengths) :]))


def code(address: str) -> tuple[int, Modules]:
    """Modules per side, and all of them, of an address in the alphanumeric set."""
    if not (book := _book(len(address))):
        return of_segno(address)
    bits, count = _bits(address)
    modules, first = book.zeros[len(address)], _BEFORE_CHARACTERS - _BEFORE_BYTES + count - 1
    while bits:
        lowest = bits & -bits
        modules ^= book.changes[first - lowest.bit_length() + 1]
        bits ^= lowest
    return book.side, modules


def _bits(address: str) -> tuple[int, int]:
    """The data bits of an address and their number: 11 for each two characters, 6 for a last one (7.4.4)."""
    values, bits = [_VALUES[character] for character in address], 0
    for first, second in zip(values[::2], values[1::2], strict=False):
        bits = bits << 11 | 45 * first + second
    if len(values) % 2:
        return bits << 6 | values[-1], 11 * (len(values) // 2) + 6
    return bits, 11 * (len(values) // 2)
