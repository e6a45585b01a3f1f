"""What is proposed for a line of a statement, and above all what is never called sure."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.rules import statement_matching
from chalicelib.rules.statement_matching import NEAR_DAYS, Certainty, Expected, Proposal, proposals
from chalicelib.rules.statements import StatementLine
from tests import made_up_statements

SURE, LIKELY, NONE = Certainty.SURE, Certainty.LIKELY, Certainty.NONE
DAY = date(2026, 3, 10)
NAME, OTHER = "广州市绿盾有害生物防制有限公司", "佛山蓝鲸环境科技有限公司"
P1 = Expected(
    id="p1", due=120_000, declared=120_000, payer=NAME, enterprise=NAME, paid_on=DAY, services=("会费缴纳", "2026年")
)
P2 = replace(P1, id="p2", payer=OTHER, enterprise=OTHER)
L1 = StatementLine(number=5, paid_on=DAY, amount=120_000, payer=NAME, serial="", remark="", identity="l1")
L2 = replace(L1, number=6, identity="l2")
SERIAL = "70000000001"


def only(line: StatementLine, *expected: Expected) -> Proposal:
    return proposals([line], expected)[0]


def test_the_enterprises_own_name_the_amount_and_the_day_are_sure_when_nothing_else_fits() -> None:
    found = only(replace(L1, remark="2026年会费"), P1, P2)
    assert (found.certainty, found.payments, found.others, found.doubts) == (SURE, ("p1",), (), ())
    assert set(found.grounds) >= {"金额相同", "付款户名与单位全称一致", "日期相同", "备注提到 会费"}


@pytest.mark.parametrize("payer", ["广州市绿盾有害生物防制有限公司　", "广州市 绿盾有害生物防制有限公司"])
def test_how_a_name_is_written_makes_no_difference(payer: str) -> None:
    assert only(replace(L1, payer=payer), P1).certainty is SURE


@pytest.mark.parametrize("brackets", ["()", "（）", "〔〕"])
def test_brackets_are_brackets(brackets: str) -> None:
    opening, closing = tuple(brackets)
    named = replace(P1, enterprise="绿盾（广州）防制有限公司", payer="绿盾(广州)防制有限公司")
    assert only(replace(L1, payer=f"绿盾{opening}广州{closing}防制有限公司"), named).certainty is SURE


@pytest.mark.parametrize(
    ("line", "payment", "doubt"),
    [
        ({"payer": "绿盾有害生物防制公司"}, {}, "付款户名与单位全称不完全一致"),
        ({"payer": "广州市绿盾有害生物"}, {}, "付款人像是个人"),
        ({"payer": "赵甲", "remark": NAME + "会费"}, {}, "付款人像是个人"),
        ({"payer": "赵甲"}, {"payer": "赵甲"}, "付款人像是个人"),
        ({"payer": "", "remark": NAME}, {}, "没有付款户名"),
        ({"payer": OTHER}, {"payer": OTHER}, "付款户名与单位全称不完全一致"),
        ({"paid_on": DAY + timedelta(days=4)}, {}, "日期相差 4 天"),
        ({"remark": "培训费"}, {}, "备注写有 培训"),
        ({"remark": "2025年会费"}, {}, "备注写有 2025"),
        ({"remark": "代朋友缴"}, {}, "备注含有“代”"),
        ({"remark": "退款"}, {}, "备注含有“退”"),
        ({"remark": "房租押金"}, {}, "备注含有“房租”“押金”"),
        ({"serial": SERIAL}, {"serial": "70000000002"}, "流水号不同"),
        ({"returned": True}, {}, "退给了这位付款人"),
        ({}, {"declared": 110_000}, "入账金额等于应缴金额"),
        ({}, {"due": 130_000}, "应缴 1,300.00 元"),
        ({}, {"payer": "钱乙"}, "申请人填写的付款人与对账单上的不同"),
    ],
)
def test_every_doubt_keeps_a_proposal_from_being_sure_and_is_told(
    line: dict[str, object], payment: dict[str, object], doubt: str
) -> None:
    found = only(replace(L1, **line), replace(P1, **payment))  # type: ignore[arg-type] # cases in a table
    assert (found.certainty, found.payments) == (LIKELY, ("p1",))
    assert any(doubt in each for each in found.doubts), found.doubts


def test_a_remark_that_names_another_enterprise_is_a_doubt() -> None:
    found = only(replace(L1, remark=OTHER + "会费"), P1, replace(P2, due=1, declared=1))
    assert "备注写有其他单位的名称。" in found.doubts


def test_another_company_that_the_applicant_named_is_sure_when_the_remark_names_the_enterprise() -> None:
    assert only(replace(L1, payer=OTHER, remark=NAME + "会费"), replace(P1, payer=OTHER)).certainty is SURE


def test_the_serial_number_settles_what_names_and_remarks_leave_open() -> None:
    one, another_day = replace(P1, serial=SERIAL), replace(P1, id="p3", paid_on=DAY + timedelta(days=1))
    found = only(replace(L1, serial=SERIAL, remark="货款"), one, another_day)
    assert (found.certainty, found.payments) == (SURE, ("p1",))
    person = replace(one, payer="赵甲")
    assert only(replace(L1, serial=SERIAL, payer="赵甲"), person).certainty is SURE


def test_a_serial_number_of_somebody_elses_receipt_is_not_sure() -> None:
    copied = replace(P1, serial=SERIAL)
    assert only(replace(L1, payer=OTHER, serial=SERIAL), copied).certainty is LIKELY
    assert only(replace(L1, payer=OTHER, serial=SERIAL), replace(copied, payer=OTHER), P2).certainty is LIKELY
    assert only(replace(L1, serial=SERIAL), copied, replace(copied, id="p3")).certainty is LIKELY


# A member types the number of an earlier transfer of his, of the same amount, whose line was never booked.


def test_a_serial_number_is_not_sure_while_another_payment_of_the_same_payer_is_as_near() -> None:
    earlier = replace(P1, id="p0", paid_on=DAY)
    mistaken = replace(P1, serial=SERIAL, paid_on=DAY + timedelta(days=2))
    for each in (mistaken, replace(mistaken, paid_on=DAY)):
        found = only(replace(L1, serial=SERIAL), earlier, each)
        assert (found.certainty, found.payments, found.others) == (LIKELY, ("p1",), (("p0",),))
        assert "另有 1 种可能" in found.doubts[0]


def test_a_serial_number_is_not_sure_while_another_line_of_the_same_payer_is_as_near() -> None:
    mistaken = replace(P1, serial=SERIAL, paid_on=DAY + timedelta(days=1))
    found = proposals([replace(L1, serial=SERIAL), replace(L2, paid_on=mistaken.paid_on)], [mistaken])
    assert found[0].certainty is LIKELY
    assert "第 6 行也可能是这笔缴费的入账。" in found[0].doubts


@pytest.mark.parametrize("days", [-30, -4, 4, 13])
def test_a_serial_number_is_not_sure_when_the_days_contradict_it(days: int) -> None:
    mistaken = replace(P1, serial=SERIAL, paid_on=DAY + timedelta(days=days))
    found = only(replace(L1, serial=SERIAL), mistaken)
    assert (found.certainty, found.payments) == (LIKELY, ("p1",))
    assert f"日期相差 {abs(days)} 天。" in found.doubts


@pytest.mark.parametrize("said", [{}, {"serial": SERIAL}, {"serial": "70000000002"}])
@pytest.mark.parametrize("waits", [{}, {"serial": SERIAL}])
def test_a_line_that_a_decided_payment_may_have_taken_is_not_sure_for_another(
    said: dict[str, str], waits: dict[str, str]
) -> None:
    """Finance confirmed it from the bank's page and named no line; with the same number it may be of any day."""
    line, new = replace(L1, serial=SERIAL), replace(P1, paid_on=DAY + timedelta(days=1), **waits)  # type: ignore[arg-type] # a serial
    decided = replace(P1, id="p0", **said)  # type: ignore[arg-type] # a serial
    (found,) = proposals([line], [new], [decided])
    assert (found.certainty, found.payments, found.others) == (LIKELY, ("p1",), ())
    assert any("已处理的缴费" in each for each in found.doubts)


