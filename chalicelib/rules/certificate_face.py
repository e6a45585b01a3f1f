"""All that is printed on a member certificate, as one record: whoever draws, signs or checks it needs nothing else."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import date

TEST_NOTICE = "测试证书 TEST CERTIFICATE"

_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")


def chinese_date(day: date) -> str:
    """The date as it is printed: 2026年1月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True)
class MemberFace:
    """What is printed on a 会员证 (domain §2), and nothing that is not.

    Raises ValueError for an address outside the QR alphanumeric set (ISO/IEC 18004, table 5): a code in byte
    mode would be denser and harder to scan from paper.
    """

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
    template: str = "member-1"
    test: bool = False

    def __post_init__(self) -> None:
        if not _ALPHANUMERIC.fullmatch(self.verify_url):
            raise ValueError("the address of verification must be upper case and within the QR alphanumeric set")

    def content_hash(self) -> str:
        """SHA-256, in hex, over the face as canonical JSON: sorted keys, no blanks, UTF-8, ISO dates."""
        canonical = json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def printable_texts(self) -> tuple[str, ...]:
        """Each variable text as it appears on the page; asked for missing glyphs before anybody pays."""
        notice = (TEST_NOTICE,) if self.test else ()
        return (
            self.number,
            self.holder,
            self.credit_code,
            chinese_date(self.valid_from),
            chinese_date(self.valid_to),
            chinese_date(self.issued_on),
            self.association,
            self.association_english,
            self.verify_url,
            self.contact_line,
            *notice,
        )
