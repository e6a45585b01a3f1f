"""What every body, query and answer of the API is made of: strict on the way in, one way of writing on the way out."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Annotated, Generic, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from chalicelib.rules.folding import Malformed, half_width, without_invisible
from chalicelib.rules.identifiers import calendar_date
from chalicelib.rules.vocabulary import Reason, Term

SHANGHAI = ZoneInfo("Asia/Shanghai")
NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]*$"
LARGEST_PAGE = 50
FORM = "form."


def _day(typed: object) -> object:
    """However a licence or a keyboard writes it."""
    if not isinstance(typed, str):
        return typed
    try:
        return calendar_date(typed)
    except Malformed:
        raise PydanticCustomError("date_parsing", "no date") from None


def _half_width(typed: object) -> object:
    return half_width(without_invisible(typed)).strip() if isinstance(typed, str) else typed


Instant = Annotated[
    datetime,
    PlainSerializer(lambda at: at.astimezone(SHANGHAI).isoformat(timespec="seconds"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-02T09:30:00+08:00"]}),
]
Fen = Annotated[int, Field(ge=1, le=10**12, description="金额，人民币分，整数")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_CONTROLS)]
ShortLine = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_CONTROLS)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Day = Annotated[date, BeforeValidator(_day)]
AS_PRINTED = BeforeValidator(_half_width)  # copied off a paper, on whatever keyboard
Why = Annotated[str, Field(max_length=500, description="理由：写明原因和下一步做法")]
Seen = Annotated[int, Field(ge=0, le=10**9, description="您看到的版本号；其间有变化则拒绝，以免覆盖他人的处理")]

T = TypeVar("T")


class Incoming(BaseModel):
    """A body: unknown fields are refused, and no type is made into another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """What stands behind the question mark: all text there, so numbers are read out of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Outgoing(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Incoming):
    """A write that takes no body, or an empty object."""


class Paging(Query):
    cursor: Annotated[str | None, Field(max_length=1000, description="上一页 `next` 给出的位置")] = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="每页条数")] = 20


class PageOf(Outgoing, Generic[T]):
    items: list[T]
    next: Annotated[str | None, Field(description="下一页的 `cursor`；没有下一页时为 null")] = None


class Named(Outgoing):
    """A term: the code for programs, the name for people."""

    code: Annotated[str, Field(description="供程序识别，不会改变")]
    name: Annotated[str, Field(description="中文名称")]

    @classmethod
    def of(cls, term: Term) -> Self:
        return cls(code=term.value, name=term.chinese)

    @classmethod
    def all(cls, terms: Collection[Term]) -> list[Self]:
        """In the order of the vocabulary, whatever order a set has."""
        known = type(next(iter(terms))) if terms else Term
        return [cls.of(term) for term in known if term in terms]


def code_of(term: type[Term], *codes: Term) -> WithJsonSchema:
    """For OpenAPI: the codes that a Named of this term can have, all of them unless some are given."""
    known = codes or tuple(term)
    said = "、".join(f"{each.value} {each.chinese}" for each in known)
    code = {"type": "string", "enum": [each.value for each in known], "description": f"供程序识别，不会改变：{said}"}
    name = {"type": "string", "description": "中文名称"}
    whole = {"type": "object", "additionalProperties": False, "required": ["code", "name"]}
    return WithJsonSchema({"title": term.__name__, **whole, "properties": {"code": code, "name": name}})


class ReasonShown(Outgoing):
    code: Annotated[str, Field(description="供程序识别，不会改变")]
    message: Annotated[str, Field(description="给人看的原因")]
    next: Annotated[str, Field(description="下一步怎么办")]
    field: Annotated[
        str | None, Field(description="涉及的字段、资料或人员；申请表的字段只写字段名，如 `credit_code`")
    ] = None

    @classmethod
    def of(cls, reason: Reason) -> Self:
        # One way of writing, whoever noticed: the schema says form.name where the rules say name.
        field = reason.field.removeprefix(FORM) if reason.field else None
        return cls(code=reason.code, message=reason.message, next=reason.next, field=field)

    @classmethod
    def all(cls, reasons: Iterable[Reason]) -> list[Self]:
        return [cls.of(each) for each in reasons]


class ProblemShown(Outgoing):
    """Problem details (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    reasons: Annotated[list[ReasonShown], Field(description="一次说明全部原因")]
    reference: Annotated[str | None, Field(description="系统出错时，报给协会的编号")] = None
