"""The frozen records that the association keeps. A change is a new record with the next version, never an assignment.

``key`` tells records of one kind apart; ``version`` is what a concurrent change is noticed by. Instants are aware
datetimes, days are Asia/Shanghai calendar dates, money is integer fen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self
from zlib import crc32

from chalicelib.rules.vocabulary import (
    Action,
    CertificateKind,
    FileStatus,
    Form,
    Part,
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


def former_owner(enterprise: str) -> str:
    """Who holds the credit code of a unit whose membership has ended: nobody, until it joins again."""
    return f"former:{enterprise}"


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
    """One 业务办理. ``amount_due`` and ``paid`` are fen; what was paid stays booked. ``unit``: the member's name.

    ``held_by`` says why the system cannot issue although the fee is settled; the certifier sees it. ``paper_at``: when
    the paper set of all materials was noted as received. ``warned_at``: when it was first said that it lapses; one from
    before ``since`` was about an earlier time in 待缴费.
    """

    id: str
    service: Service
    owner: str
    applicant: str
    state: State
    opened_at: datetime
    since: datetime
    unit: str = ""
    form: Form = field(default_factory=dict)
    persons: tuple[Person, ...] = ()
    entries: int = 0
    submitted_at: datetime | None = None
    year: int | None = None
    amount_due: int | None = None
    paid: int = 0
    payment: str | None = None
    earlier_payments: tuple[str, ...] = ()
    certificate: str | None = None
    reason: str | None = None
    held_by: tuple[Reason, ...] = ()
    paper_at: datetime | None = None
    warned_at: datetime | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def title(self) -> str:
        """Whose application it is, for lists: the member's name, or the unit's as typed; neither is personal data."""
        name = self.form.get("name")
        return self.unit or (name if isinstance(name, str) else "")

    @property
    def payments(self) -> tuple[str, ...]:
        """Every payment that something was booked from: a fee that rose after 制证退回 is paid by two."""
        return (*self.earlier_payments, *((self.payment,) if self.payment else ()))

    @property
    def still_due(self) -> int:
        """Fen. What was paid before it was sent back stays booked (domain §3, D)."""
        return (self.amount_due or 0) - self.paid


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
    """One uploaded file in a slot of an application, or of an invoice. ``kept`` is its place once accepted.

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


@dataclass(frozen=True)
class MaterialVerdict:
    """What the reviewer found of one material (of one person, where everyone brings his own). ``files``: their ids."""

    slot: str
    accepted: bool
    reason: str = ""
    person: str | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenFile:
    id: str
    slot: str
    person: str | None = None


@dataclass(frozen=True, kw_only=True)
class Look(Record):
    """The application as the reviewer saw it when he last decided, and his verdicts; ``entry``: by which step.

    It is apart from the application, whose copies in lists would carry it all; and it holds the verdicts on all files,
    so that however many he judges, it is one item of the transaction.
    """

    application: str
    entry: int
    at: datetime
    form: Form
    persons: tuple[str, ...]
    files: tuple[SeenFile, ...]
    verdicts: tuple[MaterialVerdict, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        return (self.application,)


class PaymentStatus(Term):
    CHECKING = "checking", "待核账"
    CONFIRMED = "confirmed", "已核账"
    REFUSED = "refused", "核账不通过"
    SHORT = "short", "款项不足，已收的记为余款"
    RELEASED = "released", "业务已终止，转为余款"
    UNDONE = "undone", "核账已撤销"


class PaymentMethod(Term):
    TRANSFER = "transfer", "银行转账"
    CASH = "cash", "现金"


@dataclass(frozen=True)
class Allotment:
    """What of a payment is for one application, in fen, and what finance has made of it."""

    application: str
    due: int
    status: PaymentStatus = PaymentStatus.CHECKING
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Payment(Record):
    """One transfer or cash payment, for one or more applications of the same owner. ``amount`` is in fen, as declared.

    ``received``: fen that finance found. ``credited``: fen of it that went to the owner's credit, less what was taken
    from there. ``twins``: payments with the same bank serial or the same receipt. ``status`` is CHECKING as long as
    anything of it is. ``line``: the line of a bank statement that it was found on.
    """

    id: str
    owner: str
    allotments: tuple[Allotment, ...]
    method: PaymentMethod
    amount: int
    payer: str
    paid_on: date
    submitted_at: datetime
    bank_serial: str = ""
    remark: str = ""
    receipt: str | None = None
    twins: tuple[str, ...] = ()
    status: PaymentStatus = PaymentStatus.CHECKING
    received: int | None = None
    credited: int = 0
    decided_at: datetime | None = None
    reason: str | None = None
    line: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def applications(self) -> tuple[str, ...]:
        return tuple(each.application for each in self.allotments)

    @property
    def due(self) -> int:
        return sum(each.due for each in self.allotments)

    @property
    def differs(self) -> bool:
        return self.amount != self.due


@dataclass(frozen=True, kw_only=True)
class Credit(Record):
    """余款: fen that an owner has paid and that is for nothing yet; refunded, or taken for what falls due next."""

    owner: str
    balance: int

    @property
    def key(self) -> tuple[str, ...]:
        return (self.owner,)


@dataclass(frozen=True, kw_only=True)
class Movement(Record):
    """One change of an owner's credit, in fen: more or less, why, and by whom; for the day's closing report."""

    id: str
    owner: str
    day: date
    at: datetime
    amount: int
    why: str
    payment: str | None
    actor: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.day.isoformat(), self.id)


