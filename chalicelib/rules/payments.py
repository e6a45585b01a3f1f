"""What is due: the fee schedule of the day, counted by its unit. All money is integer fen (CNY)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.rules.vocabulary import Unit


@dataclass(frozen=True, kw_only=True)
class Fee:
    """One row of the fee schedule. ``valid_to`` None: until further notice. ``document`` is what may be invoiced on."""

    code: str
    item: str
    level: str
    unit: Unit
    amount: int
    valid_from: date
    valid_to: date | None
    resolution: str
    document: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def fees_on(fees: Iterable[Fee], code: str, day: date) -> tuple[Fee, ...]:
    return tuple(fee for fee in fees if fee.code == code and fee.holds_on(day))


def amount_due(fees: Iterable[Fee], code: str | None, day: date, persons: int = 1) -> int | None:
    """The amount in fen that a service costs on a day; None where the schedule has no row for it.

    A row of 0 means that nothing is due. No row at all is free only where the table says so (domain §5, D).
    """
    if code is None:
        return 0
    rows = fees_on(fees, code, day)
    return sum(fee.amount * (persons if fee.unit is Unit.PERSON else 1) for fee in rows) if rows else None


def yuan(fen: int) -> str:
    """Fen as people read them: 120000 is ``1,200.00 元``."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d} 元"


def too_little(declared: int, due: int) -> str | None:
    """What is told whoever puts in a receipt of less than is due: it is taken all the same (domain §5, D)."""
    if declared >= due:
        return None
    return (
        f"凭证已接收。申报 {yuan(declared)}，应缴 {yuan(due)}，少 {yuan(due - declared)}。"
        "下一步：有余款的，核账时自动抵用；仍不足的，财务会通知补缴，已收的记为余款，不会丢。"
        "届时只补缴差额并上传回单即可；金额填错的，请致电协会财务更正，不用再转一次。"
    )


@dataclass(frozen=True)
class Share:
    """One application's part in a payment: what is due for it, and whether the money covers it, in fen."""

    application: str
    due: int
    covered: bool
    short: int = 0


def allot(wanted: Sequence[tuple[str, int]], available: int) -> tuple[Share, ...]:
    """Covers applications in the order they are named, each in full or not at all (domain §5, D).

    ``short`` is what would still be needed for that one.
    """
    left, shares = available, []
    for application, due in wanted:
        covered = due <= left
        shares.append(Share(application, due, covered, 0 if covered else due - left))
        left -= due if covered else 0
    return tuple(shares)
