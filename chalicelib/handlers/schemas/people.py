"""Members: their session, their own data, their enterprise, their messages."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.base import Code, Incoming, Instant, Line, Named, Outgoing, PageOf, Seen, Why, code_of
from chalicelib.rules.records import Delivery, Dossier, Ended, Message, User
from chalicelib.rules.vocabulary import Personal

MOST_NOTICES = 10
NAMES_LENGTH = 200


class Login(Incoming):
    code: Annotated[
        str,
        StringConstraints(min_length=1, max_length=256),
        Field(description="wx.login 得到的 code", examples=["0f3xYz1w3qJ8aB0l9c2w3"]),
    ]


class Me(Outgoing):
    """One's own data, in clear."""

    id: str
    name: Annotated[str | None, Field(description="真实姓名")]
    mobile: Annotated[str | None, Field(description="手机号码")]
    enterprise: Annotated[str | None, Field(description="所绑定单位的编号")]
    consents: Annotated[dict[str, int], Field(description="各类微信提醒还可发送的次数")]

    @classmethod
    def of(cls, user: User) -> Self:
        """``user`` is opened."""
        return cls(
            id=user.id, name=_plain(user.name), mobile=_plain(user.mobile), enterprise=user.enterprise,
            consents=dict(user.consents),
        )  # fmt: skip


def _plain(value: Personal | None) -> str | None:
    return value.plain if value else None


class MemberSession(Outgoing):
    token: Annotated[str, Field(description="放在 Authorization: Bearer 请求头中")]
    expires_at: Instant
    me: Me


class Profile(Incoming):
    name: Annotated[str, Field(max_length=NAMES_LENGTH, description="真实姓名", examples=[examples.PERSON])]
    mobile: Annotated[
        str, Field(max_length=60, description="手机号码；全角数字和空格自动折算", examples=[examples.MOBILE])
    ]


class Consents(Incoming):
    notices: Annotated[
        list[Code],
        Field(
            min_length=1, max_length=MOST_NOTICES, description="刚在微信中点了同意的提醒种类", examples=[["completed"]]
        ),
    ]


class ConsentToAsk(Outgoing):
    notice: Annotated[str, Field(description="提醒种类，登记同意时写在 notices 中")]
    template_id: Annotated[str, Field(description="交给 wx.requestSubscribeMessage 的模板编号")]
    left: Annotated[int, Field(description="还可发送的次数")]


class ConsentsToAsk(Outgoing):
    items: list[ConsentToAsk]

    @classmethod
    def of(cls, templates: Mapping[str, str], left: Mapping[str, int]) -> Self:
        return cls(
            items=[
                ConsentToAsk(notice=notice, template_id=template, left=left.get(notice, 0))
                for notice, template in templates.items()
            ]
        )


class NewBinding(Incoming):
    name: Annotated[
        str, Field(min_length=1, max_length=NAMES_LENGTH, description="单位全称", examples=[examples.ENTERPRISE])
    ]
    member_code: Annotated[str, Field(min_length=1, max_length=60, description="会员编码", examples=["12345678"])]


class EndedShown(Outgoing):
    """A membership that has ended."""

    since: Annotated[date, Field(description="入会日期")]
    on: Annotated[date, Field(description="终止日期")]
    reason: Annotated[str, Field(description="终止的理由")]

    @classmethod
    def of(cls, ended: Ended) -> Self:
        return cls(since=ended.since, on=ended.on, reason=ended.reason)


class EnterpriseShown(Outgoing):
    """The enterprise that one represents; personal values masked."""

    id: str
    name: str
    credit_code: str
    member_code: Annotated[str, Field(description="会员编码：不公开，用于绑定")]
    kind: str
    legal_representative: str
    capital: str
    registered_address: str
    office_address: str
    founded_on: date
    business_scope: str
    contact_name: str
    contact_mobile: str
    contact_email: str
    contact_post: str
    member_since: date
    ended: Annotated[EndedShown | None, Field(description="会员资格已终止的，何时、为什么；现为会员的为 null")]
    earlier: Annotated[list[EndedShown], Field(description="重新入会之前的会员资格，从早到晚")]
    version: int
    paid_years: Annotated[list[int], Field(description="已缴会费的年度")]
    representatives: Annotated[int, Field(description="绑定本单位的微信数")]

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        known = dossier.enterprise
        return cls(
            id=known.id, name=known.name, credit_code=known.credit_code, member_code=known.member_code,
            kind=known.kind, legal_representative=known.legal_representative.masked, capital=known.capital,
            registered_address=known.registered_address, office_address=known.office_address,
            founded_on=known.founded_on, business_scope=known.business_scope,
            contact_name=known.contact_name.masked, contact_mobile=known.contact_mobile.masked,
            contact_email=known.contact_email.masked, contact_post=known.contact_post,
            member_since=known.member_since, version=known.version,
            ended=EndedShown.of(known.ended) if known.ended else None,
            earlier=[EndedShown.of(each) for each in known.earlier],
            paid_years=sorted(each.year for each in dossier.years),
            representatives=len(dossier.bindings),
        )  # fmt: skip


class ContactChanges(Incoming):
    """联系人: what is not written stays as it is."""

    contact_name: Annotated[Line | None, Field(description="联系人姓名")] = None
    contact_mobile: Annotated[Line | None, Field(description="联系人手机")] = None
    contact_email: Annotated[Line | None, Field(description="联系人邮箱", examples=["office@example.com"])] = None
    contact_post: Annotated[Line | None, Field(description="联系人职务")] = None


class RegisterCorrection(Incoming):
    version: Seen
    fields: Annotated[
        dict[Code, Annotated[str, Field(max_length=4000)]],
        Field(
            max_length=20,
            description="要更正的项目和正确内容，项目同入会申请",
            examples=[{"office_address": "虚构路 3 号"}],
        ),
    ]
    reason: Why


class MembershipDecision(Incoming):
    version: Seen
    reason: Why


class Bound(Outgoing):
    enterprise: EnterpriseShown
    warning: Annotated[str | None, Field(description="绑定人数较多时的提醒")]


class MessageShown(Outgoing):
    id: str
    at: Instant
    notice: Annotated[str, Field(description="提醒种类")]
    title: str
    body: str
    application: Annotated[str, Field(description="所说的业务；几宗一并告知的，是其中第一宗")]
    applications: Annotated[list[str], Field(description="所说的全部业务")]
    delivery: Annotated[Named, code_of(Delivery), Field(description="微信提醒的发送情况")]

    @classmethod
    def of(cls, message: Message, title: str, body: str) -> Self:
        return cls(
            id=message.id, at=message.at, notice=message.notice, title=title, body=body,
            application=message.application, applications=list(message.applications),
            delivery=Named.of(message.delivery),
        )  # fmt: skip


class Messages(PageOf[MessageShown]):
    """消息列表."""
