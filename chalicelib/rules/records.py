"""The frozen records that the association keeps. A change is a new record with the next version, never an assignment.

``key`` tells records of one kind apart; ``version`` is what a concurrent change is noticed by. Instants are aware
datetimes, days are Asia/Shanghai calendar dates, money is integer fen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self

from chalicelib.rules.vocabulary import (
    Action,
    CertificateKind,
    FileStatus,
    Form,
    Personal,
    Reason,
    Role,
    Service,
    State,
    Term,
)


@dataclass(frozen=True, kw_only=True)
class Record:
    version: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        raise NotImplementedError

    def changed(self, **changes: object) -> Self:
        """The next version of this record."""
        return replace(self, version=self.version + 1, **changes)


def user_owner(user: str) -> str:
    return f"user:{user}"


def enterprise_owner(enterprise: str) -> str:
    return f"enterprise:{enterprise}"


def enterprise_of(owner: str) -> str | None:
    """The enterprise's id in an owner, None when the owner is somebody else."""
    return owner.removeprefix("enterprise:") if owner.startswith("enterprise:") else None


# --- applications -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person of an application for several: chosen by practitioner id, or newly entered by his form."""

    id: str
    form: Form = field(default_factory=dict)
    result: str | None = None


@dataclass(frozen=True, kw_only=True)
class Application(Record):
    """One 业务办理. ``amount_due`` and ``paid`` are fen; what was paid stays booked.

    ``held_by`` says why the system cannot issue although the fee is settled; the certifier sees it. ``warned_at``: when
    it was first said that it lapses; one from before ``since`` was about an earlier time in 待缴费.
    """

    id: str
    service: Service
    owner: str
    applicant: str
    state: State
    opened_at: datetime
    since: datetime
    form: Form = field(default_factory=dict)
    persons: tuple[Person, ...] = ()
    entries: int = 0
    submitted_at: datetime | None = None
    year: int | None = None
    amount_due: int | None = None
    paid: int = 0
    payment: str | None = None
    certificate: str | None = None
    reason: str | None = None
    held_by: tuple[Reason, ...] = ()
    warned_at: datetime | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def title(self) -> str:
        """Whose application it is, for lists: the unit's name as typed, which is not personal data."""
        name = self.form.get("name")
        return name if isinstance(name, str) else ""


@dataclass(frozen=True, kw_only=True)
class Entry(Record):
    """One line of an application's history: who, when, from, to, why. Numbered without gaps from 1."""

    application: str
    number: int
    at: datetime
    action: Action
    before: State
    after: State
    actor: str
    role: Role
    reason: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.application, f"{self.number:06d}")


@dataclass(frozen=True, kw_only=True)
class MaterialFile(Record):
    """One uploaded file in a slot of an application. ``kept`` is its place once accepted.

    ``place``: the shelf's version that it came with, which tells the later of two files whatever the clocks said.
    """

    id: str
    application: str
    slot: str
    name: Personal
    suffix: str
    requested_at: datetime
    place: int = 0
    person: str | None = None
    status: FileStatus = FileStatus.WAITING
    reasons: tuple[Reason, ...] = ()
    kept: str | None = None
    kind: str | None = None
    sha256: str | None = None
    size: int | None = None
    pages: int | None = None
    checked_at: datetime | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.application, self.id)


@dataclass(frozen=True, kw_only=True)
class Shelf(Record):
    """The files of an application as a whole: a new version with every file that is asked for, checked or removed.

    It is apart from the application so that a file that arrives does not disturb whoever is typing, and so that a
    submission can require that no file has changed since its guards looked.
    """

    application: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.application,)


class PaymentStatus(Term):
    CHECKING = "checking", "待核账"
    CONFIRMED = "confirmed", "已核账"
    REFUSED = "refused", "核账不通过"


class PaymentMethod(Term):
    TRANSFER = "transfer", "银行转账"
    CASH = "cash", "现金"


