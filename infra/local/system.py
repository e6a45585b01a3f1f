"""The whole system on one machine: emulated AWS, pumps, HTTP, a stand-in for WeChat, a mail box, demo data.

The environment of the functions is the one that infra/resources.yaml gives them, resolved against the emulator, with
this machine's own mail box, stand-in and signing authority. Records live as long as the system; `state` outlives it.
"""

import logging
import os
import secrets
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalice.app import Chalice

from chalicelib import wiring
from chalicelib.handlers import logbook
from infra import authority
from infra.local import claims, clock, demo_data, emulator, examples, mailbox, making, resources, server, wechat
from infra.local.accounts import Account
from infra.local.clock import Movable
from infra.local.examples import Examples
from infra.local.pumps import RETRY, Pumps

STATE = Path(".local")


@dataclass(frozen=True)
class System:
    """``settle`` of the pumps waits until all that was set going has come to rest. ``examples``: where asked for.

    ``clock`` is the machine's, unless somebody sets it forward.
    """

    url: str
    state: Path
    emulator: emulator.Emulator
    mailbox: mailbox.Mailbox
    wechat: wechat.Server
    pumps: Pumps
    accounts: tuple[Account, ...]
    examples: Examples | None
    clock: Movable
    _open: ExitStack

    def close(self) -> None:
        self._open.close()


def start(
    port: int = 0, state: Path = STATE, retry: int = RETRY, *, with_examples: bool = False, turning: bool = True
) -> System:
    """All of it, on the loopback address; port 0 takes a free one.

    Raises claims.Taken when the port or the directory is. ``retry``: after how many seconds a failed message comes
    back. Without examples there are an association and its staff, and nothing else. Not ``turning``, the pumps stand
    still: a worker of its own process turns others like them (infra.local.worker), or the caller does, by hand.
    """
    own = Movable()
    with ExitStack() as opening:
        # The directory first: whoever starts a second one needs a directory of its own too, and hears of both at once.
        opening.enter_context(claims.directory(state))
        port = claims.port(port)
        authority.ensure(state / "authority")
        aws = opened(opening, emulator.start())
        letters = opened(opening, mailbox.start(mailbox.emptied(state / "mail")))
        phone = opened(opening, wechat.start(clock=own.now))
        url = f"http://127.0.0.1:{port}"
        opening.enter_context(clock.in_place(own))
        opening.enter_context(Surroundings(surroundings(aws, letters, phone, url, state), state / "log.jsonl"))
        accounts = demo_data.put_in(wiring.ports(), state)
        shown = examples.put_in(wiring.ports(), phone.world) if with_examples else None
        app = the_app()
        door = opened(opening, server.start(app, port, state / "forms"))
        pumps = opened(opening, Pumps(aws, app, retry, own.now))
        if turning:
            pumps.start()
        return System(door.url, state, aws, letters, phone, pumps, accounts, shown, own, opening.pop_all())
    raise AssertionError  # an ExitStack that swallows nothing


def opened(stack: ExitStack, part: Any) -> Any:
    stack.callback(part.close)
    return part


def the_app() -> Chalice:
    """Imported only now: nothing of it may look at the environment before the environment is there."""
    from app import app  # noqa: PLC0415 - see above

    return app


# --- the environment of the functions ---------------------------------------------------------------------------------


def surroundings(
    aws: emulator.Emulator, letters: mailbox.Mailbox, phone: wechat.Server, url: str, state: Path
) -> Mapping[str, str]:
    given = dict(resources.resolved(aws.names))
    for deployed_only in ("SEAL_KEY_ID", "SEAL_CHAIN"):
        del given[deployed_only]
    return {
        **given,
        **making.LOCAL_KEYS,
        "NO_PROXY": "127.0.0.1",  # whatever proxy this machine uses, none of this leaves it
        "no_proxy": "127.0.0.1",
        "STAGE": "local",
        "PUBLIC_URL": url,
        "AWS_ENDPOINT": aws.url,
        "SEAL_DIRECTORY": str(state / "authority"),
        "SEAL_LICENSED": "no",
        "SESSION_SECRET": secrets.token_urlsafe(48),
        "HASH_KEY": secrets.token_urlsafe(48),
        "MAIL_BY": "smtp",
        "MAIL_FROM": "示例市卫生有害生物防制协会 <office@association.example>",
        "SMTP_URL": f"smtp+plain://{letters.host}:{letters.port}",
        "WECHAT_APPID": wechat.APPID,
        "WECHAT_SECRET": wechat.SECRET,
        "WECHAT_URL": phone.url,
    }


class Surroundings:
    """The process's environment and logs while a system runs; afterwards both are as they were."""

    def __init__(self, variables: Mapping[str, str], log_file: Path) -> None:
        self._variables = variables
        self._log_file = log_file
        self._before: dict[str, str] = {}
        self._undo = ExitStack()

    def __enter__(self) -> None:
        self._before = dict(os.environ)
        os.environ.update(self._variables)
        wiring.use(None)
        wiring.forget()
        file = self._undo.enter_context(self._log_file.open("a", encoding="utf-8"))
        logbook.keep_for(logging.getLogger("infra"))
        self._undo.callback(logbook.HANDLER.setStream, logbook.HANDLER.setStream(file) or sys.stdout)

    def __exit__(self, *trouble: object) -> None:
        self._undo.close()
        wiring.forget()
        os.environ.clear()
        os.environ.update(self._before)
