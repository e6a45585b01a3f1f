"""The qualification certificate 资质证, template qualification-1.

Two papers: the original for the wall, A3 landscape, and the duplicate for the file, A4 portrait.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.documents.first.border import frame
from chalicelib.documents.first.stationery import (
    BRONZE,
    CINNABAR,
    GOLD,
    IVORY,
    MARGIN,
    SLATE,
    centred,
    code,
    issuer,
    notice_of_test,
    plaque,
    rules_beside,
    verification,
    words,
)
from chalicelib.documents.first.table import Column, Row
from chalicelib.documents.layout import Align, Box, Element, Layout, Line
from chalicelib.rules.certificate_face import A3_LANDSCAPE, A4, Face
from chalicelib.rules.vocabulary import Part

TITLE = "有害生物防制服务资质证书"
ENGLISH = "QUALIFICATION CERTIFICATE FOR PEST CONTROL SERVICES"
GRANTED = "经审核，符合有害生物防制服务资质条件，特发此证。"
GRANTED_ENGLISH = "has been reviewed and found qualified to provide pest control services."
LARGE = 1.2  # type and frame of the original against the duplicate

NUMBER = Row("证书编号", "Certificate No.", "{number}")
CREDIT_CODE = Row("统一社会信用代码", "Unified Social Credit Code", "{credit_code}")
REPRESENTATIVE = Row("法定代表人", "Legal Representative", "{legal_representative}")
ADDRESS = Row("注册地址", "Registered Address", "{address}")
SERVICES = Row("服务项目", "Scope of Services", "{services}")
VALIDITY = Row("有效期限", "Period of Validity", "{valid_from} 至 {valid_to}")
REVIEWED = Row("年审记录", "Annual Reviews", "{reviewed} 年度已年审")
# the year of issue counts as reviewed (domain §2)
NOT_YET_REVIEWED = Row("年审记录", "Annual Reviews", "发证当年视同已年审")


def layout(face: Face) -> Layout:
    """The paper of the face's part, its elements in the order in which they are painted."""
    return PAPERS[face.which](face)


def _reviews(face: Face) -> Row:
    return REVIEWED if face.says()["reviewed"] else NOT_YET_REVIEWED


def _part(part: Part) -> str:
    return f"{{part}}  {part.upper()}"


# --- original ---------------------------------------------------------------------------------------------------------

ORIGINAL_MIDDLE = 210.0


def _original(face: Face) -> Layout:
    notice = notice_of_test(ORIGINAL_MIDDLE, 101.3, LARGE) if face.test else ()
    elements = (*_ORIGINAL_FRAME, *_ORIGINAL_HEAD, *notice, *_ORIGINAL_BODY, *_original_table(face), *_ORIGINAL_FOOT)
    return Layout("qualification-1-original", elements, *A3_LANDSCAPE, margin=MARGIN * LARGE)


def _across(y: float, height: float, width: float = 300.0) -> Box:
    return centred(ORIGINAL_MIDDLE, y, height, width)


_ORIGINAL_FRAME = frame(*A3_LANDSCAPE, heart=150, scale=LARGE)

_ORIGINAL_HEAD: tuple[Element, ...] = (
    words("{association}", _across(36, 9), 20, tracking=1.9, weight=0.25, one_line=9),
    words("{association_english}", _across(46.5, 4.6), 10.5, SLATE, tracking=0.2),
    words(TITLE, _across(56, 21), 54, CINNABAR, tracking=5.5, weight=1.1),
    words(ENGLISH, _across(80, 6), 14.5, BRONZE, tracking=1.2, weight=0.2),
    *rules_beside(ORIGINAL_MIDDLE, 94.5, 34, 120),
    *plaque(_across(89.8, 9.4, 60), _part(Part.ORIGINAL), 14.5, IVORY, BRONZE),
)

_ORIGINAL_BODY: tuple[Element, ...] = (
    words("兹证明", _across(114, 6.5), 16, tracking=2.5),
    words("This is to certify that", _across(121, 4), 10, SLATE),
    words("{holder}", _across(127.8, 16.6), 32, weight=0.5, tracking=0.4, lines=2, one_line=20, smallest=14),
    Line((90, 146.6), (330, 146.6), GOLD, 0.25),
    words(GRANTED, _across(149, 6.5), 16, tracking=0.6),
    words(GRANTED_ENGLISH, _across(156.2, 4), 10, SLATE),
)

