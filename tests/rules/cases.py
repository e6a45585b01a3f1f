"""Made-up cases for the rules: an application, facts in which everything is well, and one change at a time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.rules.certificates import Deadline, standing
from chalicelib.rules.grammar import Facts, PractitionerFact
from chalicelib.rules.records import (
    Allotment,
    Application,
    Certificate,
    Dossier,
    Edition,
    Enterprise,
    Issuance,
    MaterialFile,
    MembershipYear,
    Payment,
    PaymentMethod,
    Person,
    user_owner,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import (
    Actor,
    CertificateKind,
    FileStatus,
    FormValue,
    Personal,
    Role,
    Service,
    Standing,
    State,
)
from tests import made_up

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
PEOPLE = tuple(f"w{n}" for n in range(1, 8))


def actor(role: Role) -> Actor:
    return Actor(role.value, frozenset({role}))


def join_form() -> Mapping[str, FormValue]:
    return {
        "name": made_up.enterprise(1), "credit_code": made_up.credit_code(1), "kind": "企业",
        "legal_representative": Personal("赵**", made_up.person(1)), "capital": "500万元人民币",
        "registered_address": "虚构路 1 号", "office_address": "虚构路 2 号", "founded_on": "2015-06-01",
        "business_scope": "有害生物防制服务", "contact_name": Personal("赵**", made_up.person(1)),
        "contact_mobile": Personal("199****0001", made_up.mobile(1)),
        "contact_email": Personal("c***@example.com", "contact@example.com"), "contact_post": "总经理",
    }  # fmt: skip


def changes() -> Mapping[str, FormValue]:
    return {"changes": "单位名称、注册资金", "new_name": made_up.enterprise(9), "new_capital": "800万元人民币"}


FORMS: dict[Service, Mapping[str, FormValue]] = {
    Service.JOIN: join_form(),
    Service.DUES: {},
    Service.DUES_WITH_CHANGES: changes(),
    Service.QUALIFICATION: {
        "services": "灭鼠、消毒",
        "premises_area": "200",
        "staff_count": "20",
        "technician_count": "8",
        "managers": Personal("赵***", f"{made_up.person(1)} 经理"),
        "equipment": "喷雾器 3 台",
        "chemicals": "虚构药剂 5 公斤",
    },
    Service.ANNUAL_REVIEW: {
        "confirmed": "是",
        "contracts": "30",
        "staff_count": "20",
        "accidents": "0",
        "penalties": "0",
    },
    Service.QUALIFICATION_CHANGE: changes(),
    Service.TRAINING: {"contact_email": Personal("c***@example.com", "contact@example.com")},
}


def application(service: Service = Service.JOIN, state: State = State.DRAFT) -> Application:
    persons = () if service is Service.JOIN else tuple(Person(id=each) for each in PEOPLE[:6])
    return Application(
        id="a1", service=service, owner=user_owner("u1"), applicant="u1", state=state, opened_at=NOW, since=NOW,
        form=FORMS[service], persons=persons,
    )  # fmt: skip


def files(service: Service, status: FileStatus = FileStatus.ACCEPTED) -> tuple[MaterialFile, ...]:
    people: tuple[str | None, ...] = PEOPLE[:6]
    wanted = [(m.slot, who) for m in TABLE[service].materials for who in (people if m.per_person else (None,))]
    return tuple(
        MaterialFile(
            id=f"a1.f{n}", application="a1", slot=slot, person=who, name=Personal("x***.pdf"), suffix="pdf",
            requested_at=NOW, status=status,
        )
        for n, (slot, who) in enumerate((*wanted, ("bank_receipt", None)))
    )  # fmt: skip


def facts(service: Service = Service.JOIN, *, due: int = 120_000) -> Facts:
    """Everything is well for this service."""
    everyone = {each: PractitionerFact(each, f"员工{each}", "e1", date(2027, 1, 1)) for each in PEOPLE}
    joining = service is Service.JOIN
    return Facts(
        at=NOW, today=TODAY, bound_to=None if joining else "e1", dossier=None if joining else DOSSIERS[service](),
        practitioners=everyone, files=files(service), due=due, payment=payment(),
    )  # fmt: skip


def payment(method: PaymentMethod = PaymentMethod.TRANSFER) -> Payment:
    return Payment(
        id="p1", owner="user:u1", allotments=(Allotment("a1", 120_000),), method=method, amount=120_000, payer="x",
        paid_on=TODAY, submitted_at=NOW,
    )  # fmt: skip


def dossier(**changes: object) -> Dossier:
    paid = MembershipYear(enterprise="e1", year=2026, application="a0", amount=1, at=NOW)
    whole = Dossier(enterprise(), (), (paid,), (qualification(),))
    return replace(whole, **changes)  # type: ignore[arg-type]  # the caller names fields


def unpaid() -> Dossier:
    return dossier(years=())


def unqualified() -> Dossier:
    return dossier(certificates=())


def reviewed() -> Dossier:
    return dossier(certificates=(qualification(reviewed=(2025, 2026)), member_certificate()))


DOSSIERS: dict[Service, Callable[[], Dossier]] = {
    Service.DUES: unpaid, Service.DUES_WITH_CHANGES: unpaid, Service.QUALIFICATION: unqualified,
    Service.ANNUAL_REVIEW: dossier, Service.QUALIFICATION_CHANGE: reviewed, Service.TRAINING: dossier,
}  # fmt: skip


def enterprise() -> Enterprise:
    nobody = Personal("***")
    return Enterprise(
        id="e1", name=made_up.enterprise(1), credit_code=made_up.credit_code(1), member_code="12345678", kind="企业",
        legal_representative=nobody, capital="500万元人民币", registered_address="x", office_address="x",
        founded_on=date(2015, 6, 1), business_scope="x", contact_name=nobody, contact_mobile=nobody,
        contact_email=nobody, contact_post="x", member_since=date(2020, 1, 1),
    )  # fmt: skip


def member_certificate(**changes: object) -> Certificate:
    whole = Certificate(
        root="B" * 26, kind=CertificateKind.MEMBER, number="M-2024-0001", holder="enterprise:e1", holder_name="x",
        valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), issued_on=date(2024, 5, 1), application="a0",
        held_since=date(2024, 5, 1), issuance=Issuance.ISSUED, latest=3,
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]  # the caller names fields


def edition(certificate: Certificate, ordinal: int = 1, **changes: object) -> Edition:
    whole = Edition(
        root=certificate.root, ordinal=ordinal, valid_from=certificate.valid_from, valid_to=certificate.valid_to,
        issued_at=NOW, papers=(), printed={},
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]  # the caller names fields


def version_standing(certificate: Certificate, ordinal: int, today: date, deadline: Deadline | None = None) -> Standing:
    return standing(certificate, edition(certificate, ordinal), today, deadline)


def qualification(**changes: object) -> Certificate:
    whole = Certificate(
        root="A" * 26, kind=CertificateKind.QUALIFICATION, number="Q-2024-0001", holder="enterprise:e1",
        holder_name="x", valid_from=date(2024, 5, 1), valid_to=date(2027, 4, 30), issued_on=date(2024, 5, 1),
        application="a0", issuance=Issuance.ISSUED, reviewed=(2025,),
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]  # the caller names fields
