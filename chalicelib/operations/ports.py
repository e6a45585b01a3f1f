"""What an operation may reach: stores, files, clock, ids, printer, carriers. `aws` and `memory` answer to these.

The way records change is one for all: `Records.commit` takes a list of changes and either makes all of them or raises
Conflict; conditions, guard rows, history, acknowledgement and outbox rows go in together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from chalicelib.operations.carriers import Identity, Letter, Notice
from chalicelib.rules.certificate_face import Face
from chalicelib.rules.records import (
    Application,
    AuditEntry,
    BankLine,
    BindingRequest,
    Certificate,
    Dossier,
    Enterprise,
    Family,
    Folder,
    Invoice,
    MaterialFile,
    Message,
    Movement,
    OutboxRow,
    OutboxStatus,
    Payment,
    PaymentStatus,
    Practitioner,
    Record,
    RequestFolder,
    StaffAccount,
    Statement,
    Work,
)
from chalicelib.rules.statements import Rows
from chalicelib.rules.uploads import FileRule, Verdict
from chalicelib.rules.vocabulary import CertificateKind, State

R = TypeVar("R", bound=Record)
T = TypeVar("T")
MOST_ITEMS = 100  # that one commit may write or require: DynamoDB's bound of a transaction
APART = timedelta(minutes=1)  # how far the clocks of two of our machines may differ while both are right


class Conflict(Exception):  # noqa: N818 - an answer: a condition of the transaction no longer holds, read again
    """Somebody else was first: nothing was written."""


class Busy(Exception):  # noqa: N818 - an answer: try again shortly
    """Three lost races in a row, or the store is throttling: 503 with Retry-After."""


# --- changes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Insert:
    """The record must not exist yet."""

    record: Record


@dataclass(frozen=True)
class Replace:
    """``before`` must still be the stored version; ``after`` takes its place."""

    before: Record
    after: Record


@dataclass(frozen=True)
class Require:
    """The record must still be the stored version; nothing is written."""

    record: Record


@dataclass(frozen=True)
class Remove:
    """The record must still be the stored version; it goes."""

    record: Record


Change = Insert | Replace | Require | Remove


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; ``next`` is where the following one starts, None on the last."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True)
class Asked:
    """Which page of a list is wanted. ``position`` comes from an earlier page's ``next``."""

    limit: int = 20
    position: str | None = None


class BadPosition(ValueError):  # noqa: N818 - the trade's word
    """A position that no page of this list has given out."""


class Records(Protocol):
    """All reads are strongly consistent except the lists of staff (``applications_in`` and on), which may lag."""

    def commit(self, *changes: Change) -> None:
        """All or nothing. Raises Conflict; after an unknown outcome it has read back and knows."""

    def get(self, kind: type[R], *key: str) -> R | None: ...

    def get_many(self, *wanted: tuple[type[Record], tuple[str, ...]]) -> tuple[Record | None, ...]:
        """One batch, in the order asked for."""

    def opened(self, record: R) -> R:
        """The same record with its personal values readable."""

    def folder(self, application: str) -> Folder | None: ...

    def dossier(self, enterprise: str) -> Dossier | None: ...

    def family(self, root: str) -> Family | None: ...

    def request_folder(self, request: str) -> RequestFolder | None: ...

    def applications_of(self, owner: str, asked: Asked) -> Page[Application]:
        """Newest first."""

    def messages_of(self, user: str, asked: Asked) -> Page[Message]:
        """Newest first."""

    def staff_accounts(self) -> tuple[StaffAccount, ...]: ...

    def audit_of(self, subject: str, asked: Asked) -> Page[AuditEntry]:
        """Newest first."""

    def invoices_of(self, owner: str, asked: Asked) -> Page[Invoice]:
        """Newest first."""

    def binding_requests_of(self, user: str, asked: Asked) -> Page[BindingRequest]:
        """Newest first."""

    def practitioners_of(self, enterprise: str, asked: Asked) -> Page[Practitioner]:
        """An enterprise's own, whose certificate runs longest first."""

    def statements(self, asked: Asked) -> Page[Statement]:
        """Every bank statement, newest first."""

    def lines_of(self, statement: str, asked: Asked) -> Page[BankLine]:
        """In the order of its rows."""

    def applications_in(self, state: State, asked: Asked, before: datetime | None = None) -> Page[Application]:
        """The queue of a state, longest waiting first; ``before``: only those in it since earlier."""

    def payments_in(self, status: PaymentStatus, asked: Asked) -> Page[Payment]:
        """Oldest first."""

    def statements_waiting(self, before: datetime, asked: Asked) -> Page[Statement]:
        """Those asked for before then that have not been read to their end, oldest first."""

    def payments_decided(self, day: date, asked: Asked) -> Page[Payment]:
        """Those that finance decided on a day, in its order."""

    def invoices_to_issue(self, asked: Asked) -> Page[Invoice]:
        """Those asked for and not yet issued, oldest first."""

    def invoices_issued(self, day: date, asked: Asked) -> Page[Invoice]:
        """Those issued on a day, in that order, replaced since or not."""

    def movements_on(self, day: date, asked: Asked) -> Page[Movement]:
        """Of everybody's credit on a day, newest first."""

    def certificates_issued(self, month: date, asked: Asked) -> Page[Certificate]:
        """Issued in the month of that day, oldest first."""

    def certificates_ending(self, kind: CertificateKind, last: date, asked: Asked) -> Page[Certificate]:
        """Issued ones whose latest version ends on that day, by number."""

    def practitioners_ending(self, last: date, asked: Asked) -> Page[Practitioner]:
        """Whose training certificate ends on that day, by its number."""

    def enterprises_in(self, shard: int, asked: Asked) -> Page[Enterprise]:
        """One part of the list of all enterprises (0 to SHARDS - 1), by id."""

    def enterprises_named(self, name: str, asked: Asked) -> Page[Enterprise]:
        """Those whose name is this one, however it is written (`identifiers.same_name`), by id."""

    def binding_requests_submitted(self, asked: Asked) -> Page[BindingRequest]:
        """Those handed in and not decided, oldest first."""

    def files_waiting(self, before: datetime, asked: Asked) -> Page[MaterialFile]:
        """Files asked for before then whose check has not happened, oldest first."""

    def outbox(self, status: OutboxStatus, asked: Asked, before: datetime | None = None) -> Page[OutboxRow]:
        """Oldest first."""

    def tally(self, name: str, until: datetime) -> int:
        """Counts one more under a name and answers the count; forgotten after ``until``. For rate limits only.

        What would be kept longer than ``until`` was counted by a clock that has stepped back since: forgotten too.
        """

    def tallied(self, name: str, until: datetime | None = None) -> int:
        """The count so far; with the ``until`` of a next one, what that would add to."""


