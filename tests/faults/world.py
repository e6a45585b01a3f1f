"""The whole system in one process: the real routes and event functions over emulated AWS, with a clock set by hand.

Everything is wired as it is when deployed (KMS, SES, the bucket's certificate); only time, ids and WeChat's server are
handed in. A `World` can be put back to any earlier moment of rest.
"""

import copy
import io
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import botocore.endpoint
import pytest

from app import app
from chalicelib import time_and_ids, wiring
from chalicelib.documents import certificate as paper
from chalicelib.documents import inspection
from chalicelib.handlers import logbook, sessions
from chalicelib.memory.sample import SAMPLE
from chalicelib.memory.time_and_ids import BASE32, FixedClock
from chalicelib.messages.smtp import SmtpPost
from chalicelib.operations import catalogue
from chalicelib.operations.ports import Insert, Ports, Post
from chalicelib.rules.records import StaffAccount, User
from infra.local import server, wechat
from infra.local.wechat_rules import World as Wechat
from tests.faults import emulation
from tests.faults.emulation import ELSEWHERE, Emulation
from tests.faults.injector import Died, Injector, Wire, standing
from tests.faults.lambdas import Lambdas

JSON = "application/json"
MAIL_FROM = ELSEWHERE["MAIL_FROM"]
SENDER = "office@association.example"
KNOWN: list[OrderedDict[Any, Any]] = []
MOST_KNOWN = 300  # papers of 125 KB
KEPT = ("codes", "used", "users", "tokens", "consents", "sent", "troubles")


class CountedIds(time_and_ids.RandomIds):
    """Ids that look like the real ones and come in an order: ``given`` remembers them for comparisons."""

    def __init__(self, hash_key: bytes) -> None:
        super().__init__(hash_key)
        self.given: list[str] = []

    def new(self, prefix: str) -> str:
        return self._remembered(prefix + self._next()[: time_and_ids.ID_LENGTH].lower())

    def root(self) -> str:
        return self._remembered(self._next()[: time_and_ids.ROOT_LENGTH])

    def member_code(self) -> str:
        return self._remembered(str(10_000_000 + len(self.given) * 7919))

    def _next(self) -> str:
        digest = sha256(f"made up {len(self.given)}".encode()).digest()
        return "".join(BASE32[byte % len(BASE32)] for byte in digest)

    def _remembered(self, identity: str) -> str:
        self.given.append(identity)
        return identity


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Told:
    """A write that somebody was told is done."""

    who: tuple[str, str]
    method: str
    path: str
    body: Any
    key: str
    answer: Answer


class Look(NamedTuple):
    """Somebody on the staff was shown what is personal: who, whose (as the audit log names it), and how."""

    actor: str
    subject: str
    deed: str


@dataclass
class Moment:
    emulation: Any
    wechat: dict[str, Any]
    now: Any
    given: list[str]
    names: dict[str, Any]
    told: list[Told]
    looked: list[Look]
    uploaded: dict[str, bytes]
    by_smtp: list[tuple[tuple[str, ...], str]]


