"""The member certificate 会员证, template member-2: A4 portrait, drawn to be framed."""

from chalicelib.documents.border import SEPIA, Sheet, frame
from chalicelib.documents.layout import Box, Element, Layout
from chalicelib.documents.stationery import (
    CINNABAR,
    MARGIN,
    SLATE,
    centred,
    code,
    divider,
    issuer,
    notice_of_test,
    underline,
    verification,
    words,
)
from chalicelib.documents.table import Column, Row
from chalicelib.rules.certificate_face import A4, Face

MIDDLE = 105.0
COLUMN = Column(38, 134, 47)


def layout(face: Face) -> Layout:
    """The elements in the order in which they are painted."""
    middle = _TEST_NOTICE if face.test else _LIVE
    elements = (*_FRAME, *_HEAD, *middle, *_BODY, *_TABLE, *_FOOT)
    return Layout("member-2", elements, *A4, margin=MARGIN)


def _centred(y: float, height: float, width: float = 140.0) -> Box:
    return centred(MIDDLE, y, height, width)


_FRAME = frame(Sheet(*A4), SEPIA, (MIDDLE, 148.5))

_HEAD: tuple[Element, ...] = (
    words("{association}", _centred(29.5, 8), 17, tracking=1.8, bold=True, one_line=9),
    words("{association_english}", _centred(38.9, 4), 8.5, SLATE, tracking=0.2),
    words("会员证", _centred(47.5, 26), 66, CINNABAR, tracking=14, bold=True),
    words("MEMBER CERTIFICATE", _centred(76, 6), 12.5, SEPIA.dark, tracking=2.2, bold=True),
)

_TEST_NOTICE = (*divider(MIDDLE, 88, 104), *notice_of_test(MIDDLE, 94.5))
_LIVE = divider(MIDDLE, 91.5, 104)

_BODY: tuple[Element, ...] = (
    words("兹证明", _centred(107.5, 7), 15, tracking=2.5),
    words("This is to certify that", _centred(115.1, 4), 8.5, SLATE, tracking=0.1),
    words("{holder}", _centred(122.2, 16, 134), 25, bold=True, tracking=0.5, lines=2, one_line=17, smallest=11),
    *underline(MIDDLE, 141.7, 134),
    words("为{association}会员单位，特发此证。", _centred(145.1, 7), 14, tracking=0.5, one_line=9),
    words(
        "is a member of {association_english}.", _centred(152.5, 7, 140), 8.5, SLATE, tracking=0.1, lines=2, one_line=7
    ),
)

_TABLE = tuple(
    COLUMN.table(
        162,
        Row("证书编号", "Certificate No.", "{number}"),
        Row("统一社会信用代码", "Unified Social Credit Code", "{credit_code}"),
        Row("有效期限", "Period of Validity", "{valid_from} 至 {valid_to}"),
        Row("发证日期", "Date of Issue", "{issued_on}"),
    )
)

_FOOT = (*code(38, 212), *verification(38, 248.8, 62), *issuer(138, 235.5, 68))
