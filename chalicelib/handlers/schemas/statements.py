"""Bank statements: the upload and what came of it, the lines with what is proposed, and how finance settles them."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.base import (
    Code,
    Fen,
    Incoming,
    Instant,
    Line,
    Named,
    Outgoing,
    PageOf,
    ReasonShown,
    Seen,
    Why,
    code_of,
)
from chalicelib.operations.bank_lines import Looked
from chalicelib.operations.payments import MOST_APPLICATIONS
from chalicelib.operations.reconciling import Found
from chalicelib.rules.records import BankLine, LineStatus, Statement, StatementStatus, UnreadRow
from chalicelib.rules.statement_layouts import LAYOUTS
from chalicelib.rules.statement_matching import Certainty, Proposal
from chalicelib.rules.vocabulary import Personal

BANKS = {each.code: each.name for each in LAYOUTS}
LINE = "bkx3m7q2vw5rtb4zn.000012"


def told(value: Personal) -> str:
    """In clear where it was opened for whoever reads it."""
    return value.masked if value.plain is None else value.plain


class NewStatement(Incoming):
    file_name: Annotated[Line, Field(description="文件名", examples=["三月.xlsx"])]
    bank: Annotated[
        Code | None, Field(description="哪家银行的格式；不写则按表头识别", examples=[LAYOUTS[0].code])
    ] = None  # fmt: skip


class UnreadShown(Outgoing):
    row: Annotated[int, Field(description="文件中的行号，从 1 起")]
    code: str
    message: Annotated[str, Field(description="财务可见原文")]
    next: str

    @classmethod
    def of(cls, row: UnreadRow) -> Self:
        return cls(row=row.number, code=row.code, message=told(row.told), next=row.next)


class StatementShown(Outgoing):
    id: str
    name: Annotated[str, Field(description="文件名；财务可见全名")]
    bank: Annotated[Named | None, Field(description="哪家银行的格式；尚未识别时为 null")]
    status: Annotated[Named, code_of(StatementStatus)]
    reasons: Annotated[list[ReasonShown], Field(description="未能导入的原因和做法")]
    asked_by: str
    asked_at: Instant
    imported_at: Instant | None
    sha256: Annotated[str | None, Field(description="原文件的 SHA-256")]
    lines: Annotated[int, Field(description="收入的行数")]
    known: Annotated[int, Field(description="其中以前已导入、不再计入的行数")]
    outgoing: Annotated[int, Field(description="支出的行数，不导入")]
    zero: Annotated[int, Field(description="金额为零的行数，不导入")]
    repeated: Annotated[int, Field(description="同一行重复写出的行数，只计一次")]
    unread: Annotated[int, Field(description="无法识别的行数，须人工核对")]
    unread_rows: Annotated[list[UnreadShown], Field(description="其中前 50 行和原因")]

    @classmethod
    def of(cls, statement: Statement) -> Self:
        bank = BANKS.get(statement.bank)
        return cls(
            id=statement.id, name=told(statement.name), bank=Named(code=statement.bank, name=bank) if bank else None,
            status=Named.of(statement.status), reasons=ReasonShown.all(statement.reasons),
            asked_by=statement.asked_by, asked_at=statement.asked_at, imported_at=statement.imported_at,
            sha256=statement.sha256, lines=statement.lines, known=statement.known, outgoing=statement.outgoing,
            zero=statement.zero, repeated=statement.repeated, unread=statement.unread,
            unread_rows=[UnreadShown.of(each) for each in statement.unread_rows],
        )  # fmt: skip


class Statements(PageOf[StatementShown]):
    """对账单列表."""


class BankLineShown(Outgoing):
    """对账单的一行收入. Payer and remark in clear for finance alone, who cannot decide without them."""

    id: str
    row: Annotated[int, Field(description="文件中的行号，从 1 起")]
    paid_on: date
    amount: Annotated[int, Field(description="人民币分")]
    payer: Annotated[str, Field(description="付款户名；财务可见全名")]
    remark: Annotated[str, Field(description="备注；财务可见全文")]
    serial: Annotated[str, Field(description="银行流水号")]
    returned: Annotated[bool, Field(description="对账单上另有同额退款")]
    status: Annotated[Named, code_of(LineStatus)]
    payments: Annotated[list[str], Field(description="已入账的缴费")]
    reason: Annotated[str | None, Field(description="搁置的理由")]
    settled_at: Instant | None
    version: int

    @classmethod
    def of(cls, line: BankLine) -> Self:
        return cls(
            id=line.id, row=line.number, paid_on=line.paid_on, amount=line.amount, payer=told(line.payer),
            remark=told(line.remark), serial=line.serial, returned=line.returned, status=Named.of(line.status),
            payments=list(line.payments), reason=line.reason, settled_at=line.settled_at, version=line.version,
        )  # fmt: skip


class ProposalShown(Outgoing):
    """匹配建议，仅供参考：入账须由财务确认."""

    certainty: Annotated[Named, code_of(Certainty)]
    payments: Annotated[list[str], Field(description="建议对应的缴费；合并转账时有多笔")]
    others: Annotated[list[list[str]], Field(description="其他可能")]
    grounds: Annotated[list[str], Field(description="依据")]
    doubts: Annotated[list[str], Field(description="疑点；没有疑点的才是“确定”")]

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        return cls(
            certainty=Named.of(proposal.certainty), payments=list(proposal.payments),
            others=[list(each) for each in proposal.others], grounds=list(proposal.grounds),
            doubts=list(proposal.doubts),
        )  # fmt: skip


class LookedShown(Outgoing):
    line: BankLineShown
    proposal: Annotated[ProposalShown | None, Field(description="已入账或已搁置的行为 null")]

    @classmethod
    def of(cls, looked: Looked) -> Self:
        proposal = looked.proposal
        return cls(line=BankLineShown.of(looked.line), proposal=ProposalShown.of(proposal) if proposal else None)


class Proposals(PageOf[LookedShown]):
    """逐行的匹配建议."""


class FoundPayment(Incoming):
    payment: Annotated[Code, Field(examples=[examples.PAYMENT])]
    version: Seen
    received: Annotated[Fen, Field(description="其中为这笔缴费收到的金额，人民币分", examples=[120_000])]

    @property
    def found(self) -> Found:
        return Found(self.payment, self.version, self.received)


class BookedTogether(Incoming):
    payments: Annotated[
        list[FoundPayment],
        Field(min_length=1, max_length=MOST_APPLICATIONS, description="这一行所付的缴费；实收合计须等于该行金额"),
    ]
    partly: Annotated[bool, Field(description="实收不足时：够缴的通过，不够的退回补缴，已收的记为余款")] = False


class SetAside(Incoming):
    version: Seen
    reason: Why


class TakenBack(Incoming):
    version: Seen
