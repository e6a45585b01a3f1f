"""Which waiting payment a line of a bank statement pays. Only proposals: nothing is booked before finance says so.

A proposal is *sure* when it has a strong ground and not one doubt, so every refinement is one more doubt. Nothing is
won by elimination: that another line or payment is settled makes no proposal surer than it was.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.rules.payer_names import core as core_of
from chalicelib.rules.payer_names import is_organisation, may_be_short_for
from chalicelib.rules.payments import yuan
from chalicelib.rules.statement_options import MOST_TOGETHER, Books, Expected, Link, Option, Seen
from chalicelib.rules.statements import StatementLine
from chalicelib.rules.vocabulary import Term

__all__ = ["NEAR_DAYS", "Certainty", "Expected", "Link", "Proposal", "proposals"]

NEAR_DAYS = 3  # a transfer of Friday evening is on the statement on Monday
# Paid for somebody else, by mistake, or for what no service of the association is.
_UNSETTLING = (
    "代", "退", "冲", "错", "误",
    "房租", "租金", "押金", "保证金", "利息", "结息", "借款", "还款", "捐", "赞助", "报销",
)  # fmt: skip
_MOST_ROWS_NAMED = 5
# Links that leave no choice of whom they mean.
_FULL_NAMES = frozenset({Link.ENTERPRISE, Link.PAYER, Link.NAMED})
_FULL = _FULL_NAMES | {Link.SERIAL}


class Certainty(Term):
    """How far a proposal may be trusted; only a person books."""

    SURE = "sure", "确定"
    LIKELY = "likely", "可能"
    NONE = "none", "未找到"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """``payments`` are the ids of those that the line pays together; ``others`` are sets that it might pay as well.

    A sure proposal has no doubts and no others; where nothing was found ``payments`` is empty and ``doubts`` say why.
    """

    line: StatementLine
    certainty: Certainty
    payments: tuple[str, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()
    grounds: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Table:
    """Everything that lies on the table at once: a doubt about one line may come from another."""

    books: Books
    decided: Books
    options: Mapping[str, Sequence[Option]]
    by_payment: Mapping[str, Sequence[Option]]
    amounts: Counter[int]
    near: int


def proposals(
    lines: Iterable[StatementLine],
    expected: Iterable[Expected],
    decided: Iterable[Expected] = (),
    *,
    near: int = NEAR_DAYS,
) -> tuple[Proposal, ...]:
    """One proposal for each line, by row number. Hand in only lines not yet booked and payments that wait.

    ``decided``: payments that wait no longer and that no line was booked with. Their money may be on an open line, so
    they are never proposed, and make others doubtful. A line handed in twice (by its identity) counts once. The order
    of any of them makes no difference.
    """
    books = Books(expected)
    once = {line.identity: line for line in sorted(lines, key=_place, reverse=True)}
    seen = [books.seen(line) for line in sorted(once.values(), key=_place)]
    table = _laid_out(books, Books(decided), seen, near)
    weighed = {each.line.identity: _weighed(table, each) for each in seen}
    settled = {
        payment: proposal.line.number
        for proposal in weighed.values()
        if proposal.certainty is Certainty.SURE
        for payment in proposal.payments
    }
    return tuple(_reconsidered(table, each, weighed[each.line.identity], settled) for each in seen)


def _place(line: StatementLine) -> tuple[int, str]:
    return line.number, line.identity


def _laid_out(books: Books, decided: Books, seen: Sequence[Seen], near: int) -> _Table:
    amounts = Counter(each.line.amount for each in seen)
    options = {each.line.identity: books.options(each) or _alone(books, each, amounts, near) for each in seen}
    by_payment = defaultdict[str, list[Option]](list)
    for found in options.values():
        for option in found:
            for payment in option.ids:
                by_payment[payment].append(option)
    return _Table(books, decided, options, by_payment, amounts, near)


def _alone(books: Books, seen: Seen, amounts: Counter[int], near: int) -> list[Option]:
    """An amount that only one line and only one payment has points to it, a little."""
    having = books.by_amount.get(seen.line.amount, [])
    if len(having) != 1 or amounts[seen.line.amount] != 1:
        return []
    option = Option(seen, tuple(having), frozenset({Link.ALONE}))
    return [option] if option.days <= near else []


def _weighed(table: _Table, seen: Seen) -> Proposal:
    options = table.options[seen.line.identity]
    if not options:
        return Proposal(line=seen.line, certainty=Certainty.NONE, doubts=tuple(_why_nothing(table.books, seen)))
    return _proposed(table, options)


def _proposed(table: _Table, options: Sequence[Option]) -> Proposal:
    best, *others = options
    doubts = tuple(doubt for ask in _ASKED for doubt in ask(table, best))
    return Proposal(
        line=best.seen.line,
        certainty=Certainty.LIKELY if doubts else Certainty.SURE,
        payments=best.ids,
        others=tuple(other.ids for other in others) if doubts else (),
        grounds=tuple(_grounds(table, best)),
        doubts=doubts,
    )


def _reconsidered(table: _Table, seen: Seen, proposal: Proposal, settled: Mapping[str, int]) -> Proposal:
    """A payment surely proposed for another line is not proposed again; what is left does not become surer by that."""
    if proposal.certainty is not Certainty.LIKELY:
        return proposal
    options = table.options[seen.line.identity]
    left = [option for option in options if not settled.keys() & set(option.ids)]
    if left:
        return proposal if len(left) == len(options) else _proposed(table, left)
    rows = _rows(settled[payment] for option in options for payment in option.ids if payment in settled)
    doubt = f"金额相符的缴费已确定对应{rows}，这一行可能是重复付款或另一事项。"
    return Proposal(line=seen.line, certainty=Certainty.NONE, doubts=(doubt,))


# --- grounds ----------------------------------------------------------------------------------------------------------


def _grounds(table: _Table, option: Option) -> Iterator[str]:
    yield "金额相同" if len(option.payments) == 1 else f"{len(option.payments)} 笔缴费合计金额相同"
    yield from (link.chinese for link in Link if link in option.links)
    if option.days <= table.near:
        yield f"日期相差 {option.days} 天" if option.days else "日期相同"
    if shared := option.seen.topics & option.topics:
        yield "备注提到 " + "、".join(sorted(shared))


def _why_nothing(books: Books, seen: Seen) -> Iterator[str]:
    linked = books.linked(seen)
    if any(Link.SERIAL in links for links in linked.values()):
        yield "流水号与一笔待核账的缴费相同，但金额不同。"
    if any(links & {Link.ENTERPRISE, Link.NAMED} for links in linked.values()):
        yield "该单位有待核账的缴费，但金额都不相符。"
    same = len(books.by_amount.get(seen.line.amount, ()))
    if same:
        yield f"有 {same} 笔待核账的缴费金额相同，但流水号、付款户名和备注都对不上。"
    else:
        yield f"没有金额为 {yuan(seen.line.amount)}的待核账缴费。"


# --- doubts -----------------------------------------------------------------------------------------------------------


def _rivals_for_the_line(table: _Table, option: Option) -> Iterator[str]:
    others = [each for each in table.options[option.seen.line.identity] if each.ids != option.ids]
    if rivals := sum(_as_good(table, each, option) for each in others):
        yield f"另有 {rivals} 种可能：其他缴费的金额和户名或备注也相符。"


def _rivals_for_the_payment(table: _Table, option: Option) -> Iterator[str]:
    lines = {
        each.seen.line.identity: each.seen.line.number
        for payment in option.ids
        for each in table.by_payment[payment]
        if each.seen is not option.seen and _as_good(table, each, option)
    }
    if lines:
        yield f"{_rows(lines.values())}也可能是这笔缴费的入账。"


def _as_good(table: _Table, rival: Option, option: Option) -> bool:
    """Whether a rival throws doubt on an option, however good it is otherwise.

    Only a serial number beats what has none. A full name does not beat a short form, which might mean the same, unless
    the short form is of another time as well.
    """
    if Link.SERIAL in rival.links or Link.SERIAL not in option.links:
        return bool(rival.links & _FULL) or rival.days <= table.near or option.days > table.near
    return _in_spite_of_the_serial(rival, option)


def _in_spite_of_the_serial(rival: Option, option: Option) -> bool:
    """People type the number of an earlier transfer of theirs: it beats what is further away in days, and only for the
    enterprise that has itself paid.
    """
    if Link.ENTERPRISE in rival.links and Link.ENTERPRISE not in option.links:
        return True
    as_well_named = bool(rival.links & _FULL_NAMES) or not option.links & _FULL_NAMES
    return as_well_named and rival.days <= option.days


def _taken_by_what_is_decided(table: _Table, option: Option) -> Iterator[str]:
    """Finance may confirm from the bank's own page and name no line, which then stays open."""
    for each in table.decided.options(option.seen):
        if each.links & _FULL_NAMES and each.days <= table.near:
            yield "这一行可能是已处理的缴费的入账：有一笔已核账或已退回的缴费与它相符，当时没有选定对账单的行。"
            return