@pytest.mark.parametrize("said", [{"due": 100, "declared": 100}, {"paid_on": DAY - timedelta(days=40)}])
@pytest.mark.parametrize("waits", [{}, {"serial": SERIAL}])
def test_a_number_that_another_payment_has_typed_is_not_sure_whatever_else_that_one_says(
    said: dict[str, object], waits: dict[str, str]
) -> None:
    line, new = replace(L1, serial=SERIAL), replace(P1, **waits)  # type: ignore[arg-type] # a serial
    other = replace(P1, id="p0", serial=SERIAL, **said)  # type: ignore[arg-type] # cases in a table
    for waiting, decided in (([new, other], []), ([new], [other])):
        (found,) = proposals([line], waiting, decided)
        assert found.certainty is LIKELY
        assert "p1" in {payment for each in (found.payments, *found.others) for payment in each}


def test_what_was_decided_for_others_or_of_another_time_or_amount_makes_nothing_less_sure() -> None:
    apart: tuple[dict[str, object], ...] = (
        {"enterprise": OTHER, "payer": OTHER}, {"paid_on": DAY - timedelta(days=4)}, {"due": 100, "declared": 100},
    )  # fmt: skip
    for each in apart:
        (found,) = proposals([L1], [P1], [replace(P1, id="p0", **each)])  # type: ignore[arg-type] # cases in a table
        assert found.certainty is SURE


