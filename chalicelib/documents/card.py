"""The card of a training certificate: two faces of a bank card's size (ISO/IEC 7810, ID-1), to be folded."""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.documents.border import JADE
from chalicelib.documents.layout import (
    Align,
    Box,
    Colour,
    Element,
    Frame,
    Guilloche,
    Line,
    Photo,
    Point,
    Text,
)
from chalicelib.documents.ornaments import along, around, ground, lace, ripple, wreath
from chalicelib.documents.stationery import CINNABAR, INK, SLATE, WHITE, code, issuer, words

WOVEN: Colour = (56, 110, 101)
WIDTH, HEIGHT = 85.6, 54.0
PHOTO = (26.0, 32.0)  # 一寸照 (guide, 岗位培训)
HEAD, BACK_HEAD, FOOT = 10.0, 5.0, 1.4  # heights of the coloured strips
CODE_SCALE = 0.93  # a code of 26 mm
SEAL = 34.0  # the seal is printed smaller, as on cards it is: at its full 42 mm it would fill the back
MARK, GAP = 4.0, 1.2  # crop marks: length, and how far they keep from the card


def elements(x: float, y: float, *, test: bool) -> Iterator[Element]:
    """Both faces, the front at (x, y), the back to its right, and the marks around them."""
    yield from _ground(x, y)
    yield from _front(x, y, test=test)
    yield from _back(x + WIDTH, y)
    yield from _marks(x, y)


def _ground(x: float, y: float) -> Iterator[Element]:
    whole = Box(x, y, 2 * WIDTH, HEIGHT)
    yield Frame(whole, fill=JADE.paper)
    yield Guilloche((ripple(whole.w, 1.0, 7.6, 4),), JADE.pale, 0.08, tuple(ground(whole, 1.35)))
    for radius, reach, lobes in ((6, 3, 12), (12, 3.7, 16), (19.2, 4.4, 24)):
        for wide, narrow in ((reach, reach / 3), (reach / 3, reach)):
            places = around(_seal(x + WIDTH, y), lobes)
            yield Guilloche(wreath(radius, wide, narrow, 9, lobes), JADE.light, 0.08, places)
    yield Frame(Box(x, y + HEIGHT - FOOT, whole.w, FOOT), fill=JADE.dark)
    yield Line((x, y + HEIGHT - FOOT - 0.5), (x + whole.w, y + HEIGHT - FOOT - 0.5), JADE.dark, 0.12)


def _seal(x: float, y: float) -> Point:
    """The middle of the seal on the back that begins at (x, y)."""
    return x + 61.6, y + BACK_HEAD + (HEIGHT - FOOT - BACK_HEAD) / 2


def _strip(x: float, y: float, height: float) -> Iterator[Element]:
    """A coloured strip at the head of a face, with lace of its own colour woven into it."""
    yield Frame(Box(x, y, WIDTH, height), fill=JADE.dark)
    reach, length, cells = height * 0.42, height * 0.9, round(WIDTH / (height * 0.9))
    places = along((x, y + height / 2), (x + WIDTH, y + height / 2), cells, length)
    for wide, narrow in ((reach, reach / 4), (reach / 4, reach)):
        yield Guilloche(lace(length, wide, narrow, 8), WOVEN, 0.09, places)
    yield Line((x, y + height + 0.5), (x + WIDTH, y + height + 0.5), JADE.dark, 0.12)


def _front(x: float, y: float, *, test: bool) -> Iterator[Element]:
    yield from _strip(x, y, HEAD)
    title = Box(x + 18, y + 1, WIDTH - 36, 5.2)
    yield words("岗位培训合格证", title, 13, WHITE, tracking=1.3, bold=True)
    yield words(
        "CERTIFICATE OF JOB TRAINING", Box(x + 18, y + 6.4, WIDTH - 36, 2.4), 5.2, WHITE, tracking=0.22, smallest=4
    )
    photo = Box(x + 4.6, y + 12.5, *PHOTO)
    yield Frame(Box(photo.x - 0.4, photo.y - 0.4, photo.w + 0.8, photo.h + 0.8), JADE.dark, WHITE, 0.15)
    yield Photo("photo", photo)
    yield words("{number}", Box(photo.x, y + 45.3, photo.w, 3.4), 8, bold=True, tracking=0.15, smallest=4)
    if test:
        yield words("测试证书 TEST", Box(photo.x, y + 48.9, photo.w, 2.6), 6.5, CINNABAR, tracking=0.1)
    yield from _particulars(x + 34.6, y + 12)


