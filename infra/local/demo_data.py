"""What the system on one machine starts with: the sample association, staff to sign in as, blank forms."""

from pathlib import Path

from chalicelib.memory.sample import SAMPLE
from chalicelib.operations.ports import Insert, Ports
from infra.local import accounts, forms


def put_in(ports: Ports, state: Path) -> tuple[accounts.Account, ...]:
    """Answers the accounts that were opened. The tables have to be empty."""
    ports.records.commit(Insert(SAMPLE))
    forms.ensure(SAMPLE, state / "forms")
    return accounts.open_all(ports, state)
