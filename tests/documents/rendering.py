"""A page as two renderers see it that share no code: PDFium (browsers) and Poppler (Linux desktops)."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops


def by_pdfium(pdf: bytes, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    image = document[0].render(scale=dpi / 72, may_draw_forms=True).to_pil().convert("RGB")
    document.close()
    return image


def by_poppler(pdf: bytes, dpi: int) -> Image.Image:
    if shutil.which("pdftoppm") is None:
        assert not os.environ.get("CI"), "pdftoppm (poppler-utils) has to be installed where CI runs"
        pytest.skip("pdftoppm is not installed")
    with tempfile.TemporaryDirectory() as directory:
        page, picture = Path(directory, "page.pdf"), Path(directory, "page")
        page.write_bytes(pdf)
        command = ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", str(page), str(picture)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
        assert not told, told
        return Image.open(picture.with_suffix(".png")).convert("RGB")


def apart(one: Image.Image, other: Image.Image) -> tuple[int, float]:
    """How far the farthest pixel is off (0 to 255), and the share of pixels that are off by more than 8."""
    assert one.size == other.size
    pixels = ImageChops.difference(one, other).convert("L").tobytes()
    return max(pixels), sum(pixel > 8 for pixel in pixels) / len(pixels)
