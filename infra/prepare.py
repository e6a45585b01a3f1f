"""Makes ready what certificates are printed with, once: typefaces, cases of usual characters, books of codes, plates.

Nothing here is needed for the same bytes; it is why a function that has just started prints at once. A second run makes
only what is missing or was made of something else.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from chalicelib.documents import codebook, fonts, outlining, plates, sheets, typecase
from chalicelib.documents.fonts import Cut
from infra import samples, typefaces

MEGABYTE = 1_000_000
USUAL_FACES = tuple(dict(samples.faces()).values())
# whatever a Chinese document of everyday holds: Latin letters, signs, and the 6,763 hanzi of GB 2312
USUAL = "".join(
    bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)
) + "".join(map(chr, range(0x20, 0x7F)))


def fill_case(cut: Cut) -> str:
    """One line on the case of a cut."""
    file = typecase.file_of(cut)
    if not typecase.is_made(cut):
        pieces = {each: outlining.piece(cut, each) for each in set(USUAL) if fonts.draws(cut, each)}
        typefaces.keep(file, typecase.packed(cut, pieces))
    return f"{file.name}: {file.stat().st_size / MEGABYTE:.1f} MB"


def write_books() -> str:
    """One line on the books of codes."""
    missing = [version for version in codebook.VERSIONS if not codebook.file_of(version).is_file()]
    for version in missing:
        typefaces.keep(codebook.file_of(version), codebook.written(version))
    size = sum(codebook.file_of(version).stat().st_size for version in codebook.VERSIONS)
    return f"books of codes: versions {codebook.VERSIONS}, {size / MEGABYTE:.1f} MB"


def make_plates() -> str:
    """One line on the plates; those of other layouts or of older code go."""
    layouts = {plates.key(layout): layout for layout in map(sheets.layout_of, USUAL_FACES)}
    _clear(plates.FOLDER, set(layouts))
    made = [plates.keep(layout) for key, layout in layouts.items() if not (plates.FOLDER / key).is_file()]
    size = sum(file.stat().st_size for file in plates.FOLDER.iterdir())
    return f"plates: {len(layouts)}, {len(made)} of them new, {size / MEGABYTE:.1f} MB"


def draw_up_sheets() -> str:
    """One line on the sheets that these plates belong to."""
    wanted = {sheets.key(sheets.sheet_of(face)): face for face in USUAL_FACES}
    _clear(sheets.FOLDER, set(wanted))
    made = [sheets.keep(face) for key, face in wanted.items() if not (sheets.FOLDER / key).is_file()]
    return f"sheets: {len(wanted)}, {len(made)} of them new"


def _clear(folder: Path, wanted: set[str]) -> None:
    for stale in set(folder.glob("*")) - {folder / key for key in wanted}:
        stale.unlink()


def prepare() -> Iterator[str]:
    yield from typefaces.bring_all()
    for cut in (Cut.MAIN, Cut.BOLD):
        if fonts.is_there(cut):
            yield fill_case(cut)
    yield write_books()
    yield make_plates()
    yield draw_up_sheets()


def main(arguments: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(prog="python -m infra.prepare", description=__doc__).parse_args(arguments)
    began = time.monotonic()
    for line in prepare():
        print(line)
    print(f"ready after {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
