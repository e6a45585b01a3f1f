"""What people do, one write after the other: every service step, every way back, every job of the clock.

Each step is run once without faults, then once for every call in it and every way that call can go wrong. The rooms
below declare their steps when they are imported: the journey goes in the order of the imports.
"""

from tests.faults.journey.steps import (
    BEGINNING,
    FEE,
    JOURNEY,
    Broken,
    Step,
    checked,
    decided,
    drafted,
    joined,
    opened,
    paid,
    put_in,
    ready_to_submit,
    saved,
    scan,
    submitted,
    to_day,
    uploaded,
    with_files,
)

# isort: split
from tests.faults.journey import joining

# isort: split
from tests.faults.journey import holding

# isort: split
from tests.faults.journey import representatives

# isort: split
from tests.faults.journey import otherwise

# isort: split
from tests.faults.journey import office

# isort: split
from tests.faults.journey import letters

# isort: split
from tests.faults.journey import dues

# isort: split
from tests.faults.journey import money

# isort: split
from tests.faults.journey import invoices

# isort: split
from tests.faults.journey import statements

# isort: split
from tests.faults.journey import qualifying

# isort: split
from tests.faults.journey import jobs

# isort: split
from tests.faults.journey import registering

# isort: split
from tests.faults.journey import membership

# isort: split
from tests.faults.journey import binding_requests

__all__ = (
    "BEGINNING",
    "FEE",
    "JOURNEY",
    "Broken",
    "Step",
    "binding_requests",
    "checked",
    "decided",
    "drafted",
    "dues",
    "holding",
    "invoices",
    "jobs",
    "joined",
    "joining",
    "letters",
    "membership",
    "money",
    "office",
    "opened",
    "otherwise",
    "paid",
    "put_in",
    "qualifying",
    "ready_to_submit",
    "registering",
    "representatives",
    "saved",
    "scan",
    "statements",
    "submitted",
    "to_day",
    "uploaded",
    "with_files",
)  # fmt: skip
