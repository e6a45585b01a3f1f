"""Every letter and notice rendered from a sample context; what lacks a key is never written."""

from collections.abc import Mapping

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from chalicelib.messages.templates import Context, letter, names, notice
from chalicelib.messages.wechat_values import fit

NOTICE: Context = {
    "service": "入会",
    "unit": "示例环境有限公司",
    "state": "待缴费",
    "reason": "申请表未盖公章",
    "amount": "1,200.00 元",
    "time": "2026年03月02日 12:05",
    "day": "2026年3月2日",
    "certificate": "会员证",
    "number": "HY-2026-0001",
    "association": "示例协会",
    "telephone": "020-00000000",
}
NOTICES = (
    "completed", "lapse_warning", "payment_refused", "rejected", "returned", "to_be_paid", "withdrawn_by_system",
)  # fmt: skip
STEPS_OF_THE_YEAR = ("bring_paper", "invoice_cancelled", "payment_undone")
OF_THE_YEAR = ("certificate_renewed", "dues_due", "review_due", "training_expiring")
NOTICE_OF_THE_YEAR = {
    **NOTICE, "certificate": "资质证", "last": "2027年03月31日", "year": "2027", "days": "30",
    "count": "1",
}  # fmt: skip
OF_BINDING_REQUESTS = ("binding_granted", "binding_refused")
OF_MEMBERSHIP = ("membership_ended", "membership_restored")
NOTICE_OF_MEMBERSHIP = {
    **NOTICE, "reason": "自愿退会，来函 2026-7 号", "credit": "500.00 元",
    "certificates": "会员证（编号 HY-2026-0001）、资质证（编号 ZZ-2026-0001）",
}  # fmt: skip
NEEDED = ("association", "service", "telephone", "time", "unit")
LETTERS: Mapping[str, Context] = {
    "certificate": {
        "association": "示例协会",
        "telephone": "020-00000000",
        "certificate": "会员证",
        "number": "HY-2026-0001",
        "holder": "示例<b>环境</b>有限公司",
        "valid_from": "2026年3月2日",
        "valid_to": "2026年12月31日",
        "paper": "A4 纸",
        "verify_url": "https://example.org/v/ABC?x=1&y=2",
        "test": False,
    },
    "invoice": {
        "association": "示例协会",
        "telephone": "020-00000000",
        "document": "电子发票（普通发票）",
        "number": "26440000000000000001",
        "title": "示例<b>环境</b>有限公司",
        "tax_number": "91449999000000001D",
        "amount": "2,400.00 元",
        "services": "会费缴纳、资质证变更",
        "again": "",
    },
    "unit_notice": {
        "association": "示例协会", "telephone": "020-00000000", "unit": "示例<b>环境</b>有限公司",
        "title": "您的资质证变更申请被打回，请修改后重新提交",
        "body": "您好！申请被打回。\n\n下一步：<修改>后重新提交。",
    },
}  # fmt: skip
MEANINGS = {"service": "thing1", "state": "phrase2", "reason": "thing3", "amount": "amount4", "time": "date5"}


def test_every_declared_letter_and_notice_has_a_sample_here() -> None:
    assert set(names("notices")) == {
        *NOTICES,
        "new_binding",
        *OF_BINDING_REQUESTS,
        "certificate_revoked",
        "certificate_reinstated",
        *OF_MEMBERSHIP,
        *OF_THE_YEAR,
        *STEPS_OF_THE_YEAR,
    }
    assert set(names("letters")) == set(LETTERS)


@pytest.mark.parametrize("name", [*OF_THE_YEAR, *STEPS_OF_THE_YEAR, *OF_BINDING_REQUESTS])
def test_the_notices_of_the_year_say_the_next_step_and_fit_a_wechat_template(name: str) -> None:
    written = notice(name, NOTICE_OF_THE_YEAR)
    assert "\n" not in written.title
    assert written.body.startswith("您好！")
    assert "下一步：" in written.body
    assert "示例协会：020-00000000" in written.body
    assert all(written.wechat[each] for each in ("service", "state", "reason"))


def test_whoever_is_in_review_waits_for_the_reviewer_before_he_pays_again() -> None:
    here, in_review = (notice("payment_undone", {**NOTICE, "state": state}) for state in ("拟稿", "待审核"))
    assert "请在小程序“我的”—“服务记录”中打开此项办理" in here.body
    assert "请等待审核结果的通知" in in_review.body


