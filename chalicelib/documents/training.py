"""The training certificate 岗位培训合格证, template training-1: an A4 sheet with a card to cut out and fold.

The record above stays in the employer's file; the card, with photo, code and seal, is what its holder carries.
"""

from chalicelib.documents import card
from chalicelib.documents.border import JADE, Sheet, frame
from chalicelib.documents.layout import Align, Box, Element, Layout, Line
from chalicelib.documents.stationery import (
    CINNABAR,
    INK,
    SLATE,
    centred,
    divider,
    notice_of_test,
    underline,
    words,
)
from chalicelib.documents.table import Column, Row
from chalicelib.rules.certificate_face import A4, Face

MIDDLE = 105.0
MARGIN = 14.0
RECORD = 200.0  # the frame ends as far above this line as it begins below the edge of the sheet
CARD = (19.4, 208.5)  # where the card begins

GRANTED = "参加有害生物防制岗位培训，经考核合格，特发此证。"
GRANTED_ENGLISH = "has completed the training for pest control work and passed its examination."


def layout(face: Face) -> Layout:
    """The elements in the order in which they are painted."""
    middle = _TEST_NOTICE if face.test else _LIVE
    elements = (*_FRAME, *_HEAD, *middle, *_BODY, *_TABLE, *_CARDS[face.test], *_FOOT)
    return Layout("training-1", elements, *A4, margin=MARGIN)


def _centred(y: float, height: float, width: float = 142.0) -> Box:
    return centred(MIDDLE, y, height, width)


_FRAME = frame(Sheet(A4[0], RECORD), JADE, (MIDDLE, RECORD / 2))

_HEAD: tuple[Element, ...] = (
    words("{association}", _centred(31, 7), 15, tracking=1.4, bold=True, one_line=9),
    words("{association_english}", _centred(39, 3.6), 8, SLATE, tracking=0.15),
    words("岗位培训合格证", _centred(47, 16), 38, CINNABAR, tracking=4.2, bold=True),
    words("CERTIFICATE OF JOB TRAINING", _centred(65.4, 4.6), 10.5, JADE.dark, tracking=1.3, bold=True),
)

_TEST_NOTICE = (*divider(MIDDLE, 76.4, 104, JADE), *notice_of_test(MIDDLE, 81.8))
_LIVE = divider(MIDDLE, 80, 104, JADE)

_BODY: tuple[Element, ...] = (
    words("兹证明", _centred(93.8, 5), 12.5, tracking=2),
    words("This is to certify that", _centred(99.4, 3), 8, SLATE, tracking=0.1),
    words("{holder}", _centred(104, 13), 25, bold=True, tracking=2, lines=2, one_line=13, smallest=8),
    *underline(MIDDLE, 118.4, 142, JADE),
    words(GRANTED, _centred(121.2, 5), 12, tracking=0.4),
    words(GRANTED_ENGLISH, _centred(126.9, 3.2), 7.5, SLATE, tracking=0.1),
)

_TABLE = tuple(
    Column(34, 142, 40, 0.95, JADE).table(
        131.8,
        Row("证书编号", "Certificate No.", "{number}", height=10, size=12),
        Row("工作单位", "Employer", "{employer}", height=11, size=12, lines=3, one_line=8.5, smallest=6),
        Row("工种等级", "Work and Level", "{work}", height=10, size=12, lines=2),
        Row("有效期限", "Period of Validity", "{valid_from} 至 {valid_to}", height=10, size=12),
    )
)

_CARDS = {test: tuple(card.elements(*CARD, test=test)) for test in (False, True)}

_HOW = "用 A4 纸按实际大小（100 %）打印；沿四角裁切线剪下证卡，沿中线对折，可以过塑。证卡与上方记录同号，签章在证卡上。"
_HOW_IN_ENGLISH = (
    "Print at 100 % on A4. Cut out along the marks, fold in the middle, laminate. The seal is on the card; "
    "both bear the same number."
)
SCALE = (CARD[0], 50.0, 281)  # a ruler to check the print: left end, length, height on the page


def _ruler() -> tuple[Element, ...]:
    x, length, y = SCALE
    ticks = ((mm, 2.4 if mm % 50 == 0 else 1.6 if mm % 10 == 0 else 0.9) for mm in range(0, int(length) + 1, 5))
    return (
        Line((x, y), (x + length, y), INK, 0.15),
        *(Line((x + mm, y), (x + mm, y - tall), INK, 0.15) for mm, tall in ticks),
        words(
            "此线应长 50 毫米  This line is 50 mm long",
            Box(x + length + 3, y - 3, 90, 3.4),
            6.5,
            SLATE,
            align=Align.LEFT,
        ),
    )


_FOOT: tuple[Element, ...] = (
    words(_HOW, Box(CARD[0], 268, 171.2, 3.6), 7.5, INK, align=Align.LEFT),
    words(_HOW_IN_ENGLISH, Box(CARD[0], 272.2, 171.2, 3.2), 6.5, SLATE, align=Align.LEFT),
    *_ruler(),
)
