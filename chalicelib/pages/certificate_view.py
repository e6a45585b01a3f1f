"""What may be shown of one version of a certificate at one instant.

A view holds public facts only (domain §2): never a contact, legal representative, member code or ID number.
"""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.pages.imprint import Imprint
from chalicelib.pages.press import shanghai
from chalicelib.pages.verdicts import VERDICTS, Verdict
from chalicelib.rules.association import Association
from chalicelib.rules.certificate_face import chinese_date
from chalicelib.rules.certificates import edition_of, is_issued, standing, standing_today, token
from chalicelib.rules.masks import mask_name
from chalicelib.rules.records import Certificate, Edition, Family
from chalicelib.rules.vocabulary import CertificateKind, Standing

KINDS_IN_ENGLISH = {
    CertificateKind.MEMBER: "Member certificate",
    CertificateKind.QUALIFICATION: "Qualification certificate",
    CertificateKind.TRAINING: "Training certificate",
}


@dataclass(frozen=True, kw_only=True)
class CertificateView:
    """One version of a certificate as it stands at ``checked_at``.

    ``valid_from`` and ``valid_to`` are printed on this version; of ``first_day`` and ``last_day`` its standing speaks.
    ``newer`` is the newer version's token: None for the newest, and for whoever came by number and not by QR.
    """

    kind: CertificateKind
    number: str
    holder: str
    credit_code: str | None
    valid_from: date
    valid_to: date
    first_day: date
    last_day: date
    issued_on: date
    version_made_on: date
    ordinal: int
    latest: int
    standing: Standing
    current: Standing
    revoked_on: date | None
    checked_at: datetime
    imprint: Imprint
    scanned: bool = True
    newer: str | None = None
    test: bool = False

    @property
    def verdict(self) -> Verdict:
        return VERDICTS[self.standing]

    @property
    def statement(self) -> str:
        return self.verdict.statement.format_map(self._words())

    @property
    def statement_english(self) -> str:
        return self.verdict.statement_english.format_map(self._words())

    @property
    def kind_english(self) -> str:
        return KINDS_IN_ENGLISH[self.kind]

    @property
    def has_newer(self) -> bool:
        return self.ordinal < self.latest

    def _words(self) -> dict[str, object]:
        days = {"first": self.first_day, "last": self.last_day, "revoked": self.revoked_on or self.checked_at.date()}
        return {
            "ordinal": self.ordinal,
            "latest": self.latest,
            "current": self.current.chinese,
            "current_english": VERDICTS[self.current].english.lower(),
            "year": self.checked_at.year,
            **{name: chinese_date(day) for name, day in days.items()},
            **{f"{name}_iso": day.isoformat() for name, day in days.items()},
        }


def certificate_view(
    family: Family,
    ordinal: int,
    at: datetime,
    association: Association,
    *,
    domain: str,
    scanned: bool = True,
    test: bool = False,
) -> CertificateView | None:
    """What may be shown of this version at this instant; None where there is nothing to show: answer as for unknown.

    ``scanned`` is False for a search by number: a practitioner's name is then masked (domain §2, D). ``test`` says
    that a development key made the signature. ``domain`` is the host of PUBLIC_URL.
    """
    certificate, edition = family.certificate, edition_of(family, ordinal)
    if edition is None or not is_issued(certificate):
        return None
    local, deadline = shanghai(at), association.windows.review_deadline
    worth = standing(certificate, edition, local.date(), deadline)
    return CertificateView(
        kind=certificate.kind,
        number=certificate.number,
        holder=_holder(certificate, scanned=scanned),
        credit_code=certificate.credit_code if certificate.kind is not CertificateKind.TRAINING else None,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
        first_day=edition.valid_from,
        last_day=edition.valid_to if worth is Standing.VALID else certificate.valid_to,
        issued_on=certificate.issued_on,
        version_made_on=shanghai(edition.issued_at).date(),
        ordinal=ordinal,
        latest=certificate.latest,
        standing=worth,
        current=standing_today(certificate, local.date(), deadline),
        revoked_on=certificate.revoked_on,
        checked_at=local,
        imprint=Imprint.of(association, domain),
        scanned=scanned,
        newer=_newer(certificate, edition) if scanned else None,
        test=test,
    )


def _holder(certificate: Certificate, *, scanned: bool) -> str:
    if certificate.kind is CertificateKind.TRAINING and not scanned:
        return mask_name(certificate.holder_name)
    return certificate.holder_name


def _newer(certificate: Certificate, edition: Edition) -> str | None:
    return token(certificate.root, certificate.latest) if edition.ordinal < certificate.latest else None
