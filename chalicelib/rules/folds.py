"""Folds for the fields of the table: each answers the canonical writing of what was typed, or raises Malformed."""

import re

from chalicelib.rules import identifiers
from chalicelib.rules.folding import half_width
from chalicelib.rules.grammar import Fold


def choice(*options: str) -> Fold:
    def fold(text: str, /) -> str:
        chosen = text.strip()
        if chosen in options:
            return chosen
        wanted = "、".join(options)
        raise identifiers.Malformed("not_an_option", f"只能填{wanted}之一。", f"请从{wanted}中选择一项。")

    return fold


def choices(*options: str) -> Fold:
    """One or several of the options, in their own order, joined by 、."""

    def fold(text: str, /) -> str:
        chosen = {each.strip() for each in re.split(r"[、，,;；\s]+", text) if each.strip()}
        unknown = chosen - set(options)
        if chosen and not unknown:
            return "、".join(each for each in options if each in chosen)
        wanted = "、".join(options)
        told = f"没有“{'、'.join(sorted(unknown))}”这一项。" if unknown else "至少选择一项。"
        raise identifiers.Malformed("not_an_option", told, f"请从{wanted}中选择一项或多项。")

    return fold


def count_text(text: str, /) -> str:
    """A whole number from 0 to 999999, as people write numbers of people and things."""
    digits = half_width(text).strip().removesuffix("人").strip()
    if not re.fullmatch(r"[0-9]{1,6}", digits):
        raise identifiers.Malformed("not_a_count", "只能填整数。", "请填写 0 至 999999 的整数，例如 12。")
    return str(int(digits))


def lines_up_to(most: int, longest: int) -> Fold:
    """One item a line; blank lines go."""

    def fold(text: str, /) -> str:
        lines = [line.strip() for line in identifiers.plain_text(text, most * longest).split("\n") if line.strip()]
        if len(lines) > most:
            raise identifiers.Malformed("too_many_lines", f"最多 {most} 行，现为 {len(lines)} 行。", "请合并或删减。")
        for number, line in enumerate(lines, 1):
            if len(line) > longest:
                told = f"第 {number} 行有 {len(line)} 个字，每行最多 {longest} 个字。"
                raise identifiers.Malformed("line_too_long", told, "请分行填写，每行一项。")
        return "\n".join(lines)

    return fold


def mask_lines(text: str) -> str:
    return "\n".join(f"{line[:1]}***" for line in text.split("\n"))


def text_up_to(longest: int) -> Fold:
    def fold(text: str, /) -> str:
        return identifiers.plain_text(text, longest)

    return fold


def capital_text(text: str, /) -> str:
    return identifiers.capital(text).printed


def date_text(text: str, /) -> str:
    return identifiers.calendar_date(text).isoformat()
