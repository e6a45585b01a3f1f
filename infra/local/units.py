"""Companies and people that do not exist, with all that a form asks of them. Each n is always the same one, 1 to 9."""

from dataclasses import dataclass

from chalicelib.rules.identifiers import credit_code_check, resident_id_check

# Division 449999 does not exist: no such code, and no such resident ID, was ever given out.
FIRST_17 = "91449999DEMM0000{n}"
BORN_THERE = "4499991980010{n}00{n}"
GIVEN_NAMES = "一二三四五六七八九"


@dataclass(frozen=True)
class Unit:
    """A company that wants to join, and its first person in charge."""

    n: int
    name: str
    person: str

    @property
    def credit_code(self) -> str:
        return made_up_credit_code(self.n)

    @property
    def mobile(self) -> str:
        return f"1990000000{self.n}"

    @property
    def form(self) -> dict[str, str]:
        """The application form as it is written in the end."""
        return {
            "name": self.name, "credit_code": self.credit_code, "kind": "企业",
            "legal_representative": self.person, "capital": "500万元人民币",
            "registered_address": f"虚构市样板区虚构路 {self.n} 号", "office_address": f"虚构市虚构路 {self.n} 号",
            "founded_on": "2015-06-01", "business_scope": "有害生物防制服务；消毒服务（虚构）",
            "contact_name": self.person, "contact_mobile": self.mobile,
            "contact_email": f"office{self.n}@unit.example", "contact_post": "总经理",
        }  # fmt: skip


def made_up_credit_code(n: int) -> str:
    first_17 = FIRST_17.format(n=n)
    return first_17 + credit_code_check(first_17)


def made_up_resident_id(n: int) -> str:
    first_17 = BORN_THERE.format(n=n)
    return first_17 + resident_id_check(first_17)


def made_up_practitioner(n: int) -> str:
    return f"虚工{GIVEN_NAMES[n - 1]}"
