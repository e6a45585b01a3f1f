"""What an admin may set about the association, going out and coming in: the same shape both ways."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.handlers.schemas.base import Code, Day, Incoming, Line, Outgoing, Seen
from chalicelib.rules.association import Association, BankAccount, BlankForm, Telephone, WechatTemplate, Windows
from chalicelib.rules.certificates import Deadline
from chalicelib.rules.payments import Fee
from chalicelib.rules.schedule import DayOfYear
from chalicelib.rules.vocabulary import CertificateKind, Service, Unit

Text = Annotated[str, StringConstraints(max_length=1000)]
Few = Annotated[int, Field(ge=1, le=1000)]
# Every dialect of regular expressions has a \s of its own: what they disagree about is written out.
NO_BLANKS = r"[^\s\x00-\x1f\x7f-\x9f\ufeff]"
Days = Annotated[int, Field(ge=1, le=3660)]


class Part(BaseModel):
    """A part of the settings, read from its record field by field."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, from_attributes=True)

    @property
    def parts(self) -> dict[str, Any]:
        """Field by field. ``dict()`` would take a field that is called keys for the method of that name."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class TelephoneSet(Part):
    label: Line
    number: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9+() ,;ext.转-]+$")]


class BankSet(Part):
    holder: Line
    bank: Line
    number: Line


class BlankFormSet(Part):
    code: Code
    title: Line
    url: Annotated[str, StringConstraints(max_length=500, pattern=rf"^(https://|/){NO_BLANKS}*$")]


class TemplateSet(Part):
    id: Line
    page: Line
    keys: dict[Code, Code]


class DeadlineSet(Part):
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]


class WindowsSet(Part):
    binding_tries: Few
    binding_lock_minutes: Few
    lapse_days: Days
    lapse_warning_days: Days
    link_seconds: Annotated[int, Field(ge=30, le=3600)]
    upload_minutes: Annotated[int, Field(ge=1, le=720)]
    mails_per_hour: Few
    review_deadline: DeadlineSet
    training_reminder_days: Annotated[
        list[Annotated[int, Field(ge=0, le=365)]], Field(max_length=10, description="岗位培训合格证到期前多少天提醒")
    ]
    season_reminder_days: Annotated[
        list[DeadlineSet], Field(max_length=10, description="会费和年审的提醒日期，不晚于年审截止日期")
    ]


class FeeSet(Part):
    code: Code
    item: Line
    level: Line
    unit: Unit
    amount: Annotated[int, Field(ge=0, le=10**12, description="金额，人民币分")]
    valid_from: Day
    valid_to: Day | None
    resolution: Line
    document: Line


class AssociationSet(Part):
    """The association's settings. Everything is sent: what is left out is refused, never reset in silence."""

    name: Line
    english_name: Line
    address: Line
    telephones: Annotated[list[TelephoneSet], Field(min_length=1, max_length=10)]
    mail: Line
    website: Annotated[str, StringConstraints(max_length=300, pattern=rf"^https?://{NO_BLANKS}+$")]
    office_hours: Line
    customer_service: Line
    bank: BankSet
    payment_notes: Annotated[list[Text], Field(max_length=30)]
    service_notices: dict[Service, Annotated[list[Text], Field(max_length=50)]]
    forms: Annotated[list[BlankFormSet], Field(max_length=50)]
    fees: Annotated[list[FeeSet], Field(max_length=200)]
    number_patterns: dict[CertificateKind, Annotated[str, StringConstraints(max_length=60)]]
    verify_note: Line
    wechat_templates: Annotated[dict[Code, TemplateSet], Field(max_length=50)]
    windows: WindowsSet


class SettingsShown(Outgoing):
    version: int
    settings: AssociationSet

    @classmethod
    def of(cls, known: Association) -> Self:
        return cls(version=known.version, settings=AssociationSet.model_validate(_listed(known), strict=False))


class NewSettings(Incoming):
    version: Seen
    settings: AssociationSet

    @property
    def wanted(self) -> Association:
        """Not weighed: what is stored already must go out, whatever it is, for an admin to mend it."""
        said = self.settings
        return Association(
            **{name: getattr(said, name) for name in PLAIN},
            telephones=tuple(Telephone(**each.parts) for each in said.telephones),
            bank=BankAccount(**said.bank.parts),
            payment_notes=tuple(said.payment_notes),
            service_notices={service.value: tuple(notes) for service, notes in said.service_notices.items()},
            forms=tuple(BlankForm(**each.parts) for each in said.forms),
            fees=tuple(Fee(**each.parts) for each in said.fees),
            number_patterns={kind.value: pattern for kind, pattern in said.number_patterns.items()},
            wechat_templates={name: WechatTemplate(**each.parts) for name, each in said.wechat_templates.items()},
            windows=_windows(said.windows),
        )


PLAIN = ("name", "english_name", "address", "mail", "website", "office_hours", "customer_service", "verify_note")


def _windows(said: WindowsSet) -> Windows:
    lists = {
        "training_reminder_days": tuple(said.training_reminder_days),
        "season_reminder_days": tuple(DayOfYear(**each.parts) for each in said.season_reminder_days),
    }
    return Windows(**{**said.parts, "review_deadline": Deadline(**said.review_deadline.parts), **lists})


def _listed(known: Association) -> Mapping[str, Any]:
    """The record as its schema reads it: fields by name, without the version, which stands beside."""
    return {name: getattr(known, name) for name in AssociationSet.model_fields}
