"""Folds for the fields of the table: each answers the canonical writing of what was typed, or raises Malformed."""

from chalicelib.rules import identifiers
from chalicelib.rules.grammar import Fold


def choice(*options: str) -> Fold:
    def fold(text: str, /) -> str:
        chosen = text.strip()
        if chosen in options:
            return chosen
        wanted = "、".join(options)
        raise identifiers.Malformed("not_an_option", f"只能填{wanted}之一。", f"请从{wanted}中选择一项。")

    return fold


def text_up_to(longest: int) -> Fold:
    def fold(text: str, /) -> str:
        return identifiers.plain_text(text, longest)

    return fold


def capital_text(text: str, /) -> str:
    return identifiers.capital(text).printed


def date_text(text: str, /) -> str:
    return identifiers.calendar_date(text).isoformat()
