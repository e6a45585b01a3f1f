"""What the association's certificates share: colours, texts with their samples, plaques, the code, the seal's place."""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.documents.layout import Align, Box, Code, Colour, Element, Frame, Line, SealField, Text
from chalicelib.documents.seal import DIAMETER
from chalicelib.rules.certificate_face import TEST_NOTICE

GOLD: Colour = (173, 136, 72)
BRONZE: Colour = (122, 88, 36)
IVORY: Colour = (252, 248, 238)
HONEY: Colour = (240, 229, 204)
CINNABAR: Colour = (168, 24, 32)
INK: Colour = (34, 30, 28)
SLATE: Colour = (104, 96, 88)
WHITE: Colour = (255, 255, 255)

# text keeps this far from the edge of an A4 sheet; the innermost rule of the frame runs around it
MARGIN = 26.0
# side of the code; white out to the quiet zone of four modules, whatever the paper's tint
CODE, CODE_GROUND = 28.0, 35.0

SAMPLE: Mapping[str, str] = MappingProxyType(
    {
        "association": "样例市行业协会",
        "association_english": "Sample City Trade Association",
        "holder": "样例市洁康有害生物防治服务有限公司",
        "credit_code": "91440101MA0000000X",
        "legal_representative": "样甲一",
        "address": "样例市样例区样例大道 1 号",
        "services": "灭鼠、灭蚊、消毒",
        "reviewed": "2027、2028",
        "part": "正本",
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


def words(text: str, box: Box, size: float, colour: Colour = INK, **rule: object) -> Text:
    """A text with the samples of the {names} in it; ``rule`` is what else Text takes."""
    sample = {name: value for name, value in SAMPLE.items() if f"{{{name}}}" in text}
    return Text(text, box, size, colour, MappingProxyType(sample), **rule)  # type: ignore[arg-type]  # Text checks names


def centred(middle: float, y: float, height: float, width: float) -> Box:
    return Box(middle - width / 2, y, width, height)


def plaque(box: Box, text: str, size: float, ground: Colour, ink: Colour) -> tuple[Element, ...]:
    inside = Box(box.x + 0.9, box.y + 0.9, box.w - 1.8, box.h - 1.8)
    return (
        Frame(box, fill=ground, cut=1.6),
        Frame(inside, stroke=ink, thickness=0.15, cut=1.2),
        words(text, box, size, ink, tracking=0.6, weight=0.2),
    )


def notice_of_test(middle: float, y: float, scale: float = 1.0) -> tuple[Element, ...]:
    return plaque(centred(middle, y, 8.4 * scale, 84 * scale), TEST_NOTICE, 11.5 * scale, CINNABAR, WHITE)


def rules_beside(middle: float, y: float, gap: float, reach: float) -> tuple[Element, ...]:
    """Two fine lines from ``gap`` to ``reach`` mm on either side of the middle."""
    return (
        Line((middle - reach, y), (middle - gap, y), GOLD, 0.25),
        Line((middle + gap, y), (middle + reach, y), GOLD, 0.25),
    )


def code(x: float, y: float, scale: float = 1.0) -> tuple[Element, ...]:
    """The code of the address of verification on its ground, whose upper left corner is given."""
    side, ground = CODE * scale, CODE_GROUND * scale
    quiet = (ground - side) / 2
    return (
        Frame(Box(x, y, ground, ground), fill=WHITE, stroke=GOLD, thickness=0.2),
        Code("verify_url", Box(x + quiet, y + quiet, side, side), INK, SAMPLE["verify_url"]),
    )


def verification(
    x: float, y: float, width: float, align: Align = Align.CENTRE, scale: float = 1.0
) -> tuple[Element, ...]:
    """How to verify, in words, 16.6 mm high: for those who cannot scan."""

    def line(text: str, below: float, height: float, size: float, colour: Colour, **rule: float) -> Text:
        box = Box(x, y + below * scale, width, height * scale)
        return words(text, box, size * scale, colour, align=align, **rule)

    return (
        line("扫码验证真伪  Scan to verify", 0, 4, 8.5, BRONZE),
        # broken where a reader who types it would pause
        line("{verify_site}", 4.8, 2.8, 6.5, SLATE, smallest=3.5),
        line("{verify_token}", 7.7, 2.8, 6.5, SLATE, smallest=3.5),
        line("{contact_line}", 11.2, 5.4, 6.5, SLATE, lines=2, one_line=5.5, smallest=4),
    )


def issuer(middle: float, y: float, width: float) -> tuple[Element, ...]:
    """The association and the day of issue, one over the other, 21.5 mm high, and the seal upon both."""
    return (
        words("{association}", Box(middle - width / 2, y, width, 8), 15, tracking=0.5, weight=0.2, one_line=8),
        words("{issued_on}", Box(middle - width / 2, y + 14.5, width, 7), 14, tracking=0.5),
        SealField("association", centred(middle, y + 10.9 - DIAMETER / 2, DIAMETER, DIAMETER), SAMPLE["association"]),
    )
