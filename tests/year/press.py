"""A printer as printers are: now and then a page comes out wrong, and a few certificates it never gets right."""

import random

from chalicelib.memory.printer import PlainPrinter
from chalicelib.rules.certificate_face import Face

SMUDGED, STUBBORN = 0.01, 0.004
FIRST_VERSION = "AB"  # how the address of a first version ends


class Press(PlainPrinter):
    """``never``: numbers whose first version no try brings out; whatever replaces it is another number."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self._known: set[str] = set()
        self.never: set[str] = set()

    def problems(self, face: Face, sealed: bytes) -> tuple[str, ...]:
        if face.number not in self._known and face.verify_url.endswith(FIRST_VERSION):
            self._known.add(face.number)
            if self._chance.random() < STUBBORN:
                self.never.add(face.number)
        if face.number in self.never or self._chance.random() < SMUDGED:
            return ("smudged",)
        return super().problems(face, sealed)