def test_a_short_serial_number_begins_anew_every_day_and_settles_nothing() -> None:
    found = only(replace(L1, serial="0012", payer="赵甲"), replace(P1, serial="0012"), replace(P1, id="p3"))
    assert found.certainty is NONE


def test_two_payments_alike_are_both_offered() -> None:
    found = only(L1, P1, replace(P1, id="p3"))
    assert (found.certainty, found.payments, found.others) == (LIKELY, ("p1",), (("p3",),))
    assert "另有 1 种可能" in found.doubts[0]


def test_two_lines_alike_are_both_doubted() -> None:
    found = proposals([L1, L2], [P1])
    assert [each.certainty for each in found] == [LIKELY, LIKELY]
    assert "第 6 行也可能是这笔缴费的入账。" in found[0].doubts


def test_of_two_lines_the_nearer_with_the_number_is_sure_and_the_other_is_told_apart() -> None:
    later = replace(L2, paid_on=DAY + timedelta(days=1))
    first, second = proposals([replace(L1, serial=SERIAL), later], [replace(P1, serial=SERIAL)])
    assert first.certainty is SURE
    assert (second.certainty, second.payments) == (NONE, ())
    assert "已确定对应第 5 行，这一行可能是重复付款" in second.doubts[0]


def test_a_line_handed_in_twice_counts_once() -> None:
    assert [each.certainty for each in proposals([L1, L1], [P1])] == [SURE]


def test_one_transfer_for_three_matters_is_sure_when_the_sum_is_the_only_one() -> None:
    several = [
        replace(P1, id=f"p{amount}", due=amount, declared=amount, services=("会费缴纳", "岗位培训"))
        for amount in (120_000, 30_000, 20_000)
    ]
    found = only(replace(L1, amount=170_000, remark="会费、培训"), *several)
    assert (found.certainty, set(found.payments)) == (SURE, {each.id for each in several})
    assert "3 笔缴费合计金额相同" in found.grounds
    ambiguous = only(replace(L1, amount=150_000), *several, replace(several[0], id="p4"))
    assert (ambiguous.certainty, len(ambiguous.others)) == (LIKELY, 1)