class InvoiceStatus(Term):
    REQUESTED = "requested", "待开票"
    ISSUED = "issued", "已开票"
    REPLACED = "replaced", "已作废重开"
    CANCELLED = "cancelled", "已取消"


@dataclass(frozen=True, kw_only=True)
class Invoice(Record):
    """开票: asked for once for one or more completed applications of an owner; ``amount`` is what was paid, in fen.

    ``document``: the kind that is issued, as the fee schedule names it. ``upload``: the file that finance has put in
    last, checked or not, under the invoice's id as its application; once issued, ``file`` is its place. ``replaces``
    and ``replaced_by`` lead through reissues. ``reason``: why it was cancelled or replaced.
    """

    id: str
    owner: str
    asked_by: str
    applications: tuple[str, ...]
    amount: int
    document: str
    title: str
    tax_number: str
    email: Personal
    requested_at: datetime
    remarks: str = ""
    status: InvoiceStatus = InvoiceStatus.REQUESTED
    upload: str | None = None
    number: str | None = None
    file: str | None = None
    sha256: str | None = None
    kind: str | None = None
    issued_at: datetime | None = None
    reason: str | None = None
    replaces: str | None = None
    replaced_by: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)


# --- bank statements --------------------------------------------------------------------------------------------------


class StatementStatus(Term):
    """How far a bank statement has come from being asked for to being read to its end."""

    WAITING = "waiting", "等待上传"
    READING = "reading", "正在导入"
    READ = "read", "已导入"
    REFUSED = "refused", "未能导入"


@dataclass(frozen=True)
class UnreadRow:
    """A row of a statement that could not be read; ``told`` quotes it, and a row may hold anything."""

    number: int
    code: str
    told: Personal
    next: str


@dataclass(frozen=True, kw_only=True)
class Statement(Record):
    """对账单: one file of a bank. ``bank`` is a layout's code, named by finance or recognised when it is read.

    ``lines`` counts the money that came in; ``known`` of them an earlier import already had. The rest are rows left
    out: money going out, of nothing, written out twice, and ``unread``, of which ``unread_rows`` shows the first.
    """

    id: str
    name: Personal
    asked_by: str
    asked_at: datetime
    bank: str = ""
    status: StatementStatus = StatementStatus.WAITING
    reasons: tuple[Reason, ...] = ()
    kept: str | None = None
    sha256: str | None = None
    imported_at: datetime | None = None
    lines: int = 0
    known: int = 0
    outgoing: int = 0
    zero: int = 0
    repeated: int = 0
    unread: int = 0
    unread_rows: tuple[UnreadRow, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)


class LineStatus(Term):
    OPEN = "open", "待处理"
    BOOKED = "booked", "已入账"
    SET_ASIDE = "set_aside", "已搁置"


@dataclass(frozen=True, kw_only=True)
class BankLine(Record):
    """Money that came in, as the bank tells it. ``id`` is the statement's with the row's number; ``amount`` in fen.

    ``identity`` is a keyed hash of what every export of the same line says alike; a claim of it makes it count once.
    ``payments`` are those it was booked for, ``reason`` why it was set aside.
    """

    id: str
    statement: str
    number: int
    paid_on: date
    amount: int
    payer: Personal
    remark: Personal
    serial: str
    identity: str
    returned: bool = False
    status: LineStatus = LineStatus.OPEN
    payments: tuple[str, ...] = ()
    reason: str | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.statement, self.id)


# --- guard rows, counters, acknowledgements ---------------------------------------------------------------------------