def test_one_practitioner_is_spoken_of_as_one_and_many_with_their_number_and_the_first() -> None:
    one, many = (notice("training_expiring", {**NOTICE_OF_THE_YEAR, "count": count}) for count in ("1", "12"))
    assert "一名从业人员的岗位培训合格证（编号 HY-2026-0001）将于2027年03月31日到期，还有 30 天。" in one.body
    assert "其余" not in one.body
    assert (
        "有 12 名从业人员的岗位培训合格证即将到期。最早的一张（编号 HY-2026-0001）将于2027年03月31日到期" in many.body
    )
    assert many.title == "12 张岗位培训合格证即将到期"
    assert [each.wechat["reason"] for each in (one, many)] == ["有效期至2027年03月31日", "12张，最早2027年03月31日"]


@pytest.mark.parametrize("name", ["dues_due", "review_due", "training_expiring"])
@pytest.mark.parametrize("count", ["1", "200"])
def test_a_reminder_says_today_on_the_last_day_and_fits_wechat_without_losing_a_word(name: str, count: str) -> None:
    written = notice(name, {**NOTICE_OF_THE_YEAR, "days": "0", "count": count})
    assert "今天是最后一天" in written.body
    assert "0 天" not in written.body
    for meaning in ("service", "state", "reason"):
        assert fit(MEANINGS[meaning], written.wechat[meaning]) == written.wechat[meaning]


@pytest.mark.parametrize("name", NOTICES)
def test_every_notice_says_the_next_step_and_whom_to_ask(name: str) -> None:
    written = notice(name, NOTICE)
    assert "入会" in written.title
    assert "\n" not in written.title
    assert written.body.startswith("您好！")
    assert "下一步：" in written.body
    assert "示例协会：020-00000000" in written.body


@pytest.mark.parametrize("name", NOTICES)
def test_every_notice_fits_wechat_without_losing_a_word(name: str) -> None:
    values = notice(name, NOTICE).wechat
    assert {"service", "state", "reason", "time"} <= set(values) <= set(MEANINGS)
    for meaning in set(values) - {"amount", "time"}:
        assert fit(MEANINGS[meaning], values[meaning]) == values[meaning]
    assert fit("date5", values["time"]) == "2026年3月2日 12:05"


def test_the_other_representatives_hear_of_a_new_binding_and_whom_to_call() -> None:
    written = notice("new_binding", NOTICE)
    assert "示例环境有限公司" in written.title
    assert "下一步：" in written.body
    assert "示例协会：020-00000000" in written.body
    assert all(
        fit(MEANINGS[meaning], written.wechat[meaning]) == written.wechat[meaning] for meaning in ("state", "reason")
    )


@pytest.mark.parametrize("name", ["certificate_revoked", "certificate_reinstated"])
def test_the_holder_hears_what_became_of_his_certificate_and_why(name: str) -> None:
    written = notice(name, NOTICE)
    assert "示例环境有限公司的会员证" in written.title
    assert "HY-2026-0001" in written.body
    assert "原因：申请表未盖公章" in written.body
    assert "下一步：" in written.body
    assert "示例协会：020-00000000" in written.body


@pytest.mark.parametrize("name", OF_MEMBERSHIP)
def test_the_representatives_hear_what_became_of_the_membership_and_of_which_certificates(name: str) -> None:
    written = notice(name, NOTICE_OF_MEMBERSHIP)
    assert "示例环境有限公司的会员资格" in written.title
    for part in ("自愿退会，来函 2026-7 号", "HY-2026-0001", "ZZ-2026-0001", "下一步：", "示例协会：020-00000000"):
        assert part in written.body
    assert all(
        fit(MEANINGS[meaning], written.wechat[meaning]) == written.wechat[meaning] for meaning in ("service", "state")
    )


def test_who_is_no_member_any_more_hears_what_stays_and_the_way_back() -> None:
    written = notice("membership_ended", NOTICE_OF_MEMBERSHIP)
    for part in ("资质证以会员资格为前提", "重新申办", "岗位培训合格证不受影响", "余款 500.00 元仍属", "编码不变"):
        assert part in written.body
    nothing = notice("membership_ended", {**NOTICE_OF_MEMBERSHIP, "credit": "", "certificates": ""})
    assert "余款" not in nothing.body
    assert "注销" not in nothing.body


