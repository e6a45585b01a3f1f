"""Folds values to the limits of WeChat's subscribe messages, which refuse the whole message (47003) for one long value.

The kind of value is the letters of its template key: thing1 is a thing, character_string3 a character_string.
"""

import re
from collections.abc import Callable, Mapping

from chalicelib.operations.carriers import Misconfigured

ELLIPSIS = "…"
NOTHING = "无"  # an empty value is refused as well
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"


def fit(key: str, value: str) -> str:
    """The value as WeChat takes it under this template key. Raises Misconfigured when no folding can make it fit."""
    kind = key.rstrip("0123456789")
    if kind not in FOLDS:
        raise Misconfigured(f"template key {key} is of no kind we can fill")
    return FOLDS[kind](_one_line(value))


def thing(value: str) -> str:
    """At most 20 characters of any kind."""
    return _shorten(value, 20) or NOTHING


def phrase(value: str) -> str:
    """At most 5 Chinese characters and nothing else."""
    return re.sub(f"[^{HAN}]", "", value)[:5] or NOTHING


def character_string(value: str) -> str:
    """At most 32 digits, letters and symbols. A number cut short would be another number, so it is never cut."""
    return _must(value, r"[\x21-\x7e]{1,32}", "character_string")


def date_or_time(value: str) -> str:
    """A day, with or without a time behind it, as 2019年10月1日 15:01; also taken as 2019-10-01 or 2019年01月01日."""
    match = re.fullmatch(r"(\d{4})[年-](\d{1,2})[月-](\d{1,2})日?([ T]\d{2}:\d{2})?", value, re.ASCII)
    if match is None:
        raise Misconfigured("no date")
    year, month, day, time = match.groups(default="")
    return f"{year}年{int(month)}月{int(day)}日{time.replace('T', ' ')}"


def amount(value: str) -> str:
    """At most 10 digits, with or without fen, a currency sign in front or 元 behind; 1,200.00 元 becomes 1200.00元."""
    return _must(re.sub("[, ]", "", value), r"[¥￥]?\d{1,10}(\.\d{1,2})?元?", "amount")


def _must(value: str, pattern: str, kind: str) -> str:
    # The value itself stays out of the message: errors are logged.
    if not re.fullmatch(pattern, value, re.ASCII):
        raise Misconfigured(f"no {kind}")
    return value


def _one_line(value: str) -> str:
    """Line breaks and control characters are refused; they become single spaces."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", value).strip()


def _shorten(value: str, limit: int) -> str:
    return value if len(value) <= limit else value[: limit - 1] + ELLIPSIS


FOLDS: Mapping[str, Callable[[str], str]] = {
    "thing": thing,
    "phrase": phrase,
    "character_string": character_string,
    "date": date_or_time,
    "time": date_or_time,
    "amount": amount,
}