@pytest.mark.parametrize("payer", ["广州蓝鲸环境科技有限公司", "孙丙"])
def test_a_stranger_who_pays_what_everybody_pays_is_not_proposed(payer: str) -> None:
    assert only(replace(L1, payer=payer), P1, replace(P1, id="p3")).certainty is NONE


def test_an_amount_that_only_one_line_and_one_payment_have_is_likely_but_never_sure() -> None:
    found = only(replace(L1, payer="孙丙"), P1)
    assert (found.certainty, found.payments) == (LIKELY, ("p1",))
    assert "除金额和日期外没有其他依据。" in found.doubts
    assert only(replace(L1, payer="孙丙", paid_on=DAY + timedelta(days=4)), P1).certainty is NONE


def test_a_line_that_pays_nothing_known_says_why() -> None:
    assert "没有金额为 7.00 元的待核账缴费。" in only(replace(L1, amount=700), P1).doubts
    assert "该单位有待核账的缴费，但金额都不相符。" in only(replace(L1, amount=700), P1).doubts
    by_number = only(replace(L1, amount=119_950, serial=SERIAL), replace(P1, serial=SERIAL))
    assert "流水号与一笔待核账的缴费相同，但金额不同。" in by_number.doubts


def test_more_payments_than_can_be_combined_are_a_doubt() -> None:
    many = [replace(P1, id=f"p{n:02d}", due=n * 100, declared=n * 100) for n in range(1, 14)]
    assert "该单位待核账的缴费超过 12 笔，未逐一组合比对。" in only(replace(L1, amount=100), *many).doubts


# --- by chance, in a world so small that everything collides ----------------------------------------------------------

NAMES = (NAME, OTHER, "绿盾有害生物防制有限公司", "广州市绿盾有限公司", "赵甲")
numbers = st.sampled_from(("", SERIAL, "70000000002", "12"))
remarks = st.sampled_from(("", "会费", "培训费", f"代{OTHER}缴", NAME, "蓝鲸", "2025年会费"))
days = st.sampled_from([DAY + timedelta(days=apart) for apart in (0, 1, 3, 4, 40)])
amounts = st.sampled_from((100, 200, 300))


@st.composite
def _expected(draw: st.DrawFn) -> Expected:
    due = draw(amounts)
    return Expected(
        id=draw(st.uuids()).hex, due=due, declared=draw(st.one_of(st.just(due), amounts)),
        payer=draw(st.sampled_from(NAMES)), enterprise=draw(st.sampled_from(NAMES[:4])), paid_on=draw(days),
        serial=draw(numbers), services=("会费缴纳",),
    )  # fmt: skip


@st.composite
def _line(draw: st.DrawFn) -> StatementLine:
    return StatementLine(
        number=draw(st.integers(1, 50)), paid_on=draw(days), amount=draw(amounts), payer=draw(st.sampled_from(NAMES)),
        serial=draw(numbers), remark=draw(remarks), identity=draw(st.uuids()).hex,
    )  # fmt: skip


worlds = st.tuples(st.lists(_line(), max_size=5), st.lists(_expected(), max_size=6))


@given(worlds, st.randoms())
def test_the_order_of_lines_and_payments_changes_nothing(
    world: tuple[list[StatementLine], list[Expected]], chance: random.Random
) -> None:
    lines, expected = world
    shuffled = proposals(chance.sample(lines, len(lines)), chance.sample(expected, len(expected)))
    assert proposals(lines, expected) == shuffled


