"""Ports whose rooms are heavy: fonts, drawing, signing and reading load when first used, not when a function starts.

What verifies a certificate or takes an upload never pays for the ink.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, cast

from chalicelib.operations.carriers import Notice
from chalicelib.operations.ports import Unfit
from chalicelib.operations.sealer import Sealer
from chalicelib.rules.certificate_face import Face
from chalicelib.rules.statements import Rows
from chalicelib.rules.uploads import FileRule, Verdict

if TYPE_CHECKING:  # the very thing that must not load yet
    from types import ModuleType


class LazyPrinter:
    """``sealer`` answers whoever holds the key; it is asked once, at the first seal."""

    def __init__(self, sealer: Callable[[], Sealer], *, is_test: bool) -> None:
        self._load_sealer = sealer
        self.is_test = is_test

    def missing_glyphs(self, text: str) -> str:
        return cast("str", _room("documents.fonts").missing_glyphs(text))

    def unfit(self, face: Face) -> tuple[Unfit, ...]:
        return cast("tuple[Unfit, ...]", _room("documents.fitting").unfit(face))

    def draw(self, face: Face) -> bytes:
        return cast("bytes", _room("documents.certificate").draw(face))

    def seal(self, pdf: bytes, face: Face, at: datetime) -> bytes:
        return cast("bytes", _room("documents.certificate").seal(face, pdf, self._sealer, at))

    def problems(self, face: Face, sealed: bytes) -> tuple[str, ...]:
        return cast("tuple[str, ...]", _room("documents.certificate").problems(face, sealed, self._sealer))

    @cached_property
    def _sealer(self) -> Sealer:
        return self._load_sealer()


class LazyInspector:
    def inspect(self, data: bytes, rule: FileRule, claimed_name: str) -> Verdict:
        return cast("Verdict", _room("documents.inspection").inspect(data, rule, claimed_name))


class LazyStatements:
    def read_rows(self, data: bytes) -> Rows:
        return cast("Rows", _room("documents.statement_files").read_rows(data))


class LazyLetters:
    def letter(self, name: str, context: Mapping[str, str]) -> tuple[str, str, str | None]:
        return cast("tuple[str, str, str | None]", _room("messages.templates").letter(name, context))

    def notice(self, name: str, context: Mapping[str, str]) -> Notice:
        return cast("Notice", _room("messages.templates").notice(name, context))


def _room(name: str) -> "ModuleType":
    return import_module(f"chalicelib.{name}")
