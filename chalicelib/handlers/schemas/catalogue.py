"""What anyone may read: services with what they ask and cost, blank forms."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from chalicelib.handlers.schemas.base import Named, Outgoing, ReasonShown, code_of
from chalicelib.operations.catalogue import Offer, Outlook, Planned
from chalicelib.rules import grammar
from chalicelib.rules.association import BlankForm
from chalicelib.rules.payments import Fee
from chalicelib.rules.vocabulary import Action, Role, Service, State, Unit

OFF_THE_PATH = (State.REJECTED, State.WITHDRAWN)


class FeeShown(Outgoing):
    code: str
    item: Annotated[str, Field(description="收费项目")]
    level: Annotated[str, Field(description="适用对象")]
    unit: Annotated[Named, code_of(Unit)]
    amount: Annotated[int, Field(description="金额，人民币分")]
    valid_from: date
    valid_to: date | None
    resolution: Annotated[str, Field(description="收费依据")]
    document: Annotated[str, Field(description="可开具的票据")]

    @classmethod
    def of(cls, fee: Fee) -> Self:
        return cls(
            code=fee.code, item=fee.item, level=fee.level, unit=Named.of(fee.unit), amount=fee.amount,
            valid_from=fee.valid_from, valid_to=fee.valid_to, resolution=fee.resolution, document=fee.document,
        )  # fmt: skip


class FieldKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    COUNT = "count"
    LINES = "lines"
    DATE = "date"
    CAPITAL = "capital"
    CREDIT_CODE = "credit_code"
    MOBILE = "mobile"
    EMAIL = "email"


class FieldShown(Outgoing):
    name: Annotated[str, Field(description="字段名，填表时用")]
    title: Annotated[str, Field(description="中文名称")]
    type: Annotated[FieldKind, Field(description="宜用的输入方式；值一律以文字提交")]
    options: Annotated[list[str], Field(description="choice、choices 可选的值；choices 可选多项，以“、”连接提交")]
    longest: Annotated[int | None, Field(description="最多几个字；null 为由格式决定")]
    hint: str
    optional: bool
    personal: Annotated[bool, Field(description="个人信息，加密保存")]

    @classmethod
    def of(cls, field: grammar.Field) -> Self:
        return cls(
            name=field.name, title=field.chinese, type=FieldKind(field.kind), options=list(field.options),
            longest=field.longest, hint=field.hint, optional=field.optional, personal=field.personal,
        )  # fmt: skip


class FormShown(Outgoing):
    code: str
    title: str
    url: Annotated[str, Field(description="空白表格的下载地址")]

    @classmethod
    def of(cls, form: BlankForm) -> Self:
        return cls(code=form.code, title=form.title, url=form.url)


class Forms(Outgoing):
    items: list[FormShown]


class MaterialShown(Outgoing):
    slot: Annotated[str, Field(description="资料代码，上传时用")]
    title: Annotated[str, Field(description="资料名称")]
    hint: str
    optional: bool
    stamped: Annotated[bool, Field(description="须加盖公章")]
    most: Annotated[int, Field(description="最多几个文件")]
    per_person: Annotated[bool, Field(description="每人一份")]
    form: FormShown | None

    @classmethod
    def of(cls, material: grammar.Material, forms: tuple[BlankForm, ...]) -> Self:
        form = next((each for each in forms if each.code == material.form), None)
        return cls(
            slot=material.slot, title=material.chinese, hint=material.hint, optional=material.optional,
            stamped=material.stamped, most=material.most, per_person=material.per_person,
            form=FormShown.of(form) if form else None,
        )  # fmt: skip


class StepShown(Outgoing):
    action: Annotated[Named, code_of(Action)]
    before: Annotated[Named, code_of(State)]
    after: Annotated[Named, code_of(State)]
    who: list[Annotated[Named, code_of(Role)]]
    when: Annotated[str, Field(description="何时走这一步；空为总是")]
    conditions: Annotated[list[str], Field(description="办理条件")]

    @classmethod
    def of(cls, step: grammar.Step) -> Self:
        return cls(
            action=Named.of(step.action), before=Named.of(step.before), after=Named.of(step.after),
            who=[Named.of(role) for role in step.who], when=step.when.chinese,
            conditions=[guard.rule for guard in step.guards],
        )  # fmt: skip


class ServiceShown(Outgoing):
    code: Service
    name: str
    purpose: str
    result: Annotated[str, Field(description="办结后得到什么")]
    who: Annotated[str, Field(description="谁可以办")]
    eligibility: Annotated[list[str], Field(description="申请条件")]
    notice: Annotated[list[str], Field(description="办事须知")]
    path: Annotated[list[Annotated[Named, code_of(State)]], Field(description="办理经过的状态，依次")]
    fields: list[FieldShown]
    materials: list[MaterialShown]
    fees: list[FeeShown]
    steps: list[StepShown]

    @classmethod
    def of(cls, offer: Offer) -> Self:
        row = offer.row
        return cls(
            code=row.service, name=row.service.chinese, purpose=row.purpose, result=row.result, who=row.who,
            eligibility=[guard.rule for guard in row.eligibility], notice=list(offer.notice), path=_path(row),
            fields=[FieldShown.of(each) for each in row.fields],
            materials=[MaterialShown.of(each, offer.forms) for each in row.materials],
            fees=[FeeShown.of(fee) for fee in offer.fees], steps=[StepShown.of(step) for step in row.steps],
        )  # fmt: skip


def _path(row: grammar.ServiceRow) -> list[Named]:
    """The states stand in the vocabulary in the order in which an application passes through them."""
    passed = {state for step in row.steps for state in (step.before, step.after)}
    return [Named.of(state) for state in State if state in passed and state not in OFF_THE_PATH]


class Services(Outgoing):
    items: list[ServiceShown]


class PlannedShown(Outgoing):
    service: ServiceShown
    open: Annotated[bool, Field(description="现在可以申请")]
    reasons: Annotated[list[ReasonShown], Field(description="不能申请的全部原因，以及先办什么")]
    steps: Annotated[list[Annotated[Named, code_of(Service)]], Field(description="依次办理哪些业务，最后是本项")]
    at_hand: Annotated[list[str], Field(description="协会已有、不用再上传的资料（资料代码）")]

    @classmethod
    def of(cls, planned: Planned) -> Self:
        return cls(
            service=ServiceShown.of(planned.offer), open=not planned.reasons, reasons=ReasonShown.all(planned.reasons),
            steps=[Named.of(each) for each in planned.steps], at_hand=list(planned.at_hand),
        )  # fmt: skip


class Plan(Outgoing):
    items: list[PlannedShown]
    notes: Annotated[list[ReasonShown], Field(description="本单位须知：证书单独注销的，何时、为什么、怎么办")]

    @classmethod
    def of(cls, outlook: Outlook) -> Self:
        return cls(items=[PlannedShown.of(each) for each in outlook.items], notes=ReasonShown.all(outlook.notes))
