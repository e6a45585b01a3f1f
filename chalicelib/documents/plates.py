"""The plate of a layout: all that is the same on every certificate of it, drawn once by fpdf2 and kept ready to print.

A file begins with its plate, byte for byte; what varies follows, under numbers that the plate refers to already. Plates
made at set-up lie in a folder under the hash of all that they follow from; any other is made when it is first needed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from chalicelib.documents import fonts
from chalicelib.documents.fonts import Cut
from chalicelib.documents.layout import Layout

FOLDER = fonts.KEPT / "plates"
# whatever of this room the look of a plate follows from, besides the layout itself
_MAKERS = ("drawing", "engraving", "file_parts", "fonts", "glyphs", "outlining", "page", "platemaking", "plates",
           "reference_font", "truetype", "typesetting")  # fmt: skip


@dataclass(frozen=True)
class Plate:
    """`head` is how every file of the layout begins, `offsets` where its objects are.

    `fonts` are the entries of the plate's own fonts among the page's; `catalog` and `page` are dictionaries without
    their ends, for the seal that adds to them.
    """

    head: bytes
    offsets: Mapping[int, int]
    fonts: bytes
    catalog: bytes
    page: bytes


def plate_of(layout: Layout, folder: Path = FOLDER) -> Plate:
    """Raises fonts.MissingGlyphError, typesetting.TextOverflowError."""
    file = folder / key(layout)
    return read(file) if file.is_file() else _made(layout)


def keep(layout: Layout, folder: Path = FOLDER) -> Path:
    """Make a plate now, so that nobody has to wait for it later; the file."""
    plate, file = _made(layout), folder / key(layout)
    said = {**asdict(plate), "head": "", "fonts": plate.fonts.decode()}
    told = {**said, "catalog": plate.catalog.decode(), "page": plate.page.decode()}
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_bytes(json.dumps(told).encode() + b"\n" + plate.head)
    return unfinished.replace(file)


def read(file: Path) -> Plate:
    """A plate that was kept."""
    told, _, head = file.read_bytes().partition(b"\n")
    said = json.loads(told)
    offsets = {int(number): offset for number, offset in said["offsets"].items()}
    return Plate(head, offsets, *(said[name].encode() for name in ("fonts", "catalog", "page")))


def _made(layout: Layout) -> Plate:
    # fpdf2, fontTools and pypdf take longer to load than a thousand certificates to print
    return cast("Plate", import_module("chalicelib.documents.platemaking").engrave(layout))


def key(layout: Layout) -> str:
    """Hash of the layout's constant part, the cuts that are there and the code that makes plates of them."""
    size = (layout.width, layout.height)
    return hashlib.sha256(f"{makers()} {size} {layout.constant!r}".encode()).hexdigest()[:32]


@cache
def makers() -> str:
    """The code that makes plates and the cuts that are there, in short."""
    code = b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in _MAKERS)
    cuts = [cut for cut in Cut if cut.file.is_file()]
    return f"{hashlib.sha256(code).hexdigest()} {cuts}"
