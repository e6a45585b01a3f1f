"""One record of each kind, made up, with what matters to a test handed in."""

from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.memory.time_and_ids import A_MORNING
from chalicelib.rules.records import (
    Acknowledgement,
    Allotment,
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
    Issuance,
    JobRun,
    Look,
    Mail,
    MaterialFile,
    MaterialVerdict,
    MembershipYear,
    Message,
    Movement,
    OutboxRow,
    Paper,
    Payment,
    PaymentMethod,
    Person,
    Practitioner,
    Reminded,
    SeenFile,
    Shelf,
    StaffAccount,
    Statement,
    StatementStatus,
    Told,
    UnreadRow,
    User,
    Work,
)
from chalicelib.rules.vocabulary import Action, CertificateKind, Part, Personal, Role, Service, State

ROOT = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def at(minutes: float) -> datetime:
    return A_MORNING + timedelta(minutes=minutes)


def application(identity: str = "a1", **changes: Any) -> Application:
    given = {
        "owner": "user:u1",
        "applicant": "u1",
        "state": State.DRAFT,
        "opened_at": at(0),
        "since": at(0),
        "form": {"name": "虚构一号公司", "contact_name": Personal("赵*", "赵甲一")},
        "persons": (Person(id="p1", form={"name": Personal("钱*", "钱甲二")}),),
    }
    return Application(id=identity, service=Service.JOIN, **given | changes)


def shelf(identity: str = "a1") -> Shelf:
    return Shelf(application=identity)


def entry(number: int = 1, identity: str = "a1") -> Entry:
    return Entry(
        application=identity, number=number, at=at(number), action=Action.SUBMIT, before=State.DRAFT,
        after=State.IN_REVIEW, actor="u1", role=Role.APPLICANT,
    )  # fmt: skip


def material(file: str = "a1.f1", **changes: Any) -> MaterialFile:
    given = {"requested_at": at(0), "name": Personal("执***.pdf", "执照.pdf"), "application": file.partition(".")[0]}
    return MaterialFile(id=file, slot="licence", suffix="pdf", **given | changes)


def look(identity: str = "a1") -> Look:
    return Look(
        application=identity, entry=1, at=at(1), form={"contact_name": Personal("赵*", "赵甲一")},
        persons=("p1",), files=(SeenFile(f"{identity}.f2", "licence"),),
        verdicts=(MaterialVerdict("licence", accepted=False, reason="不清晰", files=(f"{identity}.f2",)),),
    )  # fmt: skip


def payment(identity: str = "p1", **changes: Any) -> Payment:
    given = {"submitted_at": at(0)}
    return Payment(
        id=identity, owner="user:u1", allotments=(Allotment("a1", 120_000),), method=PaymentMethod.TRANSFER,
        amount=120_000,
        payer="虚构一号公司", paid_on=date(2026, 3, 2), **given | changes,
    )  # fmt: skip


def claim(kind: ClaimKind = ClaimKind.CREDIT_CODE, value: str = "X1", holder: str = "application:a1") -> Claim:
    return Claim(kind=kind, value=value, holder=holder)


def enterprise(identity: str = "e1") -> Enterprise:
    return Enterprise(
        id=identity, name="虚构一号公司", credit_code="X1", member_code="10000001", kind="企业",
        legal_representative=Personal("赵*", "赵甲一"), capital="500万元人民币", registered_address="演示路 1 号",
        office_address="演示路 2 号", founded_on=date(2015, 6, 1), business_scope="有害生物防制",
        contact_name=Personal("钱*", "钱甲二"), contact_mobile=Personal("199****0001", "19900000001"),
        contact_email=Personal("s***@a.example", "some@a.example"), contact_post="经理", member_since=date(2026, 3, 2),
    )  # fmt: skip


def binding(user: str = "u1", identity: str = "e1") -> Binding:
    return Binding(enterprise=identity, user=user, at=at(0))


def binding_request(identity: str = "q1", **changes: Any) -> BindingRequest:
    given: dict[str, Any] = {"opened_at": at(0), "user": "u1"}
    return BindingRequest(
        id=identity, unit="虚构一号公司", credit_code="91449999000000001D", post="经理", name=Personal("赵*", "赵甲一"),
        mobile=Personal("199****0001", "19900000001"), remark=Personal("***", "钱甲二已离职"), **given | changes,
    )  # fmt: skip


def paid_year(year: int = 2026, identity: str = "e1") -> MembershipYear:
    return MembershipYear(enterprise=identity, year=year, application="a1", amount=120_000, at=at(0))


def certificate(root: str = ROOT, **changes: Any) -> Certificate:
    given = {
        "number": "DEMO-1", "holder": "enterprise:e1", "issued_on": date(2026, 3, 2), "issuance": Issuance.ISSUED,
        "kind": CertificateKind.MEMBER, "valid_to": date(2026, 12, 31),
    }  # fmt: skip
    return Certificate(
        root=root, holder_name="虚构一号公司", application="a1", valid_from=date(2026, 3, 2), **given | changes
    )


def edition(ordinal: int = 1, root: str = ROOT) -> Edition:
    return Edition(
        root=root, ordinal=ordinal, valid_from=date(2026, 3, 2), valid_to=date(2026, 12, 31), issued_at=at(0),
        papers=(Paper(Part.WHOLE, "c" * 64, f"certificates/{root}/{ordinal}.pdf", "f" * 64),),
        printed={"holder": "虚构一号公司", "legal_representative": Personal("赵*", "赵甲一")},
    )  # fmt: skip