@dataclass
class World:
    """``asked``: every address that anybody or the platform itself asked or handed out since the moment this began at,
    and what its requests to S3 say of file names. ``read``: who got an answer where. ``tokens``: every session.
    ``ran``: when a job of the clock was last run by hand.
    """

    emulation: Emulation
    clock: FixedClock
    wechat: Wechat
    log: io.StringIO
    injector: Injector = field(init=False)
    lambdas: Lambdas = field(init=False)
    gateway: server.Gateway = field(init=False)
    ses: Post = field(init=False)
    names: dict[str, Any] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    told_before: int = 0
    uploaded: dict[str, bytes] = field(default_factory=dict)
    looked: list[Look] = field(default_factory=list)
    read: list[tuple[tuple[str, str], str]] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    ran: dict[str, datetime] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)
    by_smtp: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    before_step: Any = None

    @property
    def ports(self) -> Ports:
        return wiring.ports()

    @property
    def ids(self) -> CountedIds:
        ids = self.ports.ids
        assert isinstance(ids, CountedIds)
        return ids

    # --- time ---------------------------------------------------------------------------------------------------------

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))

    def tick(self, job: str) -> bool:
        """A job of the clock. False: it failed as a whole."""
        self.ran[job] = self.clock.now()
        return self.lambdas.tick(job)

    def forget(self) -> None:
        """A new process: nothing is left of what the old one had in memory."""
        ports: Any = self.ports
        ports.records._vault._opened.clear()
        ports.wechat.token_cache._token = None
        vars(ports.printer).pop("_sealer", None)
        catalogue._lately.clear()

    # --- to and fro ---------------------------------------------------------------------------------------------------

    def moment(self) -> Moment:
        kept = {name: copy.deepcopy(getattr(self.wechat, name)) for name in KEPT}
        return Moment(
            self.emulation.snapshot(), kept, self.clock.now(), list(self.ids.given), dict(self.names),
            list(self.told), list(self.looked), dict(self.uploaded), list(self.by_smtp),
        )  # fmt: skip

    def back_to(self, moment: Moment) -> None:
        self.emulation.restore(moment.emulation)
        self.before_step = moment.emulation
        for name, value in moment.wechat.items():
            setattr(self.wechat, name, copy.deepcopy(value))
        self.clock.set(moment.now)
        self.ids.given[:] = moment.given
        self.names, self.told = dict(moment.names), list(moment.told)
        self.told_before, self.looked = len(self.told), list(moment.looked)
        self.uploaded, self.by_smtp = dict(moment.uploaded), list(moment.by_smtp)
        self.mail_by_ses()
        for heard in (self.asked, self.read, self.tokens, self.ran, self.bodies):
            heard.clear()
        self.log.seek(0)
        self.log.truncate()
        self.forget()
        self.lambdas.begin()

    def as_it_was(self, go: Callable[[], Any]) -> Any:
        """What an index shows that has not caught up since the moment this began at."""
        if self.before_step is None:
            return go()
        now = self.emulation.tables()
        self.emulation.use_tables(copy.deepcopy(self.before_step.tables))
        try:
            return go()
        finally:
            self.emulation.use_tables(now)

    # --- requests -----------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer | None:
        """One attempt over HTTP; None when the function died on the way."""
        raw = None if body is None else json.dumps(body).encode()
        self.asked.add(path)
        try:
            with self.injector.running():
                found = server.answered(self.gateway, method, path, {"content-type": JSON, **headers}, raw)
        except Died:
            self.forget()
            return None
        answer = Answer(found.status, dict(found.headers), found.body)
        self.asked.update(handed_out(answer))
        return answer

    def token(self, audience: str, subject: str) -> str:
        """A session of somebody, as good as the one he got when he signed in."""
        kind: Any = StaffAccount if audience == "staff" else User
        account = self.ports.records.get(kind, subject)
        assert account is not None, subject
        token = sessions.begun(self.ports, sessions.Audience(audience), subject, account.epoch).token
        self.tokens.add(token)
        return token

    def upload(self, file: str, data: bytes) -> None:
        """What the phone does with the form it was given."""
        bucket = self.emulation.names["Uploads"]
        self.emulation.client("s3").put_object(Bucket=bucket, Key=f"quarantine/{file}", Body=data)
        self.uploaded[file] = data

    def mail_by_smtp(self) -> None:
        """As in the China regions, where there is no SES."""
        post = SmtpPost("mail.example.invalid", 465, "tls", "us", "made up", MAIL_FROM, 5.0, self.clock.now)
        object.__setattr__(self.ports, "post", post)

    def mail_by_ses(self) -> None:
        object.__setattr__(self.ports, "post", self.ses)

    def connect(self) -> Wire:
        return Wire(self.injector, lambda to, raw: self.by_smtp.append(((to,), raw)))

    @contextmanager
    def printer_out_of_order(self) -> Iterator[None]:
        """Numbers are reserved, and no certificate comes of them."""

        def broken(*_: Any) -> Any:
            raise OSError("the font is gone")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(paper, "draw", broken)
            yield

    @contextmanager
    def post_out_of_order(self) -> Iterator[None]:
        """SES refuses the sender: nothing that trying again would mend."""
        ses = self.emulation.client("ses")
        ses.delete_identity(Identity=SENDER)
        try:
            yield
        finally:
            ses.verify_email_identity(EmailAddress=SENDER)

    def ask_wechat(self, method: str, address: str, raw: bytes) -> tuple[int, Any]:
        self.asked.add(address)
        return wechat.respond(self.wechat, method, address, raw)


