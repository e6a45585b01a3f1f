"""What its staff may set about the association: nothing of it is hard-wired, all of it is one record."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.rules.certificates import Deadline
from chalicelib.rules.payments import Fee
from chalicelib.rules.records import Record
from chalicelib.rules.schedule import SEASON_DAYS, TRAINING_DAYS, DayOfYear, Window, windows_of


@dataclass(frozen=True, kw_only=True)
class Telephone:
    label: str
    number: str


@dataclass(frozen=True, kw_only=True)
class BankAccount:
    holder: str
    bank: str
    number: str


@dataclass(frozen=True, kw_only=True)
class BlankForm:
    """A blank form (空白表格) to download: its code, as materials name it, and where it lies."""

    code: str
    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class WechatTemplate:
    """A subscribe message: its id, the page it opens, and which of its keys takes which of our words."""

    id: str
    page: str
    keys: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Days, tries and deadlines (domain, D). ``link_seconds`` is how long a link to a file works.

    ``training_reminder_days`` count back from a certificate's last day; ``season_reminder_days`` are for dues and
    review, up to their deadline.
    """

    binding_tries: int = 5
    binding_lock_minutes: int = 60
    lapse_days: int = 90
    lapse_warning_days: int = 83
    link_seconds: int = 300
    upload_minutes: int = 30
    mails_per_hour: int = 20
    review_deadline: Deadline = field(default_factory=Deadline)
    training_reminder_days: tuple[int, ...] = TRAINING_DAYS
    season_reminder_days: tuple[DayOfYear, ...] = SEASON_DAYS

    @property
    def reminders(self) -> tuple[Window, ...]:
        return windows_of(self.training_reminder_days, self.season_reminder_days)


@dataclass(frozen=True, kw_only=True)
class Association(Record):
    name: str
    english_name: str
    address: str
    telephones: tuple[Telephone, ...]
    mail: str
    website: str
    office_hours: str
    customer_service: str
    bank: BankAccount
    payment_notes: tuple[str, ...]
    service_notices: Mapping[str, tuple[str, ...]]
    forms: tuple[BlankForm, ...]
    fees: tuple[Fee, ...]
    number_patterns: Mapping[str, str]
    verify_note: str
    wechat_templates: Mapping[str, WechatTemplate]
    windows: Windows = field(default_factory=Windows)

    @property
    def key(self) -> tuple[str, ...]:
        return ("association",)

    def form(self, code: str | None) -> BlankForm | None:
        return next((each for each in self.forms if each.code == code), None)
