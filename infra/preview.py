"""Draws what the platform issues with made-up data, as PDF and as a picture, and all of it on one contact sheet."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
from PIL import Image

from chalicelib.documents import certificate
from chalicelib.memory.sealing import LocalSealer
from infra import authority
from infra.samples import faces, photos_of

DPI = 150
SEALED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
IN_A_ROW, GAP, HEIGHT = 5, 24, 640  # of the contact sheet, in pixels: all papers are 297 mm high
README = {
    "member-usual": "member-certificate", "duplicate-usual": "qualification-duplicate",
    "training-usual": "training-certificate", "original-usual": "qualification-original",
}  # fmt: skip
README_HEIGHT, COLOURS = 622, 64
TABLE = (214, 212, 207)  # the grey that the papers lie on


def render(pdf: bytes, file: Path) -> None:
    """The first page with its seal as PNG."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    document[0].render(scale=DPI / 72, may_draw_forms=True).to_pil().save(file)
    document.close()


def preview(out: Path) -> Iterator[Path]:
    """Draw, seal (where the test key may) and render each; the files made, the contact sheet last."""
    authority.ensure(out / "authority")
    sealer = LocalSealer.from_directory(out / "authority")
    pictures: list[Path] = []
    for name, face in faces():
        if missing := certificate.undrawable(face):
            print(f"{name} is left out: no font here draws {missing} (make prepare says why)", file=sys.stderr)
            continue
        pdf = certificate.draw(face, photos_of(face))
        if face.test:
            pdf = certificate.seal(face, pdf, sealer, SEALED_AT)
        (out / f"{name}.pdf").write_bytes(pdf)
        render(pdf, out / f"{name}.png")
        pictures.append(out / f"{name}.png")
        yield from (out / f"{name}.pdf", out / f"{name}.png")
    contact_sheet(pictures).save(out / "contact-sheet.png")
    yield out / "contact-sheet.png"


def contact_sheet(files: Sequence[Path]) -> Image.Image:
    """All papers at one scale, a row for each paper."""
    rows = [[_small(file) for file in files[at : at + IN_A_ROW]] for at in range(0, len(files), IN_A_ROW)]
    width = max(sum(paper.width + GAP for paper in row) for row in rows) + GAP
    sheet = Image.new("RGB", (width, len(rows) * (HEIGHT + GAP) + GAP), TABLE)
    for line, row in enumerate(rows):
        x = (width - sum(paper.width + GAP for paper in row) + GAP) // 2
        for paper in row:
            sheet.paste(paper, (x, GAP + line * (HEIGHT + GAP)))
            x += paper.width + GAP
    return sheet


def readme_pictures(made: Path, out: Path) -> Iterator[Path]:
    """The pictures of the README, small and in few colours, from those that a preview made."""
    for name, called in README.items():
        few = _small(made / f"{name}.png", README_HEIGHT).quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(out / f"{called}.png", optimize=True)
        yield out / f"{called}.png"


def _small(file: Path, height: int = HEIGHT) -> Image.Image:
    with Image.open(file) as picture:
        size = (round(picture.width * height / picture.height), height)
        small: Image.Image = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    return small


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: all drawn; 1: not, with the reason."""
    parser = argparse.ArgumentParser(prog="python -m infra.preview", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/preview"), help="directory (default: %(default)s)")
    parser.add_argument("--readme", type=Path, help="directory for the pictures of the README, made anew from these")
    chosen = parser.parse_args(arguments)
    out: Path = chosen.out
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file in (*preview(out), *(readme_pictures(out, chosen.readme) if chosen.readme else ())):
            print(file)
    except (authority.HalfAnAuthorityError, OSError, ValueError) as trouble:
        print(f"nothing to look at: {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
