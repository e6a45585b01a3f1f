"""What one running system needs for itself: its port, and its directory. Refusals say what is taken and what to do."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(OSError):  # noqa: N818 - what the caller is told
    """For people: complete sentences with the next step."""


@contextmanager
def directory(state: Path) -> Iterator[None]:
    """Nobody else's until the end, made when it is not there; the lock ends with the process. Raises Taken."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state / "lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken(in_use(state)) from None
        yield


def in_use(state: Path) -> str:
    return (
        f"another system is running on {state}/, with its mails, accounts and log there. End that one with Ctrl-C, "
        f"or start a second beside it: .venv/bin/python -m infra.local --port 8001 --state {state}/second"
    )


def port(wanted: int = 0) -> int:
    """The wanted one, or any for 0. Raises Taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will: an ended one may linger
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as trouble:
            another = f"PORT={max(wanted, 8000) + 1} make run takes another"
            raise Taken(f"port {wanted} cannot be had ({trouble.strerror}). {another}.") from trouble
        return int(probe.getsockname()[1])
