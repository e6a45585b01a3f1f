"""Where pages are printed: Jinja2 with autoescape, where a missing name is an error and never a hole in a page.

Pages carry their stylesheet in themselves and load nothing. So HEADERS can forbid everything else: what a browser
will not run or fetch, nobody can slip into a page. Send HEADERS with every page of this room.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from chalicelib.rules.certificate_face import chinese_date

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROOM = Path(__file__).parent / "templates"
STYLE = Markup((ROOM / "style.css").read_text("utf-8").strip())  # noqa: S704 - our own file, no word of it from outside
STYLE_HASH = "sha256-" + b64encode(sha256(STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src '{STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# no-referrer: the address of a certificate is a secret between the paper and its reader
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
)

_CODE = re.compile(r"`([^`]+)`")
_DATE = re.compile(r"\d+年\d+月\d+日[。，]?")
_BLANK_LINES = re.compile(r"\n\s*\n")


def printed(template: str, **context: object) -> str:
    """The page of this name. Raises jinja2.UndefinedError where the context lacks a word."""
    return _press().get_template(template).render(context)


def shanghai(at: datetime) -> datetime:
    """The same instant by Shanghai's clock, to the second."""
    return at.astimezone(SHANGHAI).replace(microsecond=0)


@cache
def _press() -> Environment:
    press = Environment(
        loader=FileSystemLoader(ROOM), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    press.globals["style"] = STYLE
    press.filters |= {
        "day": _day,
        "moment": _moment,
        "dial": _dial,
        "paragraphs": _paragraphs,
        "marked": _marked,
        "kept": _kept,
    }
    return press


def _day(day: date) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), chinese_date(day))


def _moment(at: datetime) -> Markup:
    local = shanghai(at)
    said = f"{chinese_date(local.date())} {local:%H:%M:%S}"
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(), said)


def _dial(number: str) -> str:
    """What follows ``tel:``; a number is typed by staff with whatever between its digits."""
    return re.sub(r"[^0-9+]", "", number)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in _BLANK_LINES.split(text) if part.strip()]


def _marked(text: str) -> Markup:
    """Descriptions in an OpenAPI document are CommonMark; of that, `code` is all that ours use."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped on this very line


def _kept(text: str) -> Markup:
    """A sentence whose dates are not broken across two lines, nor parted from the stop behind them."""
    return Markup(_DATE.sub(r'<span class="keep">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped right here
