"""Who answers for a page: what of the association's record every visitor may read, and nothing else of it."""

from dataclasses import dataclass
from typing import Self

from chalicelib.rules.association import Association, Telephone


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """``domain`` is where the genuine pages live, as the browser's address bar shows it: no scheme, no path."""

    name: str
    english_name: str
    address: str
    telephones: tuple[Telephone, ...]
    mail: str
    website: str
    office_hours: str
    verify_note: str
    domain: str

    @classmethod
    def of(cls, association: Association, domain: str) -> Self:
        return cls(
            name=association.name,
            english_name=association.english_name,
            address=association.address,
            telephones=association.telephones,
            mail=association.mail,
            website=association.website,
            office_hours=association.office_hours,
            verify_note=association.verify_note,
            domain=domain,
        )

    @property
    def telephone(self) -> str:
        """The first number: the one to put into a sentence."""
        return self.telephones[0].number if self.telephones else ""
