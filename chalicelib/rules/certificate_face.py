"""All that is printed on a certificate, as one record a paper: whoever draws, signs or checks it needs nothing else."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import ClassVar

from chalicelib.rules.masks import mask_name
from chalicelib.rules.vocabulary import CertificateKind, Form, FormValue, Part, Personal

TEST_NOTICE = "测试证书 TEST CERTIFICATE"
A4, A3_LANDSCAPE = (210, 297), (420, 297)
PERSONAL = frozenset({"legal_representative"})

_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")


def chinese_date(day: date) -> str:
    """The date as it is printed: 2026年1月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, kw_only=True)
class Face:
    """What every certificate of an enterprise says. ``size`` is its paper in mm, width and height.

    Raises ValueError for an address outside the QR alphanumeric set (ISO/IEC 18004, table 5): a code in byte
    mode would be denser and harder to scan from paper.
    """

    kind: ClassVar[CertificateKind]

    number: str
    holder: str
    credit_code: str
    valid_from: date
    valid_to: date
    issued_on: date
    association: str
    association_english: str
    verify_url: str
    contact_line: str
    template: str = ""
    test: bool = False

    def __post_init__(self) -> None:
        if not _ALPHANUMERIC.fullmatch(self.verify_url):
            raise ValueError("the address of verification must be upper case and within the QR alphanumeric set")

    @property
    def size(self) -> tuple[int, int]:
        return A4

    @property
    def which(self) -> Part:
        return Part.WHOLE

    @property
    def title(self) -> str:
        return self.kind.chinese

    def content_hash(self) -> str:
        """SHA-256, in hex, over the face as canonical JSON: sorted keys, no blanks, UTF-8, ISO dates."""
        canonical = json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def says(self) -> Mapping[str, str]:
        """Each variable text as it appears on the page, by name; asked for missing glyphs before anybody pays."""
        notice = {"test": TEST_NOTICE} if self.test else {}
        return {
            "number": self.number, "holder": self.holder, "credit_code": self.credit_code,
            "valid_from": chinese_date(self.valid_from), "valid_to": chinese_date(self.valid_to),
            "issued_on": chinese_date(self.issued_on), "association": self.association,
            "association_english": self.association_english, "verify_url": self.verify_url,
            "contact_line": self.contact_line, **notice,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MemberFace(Face):
    """What is printed on a 会员证 (domain §2), and nothing that is not."""

    kind: ClassVar[CertificateKind] = CertificateKind.MEMBER
    template: str = "member-1"


@dataclass(frozen=True, kw_only=True)
class QualificationFace(Face):
    """What is printed on a 资质证: the original on A3 landscape, the duplicate on A4, which shows the reviews as well.

    ``services`` and ``reviewed`` are joined by 、 as they are printed.
    """

    kind: ClassVar[CertificateKind] = CertificateKind.QUALIFICATION
    template: str = "qualification-1"
    part: Part
    legal_representative: str
    address: str
    services: str
    reviewed: str

    @property
    def which(self) -> Part:
        return self.part

    @property
    def size(self) -> tuple[int, int]:
        return A3_LANDSCAPE if self.part is Part.ORIGINAL else A4

    @property
    def title(self) -> str:
        return f"{self.kind.chinese}{self.part.chinese}"

    def says(self) -> Mapping[str, str]:
        return {
            **super().says(), "part": self.part.chinese, "legal_representative": self.legal_representative,
            "address": self.address, "services": self.services, "reviewed": self.reviewed,
        }  # fmt: skip


FACES: Mapping[CertificateKind, type[Face]] = {face.kind: face for face in (MemberFace, QualificationFace)}
PARTS: Mapping[CertificateKind, tuple[Part, ...]] = {
    CertificateKind.MEMBER: (Part.WHOLE,),
    CertificateKind.QUALIFICATION: (Part.ORIGINAL, Part.DUPLICATE),
}


def printed(face: Face) -> Form:
    """A face as an edition keeps it, for good: what is common to all its papers, with the person on it sealed."""
    kept = {each.name: getattr(face, each.name) for each in fields(face) if each.name != "part"}
    return {name: _kept(name, value) for name, value in kept.items()}


def _kept(name: str, value: str | date | bool) -> FormValue:  # noqa: FBT001 - a field of the face
    if isinstance(value, bool):
        return "test" if value else ""
    text = value.isoformat() if isinstance(value, date) else value
    return Personal(mask_name(text), text) if name in PERSONAL else text


def faces_of(kind: CertificateKind, kept: Form) -> tuple[Face, ...]:
    """The faces of every paper of an edition, from what it keeps (opened), exactly as they were drawn."""
    plain = {name: value.plain if isinstance(value, Personal) else value for name, value in kept.items()}
    days = {name: date.fromisoformat(plain[name] or "") for name in ("valid_from", "valid_to", "issued_on")}
    said = {**plain, **days, "test": bool(plain["test"])}
    drawn = FACES[kind]
    by_part = ({} if part is Part.WHOLE else {"part": part} for part in PARTS[kind])
    return tuple(drawn(**said, **which) for which in by_part)  # type: ignore[arg-type]  # as they were kept
