"""The codes of all certificates, as phones meet them: coarse, blurred, turned, askew, compressed, damaged."""

import random
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from chalicelib.documents import certificate
from chalicelib.documents.layout import Box
from chalicelib.documents.layout import Code as CodeElement
from chalicelib.documents.stationery import CODE
from chalicelib.rules.certificate_face import Face
from infra.samples import photos_of
from tests.counting import COUNTED
from tests.documents.conftest import PAPERS
from tests.documents.rendering import by_pdfium

RESOLUTIONS = (96, 150, 300)
SHOT_DPI = 150
TRIES = 10  # of each trouble on each paper at each resolution, with other chances
WHITE = "white"

# what happens to a picture of the code, worse from try to try
Trouble = Callable[[Image.Image, random.Random, float], Image.Image]


def code_of(face: Face) -> Box:
    return next(each.box for each in certificate.layout_of(face).elements if isinstance(each, CodeElement))


@cache
def shot(name: str, dpi: int) -> Image.Image:
    """The code and 8 mm around it, from the page without its seal."""
    face = PAPERS[name]
    page, scale = by_pdfium(certificate.draw(face, photos_of(face)), dpi), dpi / 25.4
    x, y, w, h = code_of(face)
    return page.crop(tuple(round(edge * scale) for edge in (x - 8, y - 8, x + w + 8, y + h + 8)))


def read(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def blurred(picture: Image.Image, chance: random.Random, share: float) -> Image.Image:
    """Out of focus by up to a third of a millimetre on the paper, two fifths of a module."""
    del chance
    reach = picture.width / (CODE + 16)  # pixels in a millimetre
    return picture.filter(ImageFilter.GaussianBlur((0.08 + 0.26 * share) * reach))


def turned(picture: Image.Image, chance: random.Random, share: float) -> Image.Image:
    del share
    return picture.rotate(chance.uniform(0, 360), Image.Resampling.BICUBIC, expand=True, fillcolor=WHITE)


def askew(picture: Image.Image, chance: random.Random, share: float) -> Image.Image:
    """Seen from the side: each corner moves inwards by up to a sixth."""
    width, height = picture.size
    reach = 0.03 + 0.13 * share
    moved = [chance.uniform(0, reach) for _ in range(8)]
    quad = (
        -moved[0] * width, -moved[1] * height, -moved[2] * width, (1 + moved[3]) * height,
        (1 + moved[4]) * width, (1 + moved[5]) * height, (1 + moved[6]) * width, -moved[7] * height,
    )  # fmt: skip
    return picture.transform(picture.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=WHITE)


def compressed(picture: Image.Image, chance: random.Random, share: float) -> Image.Image:
    del chance
    file = BytesIO()
    picture.save(file, "JPEG", quality=round(40 - 30 * share))
    return Image.open(file)


def damaged(picture: Image.Image, chance: random.Random, share: float) -> Image.Image:
    """A stain on the data area, away from the three corners, over up to a twelfth of the code."""
    stained = picture.copy()
    width, height = stained.size
    side = width * (0.08 + 0.14 * share)
    x, y = chance.uniform(0.45, 0.55) * width, chance.uniform(0.4, 0.6) * height
    ImageDraw.Draw(stained).ellipse((x - side / 2, y - side / 2, x + side / 2, y + side / 2), fill=(150, 120, 90))
    return stained


TROUBLES: dict[str, Trouble] = {
    "blur": blurred,
    "rotation": turned,
    "perspective": askew,
    "JPEG": compressed,
    "damage": damaged,
}


@pytest.mark.parametrize("dpi", RESOLUTIONS)
def test_the_code_of_a_sealed_page_reads_at_any_print_size(face: Face, sealed: bytes, dpi: int) -> None:
    assert read(by_pdfium(sealed, dpi)) == [face.verify_url]


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("name", PAPERS)
def test_the_code_reads_whatever_a_phone_does_to_it(
    name: str, trouble: str, dpi: int, record_property: Callable[[str, object], None]
) -> None:
    counted = sum(
        read(TROUBLES[trouble](shot(name, dpi), random.Random(turn), turn / (TRIES - 1))) == [PAPERS[name].verify_url]
        for turn in range(TRIES)
    )
    record_property(COUNTED, [f"{trouble} at {dpi} dpi", counted, TRIES])
    # seen from far aside with random corners, one or two of the ten are lost
    least = TRIES - 2 if trouble == "perspective" else TRIES
    assert counted >= least, f"{counted} of {TRIES} read"


def test_all_troubles_at_once_are_survived_mostly(record_property: Callable[[str, object], None]) -> None:
    counted, tried = 0, 0
    for name, face in PAPERS.items():
        for turn in range(TRIES):
            chance, picture = random.Random(turn), shot(name, SHOT_DPI)
            for trouble in TROUBLES.values():
                picture = trouble(picture, chance, 0.3)
            tried += 1
            counted += read(picture) == [face.verify_url]
    record_property(COUNTED, [f"all of it at once at {SHOT_DPI} dpi", counted, tried])
    assert counted >= 0.9 * tried, f"{counted} of {tried} read"
