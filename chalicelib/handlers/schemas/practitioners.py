"""从业人员: as staff enter them, as their employer sees them."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from chalicelib.handlers.schemas.base import AS_PRINTED, Code, Day, Incoming, Line, Outgoing, PageOf
from chalicelib.operations.practitioners import MOST_AT_ONCE, Entered
from chalicelib.rules.records import Practitioner


class NewPractitioner(Incoming):
    name: Annotated[Line, Field(description="姓名")]
    id_number: Annotated[Line, Field(description="18 位公民身份号码（个人信息，加密保存）")]
    certificate_number: Annotated[
        Code, AS_PRINTED, Field(description="岗位培训合格证（原上岗证）编号", examples=["PX-2025-00001"])
    ]
    valid_from: Annotated[Day, Field(description="证书有效期起", examples=["2025-03-01"])]
    valid_to: Annotated[Day, Field(description="证书有效期止", examples=["2028-02-29"])]
    legacy: Annotated[bool, Field(description="旧版上岗证")] = False

    @property
    def entered(self) -> Entered:
        return Entered(
            self.name, self.id_number, self.certificate_number, self.valid_from, self.valid_to, legacy=self.legacy
        )


class NewPractitioners(Incoming):
    member_code: Annotated[Code, AS_PRINTED, Field(description="单位的会员编码", examples=["12345678"])]
    people: Annotated[list[NewPractitioner], Field(min_length=1, max_length=MOST_AT_ONCE)]


class PractitionersEntered(Outgoing):
    enterprise: Annotated[str, Field(description="单位编号")]
    entered: Annotated[int, Field(description="登记了几人")]


class PractitionerShown(Outgoing):
    id: Annotated[str, Field(description="人员编号，办理业务选择人员时用")]
    name: str
    certificate_number: str
    valid_from: date
    valid_to: date
    legacy: Annotated[bool, Field(description="旧版上岗证")]

    @classmethod
    def of(cls, practitioner: Practitioner) -> Self:
        return cls(
            id=practitioner.id, name=practitioner.name.plain or practitioner.name.masked, legacy=practitioner.legacy,
            certificate_number=practitioner.certificate_number, valid_from=practitioner.valid_from,
            valid_to=practitioner.valid_to,
        )  # fmt: skip


class Practitioners(PageOf[PractitionerShown]):
    """从业人员证件."""
