"""Reading a statement: what counts as money that came in, what is refused, what makes a line the same line."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.folding import Malformed
from chalicelib.rules.statement_layouts import LAYOUTS
from chalicelib.rules.statements import Read, fen, read_lines, recognised
from chalicelib.rules.vocabulary import Refused

EXAMPLE, MODEL = LAYOUTS
HEADING = ["交易日期", "收入金额", "支出金额", "对方户名", "交易流水号", "摘要", "附言", "余额"]
ABOVE = [["示例银行 账户明细"], ["账号：4400 0001", "", "币种：人民币"], []]


def line(**said: str) -> list[str]:
    usual = {
        "day": "20260301", "in": "1,200.00", "out": "", "payer": "虚构一号有限公司", "serial": "70000000001",
        "what": "转账", "remark": "会费", "balance": "9,999.00",
    }  # fmt: skip
    return list((usual | said).values())


def read(*rows: list[str], above: list[list[str]] = ABOVE) -> Read:
    return read_lines(EXAMPLE, [*above, HEADING, *rows])


def identities(*rows: list[str], above: list[list[str]] = ABOVE) -> set[str]:
    return {each.identity for each in read(*rows, above=above).lines}


def test_a_line_says_when_how_much_who_and_what_for() -> None:
    only = read(line()).lines[0]
    assert (only.number, only.paid_on, only.amount) == (5, date(2026, 3, 1), 120_000)
    assert (only.payer, only.serial, only.remark) == ("虚构一号有限公司", "70000000001", "转账 会费")


def test_the_second_bank_tells_the_direction_by_a_flag() -> None:
    rows = [
        ["用途", "借/贷", "发生额", "付款人名称", "业务编号", "入账时间"],
        ["会费", "贷", "CNY 1,200.00", "虚构一号有限公司", "A1", "2026年3月1日 10:20:30"],
        ["房租", "借", "900", "虚构房东", "A2", "2026/3/2"],
        ["冲正", "贷", "-5.00", "虚构二号有限公司", "A3", "2026-03-02T08:00:00"],
        ["什么", "？", "5.00", "虚构二号有限公司", "A4", "2026-03-02"],
    ]
    found = read_lines(MODEL, rows)
    assert [(each.amount, each.paid_on) for each in found.lines] == [(120_000, date(2026, 3, 1))]
    assert found.outgoing == 2
    assert [(each.number, each.reason.code) for each in found.refused] == [(5, "statement_direction")]


def test_the_bank_is_recognised_by_its_headings() -> None:
    assert recognised([*ABOVE, HEADING]) is EXAMPLE
    assert recognised([["日期", "金额"]]) is None


def test_a_statement_of_another_bank_is_refused_with_the_headings_that_are_missing() -> None:
    with pytest.raises(Refused) as refused:
        read_lines(EXAMPLE, [["交易日期", "收入金额", "支出金额", "对方户名", "摘要"]])
    assert "缺少：交易流水号" in refused.value.reasons[0].message


def test_totals_notes_empty_rows_and_headings_repeated_are_no_lines() -> None:
    notes = [["合计", "1,200.00", "0.00"], [], HEADING, ["注：仅供核对"], ["本页小计", "1,200.00"]]
    found = read(line(), *notes)
    assert len(found.lines) == 1
    assert not found.refused


def test_a_payer_may_be_called_like_a_total() -> None:
    assert read(line(payer="合计防制有限公司")).lines[0].payer == "合计防制有限公司"


def test_money_going_out_and_nothing_are_left_out_and_counted() -> None:
    found = read(line(), line(**{"in": "", "out": "50.00"}), line(**{"in": "0.00"}), line(**{"in": "-3.00"}))
    assert (len(found.lines), found.outgoing, found.zero) == (1, 2, 1)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"day": "20260230"}, "statement_date"),
        ({"day": "46082"}, "statement_date"),
        ({"day": ""}, "statement_date"),
        ({"in": "1.200,00"}, "statement_amount"),
        ({"in": "12,00.00"}, "statement_amount"),
        ({"in": "1200.005"}, "statement_amount"),
        ({"in": "壹仟"}, "statement_amount"),
        ({"out": "5.00"}, "statement_both_ways"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_number_and_what_to_do(said: dict[str, str], code: str) -> None:
    found = read(line(), line(serial="70000000002", **said))
    assert len(found.lines) == 1
    assert [(each.number, each.reason.code) for each in found.refused] == [(6, code)]
    assert found.refused[0].reason.next.endswith("。")


@pytest.mark.parametrize(
    "text",
    [
        "1,200.00",
        "１２００",
        "１，２００．００",
        "CNY 1,200.00",
        "￥1200",
        "¥ 1,200.0",
        "+1200.00",
        "1200元",
        "1200.0000",
    ],
)
def test_amounts_are_read_however_banks_write_them(text: str) -> None:
    assert fen(text) == 120_000


def test_no_amount_is_nothing_and_a_sign_is_kept() -> None:
    assert [fen(text) for text in ("", " - ", "--", "-5.00", "CNY -0.01", "-¥1")] == [0, 0, 0, -500, -1, -100]


@pytest.mark.parametrize("text", ["--5", "+-5", "5-", "1e3", "(5.00)", "USD 5.00", "٣"])
def test_what_is_no_amount_in_yuan_is_not_guessed_at(text: str) -> None:
    with pytest.raises(Malformed):
        fen(text)


@given(st.integers(-(10**13), 10**13))
def test_every_amount_reads_back_to_the_same_fen(amount: int) -> None:
    sign = "-" if amount < 0 else ""
    assert fen(f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d}") == amount


# --- the same line never counts twice ---------------------------------------------------------------------------------


def test_a_line_keeps_its_identity_in_another_export_with_other_rows_around_it() -> None:
    wanted = identities(line())
    again = identities(line(serial="70000000009"), line(payer="虚构一号有限公司 ", balance="1.00", what="汇款"))
    assert wanted < again


@pytest.mark.parametrize(
    "said", [{"day": "20260302"}, {"in": "1,200.01"}, {"serial": "70000000002"}, {"payer": "虚构二号有限公司"}]
)
def test_another_day_amount_number_or_payer_is_another_line(said: dict[str, str]) -> None:
    assert identities(line()).isdisjoint(identities(line(**said)))


def test_the_same_numbers_at_another_account_or_bank_are_other_lines() -> None:
    other = [["账号", "4400 0002"]]
    assert identities(line()).isdisjoint(identities(line(), above=other))


def test_a_row_written_out_twice_counts_once() -> None:
    found = read(line(), line())
    assert (len(found.lines), found.repeated) == (1, 1)


def test_two_payments_without_a_number_that_look_alike_stay_two() -> None:
    found = read(line(serial=""), line(serial=""))
    assert len({each.identity for each in found.lines}) == 2
    assert identities(line(serial="")) < identities(line(serial=""), line(serial=""))


def test_a_long_number_that_a_spreadsheet_has_cut_off_is_no_number() -> None:
    found = read(line(serial="1.23456789012346E+19"))
    assert found.lines[0].serial == ""


@given(
    st.lists(st.tuples(st.sampled_from(["", "70000000001"]), st.sampled_from("甲乙"), st.sampled_from("12"))),
    st.randoms(),
)
def test_the_order_of_the_rows_changes_no_identity(parts: list[tuple[str, str, str]], chance: random.Random) -> None:
    rows = [line(serial=serial, payer=payer, remark=remark) for serial, payer, remark in parts]
    shuffled = chance.sample(rows, len(rows))
    assert identities(*rows) == identities(*shuffled)


def test_money_sent_back_to_its_payer_is_marked() -> None:
    back = line(**{"in": "", "out": "1,200.00", "day": "20260302", "serial": "70000000002"})
    assert read(line(), back).lines[0].returned
    assert not read(line(day="20260303"), back).lines[0].returned


def test_the_representation_of_a_line_shows_nobody() -> None:
    assert "虚构" not in repr(read(line()).lines[0])
