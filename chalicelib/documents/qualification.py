"""The qualification certificate 资质证, template qualification-2.

Two papers: the original for the wall, A3 landscape, and the duplicate for the file, A4 portrait.
"""

from collections.abc import Callable, Iterator, Mapping

from chalicelib.documents import reviews
from chalicelib.documents.border import SEPIA, Sheet, frame
from chalicelib.documents.layout import Align, Box, Element, Layout
from chalicelib.documents.stationery import (
    CINNABAR,
    FINE,
    MARGIN,
    SLATE,
    centred,
    code,
    flanked,
    issuer,
    notice_of_test,
    underline,
    verification_beside,
    words,
)
from chalicelib.documents.table import Column, Row
from chalicelib.rules.certificate_face import A3_LANDSCAPE, A4, Face
from chalicelib.rules.vocabulary import Part

TITLE = "有害生物防制服务资质证书"
ENGLISH = "QUALIFICATION CERTIFICATE FOR PEST CONTROL SERVICES"
GRANTED = "经审核，符合有害生物防制服务资质条件，特发此证。"
GRANTED_ENGLISH = "has been reviewed and found qualified to provide pest control services."
# the year of issue counts as reviewed (domain §2)
FIRST_YEAR = "发证当年视同已年审"
FIRST_YEAR_IN_BOTH = f"{FIRST_YEAR}  The year of issue counts as reviewed."
# points, on either paper: whatever a scope of 400 characters or an address of 200 holds is printed at least so large
SMALLEST = 6.5
LARGE, WIDE = 1.25, 1.12  # type and frame of the original against those of the duplicate

# a label in both languages, and what stands beside it
Caption = tuple[str, str, str]
NUMBER = ("证书编号", "Certificate No.", "{number}")
CREDIT_CODE = ("统一社会信用代码", "Unified Social Credit Code", "{credit_code}")
REPRESENTATIVE = ("法定代表人", "Legal Representative", "{legal_representative}")
ADDRESS = ("注册地址", "Registered Address", "{address}")
SERVICES = ("服务项目", "Scope of Services", "{services}")
VALIDITY = ("有效期限", "Period of Validity", "{valid_from} 至 {valid_to}")
REVIEWED = ("年审记录", "Annual Reviews")


def layout(face: Face) -> Layout:
    """The paper of the face's part, its elements in the order in which they are painted."""
    return PAPERS[face.which](face)


def _part(part: Part) -> str:
    return f"{{part}}  {part.upper()}"


# --- original ---------------------------------------------------------------------------------------------------------

ORIGINAL_MIDDLE = 210.0


def _original(face: Face) -> Layout:
    middle = (
        (*_original_part(93), *notice_of_test(ORIGINAL_MIDDLE, 102.5, LARGE)) if face.test else _original_part(96.5)
    )
    elements = (
        *_ORIGINAL_FRAME, *_ORIGINAL_HEAD, *middle, *_ORIGINAL_BODY, *_ORIGINAL_TABLE, *_ORIGINAL_REVIEWS,
        *_ORIGINAL_FOOT,
    )  # fmt: skip
    return Layout("qualification-2-original", elements, *A3_LANDSCAPE, margin=MARGIN * WIDE)


def _across(y: float, height: float, width: float = 320.0) -> Box:
    return centred(ORIGINAL_MIDDLE, y, height, width)


_ORIGINAL_FRAME = frame(Sheet(*A3_LANDSCAPE, WIDE), SEPIA, (ORIGINAL_MIDDLE, 148.5))

_ORIGINAL_HEAD: tuple[Element, ...] = (
    words("{association}", _across(33.5, 9), 21, tracking=2.2, bold=True, one_line=9),
    words("{association_english}", _across(43.7, 4.6), 10.5, SLATE, tracking=0.25),
    words(TITLE, _across(53.5, 21), 55, CINNABAR, tracking=6.6, bold=True),
    words(ENGLISH, _across(78, 6), 14, SEPIA.dark, tracking=1.6, bold=True),
)


def _original_part(y: float) -> tuple[Element, ...]:
    return flanked(ORIGINAL_MIDDLE, y, _part(Part.ORIGINAL), 68, 320, LARGE)


_ORIGINAL_BODY: tuple[Element, ...] = (
    words("兹证明", _across(115.5, 6.5), 16, tracking=2.5),
    words("This is to certify that", _across(122.6, 4), 10, SLATE, tracking=0.1),
    words("{holder}", _across(128.6, 15.8), 35, bold=True, tracking=0.9, lines=2, one_line=22, smallest=14),
    *underline(ORIGINAL_MIDDLE, 147, 320),
    words(GRANTED, _across(150, 6.5), 16, tracking=0.8),
    words(GRANTED_ENGLISH, _across(157.2, 4), 10, SLATE, tracking=0.1),
)

_WHOLE = Column(50, 320, 56, LARGE)
_LEFT = Column(50, 155, 56, LARGE)
_RIGHT = Column(215, 155, 56, LARGE)


