"""The words of the house: states, actions, roles, services, and the frozen records that everything else passes around.

English names are for the code, the Chinese beside them is product vocabulary and is shown to people exactly so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A stable English value for programs, with the Chinese term that people see."""

    chinese: str

    def __new__(cls, value: str, chinese: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.chinese = chinese
        return term


class State(Term):
    """Where an application stands (domain §3)."""

    DRAFT = "draft", "拟稿"
    IN_REVIEW = "in_review", "待审核"
    TO_BE_PAID = "to_be_paid", "待缴费"
    PAYMENT_CHECKED = "payment_being_checked", "待核账"
    IN_TRAINING = "in_training", "培训中"
    BEING_MADE = "being_made", "制证中"
    COMPLETED = "completed", "已完成"
    REJECTED = "rejected", "已拒绝"
    WITHDRAWN = "withdrawn", "已撤回"

    @property
    def final(self) -> bool:
        return self in (State.COMPLETED, State.REJECTED, State.WITHDRAWN)


class Action(Term):
    """What may be done to an application. Every change of state is one of these."""

    SUBMIT = "submit", "提交"
    APPROVE = "approve", "审核通过"
    RETURN = "return", "打回"
    REJECT = "reject", "拒绝"
    WITHDRAW = "withdraw", "撤回"
    PAY = "pay", "提交缴费凭证"
    CONFIRM_PAYMENT = "confirm_payment", "核账通过"
    REFUSE_PAYMENT = "refuse_payment", "核账退回"
    UNDO_PAYMENT = "undo_payment", "撤销核账"
    RECORD_RESULTS = "record_results", "登记考核成绩"
    SEND_BACK = "send_back", "制证退回"
    ISSUE = "issue", "制证"
    NOTE_PAPER = "note_paper", "登记已收纸质资料"
    LAPSE = "lapse", "逾期撤回"


class Role(Term):
    """Who acts. The applicant sees staff by role, never by name."""

    APPLICANT = "applicant", "申请人"
    REVIEWER = "reviewer", "审核"
    FINANCE = "finance", "财务"
    CERTIFIER = "certifier", "制证"
    TRAINER = "trainer", "培训"
    ADMIN = "admin", "管理员"
    SYSTEM = "system", "系统"


STAFF_ROLES = (Role.REVIEWER, Role.FINANCE, Role.CERTIFIER, Role.TRAINER, Role.ADMIN)


class Service(Term):
    """The services of the guide (domain §4)."""

    JOIN = "join", "入会"
    DUES = "dues", "会费缴纳"
    DUES_WITH_CHANGES = "dues_with_changes", "会费缴纳＋变更"
    QUALIFICATION = "qualification", "资质证申办"
    ANNUAL_REVIEW = "annual_review", "资质证年审"
    QUALIFICATION_CHANGE = "qualification_change", "资质证变更"
    TRAINING = "training", "岗位培训"


class CertificateKind(Term):
    MEMBER = "member", "会员证"
    QUALIFICATION = "qualification", "资质证"
    TRAINING = "training", "岗位培训合格证"


class How(Term):
    """How a certificate comes of a service: a new number, or the next version of the one that is held."""

    FIRST = "first", "新证书"
    PAID_YEAR = "paid_year", "新版，有效期为所缴年度"
    REVIEWED = "reviewed", "新版，记载本年度已年审"
    CHANGED = "changed", "新版，按变更后的信息"


class Part(Term):
    """Which paper of a certificate (domain §2): the qualification comes as two."""

    WHOLE = "whole", ""
    ORIGINAL = "original", "正本"
    DUPLICATE = "duplicate", "副本"


class Standing(Term):
    """What a certificate is worth today (domain §2); computed when asked, never stored."""

    REVOKED = "revoked", "已注销"
    EXPIRED = "expired", "已过期"
    REVIEW_OVERDUE = "review_overdue", "年审逾期"
    NOT_YET_VALID = "not_yet_valid", "未生效"
    SUPERSEDED = "superseded", "已换新版"
    VALID = "valid", "有效"


class Effect(Term):
    """What follows a step besides the new state. An operation carries it out in the same transaction."""

    CLAIM = "claim", "从此占位：不能再办同一项，或与它冲突的业务"
    RELEASE = "release", "不再占位：可以另行申请"
    FREE_MONEY = "free_money", "已核账的款项转为余款"
    CREDIT_SURPLUS = "credit_surplus", "已核账的款项多于应缴的，多出部分转为余款"
    ISSUE = "issue", "系统自动制证"
    VOID_NUMBER = "void_number", "已占用的证书编号作废（留记录，不留空号）"
    ENROL = "enrol", "建立会员单位档案和会员编码，登记当年会费已缴，并绑定申请人"
    BOOK_YEAR = "book_year", "登记该年度会费已缴"
    CHANGE_REGISTER = "change_register", "会员单位登记信息按变更事项更新"
    REMEMBER = "remember", "留存审核人员所见，再审时标出此后的改动"
    MAIL_TRAINING_GUIDE = "mail_training_guide", "培训指引从协会公共邮箱发送到联系人邮箱"


class Unit(Term):
    """What a fee is counted by."""

    YEAR = "year", "每年"
    APPLICATION = "application", "每宗"
    PERSON = "person", "每人"


class FileStatus(Term):
    """What the check of an uploaded file has found."""

    WAITING = "waiting", "检查中"
    ACCEPTED = "accepted", "已接收"
    REFUSED = "refused", "未通过"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why something cannot be: a stable code, the Chinese sentence, and what to do next.

    ``field`` names the field, material or person concerned, so that a form can mark it.
    """

    code: str
    message: str
    next: str
    field: str | None = None


class Refused(Exception):  # noqa: N818 - it is the trade's word; a refusal is an answer, not an error
    """A refusal on its way to the person who asked: every reason at once."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reason.code for reason in reasons))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a member (with his enterprise, if bound), a member of staff with his roles, or the system."""

    id: str
    roles: frozenset[Role]
    enterprise: str | None = None

    def may_act_as(self, who: Iterable[Role]) -> bool:
        return bool(self.roles & set(who))


THE_SYSTEM = Actor("system", frozenset({Role.SYSTEM}))


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal value: ``masked`` may be shown anywhere, ``plain`` is None until the vault has opened it.

    ``sealed`` is the ciphertext as stored. The representation never shows more than the mask.
    """

    masked: str
    plain: str | None = field(default=None, repr=False)
    sealed: bytes | None = field(default=None, repr=False, compare=False)


FormValue = str | Personal
Form = Mapping[str, FormValue]


def plain(value: FormValue | None) -> str:
    """The text of a form value; a personal one must have been opened by the vault before rules look at it."""
    if isinstance(value, Personal):
        return value.plain or ""
    return value or ""
