"""Makes the first admin of a stage, who makes all other accounts. Refuses when there is an admin already.

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
from chalicelib.operations.accounts import NewAccount, open_account
from chalicelib.operations.ports import Insert, Ports
from chalicelib.rules.association import Association
from chalicelib.rules.vocabulary import Refused, Role
from chalicelib.settings import BadSettings

GENERATED_BYTES = 18


class AdminThere(Exception):  # noqa: N818 - an answer
    """Accounts are made by admins from then on."""


def make(ports: Ports, name: str, password: str) -> NewAccount:
    """Raises AdminThere, or Refused with every reason."""
    if any(Role.ADMIN in account.roles and not account.disabled for account in ports.records.staff_accounts()):
        raise AdminThere
    return open_account(ports, "first_admin", name, frozenset({Role.ADMIN}), password, settings(ports).name)


def settings(ports: Ports) -> Association:
    """The association's, or the made-up ones, put in where there are none."""
    there = ports.records.get(Association, "association")
    if there is None:
        ports.records.commit(Insert(SAMPLE))
    return there or SAMPLE


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: made; 1: refused, with the reasons."""
    parser = argparse.ArgumentParser(prog="python -m infra.first_admin", description=__doc__)
    parser.add_argument("--name", required=True, help="letters, digits, dots and hyphens")
    parser.add_argument("--generate", action="store_true", help="make up a password instead of asking for one")
    chosen = parser.parse_args(arguments)
    password = secrets.token_urlsafe(GENERATED_BYTES) if chosen.generate else getpass.getpass("Password: ")
    try:
        made = make(wiring.ports(), chosen.name, password)
    except AdminThere:
        print("There is an admin already: accounts are made by admins.", file=sys.stderr)
    except BadSettings as trouble:
        print(trouble, file=sys.stderr)
    except Refused as refused:
        print("\n".join(f"{reason.message}{reason.next}" for reason in refused.reasons), file=sys.stderr)
    else:
        print(f"Made {made.name}. Shown this once; put the secret into an authenticator app now:")
        print(f"  password  {password if chosen.generate else '(as typed)'}")
        print(f"  secret    {made.totp_secret}\n  address   {made.totp_uri}")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
