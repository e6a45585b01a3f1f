"""The promises of the house (design, 4) as checks on everything that is kept, and on what truly happened.

A check answers sentences about what is broken; none is good.
"""

from collections.abc import Iterator

from tests.year.promises.again import acknowledged_is_there, again_changes_nothing, the_same_key_changes_nothing
from tests.year.promises.earned import claims_are_held_by_what_is_under_way, earned
from tests.year.promises.histories import histories_are_whole
from tests.year.promises.money import money_counts_once, only_what_is_true_is_sure
from tests.year.promises.numbers import numbers_have_no_gaps
from tests.year.promises.privacy import nothing_personal_lies_in_clear, others_are_absent, the_same_paper
from tests.year.promises.reminders import reminded_once
from tests.year.promises.rest import nothing_waits_for_ever
from tests.year.promises.seen import Check, Seen, Violation
from tests.year.promises.standings import standings_are_as_the_rules_say
from tests.year.promises.told import told_once
from tests.year.town import Town

__all__ = ("PROMISES", "Seen", "Violation", "broken")

# What each is called when it is kept.
PROMISES: tuple[tuple[int, str, Check], ...] = (
    (1, "every acknowledged order is kept, every accepted file is what was sent", acknowledged_is_there),
    (3, "state only along the table, history gap-free", histories_are_whole),
    (4, "numbers and versions without gaps, files as recorded", numbers_have_no_gaps),
    (5, "each certificate and year from one completed application, six different people", earned),
    (5, "claims held by what is under way and by nothing else", claims_are_held_by_what_is_under_way),
    (5, "dates and standing as an independent reckoning has them", standings_are_as_the_rules_say),
    (6, "each step told once, what left is what is marked", told_once),
    (6, "reminded once per window, of what is owed", reminded_once),
    (8, "other and absent look the same", others_are_absent),
    (8, "nothing personal in clear", nothing_personal_lies_in_clear),
    (9, "received = booked + credit + refunded, a bank line counts once", money_counts_once),
    (9, "what is proposed as sure for a bank line is what was paid", only_what_is_true_is_sure),
    (10, "the same paper twice is the same", the_same_paper),
    (11, "nothing waits for ever", nothing_waits_for_ever),
    (2, "an order repeated under its key changes nothing", the_same_key_changes_nothing),
    (7, "a message or a job again changes nothing", again_changes_nothing),
)


def broken(town: Town) -> list[Violation]:
    """Those that ask again come last: they have to find all as it was."""
    found = [each for promise, _, check in PROMISES for each in _looked(promise, check, Seen(town))]
    return found + [Violation(promise, "slips", told) for promise, told in town.slips]


def _looked(promise: int, check: Check, seen: Seen) -> Iterator[Violation]:
    """What cannot even be looked at is a violation, too."""
    try:
        yield from (Violation(promise, check.__name__, told) for told in check(seen))
    except Exception as trouble:  # noqa: BLE001 - whatever it was, the other promises are still to be looked at
        yield Violation(promise, check.__name__, f"it broke off: {type(trouble).__name__}: {trouble}")
