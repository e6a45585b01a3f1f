"""The type case: the outlines of the usual characters of each cut, made at set-up, looked up in a mapped file.

A case holds, after the size of the font it was made from and its own count, the code points in order, where each piece
ends, its advance, and the pieces one after the other. What is not in it is outlined when it is first asked for.
"""

import mmap
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chalicelib.documents.fonts import KEPT, Cut

MAX_DEVIATION = 0.5  # font units, a two-thousandth of the height of a character
WORD = 4  # bytes; tables and their parts are padded to it
_HEAD = struct.Struct("<QfI")

# an advance in font units, and an entry of the table glyf
Piece = tuple[int, bytes]


@dataclass(frozen=True)
class Case:
    characters: Sequence[int]
    ends: Sequence[int]
    advances: Sequence[int]
    pieces: memoryview

    def find(self, character: str) -> Piece | None:
        at = bisect_left(self.characters, ord(character))
        if at == len(self.characters) or self.characters[at] != ord(character):
            return None
        begin = self.ends[at - 1] if at else 0
        return self.advances[at], bytes(self.pieces[begin : self.ends[at]])


def file_of(cut: Cut, folder: Path = KEPT) -> Path:
    return folder / f"{cut}.case"


def find(cut: Cut, character: str) -> Piece | None:
    """None where no case was made, or it has no such character."""
    case = _case(cut)
    return case.find(character) if case else None


def is_made(cut: Cut) -> bool:
    """Whether there is a case of this very cut."""
    return _case(cut) is not None


@cache
def _case(cut: Cut) -> Case | None:
    return opened(cut, file_of(cut))


def opened(cut: Cut, file: Path) -> Case | None:
    """None for a file that is not there, and for a case of another font or made otherwise."""
    if not file.is_file() or sys.byteorder != "little":
        return None
    with file.open("rb") as source:
        data = memoryview(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ))
    size, deviation, count = _HEAD.unpack(data[: _HEAD.size])
    if (size, deviation) != (cut.file.stat().st_size, MAX_DEVIATION):
        return None
    columns = data[_HEAD.size : _HEAD.size + 3 * WORD * count]
    each = [array("I", bytes(columns[at * WORD * count : (at + 1) * WORD * count])) for at in range(3)]
    return Case(each[0], each[1], each[2], data[_HEAD.size + 3 * WORD * count :])


def packed(cut: Cut, pieces: Mapping[str, Piece]) -> bytes:
    """A case with these pieces."""
    ordered = sorted(pieces)
    ends, end = array("I"), 0
    for character in ordered:
        end += len(pieces[character][1])
        ends.append(end)
    columns = (array("I", map(ord, ordered)), ends, array("I", (pieces[each][0] for each in ordered)))
    head = _HEAD.pack(cut.file.stat().st_size, MAX_DEVIATION, len(ordered))
    return b"".join([head, *(column.tobytes() for column in columns), *(pieces[each][1] for each in ordered)])


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % WORD)
