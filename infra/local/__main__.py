"""`make run`: the whole system on one machine, until Ctrl-C."""

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from select import select
from socket import socketpair
from time import monotonic

from infra.local import system, welcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: ended by Ctrl-C or a request to end; 1: it could not start, with the reason."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on the loopback address (default: %(default)s)")
    parser.add_argument("--state", type=Path, default=system.STATE, help="directory for mails, logs and the test key")
    chosen = parser.parse_args(arguments)
    began = monotonic()
    for request in (signal.SIGINT, signal.SIGTERM):
        signal.signal(request, signal.default_int_handler)
    try:
        with closing(system.start(chosen.port, chosen.state, with_examples=True)) as running:
            print(welcome.text(running, monotonic() - began), flush=True)
            wait_for_the_end()
    except OSError as trouble:
        print(f"could not start: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass  # while still starting: what had been started is closed already
    print("ended")
    return 0


def wait_for_the_end() -> None:
    """Until Ctrl-C or a request to end; from then on nobody interrupts the closing.

    A signal may come to any of the threads, or just before a pause begins, and would then wake nobody: it writes to a
    socket, and whoever reads that is woken.
    """
    woken, wakes = socketpair()
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno())
    try:
        while True:
            select([woken], [], [])
    except KeyboardInterrupt:
        for request in (signal.SIGINT, signal.SIGTERM):
            signal.signal(request, signal.SIG_IGN)
    finally:
        signal.set_wakeup_fd(-1)
        woken.close()
        wakes.close()


if __name__ == "__main__":
    sys.exit(main())
