"""Pages for people, with the headers that go with them."""

from urllib.parse import urlsplit

from chalicelib.handlers.calls import Answer, Call
from chalicelib.pages import press


def domain(call: Call) -> str:
    """The host that the genuine pages live under, for people to compare."""
    return urlsplit(call.ports.public_url).netloc


def page(html: str, status: int = 200) -> Answer:
    return Answer(html, status, press.HEADERS)
