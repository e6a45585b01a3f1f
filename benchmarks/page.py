"""The same page for everybody: what a member certificate shows, as plain data that any library can draw.

The peers are spared the guilloche, the fitting of texts, the second weight and the signature: they get set lines,
rules, frames, the code as a matrix or an address, a simplified chop, and one font file.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chalicelib.documents import certificate, qr
from chalicelib.documents.layout import Code, Frame, Line, Text
from chalicelib.documents.typesetting import set_text
from chalicelib.rules.certificate_face import Face
from infra.samples import MEMBER

# the 3,755 usual hanzi of GB 2312, level 1
HANZI = "".join(
    bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)
)
TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # noqa: S105 - an alphabet
STAR, RING = 6.6, 20.4  # mm


def fresh(chance: random.Random, number: int, *, own_code: bool) -> Face:
    """A member that nobody has seen before: 4 hanzi by chance amid a usual name."""
    name = "".join(chance.choices(HANZI, k=4))
    face = replace(MEMBER, holder=f"样例市{name}有害生物防治有限公司", number=f"HY-2026-{number:04}")
    if not own_code:
        return face
    token = "".join(chance.choices(TOKEN, k=28))
    return replace(face, verify_url=face.verify_url[:-28] + token)


def described(face: Face, *, own_code: bool) -> dict[str, Any]:
    """The page of a face as JSON takes it, in mm and points."""
    layout, values = certificate.layout_of(face), certificate.values(face)
    (code,) = (each for each in layout.elements if isinstance(each, Code))
    side, dark = qr.runs(face.verify_url)
    seal = layout.seal_field().box
    return {
        "width": layout.width,
        "height": layout.height,
        "texts": [text for each in layout.elements if isinstance(each, Text) for text in _texts(each, values)],
        "lines": [[*each.start, *each.end, each.thickness, each.colour] for each in layout.elements
                  if isinstance(each, Line)],
        "frames": [[*each.box, each.thickness, each.stroke, each.fill] for each in layout.elements
                   if isinstance(each, Frame)],
        "code": {"x": code.box.x, "y": code.box.y, "module": code.box.w / side, "dark": dark,
                 "address": face.verify_url if own_code else ""},
        "seal": _seal(seal.x + seal.w / 2, seal.y + seal.h / 2, face.association),
    }  # fmt: skip


def _texts(element: Text, values: dict[str, str]) -> Iterator[list[Any]]:
    for line in set_text(element, values):
        yield [line.text, line.box.x, line.baseline, line.size, line.tracking, element.colour]


def _seal(x: float, y: float, name: str) -> dict[str, Any]:
    angles = [math.pi / 2 + index * math.tau * 2 / 5 for index in range(5)]
    pitch = min(math.radians(27), math.radians(272) / max(len(name) - 1, 1))
    turns = [math.pi / 2 + pitch * ((len(name) - 1) / 2 - index) for index in range(len(name))]
    letters = [
        [letter, x + 14.2 * math.cos(turn), y - 14.2 * math.sin(turn), math.degrees(turn) - 90]
        for letter, turn in zip(name, turns, strict=True)
    ]
    star = [[x + STAR * math.cos(angle), y - STAR * math.sin(angle)] for angle in angles]
    return {"x": x, "y": y, "radius": RING, "star": star, "letters": letters}
