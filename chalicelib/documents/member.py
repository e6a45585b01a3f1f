"""The member certificate 会员证, template member-1: A4 portrait, drawn to be framed."""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.documents.layout import (
    Align,
    Box,
    Code,
    Colour,
    Element,
    Frame,
    Guilloche,
    Layout,
    Line,
    SealField,
    Text,
)
from chalicelib.documents.ornaments import braided_border, rosette
from chalicelib.documents.seal import DIAMETER
from chalicelib.rules.certificate_face import TEST_NOTICE, MemberFace, chinese_date

GOLD: Colour = (173, 136, 72)
BRONZE: Colour = (122, 88, 36)
IVORY: Colour = (252, 248, 238)
HONEY: Colour = (240, 229, 204)
CINNABAR: Colour = (168, 24, 32)
INK: Colour = (34, 30, 28)
SLATE: Colour = (104, 96, 88)
WHITE: Colour = (255, 255, 255)

MIDDLE = 105.0
# text keeps inside this; the innermost rule of the frame runs around it
INNER = Box(26.0, 26.0, 158.0, 245.0)

SAMPLE: Mapping[str, str] = MappingProxyType(
    {
        "association": "样例市行业协会",
        "association_english": "Sample City Trade Association",
        "holder": "样例市洁康有害生物防治服务有限公司",
        "credit_code": "91440101MA0000000X",
        "number": "HY-2026-0001",
        "valid_from": "2026年11月24日",
        "valid_to": "2026年12月31日",
        "issued_on": "2026年11月24日",
        "verify_url": "HTTPS://M.EXAMPLE.CN/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ23",
        "verify_site": "HTTPS://M.EXAMPLE.CN/V/",
        "verify_token": "ABCDEFGHIJKLMNOPQRSTUVWXYZ23",
        "contact_line": "电话 020-0000 0000",
    }
)


def values(face: MemberFace) -> dict[str, str]:
    """What the {names} of the template stand for on this face."""
    site, slash, token = face.verify_url.rpartition("/")
    return {
        "association": face.association,
        "association_english": face.association_english,
        "holder": face.holder,
        "credit_code": face.credit_code,
        "number": face.number,
        "valid_from": chinese_date(face.valid_from),
        "valid_to": chinese_date(face.valid_to),
        "issued_on": chinese_date(face.issued_on),
        "verify_url": face.verify_url,
        "verify_site": site + slash,
        "verify_token": token,
        "contact_line": face.contact_line,
    }


def layout(*, test: bool) -> Layout:
    """The elements in the order in which they are painted."""
    notice = _TEST_NOTICE if test else ()
    return Layout("member-1", (*_FRAME, *_HEAD, *notice, *_BODY, *_TABLE, *_VERIFICATION, *_ISSUER))


def _text(text: str, box: Box, size: float, colour: Colour = INK, **rule: object) -> Text:
    sample = {name: value for name, value in SAMPLE.items() if f"{{{name}}}" in text}
    return Text(text, box, size, colour, MappingProxyType(sample), **rule)  # type: ignore[arg-type]  # Text checks names


def _centred(y: float, height: float, width: float = 140.0) -> Box:
    return Box(MIDDLE - width / 2, y, width, height)


# the middle line of the braided band
_BAND = Box(13.7, 13.7, 182.6, 269.6)
_CORNERS = tuple((x, y) for x in (13.7, 196.3) for y in (13.7, 283.3))
_FRAME: tuple[Element, ...] = (
    # the tint ends at the frame: printers leave the edge of a sheet white
    Frame(Box(8, 8, 194, 281), fill=IVORY),
    Guilloche(
        tuple(
            curve
            for inner, outer, petals in ((14, 40, 16), (38, 62, 28))
            for curve in rosette((MIDDLE, 150), inner, outer, petals, 4)
        ),
        HONEY,
        0.16,
    ),
    Frame(Box(8, 8, 194, 281), stroke=BRONZE, thickness=0.9),
    Frame(Box(9.6, 9.6, 190.8, 277.8), stroke=GOLD, thickness=0.2),
    Guilloche(braided_border(_BAND, 3.0, 15.2, 6, 4.1), GOLD, 0.16),
    Guilloche(braided_border(_BAND, 1.5, 7.6, 2, 4.1), BRONZE, 0.16),
    *(Frame(Box(x - 4.1, y - 4.1, 8.2, 8.2), stroke=GOLD, thickness=0.2) for x, y in _CORNERS),
    Guilloche(
        tuple(curve for centre in _CORNERS for curve in rosette(centre, 0.9, 3.6, 8, 4)),
        BRONZE,
        0.18,
    ),
    Frame(Box(17.8, 17.8, 174.4, 261.4), stroke=GOLD, thickness=0.2),
    Frame(Box(19.2, 19.2, 171.6, 258.6), stroke=BRONZE, thickness=0.5),
    Frame(Box(22.4, 22.4, 165.2, 252.2), stroke=GOLD, thickness=0.2, cut=7),
)

