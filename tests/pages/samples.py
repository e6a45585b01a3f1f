"""A made-up association and certificates for it, as the pages meet them."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.pages.certificate_view import CertificateView, certificate_view
from chalicelib.rules.association import Association, BankAccount, Telephone
from chalicelib.rules.records import Certificate, Edition, Family, Issuance, Paper
from chalicelib.rules.vocabulary import CertificateKind, Part, Standing
from tests.made_up import credit_code, enterprise, person

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 24, 14, 5, 9, tzinfo=SHANGHAI)
DOMAIN = "verify.association.example"
ROOT = "ABCDEFGHIJKLMNOPQRSTUVWX23"

ASSOCIATION = Association(
    name="虚构市有害生物防制协会",
    english_name="Pest Control Association of Nowhere",
    address="虚构市样例区无名路 1 号 101 室",
    telephones=(Telephone(label="秘书处", number="020-0000 0001"), Telephone(label="财务室", number="020-0000 0002")),
    mail="office@association.example",
    website="www.association.example",
    office_hours="周一至周五 9:00–12:00，14:00–17:00",
    customer_service="小程序“首页”—“在线客服”",
    bank=BankAccount(holder="虚构市有害生物防制协会", bank="虚构银行", number="0000 1111 2222 3333"),
    payment_notes=("请在附言中写明单位名称",),
    service_notices={},
    forms=(),
    fees=(),
    number_patterns={},
    verify_note="证书信息以本页查询结果为准。",
    wechat_templates={},
)

MEMBER = Certificate(
    root=ROOT,
    kind=CertificateKind.MEMBER,
    number="GZ-HY-2026-0012",
    holder="enterprise:e1",
    holder_name=enterprise(12),
    valid_from=date(2026, 3, 2),
    valid_to=date(2026, 12, 31),
    issued_on=date(2026, 3, 2),
    application="application-7",
    issuance=Issuance.ISSUED,
    member_code="HIDDEN77",
    credit_code=credit_code(12),
)
QUALIFICATION = replace(
    MEMBER,
    kind=CertificateKind.QUALIFICATION,
    number="GZ-ZZ-2024-0003",
    valid_from=date(2024, 5, 6),
    valid_to=date(2027, 5, 5),
    issued_on=date(2024, 5, 6),
    reviewed=(2025, 2026),
)
TRAINING = replace(
    MEMBER,
    kind=CertificateKind.TRAINING,
    number="GZ-PX-2025-0450",
    holder="practitioner:p1",
    holder_name=person(450),
    credit_code=None,
    valid_from=date(2025, 6, 1),
    valid_to=date(2028, 5, 31),
    issued_on=date(2025, 6, 1),
)


def family_of(certificate: Certificate) -> Family:
    editions = tuple(
        Edition(
            root=certificate.root,
            ordinal=ordinal,
            valid_from=certificate.valid_from,
            valid_to=certificate.valid_to,
            issued_at=datetime(2026, 3, 2, 9, ordinal, tzinfo=SHANGHAI),
            papers=(Paper(Part.WHOLE, "0" * 64, "kept", "0" * 64),),
            printed={},
        )
        for ordinal in range(1, certificate.latest + 1)
    )
    return Family(certificate, editions)


def view_of(
    certificate: Certificate, ordinal: int = 1, *, at: datetime = AT, scanned: bool = True, test: bool = False
) -> CertificateView:
    view = certificate_view(family_of(certificate), ordinal, at, ASSOCIATION, domain=DOMAIN, scanned=scanned, test=test)
    assert view is not None
    return view


def every_standing() -> dict[Standing, CertificateView]:
    return {
        Standing.VALID: view_of(MEMBER),
        Standing.SUPERSEDED: view_of(replace(MEMBER, latest=2)),
        Standing.NOT_YET_VALID: view_of(replace(MEMBER, valid_from=date(2027, 1, 1), valid_to=date(2027, 12, 31))),
        Standing.REVIEW_OVERDUE: view_of(replace(QUALIFICATION, reviewed=(2025,))),
        Standing.EXPIRED: view_of(replace(MEMBER, valid_to=date(2026, 11, 23))),
        Standing.REVOKED: view_of(replace(MEMBER, revoked_on=date(2026, 10, 8), revoked_reason="举报人某某反映")),
    }
