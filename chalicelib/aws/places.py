"""Where each record lies. What is read together shares a partition: folder, dossier and family are one query each.

Some kinds have a copy row, written in the same transaction: an application, an invoice and a binding request in the
list of whose they are, a certificate in its holder's partition, a practitioner in his employer's roll, a bank statement
in the list of all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.aws.tables import Table
from chalicelib.rules.association import Association
from chalicelib.rules.records import (
    Acknowledgement,
    Application,
    AuditEntry,
    BankLine,
    Binding,
    BindingRequest,
    Certificate,
    Claim,
    ClaimKind,
    Counter,
    Credit,
    Edition,
    Enterprise,
    Entry,
    Invoice,
    JobRun,
    Look,
    Mail,
    MaterialFile,
    MembershipYear,
    Message,
    Movement,
    OutboxRow,
    Payment,
    Practitioner,
    Record,
    Reminded,
    Shelf,
    StaffAccount,
    Statement,
    User,
    enterprise_owner,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_PK = 2048
LONGEST_SK = 1024

STAFF = "S"
STATEMENTS = "B"


@dataclass(frozen=True)
class Place:
    table: Table
    pk: str
    sk: str

    @property
    def possible(self) -> bool:
        """Whether DynamoDB would take it as a key: what people put into an address may be anything."""
        try:
            return 0 < len(self.pk.encode()) <= LONGEST_PK and 0 < len(self.sk.encode()) <= LONGEST_SK
        except UnicodeEncodeError:
            return False

    def __str__(self) -> str:
        return f"{self.table}|{self.pk}|{self.sk}"


CLAIMS: Mapping[str, Table] = {
    ClaimKind.CREDIT_CODE: Table.ENTERPRISES,
    ClaimKind.MEMBER_CODE: Table.ENTERPRISES,
    ClaimKind.APPLICANT: Table.APPLICATIONS,
    ClaimKind.DUES: Table.APPLICATIONS,
    ClaimKind.QUALIFYING: Table.APPLICATIONS,
    ClaimKind.REGISTER: Table.APPLICATIONS,
    ClaimKind.CERTIFICATE_NUMBER: Table.CERTIFICATES,
    ClaimKind.BANK_SERIAL: Table.APPLICATIONS,
    ClaimKind.RECEIPT: Table.APPLICATIONS,
    ClaimKind.BANK_LINE: Table.APPLICATIONS,
    ClaimKind.INVOICED: Table.APPLICATIONS,
    ClaimKind.INVOICE_NUMBER: Table.APPLICATIONS,
    ClaimKind.BINDING_REQUEST: Table.APPLICATIONS,
}

PLACES: Mapping[type[Record], Callable[..., Place]] = {
    Application: lambda application: Place(Table.APPLICATIONS, f"A#{application}", "A"),
    Shelf: lambda application: Place(Table.APPLICATIONS, f"A#{application}", "S"),
    Look: lambda application: Place(Table.APPLICATIONS, f"A#{application}", "L"),
    Entry: lambda application, number: Place(Table.APPLICATIONS, f"A#{application}", f"E#{number}"),
    MaterialFile: lambda application, file: Place(Table.APPLICATIONS, f"A#{application}", f"F#{file}"),
    # In the partition where its evidence lies, as an application does.
    BindingRequest: lambda request: Place(Table.APPLICATIONS, f"A#{request}", "Q"),
    Payment: lambda payment: Place(Table.APPLICATIONS, f"P#{payment}", "P"),
    Invoice: lambda invoice: Place(Table.APPLICATIONS, f"I#{invoice}", "I"),
    Credit: lambda owner: Place(Table.APPLICATIONS, f"$#{owner}", "$"),
    Movement: lambda day, movement: Place(Table.APPLICATIONS, f"D#{day}", f"M#{movement}"),
    Statement: lambda statement: Place(Table.APPLICATIONS, f"B#{statement}", "B"),
    BankLine: lambda statement, line: Place(Table.APPLICATIONS, f"L#{statement}", f"L#{line}"),
    Claim: lambda kind, value: Place(CLAIMS[kind], f"U#{kind}#{value}", "U"),
    Enterprise: lambda enterprise: Place(Table.ENTERPRISES, f"E#{enterprise}", "E"),
    Binding: lambda enterprise, user: Place(Table.ENTERPRISES, f"E#{enterprise}", f"B#{user}"),
    Practitioner: lambda practitioner: Place(Table.ENTERPRISES, f"R#{practitioner}", "R"),
    Reminded: lambda enterprise, window, year: Place(Table.ENTERPRISES, f"G#{enterprise}", f"{window}#{year}"),
    MembershipYear: lambda enterprise, year: Place(Table.ENTERPRISES, f"E#{enterprise}", f"Y#{year}"),
    Certificate: lambda root: Place(Table.CERTIFICATES, f"C#{root}", "C"),
    Edition: lambda root, ordinal: Place(Table.CERTIFICATES, f"C#{root}", f"V#{ordinal}"),
    Counter: lambda kind, year: Place(Table.CERTIFICATES, f"N#{kind}", f"N#{year}"),
    User: lambda user: Place(Table.ACCOUNTS, f"W#{user}", "W"),
    StaffAccount: lambda name: Place(Table.ACCOUNTS, STAFF, f"S#{name}"),
    Acknowledgement: lambda actor, operation, key: Place(Table.ACCOUNTS, f"I#{actor}", f"{operation}#{key}"),
    AuditEntry: lambda subject, at, entry: Place(Table.ACCOUNTS, f"D#{subject}", f"{at}#{entry}"),
    Message: lambda user, message: Place(Table.ACCOUNTS, f"L#{user}", f"L#{message}"),
    Mail: lambda mail: Place(Table.ACCOUNTS, f"M#{mail}", "M"),
    JobRun: lambda job: Place(Table.ACCOUNTS, f"J#{job}", "J"),
    Association: lambda association: Place(Table.ACCOUNTS, f"X#{association}", "X"),
    # The plain id: the function that follows the stream takes it from there.
    OutboxRow: lambda row: Place(Table.OUTBOX, row, "O"),
}
RECORDS: Mapping[str, type[Record]] = {kind.__name__: kind for kind in PLACES}


def data_key_place(subject: str) -> Place:
    return Place(Table.ACCOUNTS, f"K#{subject}", "K")


def tally_place(name: str) -> Place:
    return Place(Table.ACCOUNTS, f"T#{name}", "T")


def place_of(record: Record) -> Place:
    return PLACES[type(record)](*record.key)


def owners_list(owner: str) -> str:
    """The partition of a person's or an enterprise's own applications."""
    return f"O#{owner}"


def invoices_list(owner: str) -> str:
    """The partition of an owner's invoices."""
    return f"I#{owner}#"


