"""A printer that writes what a certificate says as JSON: nothing to look at, everything to check."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from chalicelib.operations.ports import Unfit
from chalicelib.rules.certificate_face import Face

SEAL = b"\nsealed at "


class PlainPrinter:
    """``missing`` are the characters it pretends to have no glyph for, ``room`` is what it says every text may have."""

    def __init__(self, *, is_test: bool = True, missing: Iterable[str] = (), room: int | None = None) -> None:
        self.is_test = is_test
        self.missing = set(missing)
        self.room = room

    def missing_glyphs(self, text: str) -> str:
        return "".join(dict.fromkeys(character for character in text if character in self.missing))

    def unfit(self, face: Face) -> tuple[Unfit, ...]:
        asked = ((name, self.missing_glyphs(text), self._beginning(text)) for name, text in face.says().items())
        return tuple(Unfit(name, missing, fits) for name, missing, fits in asked if missing or fits is not None)

    def _beginning(self, text: str) -> str | None:
        return None if self.room is None or len(text) <= self.room else text[: self.room]

    def draw(self, face: Face) -> bytes:
        written = json.dumps(asdict(face), ensure_ascii=False, sort_keys=True, default=date.isoformat)
        return b"%PDF-plain\n" + written.encode()

    def seal(self, pdf: bytes, face: Face, at: datetime) -> bytes:
        del face
        return pdf + SEAL + at.isoformat().encode()

    def problems(self, face: Face, sealed: bytes) -> tuple[str, ...]:
        drawn, seal, _ = sealed.partition(SEAL)
        unsealed = () if seal else ("not sealed",)
        return (*unsealed, *(("not what was to be printed",) if drawn != self.draw(face) else ()))