# --- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UploadForm:
    """A presigned POST: the address, and the fields to send before the file itself."""

    url: str
    fields: Mapping[str, str]
    expires_at: datetime
    rule: FileRule


@dataclass(frozen=True)
class Uploaded:
    """An object as it lies in quarantine. ``tag`` tells this very content from a later overwrite."""

    data: bytes
    tag: str


class Files(Protocol):
    def upload_form(self, file: str, rule: FileRule, expires_at: datetime) -> UploadForm: ...

    def uploaded(self, file: str, most: int) -> Uploaded | None:
        """None when nothing has arrived; an object larger than ``most`` bytes is read only up to there plus one."""

    def keep(self, file: str, tag: str, place: str) -> None:
        """Copies exactly the content with that tag. Raises Conflict when it has been overwritten since."""

    def has_arrived(self, file: str) -> bool:
        """Whether anything lies in quarantine under that name, without reading it."""

    def erase(self, place: str) -> None:
        """Takes one kept object away; none there is as good."""

    def store(self, place: str, data: bytes, media_type: str) -> None: ...

    def read(self, place: str) -> bytes | None: ...

    def link(self, place: str, seconds: int, name: str) -> str:
        """A short-lived address; the browser saves it under ``name``."""

    def ready(self) -> None:
        """Raises when the buckets cannot be reached."""


# --- the rest of the world --------------------------------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime:
        """An aware instant in Asia/Shanghai."""

    def today(self) -> date:
        """The calendar date in Asia/Shanghai."""


class Ids(Protocol):
    def new(self, prefix: str) -> str: ...

    def root(self) -> str:
        """26 characters of base32 (130 random bits): the unguessable address of a certificate."""

    def member_code(self) -> str: ...

    def keyed(self, purpose: str, text: str) -> str:
        """A keyed hash for look-up: equal texts meet, but nobody without the key can try texts out."""


class Inspector(Protocol):
    def inspect(self, data: bytes, rule: FileRule, claimed_name: str) -> Verdict: ...


class Statements(Protocol):
    """Reads bank statements. What reads spreadsheets loads at first use only."""

    def read_rows(self, data: bytes) -> Rows:
        """The rows of a file as text. Raises Refused for what no statement can be."""


@dataclass(frozen=True)
class Unfit:
    """A text of a face that cannot be printed, by its name there.

    ``missing``: its characters that no font has; ``fits``: its longest beginning that the paper holds, None where its
    length is not the trouble.
    """

    name: str
    missing: str = ""
    fits: str | None = None


class Printer(Protocol):
    """Draws, seals and reads back certificates. Its heavy parts load at first use only."""

    is_test: bool

    def missing_glyphs(self, text: str) -> str: ...

    def unfit(self, face: Face) -> tuple[Unfit, ...]:
        """What its paper cannot show, each text once; to be asked before anybody depends on it."""

    def draw(self, face: Face) -> bytes: ...

    def seal(self, pdf: bytes, face: Face, at: datetime) -> bytes: ...

    def problems(self, face: Face, sealed: bytes) -> tuple[str, ...]: ...


class Letters(Protocol):
    def letter(self, name: str, context: Mapping[str, str]) -> tuple[str, str, str | None]:
        """Subject, text, HTML."""

    def notice(self, name: str, context: Mapping[str, str]) -> Notice: ...


class Post(Protocol):
    def send(self, letter: Letter) -> None: ...


class Wechat(Protocol):
    def login(self, code: str) -> Identity: ...

    def notify(self, openid: str, template: str, page: str, data: Mapping[str, str]) -> None: ...


class Queues(Protocol):
    def send(self, work: Work, row: str, rounds: int = 0) -> None:
        """The id of an outbox row, how often it was begun anew, and nothing else."""


class Credentials(Protocol):
    def hashed(self, password: str) -> str: ...

    def matches(self, password: str, hashed: str | None) -> bool:
        """Takes as long for an unknown name (None) as for a known one."""

    def new_totp_secret(self) -> str: ...

    def totp_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The 30-second step a code belongs to (one step of drift allowed), None when it is wrong."""

    def totp_uri(self, secret: str, account: str, issuer: str) -> str: ...


@dataclass(frozen=True)
class Ports:
    clock: Clock
    ids: Ids
    records: Records
    files: Files
    inspector: Inspector
    statements: Statements
    printer: Printer
    letters: Letters
    post: Post
    wechat: Wechat
    queues: Queues
    credentials: Credentials
    public_url: str
