"""What people do, one write after the other: every service step, every way back, every job of the clock.

Each step is run once without faults, then once for every call in it and every way that call can go wrong. The rooms
below declare their steps when they are imported: the journey goes in the order of the imports.
"""

from tests.faults.journey.steps import (
    FEE,
    JOURNEY,
    Broken,
    Step,
    checked,
    decided,
    opened,
    paid,
    ready_to_submit,
    saved,
    scan,
    submitted,
    uploaded,
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

__all__ = (
    "FEE", "JOURNEY", "Broken", "Step", "checked", "decided", "holding", "joining", "letters", "office", "opened",
    "otherwise", "paid", "ready_to_submit", "representatives", "saved", "scan",
    "submitted", "uploaded",
)  # fmt: skip
