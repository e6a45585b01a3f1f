from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.payments import Fee, amount_due, yuan
from chalicelib.rules.vocabulary import Unit

DUES = Fee(
    code="dues", item="会费", level="会员单位", unit=Unit.YEAR, amount=100_000, valid_from=date(2020, 1, 1),
    valid_to=date(2026, 6, 30), resolution="made up", document="made up",
)  # fmt: skip
RAISED = replace(DUES, amount=120_000, valid_from=date(2026, 7, 1), valid_to=None)
PER_PERSON = replace(RAISED, code="training", unit=Unit.PERSON, amount=30_000)


def test_the_fee_schedule_of_the_day_decides() -> None:
    fees = (DUES, RAISED)
    assert amount_due(fees, "dues", date(2026, 6, 30)) == 100_000
    assert amount_due(fees, "dues", date(2026, 7, 1)) == 120_000
    assert amount_due(fees, "dues", date(2019, 1, 1)) is None


def test_a_fee_per_person_counts_the_persons() -> None:
    assert amount_due((PER_PERSON,), "training", date(2026, 8, 1), persons=3) == 90_000


def test_a_service_without_a_fee_costs_nothing() -> None:
    assert amount_due((RAISED,), None, date(2026, 8, 1)) == 0


@given(st.integers(-(10**12), 10**12))
def test_an_amount_in_yuan_reads_back_to_the_same_fen(fen: int) -> None:
    assert int(yuan(fen).removesuffix(" 元").replace(",", "").replace(".", "")) == fen