def _rows(numbers: Iterable[int]) -> str:
    apart = sorted(set(numbers))
    more = f" 等 {len(apart)} 行" if len(apart) > _MOST_ROWS_NAMED else " 行"
    return "第 " + "、".join(map(str, apart[:_MOST_ROWS_NAMED])) + more


def _about_the_amount(_: _Table, option: Option) -> Iterator[str]:
    if option.declared != option.seen.line.amount:
        yield f"入账金额等于应缴金额，但申请人填写的是 {yuan(option.declared)}。"
    for each in option.payments:
        if each.said.declared != each.said.due:
            yield f"申请人填写 {yuan(each.said.declared)}，应缴 {yuan(each.said.due)}，差额须先处理。"
    if option.seen.line.returned:
        yield "对账单上有一笔同额款项退给了这位付款人。"


def _about_the_date(table: _Table, option: Option) -> Iterator[str]:
    """A serial number does not settle it: it may be that of an earlier transfer of the same payer."""
    if option.days > table.near:
        yield f"日期相差 {option.days} 天。"


def _about_the_payer(_: _Table, option: Option) -> Iterator[str]:
    """A name alone is strong when it is the enterprise's own and an organisation's; a serial number needs less."""
    links, payer = option.links, option.seen.payer
    if Link.SERIAL in links:
        if not links & {Link.ENTERPRISE, Link.PAYER, Link.SIMILAR, Link.NAMED}:
            yield "付款户名与该单位、与申请人填写的付款人都对不上。"
    elif not is_organisation(payer):
        yield "付款人像是个人，不能只凭姓名认定。" if payer else "对账单上没有付款户名。"
    elif Link.ENTERPRISE not in links and not {Link.PAYER, Link.NAMED} <= links:
        yield "付款户名与单位全称不完全一致。"