class ClaimKind(Term):
    """What may be held only once. A claim is a guard row: it is there or not, in the same transaction."""

    CREDIT_CODE = "credit_code", "统一社会信用代码"
    MEMBER_CODE = "member_code", "会员编码"
    APPLICANT = "applicant", "申请人的入会办理"
    DUES = "dues", "本单位的会费业务"
    QUALIFYING = "qualifying", "本单位的资质证申办"
    REGISTER = "register", "本单位的年审与信息变更业务"
    CERTIFICATE_NUMBER = "certificate_number", "证书编号"
    BANK_SERIAL = "bank_serial", "银行流水号"
    RECEIPT = "receipt", "回单文件"
    BANK_LINE = "bank_line", "对账单的一行"
    INVOICED = "invoiced", "业务的开票"
    INVOICE_NUMBER = "invoice_number", "票据号码"
    BINDING_REQUEST = "binding_request", "申请人的认领"


@dataclass(frozen=True, kw_only=True)
class Claim(Record):
    """``holder`` is an owner of the form ``application:…``, ``enterprise:…``, ``certificate:…`` or ``invoice:…``.

    ``service``: which application holds it, so that whoever must wait is told for what. ``former``: on a credit code,
    the enterprise whose membership has ended; the claim goes back to it where its new join comes to nothing.
    """

    kind: ClaimKind
    value: str
    holder: str
    service: Service | None = None
    former: str | None = None

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


# The list of all enterprises is kept in so many parts: so many times what one part can take is what an import may
# write, and so many questions it takes at least to go through all. For good: it is written into every row.
SHARDS = 8


@dataclass(frozen=True)
class Ended:
    """A membership that an admin has ended. ``certificates``: the roots of those that were revoked with it."""

    since: date
    on: date
    reason: str
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Enterprise(Record):
    """A member enterprise. Whatever changes a fact that guards ask about gives it a new version (its facts version).

    ``ended``: it is no member any more; ``earlier``: its memberships before the one it has now, oldest first.
    """

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
    ended: Ended | None = None
    earlier: tuple[Ended, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def shard(self) -> int:
        """In which part of the list of all enterprises it stands: the same on every machine and for good."""
        return crc32(self.id.encode()) % SHARDS


@dataclass(frozen=True, kw_only=True)
class Binding(Record):
    enterprise: str
    user: str
    at: datetime

    @property
    def key(self) -> tuple[str, ...]:
        return (self.enterprise, self.user)


class RequestStatus(Term):
    """How far a binding request (认领) has come."""

    COLLECTING = "collecting", "待提交"
    SUBMITTED = "submitted", "待核实"
    GRANTED = "granted", "已认领"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    OVERTAKEN = "overtaken", "已自行绑定"

    @property
    def open(self) -> bool:
        return self in (RequestStatus.COLLECTING, RequestStatus.SUBMITTED)


@dataclass(frozen=True, kw_only=True)
class BindingRequest(Record):
    """认领: a user who cannot bind by name and member code asks staff to bind him, on evidence.

    ``unit`` and ``credit_code`` are the unit's as he knows them, whether there is such a member or not; ``name`` and
    ``mobile`` his own when he asked. The evidence lies under this id as an application's materials do. ``reason`` is
    what staff checked, or why they refused; ``enterprise`` the one that he was bound to.
    """

    id: str
    user: str
    unit: str
    credit_code: str
    post: str
    name: Personal
    mobile: Personal
    opened_at: datetime
    remark: Personal | None = None
    status: RequestStatus = RequestStatus.COLLECTING
    submitted_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str | None = None
    enterprise: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)


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


@dataclass(frozen=True, kw_only=True)
class Practitioner(Record):
    """从业人员: one person with his training certificate. ``id`` is a keyed hash of kind and number of his ID.

    ``employer`` is an enterprise's id: one at a time. ``legacy``: a 上岗证 of before the platform.
    """

    id: str
    name: Personal
    id_kind: str
    id_number: Personal
    employer: str | None
    certificate_number: str
    valid_from: date
    valid_to: date
    legacy: bool
    entered_at: datetime

    @property
    def key(self) -> tuple[str, ...]:
        return (self.id,)


# --- certificates -----------------------------------------------------------------------------------------------------


class Issuance(Term):
    """How far a certificate number has come: reserved, issued, or void for good (an entry, not a hole)."""

    RESERVED = "reserved", "已占号"
    ISSUED = "issued", "已制证"
    VOID = "void", "作废号"


