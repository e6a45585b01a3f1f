"""Looking a certificate up by its number, and the first page of all."""

from dataclasses import replace

import pytest

from chalicelib.pages.home import home_page
from chalicelib.pages.search import search_found_page, search_page, search_refused_page, unknown_number
from chalicelib.rules.vocabulary import Reason
from tests.pages.markup import read
from tests.pages.samples import ASSOCIATION, DOMAIN, MEMBER, TRAINING, view_of


def test_the_form_works_without_script_and_names_its_field() -> None:
    markup = read(search_page(ASSOCIATION, DOMAIN))
    assert [(form["action"], form["method"]) for form in markup.attributes("form")] == [("verify", "get")]
    field = markup.attributes("input")[0]
    assert (field["name"], field["id"]) == ("number", markup.attributes("label")[0]["for"])


def test_a_number_that_was_found_shows_what_a_scan_shows_of_an_enterprise() -> None:
    text = read(search_found_page(view_of(MEMBER, scanned=False))).text("main")
    assert "有效 Valid" in text
    assert MEMBER.holder_name in text
    assert str(MEMBER.credit_code) in text


def test_a_practitioner_is_shown_by_surname_and_the_page_says_why() -> None:
    page = search_found_page(view_of(TRAINING, scanned=False))
    assert TRAINING.holder_name not in page
    assert "姓名只显示姓氏" in page


def test_a_view_made_for_a_scan_is_not_shown_to_a_search() -> None:
    with pytest.raises(ValueError, match="less than a scan"):
        search_found_page(view_of(TRAINING))


def test_a_number_that_was_not_found_stays_in_the_form_beside_the_reason() -> None:
    markup = read(search_refused_page(ASSOCIATION, DOMAIN, '"><b>GZ', unknown_number(ASSOCIATION)))
    field = markup.attributes("input")[0]
    assert (field["value"], field["aria-invalid"], field["aria-describedby"]) == ('"><b>GZ', "true", "hint refusals")
    assert "未查询到该编号的证书。" in markup.text("main")
    assert "No certificate has this number." in markup.text("main")
    assert ASSOCIATION.telephones[0].number in markup.text("main")


def test_every_reason_is_shown_with_its_next_step() -> None:
    busy = Reason("too_many_searches", "查询过于频繁。", "请一小时后再试。")
    text = read(search_refused_page(ASSOCIATION, DOMAIN, "GZ-1", unknown_number(ASSOCIATION), busy)).text("main")
    assert "查询过于频繁。 请一小时后再试。" in text
    assert "逐字核对编号" in text


def test_home_says_whose_it_is_and_leads_on() -> None:
    markup = read(home_page(ASSOCIATION, DOMAIN))
    assert {
        "verify",
        "docs",
        "services",
        "forms",
        "payment-instructions",
        "openapi.json",
        "./",
        "tel:02000000001",
    } <= set(markup.addresses)
    assert ASSOCIATION.name in markup.text("header")
    assert ASSOCIATION.bank.number not in markup.text("body")


def test_nothing_of_an_association_is_written_into_the_pages() -> None:
    other = replace(
        ASSOCIATION, name="另一协会", english_name="Another", address="别处", telephones=(), mail="x@y.example"
    )
    page = home_page(other, "z.example")
    assert ASSOCIATION.name not in page
    assert "另一协会" in page
