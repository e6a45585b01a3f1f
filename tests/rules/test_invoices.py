"""开票: what may stand on an invoice, for which applications, and what is said when it may not."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.folding import Malformed
from chalicelib.rules.invoices import (
    MOST_APPLICATIONS,
    NO_SPECIAL_ONES,
    ORDINARY,
    Buyer,
    Item,
    document_for,
    invoice_number,
    read,
    standing_in_the_way,
    tax_number,
)
from chalicelib.rules.payments import Fee
from chalicelib.rules.records import Application
from chalicelib.rules.vocabulary import Service, State, Unit
from tests import made_up

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
GOOD = Buyer(made_up.enterprise(1), made_up.credit_code(1), "name@example.com")
RECEIPT = "社会团体会费统一收据"
CODES_OF_STATES = {state: {"not_completed"} for state in State} | {State.COMPLETED: set()}


def item(
    identity: str = "a1", state: State = State.COMPLETED, paid: int = 120_000, owner: str = "enterprise:e1",
    document: str = ORDINARY, invoice: str | None = None,
) -> Item:  # fmt: skip
    application = Application(
        id=identity, service=Service.DUES, owner=owner, applicant="u1", state=state, opened_at=MORNING, since=MORNING,
        year=2026, paid=paid,
    )  # fmt: skip
    return Item(application, document, invoice)


def codes(*items: Item) -> list[str]:
    return [reason.code for reason in standing_in_the_way(items)]


# --- for which applications -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_only_a_completed_application_is_invoiced_whatever_was_paid(state: State) -> None:
    assert set(codes(item(state=state))) == CODES_OF_STATES[state]


def test_an_ended_application_is_not_told_to_wait() -> None:
    (waiting,), (ended,) = (standing_in_the_way([item(state=each)]) for each in (State.IN_REVIEW, State.REJECTED))
    assert "已完成" in waiting.next
    assert "终止" in ended.next


def test_where_nothing_was_paid_there_is_nothing_to_invoice() -> None:
    assert codes(item(paid=0)) == ["nothing_paid"]


def test_an_application_stands_on_one_invoice_and_is_told_on_which() -> None:
    (reason,) = standing_in_the_way([item(invoice="inv7")])
    assert (reason.code, reason.field) == ("already_invoiced", "a1")
    assert "inv7" in reason.message
    assert "2026 年度" in reason.message


def test_all_reasons_of_all_applications_come_at_once() -> None:
    found = codes(
        item("a1", State.BEING_MADE), item("a2", paid=0), item("a3", invoice="inv1"),
        item("a4", owner="enterprise:e2", document=RECEIPT),
    )  # fmt: skip
    assert found == ["not_completed", "nothing_paid", "already_invoiced", "owners_differ", "documents_differ"]


def test_dues_on_a_receipt_and_a_fee_on_an_invoice_are_asked_for_apart_and_both_are_named() -> None:
    (reason,) = standing_in_the_way([item("a1", document=RECEIPT), item("a2")])
    assert RECEIPT in reason.message
    assert ORDINARY in reason.message


@given(st.integers(0, 30))
def test_one_to_twelve_applications_go_on_one_invoice(n: int) -> None:
    found = codes(*(item(f"a{each}") for each in range(n)))
    assert found == ([] if 1 <= n <= MOST_APPLICATIONS else ["applications_out_of_bounds"])


def test_the_document_is_the_one_that_the_fee_schedule_of_the_day_names() -> None:
    row = Fee(
        code="dues", item="会费", level="会员单位", unit=Unit.YEAR, amount=1, valid_from=date(2020, 1, 1),
        valid_to=date(2026, 12, 31), resolution="演示", document=RECEIPT,
    )  # fmt: skip
    later = replace(row, valid_from=date(2027, 1, 1), valid_to=None, document="电子会费票据")
    fees = (row, later)
    assert document_for(fees, "dues", date(2026, 12, 31)) == RECEIPT
    assert document_for(fees, "dues", date(2027, 1, 1)) == "电子会费票据"
    assert document_for(fees, "training", date(2027, 1, 1)) == ORDINARY
    assert document_for(fees, None, date(2027, 1, 1)) == ORDINARY


# --- what stands on it ------------------------------------------------------------------------------------------------


def test_what_is_right_is_read_in_one_writing() -> None:
    typed = Buyer("虚构(一号)公司", f" {made_up.credit_code(1).lower()} ", "name@EXAMPLE.com ", "  请注明合同号 7 ")
    buyer, reasons = read(typed)
    assert reasons == ()
    assert buyer == Buyer("虚构（一号）公司", made_up.credit_code(1), "name@example.com", "请注明合同号 7")


def test_everything_that_is_wrong_is_told_at_once_with_its_field() -> None:
    _, reasons = read(Buyer("", "123", "a@b@c", "x" * 201))
    assert [(reason.code, reason.field) for reason in reasons] == [
        ("name_empty", "title"), ("tax_number_form", "tax_number"), ("email_form", "email"),
        ("text_too_long", "remarks"),
    ]  # fmt: skip
    assert all(reason.next for reason in reasons)


@pytest.mark.parametrize("remarks", ["请开专票", "要增值税专用发票", "请开具增值税 专用 电子 发票"])
def test_a_special_invoice_is_never_given_and_the_words_say_so(remarks: str) -> None:
    _, reasons = read(replace(GOOD, remarks=remarks))
    (reason,) = reasons
    assert (reason.code, reason.field) == ("no_special_invoices", "remarks")
    assert reason.message == NO_SPECIAL_ONES


@pytest.mark.parametrize("remarks", ["", "请写明“资质证变更”", "发票抬头与营业执照一致"])
def test_other_remarks_pass(remarks: str) -> None:
    assert read(replace(GOOD, remarks=remarks))[1] == ()


@given(st.from_regex(r"[A-Z0-9]{15,20}", fullmatch=True).filter(lambda number: len(number) != 18))
def test_a_tax_number_of_fifteen_to_twenty_letters_and_digits_passes(number: str) -> None:
    assert tax_number(number.lower()) == number


@pytest.mark.parametrize("number", ["", "1" * 14, "1" * 21, "91449999-00000001D", "税" * 18])
def test_any_other_is_refused(number: str) -> None:
    with pytest.raises(Malformed) as refusal:
        tax_number(number)
    assert refusal.value.reason.code == "tax_number_form"


@given(st.integers(0, 31**8), st.integers(0, 17))
def test_one_wrong_character_of_a_credit_code_is_found(n: int, place: int) -> None:
    code = made_up.credit_code(n)
    assert tax_number(code) == code
    other = "1" if code[place] != "1" else "2"
    with pytest.raises(Malformed):
        tax_number(code[:place] + other + code[place + 1 :])


@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    buyer, reasons = read(Buyer(text, text, text, text))
    assert reasons or read(buyer) == (buyer, ())


@pytest.mark.parametrize("number", ["26440000000000000001", " 0123 4567 ", "粤a-1234567".removeprefix("粤")])
def test_the_number_of_a_document_is_read_as_it_is_printed(number: str) -> None:
    assert invoice_number(number) == "".join(number.split()).upper()


@pytest.mark.parametrize("number", ["", "12345", "１" * 31, "No.12345678", "12345678;"])
def test_what_is_no_number_of_a_document_is_refused(number: str) -> None:
    with pytest.raises(Malformed):
        invoice_number(number)
