"""Sessions: our own short-lived signed tokens (JWT, HS256). What they may do is read anew at every request.

A token names its user and epoch; when the epoch has moved on, or the account is gone, it has ended at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt
from chalice.app import Request
from jwt.types import Options

from chalicelib import wiring
from chalicelib.handlers.problems import Rejected
from chalicelib.operations import accounts
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import APART, Ports
from chalicelib.rules.records import User
from chalicelib.rules.vocabulary import Actor, Reason

ALGORITHM = "HS256"
ISSUER = "member-services"
LONGEST_TOKEN = 2048
CLAIMS = ["iss", "aud", "sub", "epoch", "iat", "exp", "jti"]

MISSING = Reason("session_missing", "尚未登录。", "请先登录，再带上 Authorization: Bearer 令牌重试。")
ENDED = Reason("session_ended", "登录已失效。", "请重新登录后再试；您填写并保存过的内容没有丢失。")


class Audience(StrEnum):
    PUBLIC = "public"
    MEMBER = "member"
    STAFF = "staff"


LIVES = {Audience.MEMBER: timedelta(hours=2), Audience.STAFF: timedelta(hours=8)}


@dataclass(frozen=True)
class Ticket:
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Caller:
    """Who is asking; ``user`` for members only, ``epoch`` of the session."""

    actor: Actor
    user: User | None = None
    epoch: int = 0


NOBODY = Caller(Actor("nobody", frozenset()))


def begun(ports: Ports, audience: Audience, subject: str, epoch: int) -> Ticket:
    """A new session."""
    now = ports.clock.now()
    token = _written(audience, subject, epoch, int(now.timestamp()), ports.ids.new("s"))
    return Ticket(token, now + LIVES[audience])


def _written(audience: Audience, subject: str, epoch: int, issued: int, name: str) -> str:
    """The one way in which a session is written; ``issued`` in seconds since 1970."""
    claims = {
        "iss": ISSUER, "aud": audience.value, "sub": subject, "epoch": epoch,
        "iat": issued, "exp": issued + int(LIVES[audience].total_seconds()), "jti": name,
    }  # fmt: skip
    return jwt.encode(claims, _secret(), ALGORITHM)


def presented(request: Request) -> str | None:
    """The Authorization header. Of two, a gateway tells us the last and another may have judged the first: neither."""
    every = (request.to_original_event() or {}).get("multiValueHeaders") or {}
    given = [value for name, values in every.items() if name.lower() == "authorization" for value in values]
    return request.headers.get("authorization") if len(given) <= 1 else None


def caller(ports: Ports, audience: Audience, authorization: str | None) -> Caller:
    """Who holds the token of an Authorization header. Raises Rejected (401): none, forged, foreign, expired, ended."""
    if audience is Audience.PUBLIC:
        return NOBODY
    claims = _claims(ports, audience, _token(authorization))
    try:
        return _caller(ports, audience, claims["sub"], claims["epoch"])
    except Absent:
        raise Rejected(401, ENDED) from None


def _caller(ports: Ports, audience: Audience, subject: str, epoch: int) -> Caller:
    if audience is Audience.STAFF:
        return Caller(accounts.staff_of(ports, subject, epoch), epoch=epoch)
    user, actor = accounts.member_of(ports, subject, epoch)
    return Caller(actor, user, epoch)


def _token(authorization: str | None) -> str:
    """Spaces only are taken off (RFC 9110 §11.4): strip() alone would take off what other programs take as text."""
    scheme, _, token = (authorization or "").strip(" ").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Rejected(401, MISSING)
    return token.strip(" ")


def _claims(ports: Ports, audience: Audience, token: str) -> dict[str, Any]:
    """The algorithm is pinned; time is the ports' clock and not the library's."""
    options: Options = {"require": CLAIMS, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    if len(token) > LONGEST_TOKEN:
        raise Rejected(401, ENDED)
    try:
        claims: dict[str, Any] = jwt.decode(
            token, _secret(), algorithms=[ALGORITHM], audience=audience.value, issuer=ISSUER, options=options
        )
    except (jwt.InvalidTokenError, ValueError):
        raise Rejected(401, ENDED) from None
    if not _is_written_by_us(audience, claims, token) or not _holds(ports.clock.now(), claims["iat"], claims["exp"]):
        raise Rejected(401, ENDED)
    return claims


def _is_written_by_us(audience: Audience, claims: dict[str, Any], token: str) -> bool:
    """Letter for letter what we write: so no further header or claim, no list of audiences, no other length of life,
    and no second spelling of the same token, whatever the library lets pass.
    """
    epoch, issued = claims["epoch"], claims["iat"]
    if type(epoch) is not int or type(issued) is not int:  # True and 1.0 would count as 1
        return False
    return token == _written(audience, claims["sub"], epoch, issued, claims["jti"])


def _holds(now: datetime, issued: int, ends: int) -> bool:
    return issued <= (now + APART).timestamp() and now.timestamp() < ends


def _secret() -> str:
    return wiring.settings().session_secret.get_secret_value()