_LEFT = Column(58, 144, 51, Align.LEFT, LARGE)
_RIGHT = Column(218, 144, 51, Align.LEFT, LARGE)
_WHOLE = Column(58, 304, 51, Align.LEFT, LARGE)


def _original_table(face: Face) -> tuple[Element, ...]:
    left, right = (NUMBER, REPRESENTATIVE, SERVICES), (CREDIT_CODE, VALIDITY, _reviews(face))
    return (
        *_LEFT.table(164.5, *(replace(row, lines=3, height=12) for row in left)),
        *_RIGHT.table(164.5, *(replace(row, lines=3, height=12) for row in right)),
        *_WHOLE.table(200.5, replace(ADDRESS, lines=3, height=15)),
    )


_ORIGINAL_FOOT = (*code(58, 219.4, LARGE), *verification(105, 230.4, 90, Align.LEFT, LARGE), *issuer(310, 229.3, 104))


# --- duplicate --------------------------------------------------------------------------------------------------------

DUPLICATE_MIDDLE = 105.0


def _duplicate(face: Face) -> Layout:
    notice = notice_of_test(DUPLICATE_MIDDLE, 84) if face.test else ()
    elements = (
        *_DUPLICATE_FRAME, *_DUPLICATE_HEAD, *notice, *_DUPLICATE_BODY, *_duplicate_table(face), *_DUPLICATE_FOOT,
    )  # fmt: skip
    return Layout("qualification-1-duplicate", elements, *A4, margin=MARGIN)


def _down(y: float, height: float, width: float = 146.0) -> Box:
    return centred(DUPLICATE_MIDDLE, y, height, width)


_DUPLICATE_FRAME = frame(*A4, heart=150)

_DUPLICATE_HEAD: tuple[Element, ...] = (
    words("{association}", _down(30.5, 7), 15, tracking=1.4, weight=0.25, one_line=9),
    words("{association_english}", _down(38.3, 3.6), 8.5, SLATE, tracking=0.15),
    words(TITLE, _down(47, 12.5), 29, CINNABAR, tracking=1.9, weight=0.8),
    words(ENGLISH, _down(61.5, 4.4), 9, BRONZE, tracking=0.75, weight=0.15),
    *rules_beside(DUPLICATE_MIDDLE, 74.2, 31, 65),
    *plaque(_down(70.2, 8, 54), _part(Part.DUPLICATE), 11.5, IVORY, BRONZE),
)

_DUPLICATE_BODY: tuple[Element, ...] = (
    words("兹证明", _down(95.5, 5), 12.5, tracking=2),
    words("This is to certify that", _down(101, 3), 8, SLATE),
    words("{holder}", _down(105, 14), 22, weight=0.4, tracking=0.3, lines=2, one_line=15, smallest=9),
    Line((40, 120), (170, 120), GOLD, 0.25),
    words(GRANTED, _down(122, 5), 12.5, tracking=0.4),
    words(GRANTED_ENGLISH, _down(127.7, 3.2), 8, SLATE),
)


def _duplicate_table(face: Face) -> tuple[Element, ...]:
    usual = (NUMBER, CREDIT_CODE, REPRESENTATIVE)
    rest = (SERVICES, VALIDITY, _reviews(face))
    return tuple(
        Column(34, 142, 44, Align.LEFT).table(
            135,
            *(replace(row, lines=3, height=9.6) for row in usual),
            replace(ADDRESS, lines=5, height=16, smallest=4.5),
            *(replace(row, lines=3, height=9.6) for row in rest),
        )
    )


_DUPLICATE_FOOT = (*code(43, 213.5), *verification(34, 250, 53), *issuer(138, 224.5, 84))


PAPERS: Mapping[Part, Callable[[Face], Layout]] = {Part.ORIGINAL: _original, Part.DUPLICATE: _duplicate}
