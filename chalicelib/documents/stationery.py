"""What the association's certificates share: colours, texts with their samples, plaques, the code, the seal's place."""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.documents.border import SEPIA, Inks, medallion
from chalicelib.documents.layout import Align, Box, Code, Colour, Element, Frame, Guilloche, Line, SealField, Text
from chalicelib.documents.ornaments import moved, vignette
from chalicelib.documents.seal import DIAMETER
from chalicelib.rules.certificate_face import TEST_NOTICE

CINNABAR: Colour = (160, 22, 30)
INK: Colour = (32, 28, 26)
SLATE: Colour = (100, 92, 84)
WHITE: Colour = (255, 255, 255)

# text keeps this far from the edge of an A4 sheet; the innermost rule of the frame runs around it
MARGIN = 26.0
# side of the code; white out to the quiet zone of four modules, whatever the paper's tint
CODE, CODE_GROUND = 28.0, 35.0
HOW_TO_VERIFY = "用微信或手机相机扫描，网页所示须与本证一致。"
HOW_IN_ENGLISH = "The page must show what this certificate says."
HAIR, FINE = 0.12, 0.3  # rules, in mm

SAMPLE: Mapping[str, str] = MappingProxyType(
    {
        "association": "样例市行业协会",
        "association_english": "Sample City Trade Association",
        "holder": "样例市洁康有害生物防治服务有限公司",
        "credit_code": "91440101MA0000000X",
        "legal_representative": "样甲一",
        "address": "样例市样例区样例大道 1 号",
        "services": "灭鼠、灭蚊、消毒",
        "part": "正本",
        "sex": "女",
        "identity": "44**************2X",
        "employer": "样例市洁康有害生物防治服务有限公司",
        "work": "有害生物防制员",
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
        words(text, box, size, ink, tracking=0.6, bold=True),
    )


def notice_of_test(middle: float, y: float, scale: float = 1.0) -> tuple[Element, ...]:
    return plaque(centred(middle, y, 8.4 * scale, 84 * scale), TEST_NOTICE, 11.5 * scale, CINNABAR, WHITE)


def divider(middle: float, y: float, length: float, inks: Inks = SEPIA) -> tuple[Element, ...]:
    """A small medallion between two braids that swell and taper off into fine rules."""
    braid, gap = length * 0.34, 4.6
    near, far = gap + braid, length / 2
    at = tuple(moved(middle + side * (gap + braid / 2), y) for side in (-1, 1))
    return (
        *(Line((middle + side * (near - 4), y), (middle + side * far, y), inks.middle, HAIR) for side in (-1, 1)),
        Guilloche(vignette(braid, 3.4, 8, 4), inks.dark, 0.1, at),
        *medallion(((middle, y),), inks, 0.42),
    )


def flanked(middle: float, y: float, text: str, width: float, length: float, scale: float = 1.0) -> tuple[Element, ...]:
    """A text on a plaque, between two braids that taper off."""
    height, braid = 8.4 * scale, (length - width) / 2 - 3
    at = tuple(moved(middle + side * (width / 2 + 3 + braid / 2), y) for side in (-1, 1))
    return (
        Guilloche(vignette(braid, 3.2 * scale, 8, max(round(braid / 9 / scale), 2)), SEPIA.dark, 0.1, at),
        *plaque(centred(middle, y - height / 2, height, width), text, 11.5 * scale, SEPIA.wash, SEPIA.dark),
    )


def underline(middle: float, y: float, length: float, inks: Inks = SEPIA) -> tuple[Element, ...]:
    return (
        Line((middle - length / 2, y), (middle + length / 2, y), inks.middle, FINE),
        Line((middle - length / 2, y + 0.9), (middle + length / 2, y + 0.9), inks.middle, HAIR),
    )


def code(x: float, y: float, scale: float = 1.0, edge: Colour = SEPIA.middle) -> tuple[Element, ...]:
    """The code of the address of verification on its ground, whose upper left corner is given."""
    side, ground = CODE * scale, CODE_GROUND * scale
    quiet = (ground - side) / 2
    return (
        Frame(Box(x, y, ground, ground), fill=WHITE, stroke=edge, thickness=0.2),
        Code("verify_url", Box(x + quiet, y + quiet, side, side), INK, SAMPLE["verify_url"]),
    )


def verification(x: float, y: float, width: float) -> tuple[Element, ...]:
    """How to verify, in words, 17 mm high, to stand under a code: for those who cannot scan, and what to look for."""
    return _told(
        Box(x, y, width, 17), 1.0,
        ("扫码查验真伪  SCAN TO VERIFY", 0, 4, 8.5, 1), (HOW_TO_VERIFY, 4.3, 3, 7, 1),
        ("{verify_site}", 7.9, 2.7, 6.5, 1), ("{verify_token}", 10.6, 2.7, 6.5, 1),
        ("{contact_line}", 13.4, 3.4, 6.5, 2),
    )  # fmt: skip


def verification_beside(x: float, y: float, width: float, scale: float = 1.0) -> tuple[Element, ...]:
    """The same in a narrow column as high as a code on its ground, 35 mm at scale 1."""
    return _told(
        Box(x, y, width, CODE_GROUND * scale), scale,
        ("扫码查验真伪", 0.4, 4, 9, 1), ("SCAN TO VERIFY", 5, 2.8, 6.5, 1), (HOW_TO_VERIFY, 9.4, 6.6, 7, 2),
        (HOW_IN_ENGLISH, 16.6, 5, 6, 2),
        ("{verify_site}", 23.2, 2.7, 6.5, 1), ("{verify_token}", 26, 2.7, 6.5, 1), ("{contact_line}", 29.6, 5, 6.5, 2),
    )  # fmt: skip


def _told(box: Box, scale: float, *lines: tuple[str, float, float, float, int]) -> tuple[Text, ...]:
    """Lines of text, how far below the top each begins, its height, its size and how often it may wrap."""
    return tuple(
        words(
            text, Box(box.x, box.y + below * scale, box.w, height * scale), size * scale,
            SEPIA.dark if index == 0 else SLATE, align=Align.LEFT, bold=index == 0, tracking=0.15 if index == 0 else 0,
            # an address is broken where a reader who types it would pause
            lines=wraps, one_line=(size if wraps > 1 else 0) * scale, smallest=3.5, leading=1.2,
        )
        for index, (text, below, height, size, wraps) in enumerate(lines)
    )  # fmt: skip


# how far above and below the middle of the seal the two lines stand that it is put upon, in mm at its full size: the
# name where it meets one character of the ring on either side, the date where only the ring itself crosses it
NAME_ABOVE, DATE_BELOW = 8.4, 16.8


def issuer(middle: float, y: float, width: float, scale: float = 1.0, seal: float = DIAMETER) -> tuple[Element, ...]:
    """The association and the day of issue with the seal upon both, its middle at (middle, y)."""
    share = seal / DIAMETER
    name, date = (Box(middle - width / 2, y + at * share - 3.5, width, 7) for at in (-NAME_ABOVE, DATE_BELOW))
    return (
        words(
            "{association}", name, 14.5 * scale, tracking=0.6 * scale, bold=True, lines=2, one_line=5, smallest=4,
            leading=1.2,
        ),
        words("{issued_on}", date, 12.5 * scale, tracking=0.3 * scale),
        SealField("association", centred(middle, y - seal / 2, seal, seal), SAMPLE["association"]),
    )  # fmt: skip
