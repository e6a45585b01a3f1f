"""Values folded to WeChat's limits: one value too long, and WeChat refuses the whole message."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.messages.wechat_values import fit
from chalicelib.operations.carriers import Misconfigured, Notice
from chalicelib.rules.payments import yuan
from infra.local.wechat_rules import Says, check_values


def test_a_thing_of_twenty_characters_stays_as_it_is() -> None:
    assert fit("thing1", "一" * 20) == "一" * 20


def test_a_longer_thing_ends_in_an_ellipsis_within_twenty_characters() -> None:
    assert fit("thing1", "一" * 21) == "一" * 19 + "…"


def test_line_breaks_and_control_characters_become_single_spaces() -> None:
    assert fit("thing1", "  缺公章\r\n\x00 请补盖 ") == "缺公章 请补盖"


@pytest.mark.parametrize("key", ["thing1", "phrase2"])
def test_nothing_to_say_is_said_because_wechat_refuses_empty_values(key: str) -> None:
    assert fit(key, " \n") == "无"


def test_a_phrase_is_five_chinese_characters_and_nothing_else() -> None:
    assert fit("phrase2", "待缴费 (1)") == "待缴费"
    assert fit("phrase2", "核账未通过了") == "核账未通过"


def test_a_certificate_number_is_never_cut_into_another_number() -> None:
    assert fit("character_string3", "GZ-2026-000123") == "GZ-2026-000123"
    for value in ("A" * 33, "粤2026", "", "A B"):
        with pytest.raises(Misconfigured):
            fit("character_string3", value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2019年10月1日", "2019年10月1日"),
        ("2019年01月01日 15:01", "2019年1月1日 15:01"),
        ("2019-10-01", "2019年10月1日"),
        ("2019-10-01T15:01", "2019年10月1日 15:01"),
    ],
)
def test_dates_are_written_as_wechat_writes_them(value: str, written: str) -> None:
    assert fit("date4", value) == fit("time5", value) == written


@pytest.mark.parametrize("value", ["19-10-01", "昨天", "２０１９年10月1日", "2019年10月1日 下午"])
def test_a_date_in_another_shape_is_our_mistake(value: str) -> None:
    with pytest.raises(Misconfigured):
        fit("date4", value)


def test_an_amount_as_people_read_it_loses_commas_and_spaces() -> None:
    assert fit("amount4", "1,200.00 元") == "1200.00元"


@pytest.mark.parametrize("value", ["一千二百元", "-1.00 元", "12345678901元"])
def test_an_amount_that_is_none_is_our_mistake(value: str) -> None:
    with pytest.raises(Misconfigured):
        fit("amount4", value)


def test_a_key_of_unknown_kind_is_our_mistake() -> None:
    with pytest.raises(Misconfigured):
        fit("car_number1", "粤A00000")


def test_a_refused_value_is_not_quoted_in_the_error() -> None:
    with pytest.raises(Misconfigured) as refusal:
        fit("character_string3", "某某的号码")
    assert "某某" not in str(refusal.value)


def test_meanings_go_under_the_keys_of_the_configured_template() -> None:
    values = {"service": "入会", "state": "待缴费", "time": "2026年1月5日"}
    told = Notice("", "", values).under({"service": "thing1", "state": "phrase2"})
    assert told == {"thing1": "入会", "phrase2": "待缴费"}


def test_a_template_that_wants_what_the_notice_does_not_say_is_our_mistake() -> None:
    with pytest.raises(Misconfigured, match="amount"):
        Notice("", "", {"service": "入会"}).under({"amount": "amount4"})


@given(st.sampled_from(["thing1", "phrase2", "character_string3", "date4", "amount5"]), st.text())
def test_whatever_is_folded_the_stand_in_takes_by_its_own_limits(key: str, value: str) -> None:
    try:
        folded = fit(key, value)
    except Misconfigured:
        return
    check_values({key: {"value": folded}})


@given(st.integers(min_value=0, max_value=10**11), st.dates(date(1970, 1, 1)))
def test_every_amount_and_day_we_write_fits(fen: int, when: date) -> None:
    check_values({"amount1": {"value": fit("amount1", yuan(fen))}, "date2": {"value": fit("date2", when.isoformat())}})


def test_the_stand_in_refuses_what_was_not_folded() -> None:
    with pytest.raises(Says):
        check_values({"thing1": {"value": "一" * 21}})
