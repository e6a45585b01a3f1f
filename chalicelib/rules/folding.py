"""What people type, folded to one way of writing it, and the complaint when it cannot be.

Folding is narrow on purpose: full-width ASCII and invisible characters only. Full NFKC would also read ① as 1 and
² as 2, and `str.upper` would read ſ as S; both would let a number pass that nobody has printed.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase

from chalicelib.rules.vocabulary import Reason

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
# Input methods offer the Roman ten where an ID ends in X.
_ROMAN_TEN = {0x2169: "X", 0x2179: "X"}


class Malformed(ValueError):  # noqa: N818 - like Refused, it is an answer to a person and named as one
    """What was typed cannot be what it should be; ``reason`` says why and what to do."""

    def __init__(self, code: str, message: str, next_step: str) -> None:
        self.reason = Reason(code, message, next_step)
        # The code alone: what was typed may be personal and exceptions end up in logs.
        super().__init__(code)


class Misfilled(ValueError):  # noqa: N818 - the same, of everything that was typed at once
    """Of what was typed into several fields some cannot be: one reason for each, with its field."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reason.code for reason in reasons))


def read_each(
    folds: Mapping[str, Callable[[str], str]], typed: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Reason, ...]]:
    """What was typed, by field, in its canonical writing; and for each that cannot be the reason, with its field."""
    read: dict[str, str] = {}
    reasons: list[Reason] = []
    for field, folded in folds.items():
        try:
            read[field] = folded(typed[field])
        except Malformed as malformed:
            reasons.append(replace(malformed.reason, field=field))
    return read, tuple(reasons)


def read_all(folds: Mapping[str, Callable[[str], str]], typed: Mapping[str, str]) -> dict[str, str]:
    """The same for what is asked in one go. Raises Misfilled with every reason."""
    read, reasons = read_each(folds, typed)
    if reasons:
        raise Misfilled(*reasons)
    return read


def read_as(field: str, folded: Callable[[str], str], typed: str) -> str:
    """The same for one field alone."""
    return read_all({field: folded}, {field: typed})[field]


def half_width(text: str) -> str:
    return text.translate(_HALF_WIDTH)


def without_invisible(text: str) -> str:
    """Without format characters: zero-width spaces, byte order marks, direction overrides."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def fold(text: str) -> str:
    """An identifier as it is compared: half-width, no spaces or invisible characters, ASCII letters in upper case."""
    folded = without_invisible(half_width(text)).translate(_ROMAN_TEN)
    return "".join(folded.split()).translate(_UPPER)


def has_control(text: str, *, but: str = "") -> bool:
    """Whether there are control characters or lone surrogates, which no field can hold, other than those in ``but``."""
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in text if character not in but)