@dataclass(frozen=True, kw_only=True)
class Certificate(Record):
    """A certificate for good: one number, many versions. ``root`` is the unguessable address of its QR.

    ``holder`` is an owner (``enterprise:…``). ``valid_from`` and ``valid_to`` are the latest version's; ``held_since``
    is the first day of the unbroken run that it ends.
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
    held_since: date | None = None
    issuance: Issuance = Issuance.RESERVED
    latest: int = 1
    services: str = ""
    reviewed: tuple[int, ...] = ()
    revoked_on: date | None = None
    revoked_reason: str | None = None
    barred_until: date | None = None
    void_reason: str | None = None
    member_code: str | None = None
    credit_code: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.root,)


@dataclass(frozen=True)
class Paper:
    """One PDF of a version: what it says and what the file is, by their hashes, and where it lies."""

    part: Part
    content_hash: str
    file: str
    file_sha256: str


@dataclass(frozen=True, kw_only=True)
class Edition(Record):
    """One version of a certificate as it was printed and signed. ``printed`` is all that its faces were drawn from.

    It never changes: whatever the register or the settings say later, this is what was issued.
    """

    root: str
    ordinal: int
    valid_from: date
    valid_to: date
    issued_at: datetime
    papers: tuple[Paper, ...]
    printed: Form

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


@dataclass(frozen=True)
class Told:
    """A step that a message tells of: the entry in its application's history, and the notice that the table promises.

    What was decided of several applications in one go is told in one message.
    """

    application: str
    entry: int
    notice: str


@dataclass(frozen=True, kw_only=True)
class Message(Record):
    """A notice in the user's own message list; ``delivery`` tells what became of the WeChat notice beside it.

    ``application``: the one it leads to first. ``told``: every step it tells of; none where it is about no step.
    """

    id: str
    user: str
    at: datetime
    notice: str
    context: Mapping[str, str]
    application: str
    told: tuple[Told, ...] = ()
    delivery: Delivery = Delivery.WAITING
    in_hand_until: datetime | None = None
    read_at: datetime | None = None

    @property
    def applications(self) -> tuple[str, ...]:
        """All that it is about, each once, the first one first."""
        named = (self.application, *(each.application for each in self.told))
        return tuple(dict.fromkeys(each for each in named if each))

    @property
    def key(self) -> tuple[str, ...]:
        return (self.user, self.id)


@dataclass(frozen=True, kw_only=True)
class Mail(Record):
    """One mail asked for: a template, its context, the address (personal), and what is attached: the version of a
    certificate, or the file of an invoice.

    ``contact_of``: instead of an address, the enterprise whose contact it goes to; ``told``: every step it tells of.
    """

    id: str
    to: Personal | None = None
    letter: str
    context: Mapping[str, str]
    asked_at: datetime
    asked_by: str
    contact_of: str | None = None
    told: tuple[Told, ...] = ()
    root: str | None = None
    ordinal: int | None = None
    invoice: str | None = None
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
    RENEW = "renew", "资质证自动续期"
    REMIND = "remind", "到期与缴费提醒"
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

    def begun_anew(self) -> Self:
        """Pending once more, in a round of its own."""
        return self.changed(status=OutboxStatus.PENDING, trouble=None, handed_at=None, rounds=self.rounds + 1)

    @property
    def can_be_redriven(self) -> bool:
        return self.work is not Work.UNREADABLE


@dataclass(frozen=True, kw_only=True)
class JobRun(Record):
    """How far a daily job has come: the last day on which it ran to its end, however late or how often it runs.

    ``under``: by which settings it did, where it depends on some; under others it looks at everything once more.
    """

    job: str
    through: date
    under: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.job,)


@dataclass(frozen=True, kw_only=True)
class Reminded(Record):
    """The guard of reminders: what an enterprise was told in one window of what ends in one year.

    ``said`` holds the reminders' keys; what stands there is never said again, whoever is bound by then.
    """

    enterprise: str
    window: str
    year: int
    said: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, ...]:
        return (self.enterprise, self.window, str(self.year))


# --- what reads bring together ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Folder:
    """An application with its history and files, read in one go.

    ``files`` as they stand: one that the reviewer refused is refused, whatever its check had found.
    """

    application: Application
    shelf: Shelf
    entries: tuple[Entry, ...]
    files: tuple[MaterialFile, ...]
    look: Look | None = None


@dataclass(frozen=True)
class RequestFolder:
    """A binding request with its evidence, read in one go."""

    request: BindingRequest
    shelf: Shelf
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
