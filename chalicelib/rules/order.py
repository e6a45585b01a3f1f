"""业务先后次序: which services come before one that is not open yet, in the order in which they are to be done.

Source: guide, chapter 四 (业务流程, 分先后次序): join, train, qualify; dues, then review; review, then change.
"""

from collections.abc import Mapping

from chalicelib.rules.grammar import Facts
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Service
from chalicelib.rules.workflow import may_apply

# What a reason of a guard asks for first. A reason that is not here is waited out, or mended without an application.
FIRST: Mapping[str, Service] = {
    "not_bound": Service.JOIN,
    "membership_ended": Service.JOIN,
    "dues_not_paid": Service.DUES,
    "no_qualification": Service.QUALIFICATION,
    "review_not_done": Service.ANNUAL_REVIEW,
    "change_is_open": Service.QUALIFICATION_CHANGE,
    "fewer_than_six": Service.TRAINING,
}


def steps_to(service: Service, facts: Facts) -> tuple[Service, ...]:
    """The services to be done one after the other, ending with this one; each once, what comes first at the front."""
    return tuple(dict.fromkeys(_before(service, facts, frozenset())))


def _before(service: Service, facts: Facts, asked: frozenset[Service]) -> tuple[Service, ...]:
    row = TABLE.get(service)
    if row is None or service in asked:
        return (service,)
    wanted = (FIRST[reason.code] for reason in may_apply(row, facts) if reason.code in FIRST)
    earlier = (step for first in wanted for step in _before(first, facts, asked | {service}))
    return (*earlier, service)
