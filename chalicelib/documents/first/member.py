"""The member certificate 会员证, template member-1: A4 portrait, drawn to be framed."""

from chalicelib.documents.first.border import frame
from chalicelib.documents.first.ornaments import rosette
from chalicelib.documents.first.stationery import (
    BRONZE,
    CINNABAR,
    GOLD,
    MARGIN,
    SLATE,
    centred,
    code,
    issuer,
    notice_of_test,
    rules_beside,
    verification,
    words,
)
from chalicelib.documents.first.table import Column, Row
from chalicelib.documents.layout import Box, Element, Guilloche, Layout, Line
from chalicelib.rules.certificate_face import A4, Face

MIDDLE = 105.0


def layout(face: Face) -> Layout:
    """The elements in the order in which they are painted."""
    notice = _TEST_NOTICE if face.test else ()
    elements = (*_FRAME, *_HEAD, *notice, *_BODY, *_TABLE, *_VERIFICATION, *_ISSUER)
    return Layout("member-1", elements, *A4, margin=MARGIN)


def _centred(y: float, height: float, width: float = 140.0) -> Box:
    return centred(MIDDLE, y, height, width)


_FRAME = frame(*A4, heart=150)

_HEAD: tuple[Element, ...] = (
    words("{association}", _centred(32, 8), 17, tracking=1.6, weight=0.25, one_line=9),
    words("{association_english}", _centred(41, 4), 8.5, SLATE, tracking=0.15),
    words("会员证", _centred(50, 24), 60, CINNABAR, tracking=12, weight=1.2),
    words("MEMBER CERTIFICATE", _centred(76, 6), 13, BRONZE, tracking=1.95, weight=0.2),
    *rules_beside(MIDDLE, 87.5, 5.5, 43),
    Guilloche(rosette((MIDDLE, 87.5), 0.8, 3.4, 6, 3), BRONZE, 0.2),
)

_TEST_NOTICE = notice_of_test(MIDDLE, 93)

_BODY: tuple[Element, ...] = (
    words("兹证明", _centred(106, 7), 15, tracking=2.5),
    words("This is to certify that", _centred(113.5, 4), 8.5, SLATE),
    words("{holder}", _centred(119.5, 18, 146), 24, weight=0.45, tracking=0.3, lines=2, one_line=17, smallest=11),
    Line((40, 140.5), (170, 140.5), GOLD, 0.25),
    words("为{association}会员单位，特发此证。", _centred(144, 7), 14.5, tracking=0.5, one_line=9),
    words("is a member of {association_english}.", _centred(151.5, 7.5, 146), 8.5, SLATE, lines=2, one_line=7),
)

_TABLE = tuple(
    Column(46, 118, 42).table(
        163,
        Row("证书编号", "Certificate No.", "{number}"),
        Row("统一社会信用代码", "Unified Social Credit Code", "{credit_code}"),
        Row("有效期限", "Period of Validity", "{valid_from} 至 {valid_to}"),
        Row("发证日期", "Date of Issue", "{issued_on}"),
    )
)

_VERIFICATION = (*code(42, 213.5), *verification(33, 250, 53))

_ISSUER = issuer(138, 224.5, 84)