def binding_requests_list(user: str) -> str:
    """The partition of a user's binding requests."""
    return f"Q#{user}#"


def roll_of(enterprise: str) -> str:
    """The partition of an enterprise's practitioners, by the last day of their certificates."""
    return f"R#{enterprise}#"


def copies_of(record: Record) -> tuple[Place, ...]:
    match record:
        case Application() | Invoice() | BindingRequest() | Statement():
            listed, at = _list_of(record)
            return (Place(Table.APPLICATIONS, listed, f"{instant(at)}#{record.id}"),)
        case Practitioner(id=identity, employer=employer, valid_to=valid_to) if employer is not None:
            return (Place(Table.ENTERPRISES, roll_of(employer), f"{valid_to.isoformat()}#{identity}"),)
        case Certificate(root=root, holder=holder) if holder.startswith(enterprise_owner("")):
            enterprise = holder.removeprefix(enterprise_owner(""))
            return (Place(Table.ENTERPRISES, f"E#{enterprise}", f"C#{root}"),)
    return ()


def _list_of(record: Application | Invoice | BindingRequest | Statement) -> tuple[str, datetime]:
    """Its partition, and the instant it sorts by."""
    match record:
        case Application(owner=owner, opened_at=at):
            return owners_list(owner), at
        case Invoice(owner=owner, requested_at=at):
            return invoices_list(owner), at
        case BindingRequest(user=user, opened_at=at):
            return binding_requests_list(user), at
        case Statement(asked_at=at):
            return STATEMENTS, at


def instant(at: datetime) -> str:
    """Of one width and one offset, so that the order of the text is the order of time."""
    return at.astimezone(SHANGHAI).isoformat(timespec="microseconds")