@given(worlds)
@settings(max_examples=300)
def test_what_is_proposed_adds_up_and_what_is_sure_is_sure_once(
    world: tuple[list[StatementLine], list[Expected]],
) -> None:
    lines, expected = world
    known = {each.id: each for each in expected}
    found = proposals(lines, expected)
    assert {each.line.identity for each in found} == {each.identity for each in lines}
    for each in found:
        sums = {sum(known[i].declared for i in each.payments), sum(known[i].due for i in each.payments)}
        assert not each.payments or each.line.amount in sums
        assert (each.certainty is NONE) == (not each.payments)
        assert (each.certainty is SURE) == (not each.doubts)
    sure = Counter(payment for each in found if each.certainty is SURE for payment in each.payments)
    assert all(times == 1 for times in sure.values())
    assert not any(set(each.payments) & sure.keys() for each in found if each.certainty is LIKELY)


@given(worlds)
def test_a_twin_of_a_payment_makes_neither_of_them_sure(world: tuple[list[StatementLine], list[Expected]]) -> None:
    lines, expected = world
    for one in expected:
        twin = replace(one, id="twin")
        for each in proposals(lines, [*expected, twin]):
            assert each.certainty is not SURE or len(set(each.payments) & {one.id, "twin"}) != 1


@given(worlds, st.lists(_expected(), min_size=1, max_size=3))
@settings(max_examples=300)
def test_what_is_decided_is_never_proposed_and_makes_nothing_surer(
    world: tuple[list[StatementLine], list[Expected]], decided: list[Expected]
) -> None:
    lines, expected = world
    before = {each.line.identity: each for each in proposals(lines, expected)}
    for each in proposals(lines, expected, decided):
        proposed = {payment for some in (each.payments, *each.others) for payment in some}
        assert not proposed & {one.id for one in decided}
        assert each.certainty is not SURE or before[each.line.identity] == each


@given(worlds, _expected())
@settings(max_examples=300)
def test_a_number_is_sure_only_on_its_day_and_for_nobody_but_who_typed_it(
    world: tuple[list[StatementLine], list[Expected]], rival: Expected
) -> None:
    lines, expected = world
    known = {each.id: each for each in [*expected, rival]}
    for each in proposals(lines, known.values()):
        if each.certainty is SURE:
            typed = {one.id for one in known.values() if one.serial == each.line.serial and len(one.serial) > 2}
            assert typed <= set(each.payments)
            assert all(abs((known[one].paid_on - each.line.paid_on).days) <= NEAR_DAYS for one in each.payments)


@given(worlds, _expected())
@settings(max_examples=300)
def test_a_rival_makes_nothing_sure_of_what_was_only_likely(
    world: tuple[list[StatementLine], list[Expected]], rival: Expected
) -> None:
    """Save for what the rival itself pays, and where the rival's name tells whose a similar name really is."""
    lines, expected = world
    rival = replace(rival, enterprise=expected[0].enterprise) if expected else rival
    before = {each.line.identity: each for each in proposals(lines, expected)}
    for each in proposals(lines, [*expected, rival]):
        if each.certainty is SURE and rival.id not in each.payments:
            assert before[each.line.identity].certainty is SURE
            assert before[each.line.identity].payments == each.payments


# --- the large run ----------------------------------------------------------------------------------------------------


def test_ten_thousand_muddled_lines_bring_no_false_sure_proposal() -> None:
    result = made_up_statements.outcome()
    counts = result.counted()
    print("\n" + made_up_statements.table(result))  # noqa: T201 - the share is to be shown (pytest -s)
    assert not result.false_sure()
    assert counts["lines"] == 10_000
    assert counts["sure right"] > 0.5 * counts["payable"]
    assert counts["sure right"] + counts["likely right"] > 0.9 * counts["payable"]
    assert result.reading + result.matching < 20  # seconds of a processor; a comparison of all with all takes minutes


@pytest.mark.parametrize("left_out", range(len(statement_matching._ASKED) - 1))
def test_each_doubt_keeps_something_false_from_being_called_sure(
    left_out: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one is about combinations that were never tried; it has a test of its own."""
    asked = statement_matching._ASKED
    monkeypatch.setattr(statement_matching, "_ASKED", asked[:left_out] + asked[left_out + 1 :])
    assert made_up_statements.outcome(lines=3_000).false_sure()
