"""Pages for people, with the headers that go with them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from chalicelib.handlers.calls import Answer, Call
from chalicelib.pages import press
from chalicelib.pages.trouble import trouble_page
from chalicelib.rules.vocabulary import Reason


def domain(call: Call) -> str:
    """The host that the genuine pages live under, for people to compare."""
    return urlsplit(call.ports.public_url).netloc


def page(html: str, status: int = 200) -> Answer:
    return Answer(html, status, press.HEADERS)


def trouble(path: str, reason: Reason, status: int, headers: Mapping[str, str]) -> Answer:
    """What stands at this path while its own page cannot be drawn."""
    return Answer(trouble_page(reason, path.count("/") - 1), status, {**headers, **press.HEADERS})
