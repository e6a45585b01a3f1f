"""The page a stranger sees who has scanned a certificate."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.pages.certificate_view import certificate_view
from chalicelib.pages.verdicts import VERDICTS
from chalicelib.pages.verification import (
    unknown,
    unknown_json,
    unknown_page,
    verification_json,
    verification_page,
)
from chalicelib.rules.association import Windows
from chalicelib.rules.certificates import Deadline, token
from chalicelib.rules.records import Issuance
from chalicelib.rules.vocabulary import Standing
from tests.pages.markup import read
from tests.pages.samples import (
    ASSOCIATION,
    AT,
    DOMAIN,
    MEMBER,
    QUALIFICATION,
    ROOT,
    TRAINING,
    every_standing,
    family_of,
    view_of,
)

VIEWS = every_standing()
every_one = pytest.mark.parametrize("standing", Standing)


@every_one
def test_each_standing_is_told_by_its_own_word(standing: Standing) -> None:
    markup = read(verification_page(VIEWS[standing]))
    assert markup.text("h1") == f"{standing.chinese} {VERDICTS[standing].english}"
    assert markup.text("title").startswith(standing.chinese)


@every_one
def test_each_standing_has_its_own_shape_and_sentences(standing: Standing) -> None:
    page, others = verification_page(VIEWS[standing]), [VIEWS[each] for each in Standing if each is not standing]
    symbol = page[page.index("<svg") : page.index("</svg>")]
    assert f"is-{standing.value}" in page
    for other in others:
        assert symbol not in verification_page(other)
        assert VERDICTS[other.standing].advice not in page
        assert other.statement not in read(page).text("main")


@every_one
def test_the_sentence_has_no_place_left_unfilled(standing: Standing) -> None:
    view = VIEWS[standing]
    assert "{" not in view.statement + view.statement_english
    assert view.standing is standing


def test_the_page_of_a_valid_certificate_says_all_that_is_public() -> None:
    text = read(verification_page(view_of(MEMBER))).text("main")
    for fact in (
        "会员证 Member certificate",
        "本证书今日有效，有效期至2026年12月31日。",
        "持证单位 Holder 虚构一二号有害生物防制有限公司",
        "证书编号 Certificate no. GZ-HY-2026-0012",
        f"统一社会信用代码 Unified social credit code {MEMBER.credit_code}",
        "有效期 Validity 2026年3月2日 至 2026年12月31日",
        "发证日期 Date of issue 2026年3月2日",
        "版本 Version 第1版",
        "发证单位 Issued by 虚构市有害生物防制协会",
        "查询时间 Checked at 2026年11月24日 14:05:09 北京时间",
        DOMAIN,
        "秘书处 020-0000 0001",
    ):
        assert fact in text


def test_nothing_that_is_not_public_is_on_any_page_or_in_any_json() -> None:
    for view in VIEWS.values():
        shown = verification_page(view) + json.dumps(verification_json(view), ensure_ascii=False)
        for secret in ("HIDDEN77", "enterprise:e1", "举报人", "0000 1111 2222 3333", "application-7"):
            assert secret not in shown


def test_an_older_version_says_that_a_newer_one_exists_and_what_the_certificate_is_worth_today() -> None:
    renewed = replace(MEMBER, latest=2, valid_to=date(2027, 12, 31))
    page = verification_page(view_of(renewed))
    text = read(page).text("main")
    assert "您查验的是第1版，已由第2版代替。该证书今日状态：有效，有效期至2027年12月31日。" in text
    assert "第1版（最新为第2版）" in text
    assert token(ROOT, 2) in read(page).addresses


def test_the_newest_version_of_several_says_when_it_was_made() -> None:
    page = verification_page(view_of(replace(MEMBER, latest=2), 2))
    assert "第2版（最新版，2026年3月2日制证）" in read(page).text("main")
    assert ROOT not in page


def test_an_old_version_of_a_revoked_certificate_tells_both() -> None:
    text = read(verification_page(view_of(replace(MEMBER, latest=2, revoked_on=date(2026, 9, 1))))).text("main")
    assert text.index("已注销") < text.index("您查验的是第1版，之后另有第2版。")
    assert "注销日期 Revoked on 2026年9月1日" in text


def test_a_day_ends_by_shanghais_clock_whatever_the_machines() -> None:
    still, over = (datetime(2026, 12, 31, hour, 30, tzinfo=UTC) for hour in (15, 16))
    assert view_of(MEMBER, at=still).standing is Standing.VALID
    assert view_of(MEMBER, at=over).standing is Standing.EXPIRED
    assert "2027年1月1日 00:30:00 北京时间" in read(verification_page(view_of(MEMBER, at=over))).text("main")


def test_a_test_certificate_says_so_before_anything_else() -> None:
    text = read(verification_page(view_of(MEMBER, test=True))).text("main")
    assert text.startswith("测试证书 仅供试用，不具法律效力")
    assert "测试" not in read(verification_page(view_of(MEMBER))).text("main")


def test_the_review_deadline_is_the_associations() -> None:
    family, may = family_of(replace(QUALIFICATION, reviewed=())), datetime(2026, 5, 4, 12, tzinfo=UTC)
    later = replace(ASSOCIATION, windows=Windows(review_deadline=Deadline(6, 30)))
    views = (certificate_view(family, 1, may, association, domain=DOMAIN) for association in (ASSOCIATION, later))
    assert [view and view.standing for view in views] == [Standing.REVIEW_OVERDUE, Standing.VALID]


def test_scanning_shows_a_practitioners_name_and_searching_only_his_surname() -> None:
    scanned, searched = view_of(TRAINING), view_of(TRAINING, scanned=False)
    assert scanned.holder == TRAINING.holder_name
    assert searched.holder == f"{TRAINING.holder_name[0]}*"
    assert TRAINING.holder_name not in verification_page(searched)
    assert "持证人 Holder" in read(verification_page(scanned)).text("main")


def test_searching_never_leads_to_the_unguessable_address() -> None:
    assert view_of(replace(MEMBER, latest=2), scanned=False).newer is None


@pytest.mark.parametrize("issuance", [Issuance.RESERVED, Issuance.VOID])
def test_a_number_without_a_certificate_shows_nothing(issuance: Issuance) -> None:
    family = family_of(replace(MEMBER, issuance=issuance))
    assert certificate_view(family, 1, AT, ASSOCIATION, domain=DOMAIN) is None


@pytest.mark.parametrize("ordinal", [0, 2, 1023])
def test_a_version_that_was_never_made_shows_nothing(ordinal: int) -> None:
    assert certificate_view(family_of(MEMBER), ordinal, AT, ASSOCIATION, domain=DOMAIN) is None


@given(st.text())
def test_no_name_becomes_markup(name: str) -> None:
    hostile = view_of(replace(MEMBER, holder_name=f"</style><script>alert(1)</script>\"'{name}"))
    markup = read(verification_page(hostile))
    assert markup.troubles == []
    assert "script" not in {tag for tag, _ in markup.tags}


def test_a_name_with_markup_is_shown_as_it_is_written() -> None:
    page = verification_page(view_of(replace(MEMBER, holder_name="<script>甲 & 乙</script>")))
    assert "&lt;script&gt;甲 &amp; 乙&lt;/script&gt;" in page
    assert "<script>甲 & 乙</script>" in read(page).text("dd")


def test_programs_read_the_same_facts() -> None:
    assert verification_json(VIEWS[Standing.REVOKED]) == {
        "standing": "revoked",
        "standing_name": "已注销",
        "statement": "本证书已于2026年10月8日被发证单位注销，不再有效。",
        "current_standing": "revoked",
        "kind": "member",
        "kind_name": "会员证",
        "number": "GZ-HY-2026-0012",
        "holder": "虚构一二号有害生物防制有限公司",
        "credit_code": MEMBER.credit_code,
        "valid_from": "2026-03-02",
        "valid_to": "2026-12-31",
        "issued_on": "2026-03-02",
        "revoked_on": "2026-10-08",
        "version": 1,
        "latest_version": 1,
        "test": False,
        "association": "虚构市有害生物防制协会",
        "checked_at": "2026-11-24T14:05:09+08:00",
    }


def test_nobody_who_has_just_scanned_is_asked_to_scan() -> None:
    assert ASSOCIATION.verify_note not in verification_page(view_of(MEMBER))
    assert ASSOCIATION.verify_note not in unknown_page(ASSOCIATION, DOMAIN)


def test_an_unknown_address_is_told_what_to_check_and_whom_to_call() -> None:
    text = read(unknown_page(ASSOCIATION, DOMAIN)).text("main")
    for words in ("未查询到该证书", "请核对", "020-0000 0001", DOMAIN):
        assert words in text
    problem = unknown_json(ASSOCIATION)
    assert (problem["status"], problem["reasons"][0]["code"]) == (404, "certificate_unknown")
    assert unknown(ASSOCIATION).next in text


def test_an_association_without_telephones_still_answers() -> None:
    silent = replace(ASSOCIATION, telephones=())
    assert read(unknown_page(silent, DOMAIN)).troubles == []
