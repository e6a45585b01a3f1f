"""What must be done first, in the guide's order (chapter 四)."""

from dataclasses import replace

import pytest

from chalicelib.rules.grammar import Facts
from chalicelib.rules.order import steps_to
from chalicelib.rules.records import Dossier
from chalicelib.rules.vocabulary import Service
from tests.rules import cases

NEW = cases.dossier(years=(), certificates=())


def facts(dossier: Dossier | None, people: int = 7) -> Facts:
    everyone = dict(list(cases.facts(Service.DUES).practitioners.items())[:people])
    return replace(cases.facts(Service.DUES), dossier=dossier, practitioners=everyone)


@pytest.mark.parametrize(
    ("service", "known", "steps"),
    [
        (Service.DUES, facts(cases.unpaid()), [Service.DUES]),
        (Service.ANNUAL_REVIEW, facts(cases.dossier()), [Service.ANNUAL_REVIEW]),
        (Service.ANNUAL_REVIEW, facts(cases.unpaid()), [Service.DUES, Service.ANNUAL_REVIEW]),
        (Service.QUALIFICATION, facts(NEW, 3), [Service.DUES, Service.TRAINING, Service.QUALIFICATION]),
        (
            Service.QUALIFICATION_CHANGE,
            facts(cases.unpaid()),
            [Service.DUES, Service.ANNUAL_REVIEW, Service.QUALIFICATION_CHANGE],
        ),
        (Service.DUES, facts(None, 0), [Service.JOIN, Service.DUES]),
    ],
)
def test_the_steps_that_lead_to_a_service(service: Service, known: Facts, steps: list[Service]) -> None:
    assert list(steps_to(service, known)) == steps


@pytest.mark.parametrize("service", Service)
def test_the_last_step_is_the_service_itself_and_none_comes_twice(service: Service) -> None:
    for dossier in (None, NEW, cases.unpaid(), cases.dossier(), cases.reviewed()):
        steps = steps_to(service, facts(dossier, 2))
        assert steps[-1] is service
        assert len(set(steps)) == len(steps)