def _original_table() -> Iterator[Element]:
    def short(caption: Caption) -> Row:
        return Row(*caption, lines=2, height=12.2, size=12)

    yield from _LEFT.table(165, short(NUMBER), short(REPRESENTATIVE))
    yield from _RIGHT.table(165, short(CREDIT_CODE), short(VALIDITY))
    yield from _WHOLE.rows(
        189.4,
        Row(*ADDRESS, height=12.2, size=12, smallest=SMALLEST, paragraph=True),
        Row(*SERVICES, height=19.4, size=16, smallest=SMALLEST, paragraph=True),
    )


def _original_reviews() -> Iterator[Element]:
    x, y, width = 164.0, 225.0, 104.0
    yield words(REVIEWED[0], Box(x, y, 50, 6), 10.5 * LARGE, SEPIA.dark, align=Align.LEFT, tracking=0.5)
    yield words(REVIEWED[1], Box(x, y + 6, 50, 4), 7 * LARGE, SLATE, align=Align.LEFT, tracking=0.05)
    yield words(FIRST_YEAR, Box(x + 40, y + 0.8, width - 40, 4.6), 8 * LARGE, SLATE, align=Align.RIGHT)
    column = Column(x, width, 0, LARGE)
    yield column.rule(y + 11.5, FINE)
    yield from reviews.cells(Box(x, y + 11.5, width, 30), 3, LARGE)
    yield column.rule(y + 41.5, FINE)


_ORIGINAL_TABLE = tuple(_original_table())
_ORIGINAL_REVIEWS = tuple(_original_reviews())
_ORIGINAL_FOOT = (*code(50, 225, 1.2), *verification_beside(96, 225, 60, 1.2), *issuer(324, 246.2, 92, 1.05))


# --- duplicate --------------------------------------------------------------------------------------------------------

DUPLICATE_MIDDLE = 105.0


def _duplicate(face: Face) -> Layout:
    middle = (*_duplicate_part(73.4), *notice_of_test(DUPLICATE_MIDDLE, 80.6)) if face.test else _duplicate_part(77)
    elements = (*_DUPLICATE_FRAME, *_DUPLICATE_HEAD, *middle, *_DUPLICATE_BODY, *_DUPLICATE_TABLE, *_DUPLICATE_FOOT)
    return Layout("qualification-2-duplicate", elements, *A4, margin=MARGIN)


def _down(y: float, height: float, width: float = 142.0) -> Box:
    return centred(DUPLICATE_MIDDLE, y, height, width)


_DUPLICATE_FRAME = frame(Sheet(*A4), SEPIA, (DUPLICATE_MIDDLE, 148.5))

_DUPLICATE_HEAD: tuple[Element, ...] = (
    words("{association}", _down(30.5, 7), 15, tracking=1.4, bold=True, one_line=9),
    words("{association_english}", _down(38.4, 3.6), 8, SLATE, tracking=0.15),
    words(TITLE, _down(46.4, 13), 29, CINNABAR, tracking=1.9, bold=True),
    words(ENGLISH, _down(61, 4.4), 8.6, SEPIA.dark, tracking=0.85, bold=True),
)


def _duplicate_part(y: float) -> tuple[Element, ...]:
    return flanked(DUPLICATE_MIDDLE, y, _part(Part.DUPLICATE), 54, 142)


_DUPLICATE_BODY: tuple[Element, ...] = (
    words("兹证明", _down(92, 5), 12.5, tracking=2),
    words("This is to certify that", _down(97.4, 3), 8, SLATE, tracking=0.1),
    words("{holder}", _down(101.4, 14), 22, bold=True, tracking=0.4, lines=2, one_line=15, smallest=9),
    *underline(DUPLICATE_MIDDLE, 116.6, 142),
    words(GRANTED, _down(118.8, 5), 12, tracking=0.4),
    words(GRANTED_ENGLISH, _down(124.2, 3.2), 7.5, SLATE, tracking=0.1),
)

_COLUMN = Column(34, 142, 40, 0.92)


def _duplicate_table() -> Iterator[Element]:
    yield from _COLUMN.table(
        129.4,
        *(Row(*row, lines=2, height=9.1, size=12) for row in (NUMBER, CREDIT_CODE, REPRESENTATIVE, VALIDITY)),
        Row(*ADDRESS, height=15.8, size=12, smallest=SMALLEST, paragraph=True),
        Row(*SERVICES, height=30.2, size=18, smallest=SMALLEST, paragraph=True),
    )
    yield from _COLUMN.label(214, *REVIEWED)
    yield from reviews.cells(Box(72, 211.8, 104, 12.2), 6, 0.92)
    yield _COLUMN.rule(224, FINE)
    yield words(FIRST_YEAR_IN_BOTH, Box(74, 225, 102, 3), 6.5, SLATE, align=Align.LEFT)


_DUPLICATE_TABLE = tuple(_duplicate_table())
_DUPLICATE_FOOT = (*code(34, 230.4), *verification_beside(74, 230.4, 46), *issuer(147, 249, 58, 0.9))


PAPERS: Mapping[Part, Callable[[Face], Layout]] = {Part.ORIGINAL: _original, Part.DUPLICATE: _duplicate}
