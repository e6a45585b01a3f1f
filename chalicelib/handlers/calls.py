"""One request as views see it, the declaration it came by, and what a view may give back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalice.app import Request

from chalicelib.handlers.schemas.base import Incoming, Outgoing, Query
from chalicelib.handlers.sessions import Audience, Caller
from chalicelib.operations.commands import Order
from chalicelib.operations.ports import Ports
from chalicelib.rules.vocabulary import Actor, Role


@dataclass(frozen=True)
class Endpoint:
    """One method of one path. ``keyed``: a write that wants an Idempotency-Key. ``html``: people get a page.

    ``also``: statuses of refusals that do not follow from the rest of the declaration. ``stands_alone``: it answers
    from what the program itself holds, asks no port, and so is never busy.
    """

    method: str
    path: str
    audience: Audience
    tag: str
    operation: str
    summary: str
    answers: type[Outgoing] | None = None
    takes: type[Incoming] | None = None
    asks: type[Query] | None = None
    roles: tuple[Role, ...] = ()
    status: int = 200
    also: tuple[int, ...] = ()
    keyed: bool = False
    html: bool = False
    stands_alone: bool = False
    description: str = ""


@dataclass(frozen=True)
class Answer:
    """What a view gives back when a schema alone does not say it all."""

    body: Outgoing | str | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def created(body: Outgoing, at: str) -> Answer:
    return Answer(body, 201, {"Location": at})


def prefers_json(request: Request) -> bool:
    """Whether a program is asking: a browser always names text/html."""
    accepted = str(request.headers.get("accept", "")).lower()
    return "json" in accepted and "text/html" not in accepted


@dataclass(frozen=True)
class Call:
    """One request, as views see it."""

    ports: Ports
    request: Request
    endpoint: Endpoint
    caller: Caller
    key: str
    said: str

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    @property
    def order(self) -> Order:
        """The write as asked for; its fingerprint is a keyed hash, so that no personal data is kept with the key."""
        return Order(self.actor, self.endpoint.operation, self.key, self.ports.ids.keyed("fingerprint", self.said))

    def prefers_json(self) -> bool:
        return prefers_json(self.request)
