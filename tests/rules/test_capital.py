"""Registered capital as licences and people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.capital import Capital
from chalicelib.rules.identifiers import Malformed, capital


@pytest.mark.parametrize(
    ("typed", "yuan", "currency"),
    [
        ("500万元人民币", 5_000_000, "CNY"),
        ("人民币500万元", 5_000_000, "CNY"),
        ("500万人民币", 5_000_000, "CNY"),
        ("人民币 500 万元整", 5_000_000, "CNY"),
        ("500万元（人民币）", 5_000_000, "CNY"),
        ("３，０００，０００　元人民币", 3_000_000, "CNY"),
        ("3,000,000 元人民币", 3_000_000, "CNY"),
        ("RMB 3000000", 3_000_000, "CNY"),
        ("¥300万", 3_000_000, "CNY"),
        ("500万元", 5_000_000, "CNY"),
        ("1元", 1, "CNY"),
        ("1.5亿元", 150_000_000, "CNY"),
        ("3千万元", 30_000_000, "CNY"),
        ("100万美元", 1_000_000, "USD"),
        ("美元100万元", 1_000_000, "USD"),
        ("usd 1,000,000", 1_000_000, "USD"),
        ("50万港币", 500_000, "HKD"),
        ("HK$500,000", 500_000, "HKD"),
        ("人民币伍佰万元整", 5_000_000, "CNY"),
        ("壹仟贰佰万零叁元", 12_000_003, "CNY"),
        ("一亿二千万元人民币", 120_000_000, "CNY"),
        ("十万元", 100_000, "CNY"),
        ("两百五十万元", 2_500_000, "CNY"),
    ],
)
def test_an_amount_is_read_with_its_currency(typed: str, yuan: int, currency: str) -> None:
    assert capital(typed) == Capital(yuan * 100, currency)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("500万", "capital_without_currency"),
        ("5000000", "capital_without_currency"),
        ("伍佰万", "capital_without_currency"),
        ("$100万", "capital_unreadable"),
        ("", "capital_unreadable"),
        ("元", "capital_unreadable"),
        ("-5万元", "capital_unreadable"),
        ("30,00,000元", "capital_unreadable"),
        ("5 0 0 . . 0元", "capital_unreadable"),
        ("五五万元", "capital_unreadable"),
        ("三百五千元", "capital_unreadable"),
        ("5e6元", "capital_unreadable"),
        ("٥٠٠万元", "capital_unreadable"),
        ("500万元人民币美元", "capital_two_currencies"),
        ("人民币500万美元", "capital_two_currencies"),
        ("0元", "capital_out_of_range"),
        ("零元", "capital_out_of_range"),
        ("99999999亿元", "capital_out_of_range"),
        ("0.001元", "capital_too_precise"),
        ("9" * 5000 + "元", "capital_unreadable"),
    ],
)
def test_an_amount_that_leaves_a_question_is_refused_with_the_question(typed: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        capital(typed)
    assert caught.value.reason.code == code
    assert "货币单位" in caught.value.reason.next


@pytest.mark.parametrize(
    ("amount", "currency", "printed"),
    [
        (500_000_000, "CNY", "500万元人民币"),
        (100_000_000, "USD", "100万美元"),
        (123_456_700, "CNY", "123.4567万元人民币"),
        (123_456_789, "CNY", "1234567.89元人民币"),
        (100, "HKD", "1港元"),
        (10**14, "CNY", "100000000万元人民币"),
    ],
)
def test_capital_is_printed_as_licences_print_it(amount: int, currency: str, printed: str) -> None:
    assert Capital(amount, currency).printed == printed


@given(st.integers(1, 10**14), st.sampled_from(["CNY", "USD", "HKD", "EUR", "JPY", "MOP", "TWD"]))
def test_what_is_printed_reads_back_the_same(amount: int, currency: str) -> None:
    assert capital(Capital(amount, currency).printed) == Capital(amount, currency)