@dataclass(frozen=True, kw_only=True)
class Payment(Record):
    """One transfer or cash payment, for one or more applications of the same owner. ``amount`` is in fen."""

    id: str
    owner: str
    applications: tuple[str, ...]
    method: PaymentMethod
    amount: int
    due: int
    payer: str
    paid_on: date
    submitted_at: datetime
    bank_serial: str = ""
    remark: str = ""
    receipt: str | None = None
    status: PaymentStatus = PaymentStatus.CHECKING
    received: int | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def differs(self) -> bool:
        return self.amount != self.due


# --- guard rows, counters, acknowledgements ---------------------------------------------------------------------------


class ClaimKind(Term):
    """What may be held only once. A claim is a guard row: it is there or not, in the same transaction."""

    CREDIT_CODE = "credit_code", "统一社会信用代码"
    MEMBER_CODE = "member_code", "会员编码"
    APPLICANT = "applicant", "申请人的入会办理"
    CERTIFICATE_NUMBER = "certificate_number", "证书编号"


@dataclass(frozen=True, kw_only=True)
class Claim(Record):
    """``holder`` is an owner of the form ``application:…``, ``enterprise:…`` or ``certificate:…``."""

    kind: ClaimKind
    value: str
    holder: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.kind.value, self.value)


@dataclass(frozen=True, kw_only=True)
class Counter(Record):
    """How many numbers of a kind and year have been given. It only ever moves from the ``n`` that was read."""

    kind: CertificateKind
    year: int
    n: int

    @property
    def key(self) -> tuple[str, ...]:
        return (self.kind.value, str(self.year))


@dataclass(frozen=True, kw_only=True)
class Acknowledgement(Record):
    """What was answered to a write under an Idempotency-Key; it commits with the effect and lives for 7 days."""

    actor: str
    operation: str
    idempotency_key: str
    fingerprint: str
    subject: str
    at: datetime
    expires_at: datetime

    @property
    def key(self) -> tuple[str, ...]:
        return (self.actor, self.operation, self.idempotency_key)


# --- enterprises ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Enterprise(Record):
    """A member enterprise. Whatever changes a fact that guards ask about gives it a new version (its facts version)."""

    id: str
    name: str
    credit_code: str
    member_code: str
    kind: str
    legal_representative: Personal
    capital: str
    registered_address: str
    office_address: str
    founded_on: date
    business_scope: str
    contact_name: Personal
    contact_mobile: Personal
    contact_email: Personal
    contact_post: str
    member_since: date

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, kw_only=True)
class Binding(Record):
    enterprise: str
    user: str
    at: datetime

    @property
    def key(self) -> tuple[str, ...]:
        return (self.enterprise, self.user)


@dataclass(frozen=True, kw_only=True)
class MembershipYear(Record):
    """Dues of one calendar year are paid."""

    enterprise: str
    year: int
    application: str
    amount: int
    at: datetime

    @property
    def key(self) -> tuple[str, ...]:
        return (self.enterprise, str(self.year))


# --- certificates -----------------------------------------------------------------------------------------------------


class Issuance(Term):
    """How far a certificate number has come: reserved, issued, or void for good (an entry, not a hole)."""

    RESERVED = "reserved", "已占号"
    ISSUED = "issued", "已制证"
    VOID = "void", "作废号"


@dataclass(frozen=True, kw_only=True)
class Certificate(Record):
    """A certificate for good: one number, many versions. ``root`` is the unguessable address of its QR.

    ``holder`` is an owner (``enterprise:…``).
    """

    root: str
    kind: CertificateKind
    number: str
    holder: str
    holder_name: str
    valid_from: date
    valid_to: date
    issued_on: date
    application: str
    issuance: Issuance = Issuance.RESERVED
    latest: int = 1
    reviewed: tuple[int, ...] = ()
    revoked_on: date | None = None
    revoked_reason: str | None = None
    void_reason: str | None = None
    member_code: str | None = None
    credit_code: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.root,)


@dataclass(frozen=True, kw_only=True)
class Edition(Record):
    """One version of a certificate as it was printed and signed, with its stored file and that file's hash."""

    root: str
    ordinal: int
    valid_from: date
    valid_to: date
    issued_at: datetime
    content_hash: str
    file: str
    file_sha256: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.root, f"{self.ordinal:02d}")


