"""What a PDF says about itself."""

from dataclasses import dataclass
from datetime import date

PRODUCER = "association-member-services"


@dataclass(frozen=True)
class Imprint:
    """What a PDF says about itself. `identity` (32 hex digits) becomes the file identifier."""

    title: str
    subject: str
    author: str
    identity: str
    made_on: date
    language: str = "zh-CN"
    number: str = ""
