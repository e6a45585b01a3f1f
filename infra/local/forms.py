"""Blank forms to try uploads with: one page each, drawn from what the association offers. Made-up, and says so."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from chalicelib.documents.drawing import draw
from chalicelib.documents.layout import Align, Box, Element, Layout, Line, Text
from chalicelib.documents.page import Imprint
from chalicelib.rules.association import Association, BlankForm

INK = (30, 30, 30)
MADE_ON = date(2026, 1, 1)
LINES = (
    "单位名称", "统一社会信用代码", "单位类型", "法定代表人", "注册资本（注明币种）", "注册地址", "办公地址",
    "成立日期", "经营范围", "联系人", "联系电话", "电子邮箱", "单位盖章",
)  # fmt: skip


def ensure(association: Association, directory: Path) -> None:
    """Draws each form that is not there yet, under the name its address ends in."""
    directory.mkdir(parents=True, exist_ok=True)
    for form in association.forms:
        file = directory / form.url.rpartition("/")[2]
        if not file.exists():
            file.write_bytes(
                draw(Layout(form.code, tuple(_elements(form, association))), {}, _imprint(form, association))
            )


def _imprint(form: BlankForm, association: Association) -> Imprint:
    identity = sha256(form.code.encode()).hexdigest()[:32]
    return Imprint(form.title, form.title, association.name, identity, MADE_ON)


def _elements(form: BlankForm, association: Association) -> Iterator[Element]:
    yield _text(association.name, 22, 14, Align.CENTRE)
    yield _text(form.title, 34, 20, Align.CENTRE)
    for row, label in enumerate(LINES):
        y = 60 + row * 16
        yield _text(label, y, 11, Align.LEFT)
        yield Line((70, y + 9), (185, y + 9), INK, 0.2)


def _text(text: str, y: float, size: float, align: Align) -> Text:
    return Text(text, Box(25, y, 160, 9), size, INK, {}, align)
