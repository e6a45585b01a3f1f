"""Certificates: as anyone may verify them, as their holder has them, as staff revoke them."""

from datetime import date
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.base import Incoming, Instant, Named, Outgoing, Query, Why, code_of
from chalicelib.rules.certificates import Deadline, standing_today, token
from chalicelib.rules.records import Certificate, Edition, Family, Issuance, Paper
from chalicelib.rules.vocabulary import CertificateKind, Part, Standing


class NumberAsked(Query):
    """Whatever else stands in the address is not ours to refuse: WeChat adds words of its own to links it passes on."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    number: Annotated[str | None, Field(description="证书编号", examples=[examples.NUMBER])] = None


class Verification(Outgoing):
    """What anyone may know of a certificate."""

    standing: Annotated[Standing, Field(description="今日状态")]
    standing_name: str
    statement: str
    current_standing: Annotated[Standing, Field(description="最新版的今日状态")]
    kind: CertificateKind
    kind_name: str
    number: str
    holder: str
    credit_code: str | None
    valid_from: date
    valid_to: date
    issued_on: date
    revoked_on: date | None
    version: int
    latest_version: int
    test: bool
    association: str
    checked_at: Instant


class CertificateLine(Outgoing):
    root: str
    kind: Annotated[Named, code_of(CertificateKind)]
    number: str
    holder: str
    credit_code: str | None
    valid_from: date
    valid_to: date
    issued_on: date
    latest: Annotated[int, Field(description="最新版次")]
    standing: Annotated[Named, code_of(Standing), Field(description="今日状态")]
    revoked_on: date | None
    verify_path: Annotated[str, Field(description="公开查验的地址，即二维码所指")]

    @classmethod
    def of(cls, certificate: Certificate, today: date, deadline: Deadline) -> Self:
        return cls(
            root=certificate.root, kind=Named.of(certificate.kind), number=certificate.number,
            holder=certificate.holder_name, credit_code=certificate.credit_code,
            valid_from=certificate.valid_from, valid_to=certificate.valid_to, issued_on=certificate.issued_on,
            latest=certificate.latest, revoked_on=certificate.revoked_on,
            standing=Named.of(standing_today(certificate, today, deadline)),
            verify_path=f"/V/{token(certificate.root, certificate.latest)}",
        )  # fmt: skip


class Certificates(Outgoing):
    items: list[CertificateLine]


class PaperShown(Outgoing):
    part: Annotated[Named, code_of(Part)]
    file_sha256: Annotated[str, Field(description="PDF 文件的 SHA-256")]

    @classmethod
    def of(cls, paper: Paper) -> Self:
        return cls(part=Named.of(paper.part), file_sha256=paper.file_sha256)


class EditionShown(Outgoing):
    ordinal: int
    valid_from: date
    valid_to: date
    issued_at: Instant
    papers: Annotated[list[PaperShown], Field(description="各张 PDF：资质证为正本和副本")]

    @classmethod
    def of(cls, edition: Edition) -> Self:
        return cls(
            ordinal=edition.ordinal, valid_from=edition.valid_from, valid_to=edition.valid_to,
            issued_at=edition.issued_at, papers=[PaperShown.of(each) for each in edition.papers],
        )  # fmt: skip


class CertificateShown(CertificateLine):
    editions: Annotated[list[EditionShown], Field(description="各个版次")]

    @classmethod
    def whole(cls, family: Family, today: date, deadline: Deadline) -> Self:
        line = CertificateLine.of(family.certificate, today, deadline)
        return cls(**dict(line), editions=[EditionShown.of(each) for each in family.editions])


class CertificateForStaff(CertificateShown):
    issuance: Annotated[Named, code_of(Issuance)]
    application: str
    revoked_reason: str | None
    void_reason: str | None

    @classmethod
    def whole(cls, family: Family, today: date, deadline: Deadline) -> Self:
        certificate, shown = family.certificate, CertificateShown.whole(family, today, deadline)
        return cls(
            **dict(shown), issuance=Named.of(certificate.issuance), application=certificate.application,
            revoked_reason=certificate.revoked_reason, void_reason=certificate.void_reason,
        )  # fmt: skip


class PaperAsked(Query):
    part: Annotated[Part | None, Field(description="资质证：original 正本，duplicate 副本", examples=["duplicate"])] = (
        None
    )


class MailTo(Incoming):
    to: Annotated[str, Field(max_length=320, description="收件邮箱", examples=["name@example.com"])]


class MailAsked(Outgoing):
    id: Annotated[str, Field(description="邮件编号")]
    to: Annotated[str, Field(description="收件邮箱，已遮蔽")]


class Reasoned(Incoming):
    reason: Why