def practitioner(identity: str = "w1", employer: str | None = "e1", **changes: Any) -> Practitioner:
    given = {"valid_from": date(2025, 1, 1), "valid_to": date(2027, 12, 31)}
    return Practitioner(
        id=identity, name=Personal("赵*", "赵甲一"), id_kind="resident_id", employer=employer,
        id_number=Personal("4***", "449999196001010013"), certificate_number=f"PX-{identity}", legacy=False,
        entered_at=at(0), **given | changes,
    )  # fmt: skip


def invoice(identity: str = "inv1", **changes: Any) -> Invoice:
    given: dict[str, Any] = {"requested_at": at(0), "owner": "enterprise:e1"}
    return Invoice(
        id=identity, asked_by="u1", applications=("a1", "a2"), amount=240_000, document="电子发票（普通发票）",
        title="虚构一号公司", tax_number="91449999000000001D", email=Personal("s***@a.example", "some@a.example"),
        **given | changes,
    )  # fmt: skip


def credit(balance: int = 30_000) -> Credit:
    return Credit(owner="enterprise:e1", balance=balance)


def statement(identity: str = "b1", **changes: Any) -> Statement:
    unread = UnreadRow(7, "statement_amount", Personal("无法识别", "金额“赵甲一”无法识别。"), "请改正。")
    given: dict[str, Any] = {"asked_at": at(0), "status": StatementStatus.READ, "unread": 1, "unread_rows": (unread,)}
    return Statement(
        id=identity, name=Personal("三*", "三月.xlsx"), asked_by="finance", bank="example", lines=2, **given | changes
    )


def bank_line(number: int = 5, statement: str = "b1", **changes: Any) -> BankLine:
    return BankLine(
        id=f"{statement}.{number:06d}", statement=statement, number=number, paid_on=date(2026, 3, 2), amount=120_000,
        payer=Personal("赵*", "赵甲一"), remark=Personal("***", "钱甲二会费"), serial="70000000001", identity="f" * 64,
        **changes,
    )  # fmt: skip


def job_run(through: date = date(2026, 3, 2)) -> JobRun:
    return JobRun(job="renewals", through=through)


def reminded(window: str = "dues-0101") -> Reminded:
    return Reminded(enterprise="e1", window=window, year=2027, said=frozenset({f"{window}-e1-20270331-wechat"}))


def movement(identity: str = "c1", day: date = date(2026, 3, 2)) -> Movement:
    return Movement(
        id=identity, owner="enterprise:e1", day=day, at=at(0), amount=30_000, why="多缴", payment="p1", actor="finance"
    )


def counter(n: int = 1) -> Counter:
    return Counter(kind=CertificateKind.MEMBER, year=2026, n=n)


def user(identity: str = "u1") -> User:
    return User(
        id=identity, openid=Personal("***", "openid-of-u1"), name=Personal("赵*", "赵甲一"), consents={"completed": 2}
    )


def staff(name: str = "finance") -> StaffAccount:
    roles = frozenset({Role.FINANCE, Role.REVIEWER})
    return StaffAccount(name=name, roles=roles, password_hash="hash", totp_secret=Personal("***", "TOTPSECRET"))


def acknowledgement(key: str = "k1") -> Acknowledgement:
    return Acknowledgement(
        actor="u1", operation="open_draft", idempotency_key=key, fingerprint="f", subject="a1", at=at(0),
        expires_at=at(7 * 24 * 60),
    )  # fmt: skip


def audit(identity: str = "d1", minutes: float = 0) -> AuditEntry:
    return AuditEntry(
        id=identity, subject="application:a1", at=at(minutes), actor="admin", deed="reveal", reason="核对"
    )


def message(identity: str = "20260302-1", user_id: str = "u1") -> Message:
    return Message(
        id=identity, user=user_id, at=at(0), notice="returned", context={"reason": "请补资料"}, application="a1"
    )


def mail(identity: str = "m1") -> Mail:
    to = Personal("s***@a.example", "some@a.example")
    return Mail(
        id=identity, to=to, letter="certificate", context={"number": "DEMO-1"}, asked_at=at(0), asked_by="u1",
        root=ROOT, ordinal=1,
    )  # fmt: skip


def contact_mail(identity: str = "m2") -> Mail:
    told = (Told("a1", 3, "returned"),)
    return Mail(
        id=identity, letter="unit_notice", context={"notice": "returned"}, asked_at=at(0),
        asked_by="enterprise:e1", contact_of="e1", told=told,
    )  # fmt: skip


def outbox_row(identity: str = "issue-a1-1", **changes: Any) -> OutboxRow:
    given = {"at": at(0)}
    return OutboxRow(id=identity, work=Work.ISSUE, subject=("a1",), **given | changes)


ONE_OF_EACH = (
    application(), shelf(), entry(), material(), look(), payment(), claim(), claim(ClaimKind.MEMBER_CODE),
    claim(ClaimKind.APPLICANT), claim(ClaimKind.CERTIFICATE_NUMBER), enterprise(), binding(), paid_year(),
    practitioner(), invoice(), credit(), movement(), job_run(), reminded(), certificate(), edition(), counter(),
    statement(), bank_line(), claim(ClaimKind.BANK_LINE), binding_request(), claim(ClaimKind.BINDING_REQUEST),
    user(), staff(), acknowledgement(), audit(), message(), mail(), contact_mail(), outbox_row(),
)  # fmt: skip
