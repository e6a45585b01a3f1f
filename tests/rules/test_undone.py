"""What finance hears when a booking was undone: who must do what, in the state the application is in."""

import pytest

from chalicelib.rules.undone import following
from chalicelib.rules.vocabulary import Service, State
from tests.rules import cases


@pytest.mark.parametrize(
    ("service", "state", "said"),
    [
        (Service.DUES, State.IN_REVIEW, "打回"),
        (Service.JOIN, State.IN_REVIEW, "审核通过后"),
        (Service.DUES, State.DRAFT, "重新填写缴费信息"),
        (Service.JOIN, State.DRAFT, "审核通过后"),
        (Service.JOIN, State.TO_BE_PAID, "重新缴费"),
        (Service.DUES, State.WITHDRAWN, "没有后续"),
        (Service.DUES, State.PAYMENT_CHECKED, "待核账"),
    ],
)
def test_what_follows_depends_on_where_the_application_is(service: Service, state: State, said: str) -> None:
    told = following(cases.application(service, state))
    assert state.chinese in told
    assert said in told
