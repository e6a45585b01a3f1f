"""The demo's chapters: what happens on which made-up day, step by step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from infra.local import demo_applying as applying
from infra.local import demo_claiming as claiming
from infra.local import demo_deciding as deciding
from infra.local import demo_holding as holding
from infra.local import demo_invoicing as invoicing
from infra.local import demo_money as money
from infra.local import demo_qualifying as qualifying
from infra.local import demo_renewing as renewing
from infra.local.demo_report import Step
from infra.local.demo_story import BEGINS, Story

Chaptered = tuple[tuple[Step, Callable[[Story], str]], ...]


@dataclass(frozen=True)
class Chapter:
    """What happens on one made-up day: so many years after the story's first, in that month, on that day."""

    chinese: str
    english: str
    years: int
    month: int
    day: int
    steps: Chaptered

    def on(self, first_year: int) -> date:
        return date(first_year + self.years, self.month, self.day)


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("入会", "a company joins", 0, *BEGINS, (
        (Step("catalogue", "游客看办事指南", "a visitor reads the catalogue"), applying.looks_around),
        (Step("login", "微信登录", "he logs in with a WeChat code"), applying.logs_in),
        (Step("profile", "填写姓名和手机号", "fills in name and mobile number"), applying.fills_in_his_name),
        (Step("consents", "同意接收微信提醒", "consents to WeChat notices"), applying.taps_consent),
        (Step("plan", "看现在能办什么", "reads what he may do now"), applying.reads_his_plan),
        (Step("draft", "起草入会申请", "saves a draft"), applying.drafts),
        (
            Step("too_early", "资料不齐就提交", "submits too early: every reason at once"),
            applying.submits_too_early,
        ),
        (
            Step("trick", "上传伪装成照片的网页", "uploads a web page as a photo: told why not"),
            applying.uploads_a_trick,
        ),
        (Step("materials", "上传盖章表格和执照", "uploads form and licence"), applying.completes_and_uploads),
        (
            Step("submit", "提交（同一编号两次）", "submits, twice under one key"),
            applying.submits_twice_under_one_key,
        ),
        (Step("review", "审核员登录并打开资料", "a reviewer signs in and opens the files"), deciding.reviewer_reads),
        (Step("returned", "审核员打回", "returns it with a reason; a notice goes out"), deciding.reviewer_returns),
        (Step("resubmitted", "修改后再提交", "corrected and submitted again"), deciding.applicant_corrects),
        (Step("approved", "审核通过", "approved: the fee is due"), deciding.reviewer_approves),
        (Step("short", "缴费金额不符", "pays too little; finance refuses"), deciding.pays_too_little),
        (Step("paid", "补缴并核账", "pays in full; finance confirms"), deciding.pays_in_full),
        (Step("issued", "系统自动制证", "the certificate is issued by itself"), holding.certificate_comes_by_itself),
        (Step("own", "我的单位和证件", "sees enterprise and certificate as his own"), holding.sees_his_own),
        (Step("download", "下载电子证书", "downloads the PDF"), holding.downloads),
        (Step("mailed", "发送到邮箱", "has it mailed to an address typed in"), holding.has_it_mailed),
        (Step("record", "服务记录", "the service record shows the whole history"), holding.reads_the_record),
        (Step("scanned", "路人扫码查验", "a stranger scans the QR code"), holding.stranger_scans),
        (Step("second", "第二家单位入会", "a second company joins: the next number"), holding.second_company_joins),
        (Step("guessed", "路人猜地址", "unknown and malformed addresses answer alike"), holding.strangers_guess),
    )),
    Chapter("资质证申办", "the qualification", 0, 11, 16, (
        (
            Step("practitioners", "登记从业人员", "an admin enters seven practitioners"),
            qualifying.practitioners_are_entered,
        ),
        (Step("too_few", "只选五人", "five are named: refused"), qualifying.five_are_too_few),
        (Step("out_of_date", "第六人证书已过期", "the sixth is out of date: refused"), qualifying.one_is_out_of_date),
        (Step("qualifying", "选六人并交齐资料", "six named, a file of each: submitted"), qualifying.six_are_named),
        (Step("bring_paper", "审核通过，待交纸质资料", "approved: paper is asked for"), qualifying.paper_is_asked_for),
        (Step("papers", "收到纸质资料，制证", "paper noted: two papers are issued"), qualifying.paper_is_noted),
    )),
    Chapter("会费缴纳", "next year's dues", 0, 12, 1, (
        (Step("dues_refused", "回单不对", "the wrong receipt is refused"), renewing.wrong_receipt_is_refused),
        (Step("dues_paid", "换回单再提交", "the right one is confirmed"), renewing.right_receipt_is_confirmed),
        (
            Step("not_yet", "扫两版会员证", "both versions scanned: not yet, and still"),
            renewing.both_are_scanned_in_december,
        ),
    )),
    Chapter("新的一年；会费缴纳＋变更", "the new year; dues with changes, in two parts", 1, 1, 4, (
        (
            Step("new_year", "再扫两版会员证", "both scanned again: the new one counts"),
            renewing.both_are_scanned_in_january,
        ),
        (Step("partly", "少缴，部分核账", "too little: partly confirmed, kept as credit"), renewing.part_is_confirmed),
        (Step("balance", "补足差额", "the rest is paid: done"), renewing.balance_is_paid),
    )),
    Chapter("资质证年审", "the annual review", 1, 2, 22, (
        (Step("reviewed", "年审", "the review: a version that says so"), renewing.review_is_done),
    )),
    Chapter("资质证变更", "changes of every kind", 1, 3, 8, (
        (Step("side_by_side", "六项变更，新旧对照", "old and new side by side"), renewing.change_is_put_in),
        (
            Step("changed", "缴费后一并变更", "register and both certificates in one go"),
            renewing.change_takes_effect,
        ),
    )),
    Chapter("一笔转账，三宗业务", "one transfer for three matters", 1, 12, 1, (
        (Step("fee_set", "管理员定收费标准", "an admin sets a fee"), money.fee_is_set),
        (Step("three_open", "三宗业务待缴费", "three matters of one company"), money.three_are_open),
        (Step("one_transfer", "一笔转账，核账一次", "one receipt, confirmed once"), money.one_transfer_pays_for_three),
        (Step("undone", "撤销其中一宗核账", "one booking undone, the others stay"), money.one_is_undone),
        (Step("closing", "日结", "the days' closings add up"), money.days_are_closed),
    )),
    Chapter("重新发证", "the new qualification", 1, 12, 3, (
        (Step("anew", "收到纸质资料，制新证", "paper noted: a new number"), qualifying.paper_is_noted_again),
    )),
    Chapter("开票", "invoices", 1, 12, 5, (
        (Step("invoice_asked", "两年会费开一张票", "one invoice for two matters"), invoicing.invoice_is_asked_for),
        (Step("invoice_issued", "财务开票，发送到邮箱", "issued, mailed, downloaded"), invoicing.invoice_is_issued),
    )),
    Chapter("认领", "a claim", 1, 12, 8, (
        (Step("not_found", "找不到数据", "finds no record: told what comes next"), claiming.finds_no_record),
        (Step("claimed", "认领，上传证明材料", "he claims it with evidence"), claiming.claims_it),
        (Step("granted", "管理员核实并绑定", "an admin settles it into a binding"), claiming.admin_grants),
    )),
    Chapter("收尾", "the end", 1, 12, 10, (
        (Step("revoked", "管理员注销第二家的会员证", "an admin revokes: the page says so"), holding.admin_revokes),
        (Step("rest", "一切办结", "everything has come to rest"), holding.all_comes_to_rest),
    )),
)  # fmt: skip
STEPS: Chaptered = tuple(each for chapter in CHAPTERS for each in chapter.steps)
