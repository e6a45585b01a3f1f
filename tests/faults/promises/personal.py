"""Promise 8: personal data is nowhere in clear, in no way of writing it; and what is another's is as good as absent."""

import json
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

from chalicelib.aws.personal import opened
from chalicelib.rules.records import StaffAccount
from tests import made_up
from tests.faults import people
from tests.faults.observed import exactly
from tests.faults.opening import reading
from tests.faults.promises.case import Case, changes
from tests.faults.promises.told import letter
from tests.faults.world import Answer, Told, World

MEMBERS = range(1, 10)  # the numbers of the made-up people that the journey uses
PRACTITIONERS = range(101, 107)
CANARIES = (
    *(made_up.person(n) for n in MEMBERS), *(made_up.mobile(n) for n in MEMBERS),
    *(f"contact{n}@example.invalid" for n in MEMBERS), "canary-mail@example.com", "canary-0@example.com",
    "canary-1@example.com",
    "canary-smtp@example.com", "canary-invoice@example.com", "canary-corrected@example.com",
    people.PASSWORD,
    *(made_up.person(n) for n in PRACTITIONERS), *(made_up.resident_id(n) for n in PRACTITIONERS),
)  # fmt: skip
MEMBER_CODE_LENGTH = 8
OPEN_TO_ALL = ("/V/", "/v/", "/verify")


# --- in clear ---------------------------------------------------------------------------------------------------------


def nothing_personal_in_clear(case: Case) -> Iterator[str]:
    canaries = (*CANARIES, *_secrets(case))
    for place, text in _places(case).items():
        for canary in canaries:
            if any(way in text for way in _written_ways(canary)):
                yield f"{canary!r} in {place}"
        yield from (f"a session in {place}" for token in case.world.tokens if token in text)


def _secrets(case: Case) -> set[str]:
    """Who is who at WeChat, what staff sign in with, and whatever secret was shown or chosen in an answered write."""
    vault = reading(case.world, {row.pk: row.raw for row in case.seen.rows})
    accounts = (opened(each, vault) for each in case.seen.records(StaffAccount))
    found = {*case.world.wechat.users, *(each.totp_secret.plain or "" for each in accounts)}
    for told in case.world.told:
        if told.path.startswith("/staff/accounts"):
            found |= {(told.body or {}).get("password"), told.answer.json.get("totp_secret")}
    return {each for each in found if each}


def _places(case: Case) -> dict[str, str]:
    world = case.world
    addresses = "\n".join(world.asked)
    names = [*case.seen.kept, *case.seen.quarantined, *(name for _, raw in case.seen.letters for name in _names(raw))]
    return {
        "the tables": "\n".join(_legible(row.raw) for row in case.seen.rows),
        "the log": world.log.getvalue(),
        "queue messages": "\n".join(world.bodies),
        "addresses": "\n".join((addresses, unquote(addresses), unquote(unquote(addresses)))),
        "file names": "\n".join(names),
    }


def _names(raw: str) -> list[str]:
    return [part.get_filename() or "" for part in letter(raw).iter_attachments()]


def _legible(value: Any) -> str:
    """With bytes as whoever reads them would see them."""
    match value:
        case dict():
            return " ".join(f"{name} {_legible(each)}" for name, each in value.items())
        case list() | tuple() | set():
            return " ".join(map(_legible, value))
        case bytes() | bytearray():
            return bytes(value).decode(errors="replace")
    return str(value)


@cache
def _written_ways(text: str) -> tuple[str, ...]:
    raw = text.encode()
    escaped = (quote(text, safe=""), json.dumps(text)[1:-1])
    ways = (text, raw.hex(), raw.hex().upper(), *escaped, *(each.lower() for each in escaped), *_in_base64(raw))
    return tuple(dict.fromkeys(ways))


def _in_base64(raw: bytes) -> Iterator[str]:
    """As it looks within a longer text, wherever in it: the letters that only its own bytes decide."""
    for ahead, decided in ((0, 0), (1, 2), (2, 3)):
        text = b64encode(bytes(ahead) + raw).decode()[decided : (ahead + len(raw)) * 8 // 6]
        yield from (text, text.replace("+", "-").replace("/", "_"))


# --- another's --------------------------------------------------------------------------------------------------------


def others_are_absent(case: Case) -> Iterator[str]:
    """Whatever a member did or read in this step by an id, a stranger asks for: he hears what he hears of nothing."""
    world = case.world
    asked = {("GET", path): None for who, path in world.read if who[0] == "member"}
    asked |= {(told.method, told.path): told.body for told in world.told[world.told_before :] if _by_member(told)}
    for n, ((method, path), body) in enumerate(asked.items()):
        if path.startswith(OPEN_TO_ALL):
            continue
        nothing = _of_nothing(world, path, body)
        if nothing == (path, body):
            continue
        found, absent = (_as_stranger(world, method, each, n) for each in ((path, body), nothing))
        if found.status != 404 or (found.status, found.body) != (absent.status, absent.body):
            yield f"a stranger who asks {method} {path} is answered {found.status}, for nothing {absent.status}"
    after = case.again()
    if exactly(after.seen) != exactly(case.seen):
        yield f"a stranger changed something:\n{changes(exactly(case.seen), exactly(after.seen))}"


def _by_member(told: Told) -> bool:
    return told.who[0] == "member"


def _of_nothing(world: World, path: str, body: Any) -> tuple[str, Any]:
    """The same with ids of the same shape that nobody was ever given. A member code is no id: whoever knows it, may."""
    text = json.dumps([path, body])
    for identity in world.ids.given:
        if len(identity) > MEMBER_CODE_LENGTH:
            text = text.replace(identity, identity[0] + identity[:0:-1])
    path, body = json.loads(text)
    return path, body


def _as_stranger(world: World, method: str, asked: tuple[str, Any], n: int) -> Answer:
    path, body = asked
    token = world.token("member", world.names[people.STRANGER])
    headers = {"authorization": f"Bearer {token}", "idempotency-key": f"stranger-{n}-{len(path)}"}
    return world.request(method, path, body, headers) or Answer(599, {}, b"{}")
