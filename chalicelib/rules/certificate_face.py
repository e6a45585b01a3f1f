"""All that is printed on a certificate, as one record a paper: whoever draws, signs or checks it needs nothing else."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar

from chalicelib.rules.masks import mask_name
from chalicelib.rules.vocabulary import CertificateKind, Form, FormValue, Part, Personal

TEST_NOTICE = "测试证书 TEST CERTIFICATE"
A4, A3_LANDSCAPE = (210, 297), (420, 297)

REVIEWS = 6  # fields for years on a qualification
ALL_YEARS_IN_A_LINE = "qualification-1"

_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")


def chinese_date(day: date) -> str:
    """The date as it is printed: 2026年1月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, kw_only=True)
class Face:
    """What every certificate says. ``size`` is its paper in mm, width and height; ``personal`` is what is kept sealed.

    Raises ValueError for an address outside the QR alphanumeric set (ISO/IEC 18004, table 5): a code in byte
    mode would be denser and harder to scan from paper.
    """

    kind: ClassVar[CertificateKind]
    personal: ClassVar[frozenset[str]] = frozenset()

    number: str
    holder: str
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
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def says(self) -> Mapping[str, str]:
        """Each variable text as it appears on the page, by name; asked for missing glyphs before anybody pays."""
        notice = {"test": TEST_NOTICE} if self.test else {}
        return {
            "number": self.number, "holder": self.holder,
            "valid_from": chinese_date(self.valid_from), "valid_to": chinese_date(self.valid_to),
            "issued_on": chinese_date(self.issued_on), "association": self.association,
            "association_english": self.association_english, "verify_url": self.verify_url,
            "contact_line": self.contact_line, **notice,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EnterpriseFace(Face):
    """What the certificates of an enterprise say."""

    credit_code: str

    def says(self) -> Mapping[str, str]:
        return {**super().says(), "credit_code": self.credit_code}


@dataclass(frozen=True, kw_only=True)
class MemberFace(EnterpriseFace):
    """What is printed on a 会员证 (domain §2), and nothing that is not."""

    kind: ClassVar[CertificateKind] = CertificateKind.MEMBER
    template: str = "member-2"


@dataclass(frozen=True, kw_only=True)
class QualificationFace(EnterpriseFace):
    """What is printed on a 资质证: the original on A3 landscape, the duplicate on A4, which shows the reviews as well.

    ``services`` are joined by 、 as they are printed, and so are the years ``reviewed``: the paper has fields for the
    latest six of them, two terms of three years.
    """

    kind: ClassVar[CertificateKind] = CertificateKind.QUALIFICATION
    personal: ClassVar[frozenset[str]] = frozenset({"legal_representative"})
    template: str = "qualification-2"
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
            "address": self.address, "services": self.services, **self._years(),
        }  # fmt: skip

    def _years(self) -> Mapping[str, str]:
        if self.template == ALL_YEARS_IN_A_LINE:
            return {"reviewed": self.reviewed}
        latest = [year for year in self.reviewed.split("、") if year][-REVIEWS:]
        return {f"year_{place}": f"{year}年度" for place, year in enumerate(latest, 1)}


@dataclass(frozen=True, kw_only=True)
class TrainingFace(Face):
    """What is printed on a 岗位培训合格证: an A4 sheet with a card to cut out (domain §2). ``holder`` is a person.

    ``identity`` is the number of the person's document as masks.mask_id shows it: enough to compare with the document
    in hand, no more, for a card is left lying about. ``photo`` is the SHA-256, in hex, of the JPEG of 26 x 32 mm.
    ``sex``, ``employer`` and ``work`` (kind of work, and level where there is one) are as they are printed.

    Raises ValueError for a whole number of a document.
    """

    kind: ClassVar[CertificateKind] = CertificateKind.TRAINING
    personal: ClassVar[frozenset[str]] = frozenset({"holder", "sex", "identity"})
    template: str = "training-1"
    sex: str
    identity: str
    employer: str
    work: str
    photo: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if "*" not in self.identity:
            raise ValueError("the number of a person's document is printed masked")

    def says(self) -> Mapping[str, str]:
        return {
            **super().says(), "sex": self.sex, "identity": self.identity, "employer": self.employer, "work": self.work,
        }  # fmt: skip


FACES: Mapping[CertificateKind, type[Face]] = {
    face.kind: face for face in (MemberFace, QualificationFace, TrainingFace)
}
PARTS: Mapping[CertificateKind, tuple[Part, ...]] = {
    CertificateKind.MEMBER: (Part.WHOLE,),
    CertificateKind.QUALIFICATION: (Part.ORIGINAL, Part.DUPLICATE),
    CertificateKind.TRAINING: (Part.WHOLE,),
}


def printed(face: Face) -> Form:
    """A face as an edition keeps it, for good: what is common to all its papers, with the person on it sealed."""
    kept = {each.name: getattr(face, each.name) for each in fields(face) if each.name != "part"}
    return {name: _kept(value, sealed=name in face.personal) for name, value in kept.items()}


def _kept(value: str | date | bool, *, sealed: bool) -> FormValue:  # noqa: FBT001 - a field of the face
    if isinstance(value, bool):
        return "test" if value else ""
    text = value.isoformat() if isinstance(value, date) else value
    return Personal(mask_name(text), text) if sealed else text


def faces_of(kind: CertificateKind, kept: Form) -> tuple[Face, ...]:
    """The faces of every paper of an edition, from what it keeps (opened), exactly as they were drawn."""
    plain = {name: value.plain if isinstance(value, Personal) else value for name, value in kept.items()}
    days = {name: date.fromisoformat(plain[name] or "") for name in ("valid_from", "valid_to", "issued_on")}
    said = {**plain, **days, "test": bool(plain["test"])}
    drawn = FACES[kind]
    by_part = ({} if part is Part.WHOLE else {"part": part} for part in PARTS[kind])
    return tuple(drawn(**said, **which) for which in by_part)  # type: ignore[arg-type]  # as they were kept