def handed_out(answer: Answer) -> Iterator[str]:
    """The addresses in an answer: where it leads, and every link in its body."""
    yield from (value for name, value in answer.headers.items() if name.lower() == "location")
    if answer.body[:1] == b"{":
        yield from (text for text in _texts(answer.json) if text.startswith(("http", "/")))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for each in value.values() for text in _texts(each))
        case list():
            yield from (text for each in value for text in _texts(each))


def listening(world: "World", go: Callable[..., Any]) -> Callable[..., Any]:
    """Hears under which address AWS is asked, and how S3 is told to name what it keeps."""

    def ask(endpoint: Any, request: Any, *more: Any) -> Any:
        world.asked.add(request.url)
        for name, value in request.headers.items():
            if name.lower().startswith(("content-disposition", "x-amz-meta-", "x-amz-tagging")):
                world.asked.add(value.decode() if isinstance(value, bytes) else str(value))
        return go(endpoint, request, *more)

    return ask


@contextmanager
def started() -> Iterator[World]:
    with emulation.started() as aws, pytest.MonkeyPatch.context() as patch:
        clock = FixedClock()
        patch.setattr(wiring, "SystemClock", lambda: clock)
        patch.setattr(wiring, "RandomIds", CountedIds)
        patch.setattr(SmtpPost, "_connect", lambda _: world.connect())
        patch.setattr(SmtpPost, "_secure_and_sign_in", lambda *_: None)
        patch.setattr(paper, "draw", remembered(paper.draw))
        patch.setattr(paper, "problems", remembered(paper.problems))
        patch.setattr(inspection, "inspect", remembered(inspection.inspect))
        wiring.use(None)
        wiring.forget()
        log = io.StringIO()
        before = logbook.HANDLER.setStream(log)
        world = World(aws, clock, Wechat(clock.now, wechat.APPID, wechat.SECRET), log)
        world.injector = Injector(world.as_it_was)
        world.ses = world.ports.post
        world.gateway = server.gateway(app)
        world.lambdas = Lambdas(world, app)
        endpoint: Any = botocore.endpoint.Endpoint
        patch.setattr(endpoint, "_do_get_response", listening(world, endpoint._do_get_response))
        try:
            with standing(world.injector, world.ask_wechat):
                world.ports.records.commit(Insert(SAMPLE))
                world.lambdas.begin()
                yield world
        finally:
            if before is not None:
                logbook.HANDLER.setStream(before)
            wiring.forget()


def remembered(drawing: Callable[..., Any]) -> Callable[..., Any]:
    """Drawing and reading back are pure and slow: the same once more is from memory. Promise 10 is held elsewhere."""
    known: OrderedDict[Any, Any] = OrderedDict()
    KNOWN.append(known)

    def draw(*given: Any) -> Any:
        about = tuple(each for each in given if not hasattr(each, "sign"))
        if about not in known:
            known[about] = drawing(*given)
            while len(known) > MOST_KNOWN:
                known.popitem(last=False)
        known.move_to_end(about)
        return known[about]

    return draw