class Particular(NamedTuple):
    """One line of the front: a label over its English, the value beside it, both in a row ``height`` mm high."""

    label: str
    english: str
    value: str
    height: float = 5.2
    size: float = 8.5


PARTICULARS = (
    Particular("姓名", "Name", "{holder}", 7.2, 14),
    Particular("性别", "Sex", "{sex}"),
    Particular("证件", "ID No.", "{identity}"),
    Particular("单位", "Employer", "{employer}", 8.4),
    Particular("工种", "Work", "{work}"),
    Particular("有效期", "Valid", "{valid_from} 至 {valid_to}", 7.4),
)
LABELS, VALUES = 10.0, 37.4  # widths


def _particulars(x: float, y: float) -> Iterator[Element]:
    for place, each in enumerate(PARTICULARS):
        yield from _particular(x, y, each)
        y += each.height
        if place + 1 < len(PARTICULARS):
            yield Line((x, y), (x + LABELS + VALUES, y), JADE.middle, 0.08)


def _particular(x: float, y: float, each: Particular) -> Iterator[Text]:
    top = y + (each.height - 4.4) / 2
    yield words(each.label, Box(x, top, LABELS, 2.5), 6.5, JADE.dark, align=Align.LEFT)
    yield words(each.english, Box(x, top + 2.7, LABELS, 1.7), 4.7, SLATE, align=Align.LEFT, smallest=3.5)
    yield words(
        each.value, Box(x + LABELS, y + 0.2, VALUES, each.height - 0.4), each.size, align=Align.LEFT, bold=True,
        tracking=0.15, smallest=3, leading=1.15, paragraph=True,
    )  # fmt: skip


def _back(x: float, y: float) -> Iterator[Element]:
    yield from _strip(x, y, BACK_HEAD)
    strip = Box(x + 9, y + 0.8, WIDTH - 18, BACK_HEAD - 1.6)
    yield words("{association_english}", strip, 7, WHITE, tracking=0.15, smallest=3)
    yield from code(x + 3.6, y + 6.1, CODE_SCALE, JADE.middle)
    yield from _how(x + 3.6, y + 39.1, 35)
    middle, centre = _seal(x, y)
    yield from issuer(middle, centre, 45, 0.64, SEAL)


def _how(x: float, y: float, width: float) -> Iterator[Element]:
    for text, below, height, size, colour, lines in (
        ("扫码查验真伪  SCAN TO VERIFY", 0, 3, 6.5, JADE.dark, 1),
        ("微信或手机相机扫码，网页须与本卡一致。", 3.3, 2.1, 5.2, INK, 1),
        ("{verify_site}", 5.8, 2, 5, SLATE, 1),
        ("{verify_token}", 8, 2, 5, SLATE, 1),
        ("{contact_line}", 10.2, 2.1, 5, SLATE, 1),
    ):
        yield words(
            text, Box(x, y + below, width, height), size, colour, align=Align.LEFT, lines=lines, one_line=4,
            smallest=3, bold=below == 0, leading=1.15,
        )  # fmt: skip


def _marks(x: float, y: float) -> Iterator[Element]:
    right, foot, fold = x + 2 * WIDTH, y + HEIGHT, x + WIDTH
    for edge, way in ((x, -1), (right, 1)):
        for height in (y, foot):
            yield Line((edge + way * GAP, height), (edge + way * (GAP + MARK), height), INK, 0.12)
    for edge, way in ((y, -1), (foot, 1)):
        for place in (x, right):
            yield Line((place, edge + way * GAP), (place, edge + way * (GAP + MARK)), INK, 0.12)
        for dash in range(3):
            start = edge + way * (GAP + 1.6 * dash)
            yield Line((fold, start), (fold, start + way * 0.9), INK, 0.12)