_HEAD: tuple[Element, ...] = (
    _text("{association}", _centred(32, 8), 17, tracking=1.6, weight=0.25, one_line=9),
    _text("{association_english}", _centred(41, 4), 8.5, SLATE, tracking=0.15),
    _text("会员证", _centred(50, 24), 60, CINNABAR, tracking=12, weight=1.2),
    _text("MEMBER CERTIFICATE", _centred(76, 6), 13, BRONZE, tracking=1.95, weight=0.2),
    Line((62, 87.5), (99.5, 87.5), GOLD, 0.25),
    Line((110.5, 87.5), (148, 87.5), GOLD, 0.25),
    Guilloche(rosette((MIDDLE, 87.5), 0.8, 3.4, 6, 3), BRONZE, 0.2),
)

_TEST_NOTICE: tuple[Element, ...] = (
    Frame(Box(63, 93, 84, 8.4), fill=CINNABAR, cut=1.6),
    Frame(Box(63.9, 93.9, 82.2, 6.6), stroke=WHITE, thickness=0.15, cut=1.2),
    _text(TEST_NOTICE, Box(63, 93, 84, 8.4), 11.5, WHITE, tracking=0.6, weight=0.2),
)

_BODY: tuple[Element, ...] = (
    _text("兹证明", _centred(106, 7), 15, tracking=2.5),
    _text("This is to certify that", _centred(113.5, 4), 8.5, SLATE),
    _text("{holder}", _centred(119.5, 18, 146), 24, weight=0.45, tracking=0.3, lines=2, one_line=17, smallest=11),
    Line((40, 140.5), (170, 140.5), GOLD, 0.25),
    _text("为{association}会员单位，特发此证。", _centred(144, 7), 14.5, tracking=0.5, one_line=9),
    _text("is a member of {association_english}.", _centred(151.5, 7.5, 146), 8.5, SLATE, lines=2, one_line=7),
)


def _row(y: float, chinese: str, english: str, value: str) -> tuple[Element, ...]:
    return (
        _text(chinese, Box(46, y + 1.3, 42, 5), 10.5, BRONZE, align=Align.LEFT, tracking=0.4),
        _text(english, Box(46, y + 5.9, 42, 3.2), 7, SLATE, align=Align.LEFT),
        _text(value, Box(88, y, 76, 10.6), 13, align=Align.RIGHT, weight=0.15, tracking=0.25),
        Line((46, y + 10.6), (164, y + 10.6), GOLD, 0.15),
    )


_TABLE: tuple[Element, ...] = (
    Line((46, 163), (164, 163), GOLD, 0.35),
    *_row(163, "证书编号", "Certificate No.", "{number}"),
    *_row(173.6, "统一社会信用代码", "Unified Social Credit Code", "{credit_code}"),
    *_row(184.2, "有效期限", "Period of Validity", "{valid_from} 至 {valid_to}"),
    *_row(194.8, "发证日期", "Date of Issue", "{issued_on}"),
)

_VERIFICATION: tuple[Element, ...] = (
    # white out to the quiet zone of four modules, whatever the paper's tint
    Frame(Box(42, 213.5, 35, 35), fill=WHITE, stroke=GOLD, thickness=0.2),
    Code("verify_url", Box(45.5, 217, 28, 28), INK, SAMPLE["verify_url"]),
    _text("扫码验证真伪  Scan to verify", Box(33, 250, 53, 4), 8.5, BRONZE),
    # broken where a reader who types it would pause
    _text("{verify_site}", Box(33, 254.8, 53, 2.8), 6.5, SLATE, smallest=3.5),
    _text("{verify_token}", Box(33, 257.7, 53, 2.8), 6.5, SLATE, smallest=3.5),
    _text("{contact_line}", Box(33, 261.2, 53, 5.4), 6.5, SLATE, lines=2, one_line=5.5, smallest=4),
)

_ISSUER: tuple[Element, ...] = (
    _text("{association}", Box(96, 224.5, 84, 8), 15, tracking=0.5, weight=0.2, one_line=8),
    _text("{issued_on}", Box(96, 239, 84, 7), 14, tracking=0.5),
    SealField("association", Box(138 - DIAMETER / 2, 235.4 - DIAMETER / 2, DIAMETER, DIAMETER), SAMPLE["association"]),
)
