"""Makes the first admin of a stage, who makes all other accounts. Refuses when there is an admin already.

With --reset: a new password and secret for an admin who lost his and has no other admin to ask; audited.
A stage without settings gets the made-up ones to begin with: every text says so, and the admin replaces them.

Run with the environment of the functions and the rights of an operator: docs/operating.md says how.
"""

import argparse
import getpass
import secrets
import sys
from collections.abc import Sequence

from chalicelib import wiring
from chalicelib.memory.sample import SAMPLE
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Insert, Ports
from chalicelib.operations.staff import NewAccount, is_active_admin, open_account, reset_by_command
from chalicelib.rules.association import Association
from chalicelib.rules.records import StaffAccount
from chalicelib.rules.vocabulary import Refused, Role
from chalicelib.settings import BadSettings

GENERATED_BYTES = 18
BY = "first_admin"


class AdminThere(Exception):  # noqa: N818 - an answer
    """Accounts are made by admins from then on."""


def make(ports: Ports, name: str, password: str) -> NewAccount:
    """Raises AdminThere, or Refused with every reason."""
    if any(map(is_active_admin, ports.records.staff_accounts())):
        raise AdminThere
    return open_account(ports, BY, name, frozenset({Role.ADMIN}), password, settings(ports).name)


def reset(ports: Ports, name: str, password: str) -> NewAccount:
    """Raises Absent when that is no admin's name: admins reset all others. Or Refused with every reason."""
    account = ports.records.get(StaffAccount, name)
    if account is None or not is_active_admin(account):
        raise Absent
    return reset_by_command(ports, BY, name, password, "python -m infra.first_admin --reset", settings(ports).name)


def settings(ports: Ports) -> Association:
    """The association's, or the made-up ones, put in where there are none."""
    there = ports.records.get(Association, "association")
    if there is None:
        ports.records.commit(Insert(SAMPLE))
    return there or SAMPLE


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: made or reset; 1: refused, with the reasons."""
    chosen = _parser().parse_args(arguments)
    password = secrets.token_urlsafe(GENERATED_BYTES) if chosen.generate else getpass.getpass("Password: ")
    try:
        made = (reset if chosen.reset else make)(wiring.ports(), chosen.name, password)
    except AdminThere:
        print("There is an admin already: accounts are made by admins. Is the telephone lost? --reset", file=sys.stderr)
    except Absent:
        print(f"No admin is called {chosen.name}: all other accounts are reset by an admin.", file=sys.stderr)
    except BadSettings as trouble:
        print(trouble, file=sys.stderr)
    except Refused as refused:
        print("\n".join(f"{reason.message}{reason.next}" for reason in refused.reasons), file=sys.stderr)
    else:
        _show(made, password if chosen.generate else "(as typed)", "Reset" if chosen.reset else "Made")
        return 0
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.first_admin", description=__doc__)
    parser.add_argument("--name", required=True, help="letters, digits, dots and hyphens")
    parser.add_argument("--generate", action="store_true", help="make up a password instead of asking for one")
    parser.add_argument("--reset", action="store_true", help="a new password and secret for an admin who lost his")
    return parser


def _show(made: NewAccount, password: str, done: str) -> None:
    print(f"{done} {made.name}. Shown this once; put the secret into an authenticator app now:")
    print(f"  password  {password}\n  secret    {made.totp_secret}\n  address   {made.totp_uri}")


if __name__ == "__main__":
    sys.exit(main())
