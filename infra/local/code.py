"""Prints the one-time code that a demo account's phone would show now: `make code NAME=reviewer`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pyotp

from infra.local import accounts


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: the code was printed; 1: there is no such account, or no system was started here."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.code", description=__doc__)
    parser.add_argument("name", choices=sorted(accounts.ROLES))
    parser.add_argument("--state", type=Path, default=Path(".local"), help="where `make run` keeps its things")
    chosen = parser.parse_args(arguments)
    try:
        secret = accounts.secrets(chosen.state)[chosen.name]
    except (FileNotFoundError, KeyError):
        print("no demo accounts here: start `make run` first", file=sys.stderr)
        return 1
    print(pyotp.TOTP(secret).now())
    return 0


if __name__ == "__main__":
    sys.exit(main())