def test_one_notice_tells_of_several_matters_by_name_and_wechat_has_room_for_their_number() -> None:
    several = {**NOTICE, "service": "会费缴纳＋变更等 12 项", "amount": "14,400.00 元"}
    written = notice("payment_refused", {**several, "matters": "未通过核账（12 项）：\n· 会费缴纳＋变更\n下一步：补缴"})
    assert written.title == "您的会费缴纳＋变更等 12 项缴费未通过核账，请重新上传凭证"
    assert "未通过核账（12 项）：\n· 会费缴纳＋变更\n下一步：补缴" in written.body
    assert "合计 14,400.00 元" in written.body
    assert "示例协会：020-00000000" in written.body
    assert fit("thing1", written.wechat["service"]) == written.wechat["service"]


@pytest.mark.parametrize("name", ["returned", "payment_refused", "rejected"])
def test_a_reason_given_by_staff_is_told_word_for_word(name: str) -> None:
    written = notice(name, NOTICE)
    assert "原因：申请表未盖公章" in written.body
    assert written.wechat["reason"] == "申请表未盖公章"


def test_the_amount_due_is_told() -> None:
    written = notice("to_be_paid", NOTICE)
    assert "应缴金额 1,200.00 元" in written.body
    assert fit("amount4", written.wechat["amount"]) == "1200.00元"


def test_completed_tells_of_download_mail_and_invoice() -> None:
    body = notice("completed", NOTICE).body
    for words in ("下载", "发送到邮箱", "申请开票"):
        assert words in body


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_that_lacks_a_key_is_not_written(name: str) -> None:
    for key in NEEDED:
        with pytest.raises(UndefinedError):
            notice(name, {k: v for k, v in NOTICE.items() if k != key})


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_that_lacks_any_key_is_not_written(name: str) -> None:
    for key in LETTERS[name]:
        with pytest.raises(UndefinedError):
            letter(name, {k: v for k, v in LETTERS[name].items() if k != key})


def test_a_name_that_is_not_declared_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        notice("congratulations", NOTICE)


def test_the_certificate_letter_tells_number_holder_printing_and_checking() -> None:
    subject, text, html = letter("certificate", LETTERS["certificate"])
    assert subject == "【示例协会】会员证电子证书 HY-2026-0001"
    for words in ("HY-2026-0001", "A4 纸", "250 克铜版纸", "2026年12月31日", "扫描证书上的二维码", "020-00000000"):
        assert words in text
        assert words in html
    assert "打印后仍然有效" in text


def test_the_invoice_letter_tells_what_it_is_for_and_that_an_old_one_is_void() -> None:
    subject, text, html = letter("invoice", LETTERS["invoice"])
    assert subject == "【示例协会】电子发票（普通发票） 26440000000000000001"
    for words in ("91449999000000001D", "2,400.00 元", "会费缴纳、资质证变更", "除特殊情况外不重开", "020-00000000"):
        assert words in text
        assert words in html
    _, again, page = letter("invoice", {**LETTERS["invoice"], "again": "again"})
    for words, before in ((again, text), (page, html)):
        assert "此前的一张已作废" in words
        assert "此前的一张已作废" not in before


def test_a_test_certificate_does_not_claim_legal_effect() -> None:
    _, text, html = letter("certificate", {**LETTERS["certificate"], "test": True})
    for words in (text, html):
        assert "不具法律效力" in words
        assert "仍然有效" not in words


def test_names_are_escaped_in_html_and_only_there() -> None:
    _, text, html = letter("certificate", LETTERS["certificate"])
    assert "示例<b>环境</b>有限公司" in text
    assert "示例&lt;b&gt;环境&lt;/b&gt;有限公司" in html


def test_a_line_break_in_the_context_does_not_reach_the_subject() -> None:
    subject, _, _ = letter("certificate", {**LETTERS["certificate"], "number": "1\r\nBcc: x@example.org"})
    assert "\n" not in subject
    assert "\r" not in subject


def test_no_word_of_any_real_association_is_in_the_templates() -> None:
    for name in NOTICES:
        assert "广州" not in notice(name, NOTICE).body
    assert "广州" not in "".join(letter("certificate", LETTERS["certificate"]))


def test_a_notice_to_a_contact_says_it_word_for_word_and_how_to_be_bound_again() -> None:
    subject, text, html = letter("unit_notice", LETTERS["unit_notice"])
    assert subject == "【示例协会】您的资质证变更申请被打回，请修改后重新提交"
    assert "下一步：<修改>后重新提交。" in text
    assert "“我的—企业绑定”" in text
    assert "&lt;修改&gt;" in html
    assert "<b>" not in html.partition("<h1")[2]