# --- people who use the platform --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class User(Record):
    """A WeChat user. ``id`` is a keyed hash of the openid, so that a login finds it without a pointer."""

    id: str
    openid: Personal
    name: Personal | None = None
    mobile: Personal | None = None
    enterprise: str | None = None
    epoch: int = 0
    consents: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def owner(self) -> str:
        return user_owner(self.id)


@dataclass(frozen=True, kw_only=True)
class StaffAccount(Record):
    """``epoch`` is in every session: a new epoch ends them all at once. ``last_step`` makes a TOTP code work once."""

    name: str
    roles: frozenset[Role]
    password_hash: str
    totp_secret: Personal
    epoch: int = 0
    disabled: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    last_step: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True, kw_only=True)
class AuditEntry(Record):
    """A deed of staff that is no step of an application: a reveal, a revocation, an account, a setting."""

    id: str
    subject: str
    at: datetime
    actor: str
    deed: str
    reason: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.subject, self.at.isoformat(), self.id)


# --- what goes out ----------------------------------------------------------------------------------------------------


class Delivery(Term):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    NO_CONSENT = "no_consent", "未订阅微信提醒"
    FAILED = "failed", "发送失败"


@dataclass(frozen=True, kw_only=True)
class Message(Record):
    """A notice in the user's own message list; ``delivery`` tells what became of the WeChat notice beside it."""

    id: str
    user: str
    at: datetime
    notice: str
    context: Mapping[str, str]
    application: str
    delivery: Delivery = Delivery.WAITING
    in_hand_until: datetime | None = None
    read_at: datetime | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.user, self.id)


@dataclass(frozen=True, kw_only=True)
class Mail(Record):
    """One mail asked for: a template, its context, the address (personal), and the certificate version attached."""

    id: str
    to: Personal
    letter: str
    context: Mapping[str, str]
    asked_at: datetime
    asked_by: str
    root: str | None = None
    ordinal: int | None = None
    delivery: Delivery = Delivery.WAITING
    in_hand_until: datetime | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)


class Work(Term):
    """What the outbox hands to a queue; and, UNREADABLE, what nobody can do, kept until staff lay it aside."""

    ISSUE = "issue", "制证"
    MAIL = "mail", "邮件"
    NOTICE = "notice", "微信通知"
    CHECK_UPLOAD = "check_upload", "检查上传文件"
    ERASE = "erase", "删除文件"
    UNREADABLE = "unreadable", "无法识别的消息"


class OutboxStatus(Term):
    PENDING = "pending", "待处理"
    DONE = "done", "已处理"
    DEAD = "dead", "待人工处理"


@dataclass(frozen=True, kw_only=True)
class OutboxRow(Record):
    """Work that was promised in a transaction. Its id derives from the event, so that it cannot be promised twice.

    ``handed_at``: when it was given to its queue; the sweeper leaves it to the queue for a while. ``trouble``: why the
    last try failed. ``rounds``: how often it was begun anew; a message of an earlier round that dies late buries
    nothing.
    """

    id: str
    work: Work
    subject: tuple[str, ...]
    at: datetime
    handed_at: datetime | None = None
    status: OutboxStatus = OutboxStatus.PENDING
    trouble: str | None = None
    rounds: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def can_be_redriven(self) -> bool:
        return self.work is not Work.UNREADABLE


# --- what reads bring together ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Folder:
    """An application with its history and files, read in one go."""

    application: Application
    shelf: Shelf
    entries: tuple[Entry, ...]
    files: tuple[MaterialFile, ...]


@dataclass(frozen=True)
class Dossier:
    """An enterprise with everything that guards ask about, read in one go."""

    enterprise: Enterprise
    bindings: tuple[Binding, ...]
    years: tuple[MembershipYear, ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True)
class Family:
    """A certificate with its versions, read in one go."""

    certificate: Certificate
    editions: tuple[Edition, ...]
