"""认领: what a user asks and brings, and what staff read beside what the register has."""

from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.applications import FileName, FileShown
from chalicelib.handlers.schemas.base import (
    Code,
    Incoming,
    Instant,
    Named,
    Outgoing,
    PageOf,
    ReasonShown,
    Seen,
    Why,
    code_of,
)
from chalicelib.handlers.schemas.people import NAMES_LENGTH, EndedShown
from chalicelib.operations.granting import Candidate, Looked
from chalicelib.rules.binding_requests import EVIDENCE, MOST_FILES, Asked
from chalicelib.rules.records import BindingRequest, MaterialFile, RequestFolder, RequestStatus
from chalicelib.rules.vocabulary import Reason

SLOTS = "、".join(f"{each.slot} {each.chinese}" for each in EVIDENCE)


class NewBindingRequest(Incoming):
    unit: Annotated[
        str, Field(max_length=NAMES_LENGTH, description="单位全称，按营业执照", examples=[examples.ENTERPRISE])
    ]
    credit_code: Annotated[
        str, Field(max_length=60, description="统一社会信用代码", examples=[examples.JOIN_FORM["credit_code"]])
    ]
    post: Annotated[str, Field(max_length=60, description="您在单位的职务", examples=["行政主管"])]
    remark: Annotated[str, Field(max_length=600, description="补充说明，可不写", examples=["原经办人已离职"])] = ""

    @property
    def asked(self) -> Asked:
        return Asked(self.unit, self.credit_code, self.post, self.remark)


class NewEvidence(Incoming):
    slot: Annotated[Code, Field(description=f"证明材料：{SLOTS}", examples=["licence"])]
    file_name: FileName


class HandedIn(Incoming):
    version: Seen | None = None


class EvidenceShown(Outgoing):
    slot: str
    title: str
    hint: str
    stamped: Annotated[bool, Field(description="须加盖公章")]
    most: Annotated[int, Field(description="最多几个文件")]
    files: list[FileShown]


class BindingRequestLine(Outgoing):
    """Nothing personal."""

    id: str
    status: Annotated[Named, code_of(RequestStatus)]
    unit: Annotated[str, Field(description="申请人所填的单位名称")]
    credit_code: Annotated[str, Field(description="申请人所填的统一社会信用代码")]
    post: str
    opened_at: Instant
    submitted_at: Instant | None
    closed_at: Annotated[Instant | None, Field(description="何时办结、撤回或随自行绑定而结束")]
    version: int

    @classmethod
    def of(cls, request: BindingRequest) -> Self:
        return cls(**line(request))


def line(request: BindingRequest) -> dict[str, Any]:
    return {
        "id": request.id, "status": Named.of(request.status), "unit": request.unit,
        "credit_code": request.credit_code, "post": request.post, "opened_at": request.opened_at,
        "submitted_at": request.submitted_at, "closed_at": request.closed_at, "version": request.version,
    }  # fmt: skip


class BindingRequests(PageOf[BindingRequestLine]):
    """认领列表."""


def _evidence(files: tuple[MaterialFile, ...], *, clear: bool) -> list[EvidenceShown]:
    ordered = sorted(files, key=lambda each: each.requested_at)
    return [
        EvidenceShown(
            slot=slot.slot, title=slot.chinese, hint=slot.hint, stamped=slot.stamped, most=MOST_FILES,
            files=[
                FileShown.of(each, (clear and each.name.plain) or each.name.masked)
                for each in ordered if each.slot == slot.slot
            ],
        )
        for slot in EVIDENCE
    ]  # fmt: skip


class BindingRequestShown(BindingRequestLine):
    """One's own, in clear."""

    remark: str
    reason: Annotated[str | None, Field(description="未通过的理由")]
    evidence: list[EvidenceShown]
    missing: Annotated[list[ReasonShown], Field(description="提交之前还缺什么")]

    @classmethod
    def own(cls, folder: RequestFolder, missing: tuple[Reason, ...]) -> Self:
        """``folder`` is opened. What staff noted of a request that they granted is for staff."""
        request = folder.request
        refused = request.status is RequestStatus.REFUSED
        return cls(
            **line(request), remark=(request.remark.plain or "") if request.remark else "",
            reason=request.reason if refused else None, evidence=_evidence(folder.files, clear=True),
            missing=ReasonShown.all(missing),
        )  # fmt: skip


# --- staff ------------------------------------------------------------------------------------------------------------


class CandidateShown(Outgoing):
    """A member that may be meant; personal values masked."""

    enterprise: str
    found_by: Annotated[list[str], Field(description="按什么找到：credit_code 统一社会信用代码，name 单位名称")]
    name: str
    credit_code: str
    member_code: Annotated[str, Field(description="会员编码：核实通过时填写；不要告知申请人")]
    legal_representative: str
    contact_name: str
    contact_mobile: str
    ended: Annotated[EndedShown | None, Field(description="会员资格已终止的，何时、为什么")]
    representatives: Annotated[int, Field(description="已绑定的微信数")]
    warnings: Annotated[list[ReasonShown], Field(description="须再核实之处，不妨碍绑定")]

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        known = candidate.dossier.enterprise
        return cls(
            enterprise=known.id, found_by=list(candidate.found_by), name=known.name, credit_code=known.credit_code,
            member_code=known.member_code, legal_representative=known.legal_representative.masked,
            contact_name=known.contact_name.masked, contact_mobile=known.contact_mobile.masked,
            ended=EndedShown.of(known.ended) if known.ended else None,
            representatives=len(candidate.dossier.bindings), warnings=ReasonShown.all(candidate.warnings),
        )  # fmt: skip


class BindingRequestForStaff(BindingRequestLine):
    user: Annotated[str, Field(description="申请人的用户编号")]
    name: Annotated[str, Field(description="申请人姓名，已遮蔽，除非是查看明文的回答")]
    mobile: str
    remark: str
    reason: Annotated[str | None, Field(description="核实的依据，或未通过的理由")]
    enterprise: Annotated[str | None, Field(description="已绑定到的单位")]
    evidence: list[EvidenceShown]
    bound: Annotated[bool, Field(description="申请人现在已绑定一家单位")]
    candidates: Annotated[list[CandidateShown], Field(description="按统一社会信用代码和单位名称找到的会员单位")]

    @classmethod
    def whole(cls, looked: Looked, revealed: RequestFolder | None = None) -> Self:
        """``revealed``: the folder opened, for the answer to a reveal alone."""
        folder = revealed or looked.folder
        request, clear = folder.request, revealed is not None
        values = {"name": request.name, "mobile": request.mobile, "remark": request.remark}
        shown = {name: ((clear and each.plain) or each.masked) if each else "" for name, each in values.items()}
        return cls(
            **line(request), **shown, user=request.user, reason=request.reason, enterprise=request.enterprise,
            evidence=_evidence(folder.files, clear=clear), bound=looked.bound,
            candidates=[CandidateShown.of(each) for each in looked.candidates],
        )  # fmt: skip


class Granting(Incoming):
    version: Seen
    member_code: Annotated[str, Field(min_length=1, max_length=60, description="绑定到哪个单位", examples=["12345678"])]
    reason: Why


class Refusing(Incoming):
    version: Seen
    reason: Why
