"""Where to pay and whom to ask; whether the house stands."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.handlers.schemas.base import Outgoing
from chalicelib.rules.association import Association, BankAccount, Telephone


class BankShown(Outgoing):
    holder: Annotated[str, Field(description="户名")]
    bank: Annotated[str, Field(description="开户行")]
    number: Annotated[str, Field(description="账号")]

    @classmethod
    def of(cls, bank: BankAccount) -> Self:
        return cls(holder=bank.holder, bank=bank.bank, number=bank.number)


class PaymentInstructions(Outgoing):
    bank: BankShown
    notes: list[str]
    address: Annotated[str, Field(description="缴纳现金的地点")]
    office_hours: str

    @classmethod
    def of(cls, association: Association) -> Self:
        return cls(
            bank=BankShown.of(association.bank), notes=list(association.payment_notes),
            address=association.address, office_hours=association.office_hours,
        )  # fmt: skip


class TelephoneShown(Outgoing):
    label: str
    number: str

    @classmethod
    def of(cls, telephone: Telephone) -> Self:
        return cls(label=telephone.label, number=telephone.number)


class Contact(Outgoing):
    name: str
    english_name: str
    address: str
    telephones: list[TelephoneShown]
    mail: str
    website: str
    office_hours: str
    customer_service: Annotated[str, Field(description="在线客服")]

    @classmethod
    def of(cls, association: Association) -> Self:
        return cls(
            name=association.name, english_name=association.english_name, address=association.address,
            telephones=[TelephoneShown.of(each) for each in association.telephones], mail=association.mail,
            website=association.website, office_hours=association.office_hours,
            customer_service=association.customer_service,
        )  # fmt: skip


class Health(Outgoing):
    status: str
