"""The promises of the house, each as a check on what there is when the system has come to rest.

A check answers sentences about what is broken; none is good. The numbers are those of design §4.
"""

from collections.abc import Iterator

from tests.faults.promises.acknowledged import acknowledged_is_there
from tests.faults.promises.case import Case, Check, Restless, Violation, changes, difference, rested
from tests.faults.promises.certificates import (
    DRAWN,
    numbers_have_no_gaps,
    strangers_read_the_standing,
    the_same_paper,
)
from tests.faults.promises.claiming import claims_are_decided_once
from tests.faults.promises.documents import invoices_are_earned, lines_count_once
from tests.faults.promises.earned import earned
from tests.faults.promises.histories import histories_are_whole
from tests.faults.promises.keys import done_once, same_key_same_answer
from tests.faults.promises.money import money_counts_once
from tests.faults.promises.personal import CANARIES, nothing_personal_in_clear, others_are_absent
from tests.faults.promises.reminders import reminded_once
from tests.faults.promises.rest import again_changes_nothing, at_rest, dead_letters_are_shown, nothing_stirs
from tests.faults.promises.told import told_once

__all__ = (
    "BY_ASKING_AGAIN", "CANARIES", "DRAWN", "PROMISES", "Case", "Check", "Restless", "Violation", "at_rest", "broken",
    "changes", "difference", "rested",
)  # fmt: skip

PROMISES: tuple[tuple[int, Check], ...] = (
    (1, acknowledged_is_there), (2, done_once), (3, histories_are_whole),
    (3, claims_are_decided_once), (4, numbers_have_no_gaps), (5, earned),
    (6, told_once), (6, reminded_once), (8, nothing_personal_in_clear), (9, money_counts_once), (9, lines_count_once),
    (9, invoices_are_earned), (11, at_rest),
)  # fmt: skip
# These do something themselves. The first asks for everything once more, days later; then all else is looked at again.
BY_ASKING_AGAIN: tuple[tuple[int, Check], ...] = (
    (7, again_changes_nothing), (11, nothing_stirs), (11, dead_letters_are_shown), (4, strangers_read_the_standing),
    (2, same_key_same_answer), (8, others_are_absent), (10, the_same_paper),
)  # fmt: skip


def broken(case: Case) -> list[Violation]:
    """Every promise, as the world is now and once everything has come again; then what happens to whoever asks."""
    found = _kept(case)
    for n, (promise, check) in enumerate(BY_ASKING_AGAIN):
        found += _looked(promise, check, case)
        case = case.afterwards or case
        if n == 0:
            found += _kept(case)
    return list(dict.fromkeys(found))


def _kept(case: Case) -> list[Violation]:
    return [each for promise, check in PROMISES for each in _looked(promise, check, case)]


def _looked(promise: int, check: Check, case: Case) -> list[Violation]:
    return list(_violations(promise, check, case))


def _violations(promise: int, check: Check, case: Case) -> Iterator[Violation]:
    """What cannot even be looked at is a violation, too."""
    try:
        for told in check(case):
            yield Violation(promise, told)
    except Exception as trouble:  # noqa: BLE001 - whatever it was, the other promises are still to be looked at
        yield Violation(promise, f"{check.__name__} broke off: {type(trouble).__name__}: {trouble}")
