"""Staff of the demonstration: one account for each role, with passwords that everybody may know."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chalicelib.operations.accounts import open_account
from chalicelib.operations.ports import Ports
from chalicelib.rules.association import Association
from chalicelib.rules.vocabulary import Role

ROLES = {"reviewer": Role.REVIEWER, "finance": Role.FINANCE, "certifier": Role.CERTIFIER, "admin": Role.ADMIN}
FILE = "demo-accounts.json"


@dataclass(frozen=True)
class Account:
    name: str
    password: str
    totp_secret: str


def open_all(ports: Ports, state: Path) -> tuple[Account, ...]:
    """Opens them, and keeps the secrets of their one-time codes in ``state`` for `make code`."""
    association = ports.records.get(Association, "association")
    issuer = association.name if association else "demonstration"
    accounts = tuple(_open(ports, name, role, issuer) for name, role in ROLES.items())
    kept = {account.name: account.totp_secret for account in accounts}
    (state / FILE).write_text(json.dumps(kept, indent=2), encoding="utf-8")
    return accounts


def _open(ports: Ports, name: str, role: Role, issuer: str) -> Account:
    password = f"demo-password-{name}"
    made = open_account(ports, "demo", name, frozenset({role}), password, issuer)
    return Account(name, password, made.totp_secret)


def secrets(state: Path) -> Mapping[str, str]:
    """Raises FileNotFoundError when no system has been started there."""
    kept: Mapping[str, str] = json.loads((state / FILE).read_text(encoding="utf-8"))
    return kept