def _about_who_was_typed(_: _Table, option: Option) -> Iterator[str]:
    payer = option.seen.payer
    typed = (each.payer for each in option.payments)
    if any(name and name != payer and not may_be_short_for(core_of(name), core_of(payer)) for name in typed):
        yield "申请人填写的付款人与对账单上的不同。"


def _about_the_serial(_: _Table, option: Option) -> Iterator[str]:
    """The payer's bank counts otherwise than ours; two numbers of the same length are likely from one count."""
    serial = option.seen.serial
    if any(each.serial != serial and len(each.serial) == len(serial) for each in option.payments):
        yield "流水号不同。"


def _about_whose_number_it_is(table: _Table, option: Option) -> Iterator[str]:
    """Whatever the others' amounts and days are: one of them may be mistaken in those."""
    serial = option.seen.serial
    if not serial:
        return
    rivals = {payment for each in table.options[option.seen.line.identity] for payment in each.ids}
    typed = {each.said.id for books in (table.books, table.decided) for each in books.by_serial.get(serial, ())}
    if others := typed - rivals:
        yield f"另有 {len(others)} 笔缴费（待核账、已核账或已退回）填写了这一行的流水号。"


def _about_the_remark(_: _Table, option: Option) -> Iterator[str]:
    seen = option.seen
    names = {each.enterprise for each in option.payments}
    if seen.named - names:
        yield "备注写有其他单位的名称。"
    remark = seen.remark
    for name in names | {seen.payer}:
        remark = remark.replace(name, "") if name else remark
    if words := [word for word in _UNSETTLING if word in remark]:
        yield f"备注含有“{'”“'.join(words)}”。"
    for said, known in ((seen.topics, option.topics), (seen.years, option.years)):
        if known and said - known:
            yield f"备注写有 {'、'.join(sorted(said - known))}，与缴费事项不符。"


def _about_the_rest(table: _Table, option: Option) -> Iterator[str]:
    if Link.ALONE in option.links:
        yield "除金额和日期外没有其他依据。"
    for name in {each.enterprise for each in option.payments}:
        if len(table.books.by_enterprise[name]) > MOST_TOGETHER:
            yield f"该单位待核账的缴费超过 {MOST_TOGETHER} 笔，未逐一组合比对。"


def _unless_by_serial(ask: Callable[[_Table, Option], Iterator[str]]) -> Callable[[_Table, Option], Iterator[str]]:
    """What a serial number settles need not be asked."""
    return lambda table, option: iter(()) if Link.SERIAL in option.links else ask(table, option)


_ASKED = (
    _rivals_for_the_line,
    _rivals_for_the_payment,
    _taken_by_what_is_decided,
    _about_whose_number_it_is,
    _about_the_amount,
    _about_the_date,
    _about_the_payer,
    _unless_by_serial(_about_who_was_typed),
    _unless_by_serial(_about_the_serial),
    _unless_by_serial(_about_the_remark),
    _about_the_rest,
)
