"""Bank statements: imported once however often, proposed and never booked by themselves, a line booked once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest
from openpyxl import Workbook

from chalicelib.first_use import LazyStatements
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.soundness import MOST_ITEMS
from chalicelib.operations import bank_lines, importing, payments, reconciling, statements, sweeping
from chalicelib.operations.by_the_clock import every
from chalicelib.operations.commands import Absent, KeyReused
from chalicelib.operations.ports import Asked, Busy, Change, Ports, Replace
from chalicelib.operations.reconciling import Found
from chalicelib.rules.records import (
    BankLine,
    Credit,
    LineStatus,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Statement,
    StatementStatus,
)
from chalicelib.rules.statement_layouts import LAYOUTS
from chalicelib.rules.statement_matching import Certainty, Proposal
from chalicelib.rules.vocabulary import Actor, Refused, State
from tests import made_up, made_up_statements
from tests.made_up_statements import Entry
from tests.operations import acting
from tests.operations.acting import ADMIN, FINANCE

NAME = made_up.enterprise(1)
SERIALS = count(70_000_000_001)
EXAMPLE, MODEL = LAYOUTS


@pytest.fixture
def ports() -> Ports:
    """With the real reader of spreadsheets."""
    return ports_in_memory(statements=LazyStatements())


@pytest.fixture
def actor(ports: Ports) -> Actor:
    return acting.user(ports)


def entry(ports: Ports, amount: int = 120_000, payer: str = NAME, remark: str = "会费") -> Entry:
    return Entry(ports.clock.today(), amount, payer, str(next(SERIALS)), remark)


def csv_of(entries: Iterable[Entry], layout: int = 0) -> bytes:
    rows = made_up_statements.rows(LAYOUTS[layout], list(entries))
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("gb18030")


def xlsx_of(entries: Iterable[Entry], layout: int = 1) -> bytes:
    book = Workbook()
    for row in made_up_statements.rows(LAYOUTS[layout], list(entries)):
        book.worksheets[0].append(row)
    book.save(out := BytesIO())
    return out.getvalue()


def uploaded(ports: Ports, data: bytes, bank: str | None = None) -> str:
    statement = statements.request_upload(ports, acting.order(FINANCE), "三月.xlsx", bank)
    ports.files.arrives(f"statement.{statement}", data)  # type: ignore[attr-defined]  # what the browser does
    return statement


def imported(ports: Ports, data: bytes, bank: str | None = None) -> Statement:
    statement = uploaded(ports, data, bank)
    importing.receive(ports, f"statement.{statement}")
    return statements.statement_of(ports, statement)


def lines(ports: Ports, statement: Statement) -> tuple[BankLine, ...]:
    return ports.records.lines_of(statement.id, Asked(100)).items


def payment(ports: Ports, identity: str) -> Payment:
    found = ports.records.get(Payment, identity)
    assert found is not None
    return found


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# --- importing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "bank"), [(csv_of, EXAMPLE.code), (xlsx_of, MODEL.code)])
def test_the_files_of_both_banks_are_recognised_kept_and_counted(ports: Ports, written: object, bank: str) -> None:
    given = [entry(ports), entry(ports, 30_000, made_up.enterprise(2)), entry(ports, -5_000), entry(ports, 0)]
    data: bytes = written(given)  # type: ignore[operator]  # one of the two above
    found = imported(ports, data)
    assert (found.status, found.bank) == (StatementStatus.READ, bank)
    assert (found.lines, found.known, found.outgoing, found.zero, found.unread) == (2, 0, 1, 1, 0)
    assert ports.files.read(found.kept or "") == data
    assert [(each.amount, each.status) for each in lines(ports, found)] == [
        (120_000, LineStatus.OPEN), (30_000, LineStatus.OPEN),
    ]  # fmt: skip


def test_the_same_file_again_counts_nothing_twice_and_says_so(ports: Ports) -> None:
    data = csv_of([entry(ports), entry(ports)])
    imported(ports, data)
    again = imported(ports, data)
    assert (again.lines, again.known) == (2, 2)
    assert lines(ports, again) == ()


def test_of_an_overlapping_period_only_the_new_lines_are_entered(ports: Ports) -> None:
    first, second, third = entry(ports), entry(ports, 30_000), entry(ports, 20_000)
    imported(ports, csv_of([first, second]))
    later = imported(ports, csv_of([second, third]))
    assert (later.lines, later.known) == (2, 1)
    assert [each.amount for each in lines(ports, later)] == [20_000]


def test_a_row_that_cannot_be_read_is_named_and_stops_no_other(ports: Ports) -> None:
    data = csv_of([entry(ports), entry(ports)]).replace(b"1,200.00", b"1,2OO.00", 1)
    found = imported(ports, data)
    assert (found.lines, found.unread) == (1, 1)
    (row,) = statements.shown(ports, FINANCE, found).unread_rows
    assert (row.number, row.code) == (5, "statement_amount")
    assert "1,2OO.00" in (row.told.plain or "")
    assert "1,2OO.00" not in statements.shown(ports, ADMIN, found).unread_rows[0].told.masked


@pytest.mark.parametrize(
    ("data", "bank", "code"),
    [
        (b"%PDF-1.7", None, "statement_type"),
        ("甲,乙\n1,2\n".encode(), None, "statement_bank_unknown"),
        ("甲,乙\n1,2\n".encode(), MODEL.code, "statement_heading"),
        (b"x" * (statements.A_FILE.max_bytes + 1), None, "statement_too_large"),
    ],
)
def test_what_cannot_be_imported_says_what_to_do_and_is_not_kept(
    ports: Ports, data: bytes, bank: str | None, code: str
) -> None:
    found = imported(ports, data, bank)
    assert found.status is StatementStatus.REFUSED
    assert [(reason.code, bool(reason.next)) for reason in found.reasons] == [(code, True)]
    assert ports.files.kept == {}  # type: ignore[attr-defined]  # the bucket in memory


def test_more_lines_than_can_be_weighed_are_refused(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_LINES", 2)
    found = imported(ports, csv_of([entry(ports) for _ in range(3)]))
    assert [reason.code for reason in found.reasons] == ["statement_too_many_lines"]
    assert lines(ports, found) == ()


def test_a_bank_that_is_not_known_is_not_named(ports: Ports) -> None:
    with pytest.raises(Refused) as refusal:
        statements.request_upload(ports, acting.order(FINANCE), "三月.csv", "nobody")
    assert codes(refusal) == ["no_such_bank"]


def test_asking_again_under_the_same_key_gives_the_same_place(ports: Ports) -> None:
    order = acting.order(FINANCE)
    first = statements.request_upload(ports, order, "三月.csv", None)
    assert statements.request_upload(ports, order, "三月.csv", None) == first
    assert statements.upload_form(ports, first).fields["key"] == f"quarantine/statement.{first}"
    with pytest.raises(KeyReused):
        statements.request_upload(ports, replace(order, fingerprint="another"), "四月.csv", None)


def test_a_statement_that_was_read_takes_no_other_file(ports: Ports) -> None:
    found = imported(ports, csv_of([entry(ports)]))
    with pytest.raises(Refused) as refusal:
        statements.upload_form(ports, found.id)
    assert codes(refusal) == ["upload_settled"]
    ports.files.arrives(f"statement.{found.id}", csv_of([entry(ports)]))  # type: ignore[attr-defined]  # too late
    importing.receive(ports, f"statement.{found.id}")
    assert statements.statement_of(ports, found.id) == found


def test_events_of_foreign_keys_change_nothing(ports: Ports) -> None:
    for file in ("statement.", "statement.b999999", "statement.\ud800"):
        importing.receive(ports, file)


def test_of_two_contents_under_one_form_one_is_read_and_the_other_is_not_kept(ports: Ports) -> None:
    first, second = csv_of([entry(ports)]), csv_of([entry(ports), entry(ports)])
    statement = uploaded(ports, first)

    class Overtaken:
        """Another content arrives, and is read to its end, while the first one is being kept."""

        def __getattr__(self, name: str) -> object:
            return getattr(ports.files, name)

        def keep(self, file: str, tag: str, place: str) -> None:
            ports.files.keep(file, tag, place)
            ports.files.arrives(file, second)  # type: ignore[attr-defined]  # the bucket in memory
            importing.receive(ports, file)

    importing.receive(replace(ports, files=Overtaken()), f"statement.{statement}")  # type: ignore[arg-type]  # a rival
    acting.work_off(ports)
    assert statements.statement_of(ports, statement).lines == 2
    assert list(ports.files.kept.values()) == [second]  # type: ignore[attr-defined]  # the bucket in memory


class Failing:
    """The records, of whose commits some fail; how many changes the largest commit had."""

    def __init__(self, records: object, fails: Iterable[int]) -> None:
        self._records, self._fails, self.commits = records, set(fails), 0
        self.largest = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._records, name)

    def commit(self, *changes: Change) -> None:
        self.commits += 1
        self.largest = max(self.largest, len(changes))
        if self.commits in self._fails:
            raise Busy
        self._records.commit(*changes)  # type: ignore[attr-defined]  # what it stands before


@pytest.mark.parametrize("crash", range(1, 7))
def test_an_import_that_broke_off_anywhere_is_finished_by_the_next_event(ports: Ports, crash: int) -> None:
    entries = [entry(ports) for _ in range(4 * importing.LINES_AT_ONCE - 1)]
    statement = uploaded(ports, csv_of(entries))
    failing = replace(ports, records=Failing(ports.records, [crash]))  # type: ignore[arg-type]  # a store that breaks
    with pytest.raises(Busy):
        importing.receive(failing, f"statement.{statement}")
    if crash > 1:  # overwritten meanwhile
        ports.files.arrives(f"statement.{statement}", csv_of(entries[:1]))  # type: ignore[attr-defined]  # in memory
    importing.receive(ports, f"statement.{statement}")
    importing.receive(ports, f"statement.{statement}")
    found = statements.statement_of(ports, statement)
    assert (found.status, found.lines, found.known) == (StatementStatus.READ, len(entries), 0)
    entered = every(lambda asked: ports.records.lines_of(statement, asked))
    assert len({each.identity for each in entered}) == len(entries)


def test_a_large_import_stays_within_what_a_transaction_holds(ports: Ports) -> None:
    failing = Failing(ports.records, [])
    statement = uploaded(ports, csv_of(entry(ports) for _ in range(1_000)))
    importing.receive(replace(ports, records=failing), f"statement.{statement}")  # type: ignore[arg-type]  # counts
    assert failing.largest <= MOST_ITEMS
    assert statements.statement_of(ports, statement).lines == 1_000


def test_who_paid_is_in_clear_for_finance_alone(ports: Ports) -> None:
    found = imported(ports, csv_of([entry(ports, payer="赵甲一", remark="代缴会费")]))
    for who, payer, remark, name in ((FINANCE, "赵甲一", "代缴会费", "三月.xlsx"), (ADMIN, None, None, None)):
        (looked,) = bank_lines.proposed(ports, who, found.id, Asked()).items
        assert (looked.line.payer.plain, looked.line.remark.plain) == (payer, remark)
        (listed,) = statements.listed(ports, who, Asked()).items
        assert listed.name.plain == name
    (stored,) = lines(ports, found)
    assert "甲" not in stored.payer.masked


# --- what is forgotten ------------------------------------------------------------------------------------------------


def test_a_lost_event_is_made_good_by_the_sweeper(ports: Ports) -> None:
    statement = uploaded(ports, csv_of([entry(ports)]))
    ports.clock.advance(timedelta(minutes=6))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    assert statements.statement_of(ports, statement).status is StatementStatus.READ


def test_what_was_never_uploaded_stops_waiting(ports: Ports) -> None:
    statement = statements.request_upload(ports, acting.order(FINANCE), "三月.csv", None)
    ports.clock.advance(timedelta(hours=3))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    found = statements.statement_of(ports, statement)
    assert [reason.code for reason in found.reasons] == ["never_arrived"]
    assert ports.records.statements_waiting(ports.clock.now(), Asked()).items == ()


def test_what_our_own_fault_keeps_from_being_read_is_given_up_after_a_day(ports: Ports) -> None:
    statement = uploaded(ports, csv_of([entry(ports)]))

    class Broken:
        def read_rows(self, data: bytes) -> Sequence[Sequence[str]]:
            raise RuntimeError(len(data))

    broken = replace(ports, statements=Broken())
    ports.clock.advance(timedelta(hours=20))  # type: ignore[attr-defined]  # the clock in memory
    with pytest.raises(ExceptionGroup):
        sweeping.sweep(broken)
    assert statements.statement_of(ports, statement).status is StatementStatus.WAITING
    ports.clock.advance(timedelta(hours=5))  # type: ignore[attr-defined]  # the clock in memory
    with pytest.raises(ExceptionGroup):
        sweeping.sweep(broken)
    assert statements.statement_of(ports, statement).status is StatementStatus.REFUSED


# --- proposals --------------------------------------------------------------------------------------------------------


def waiting(ports: Ports, actor: Actor) -> str:
    """A payment for a join that waits for finance, its payer and serial number as on the receipt."""
    return acting.paid(ports, actor)[1]


def test_a_sure_proposal_says_why_and_books_nothing_by_itself(ports: Ports, actor: Actor) -> None:
    expected = waiting(ports, actor)
    found = imported(ports, csv_of([entry(ports), entry(ports, 77, "某某物业管理有限公司", "房租")]))
    sure, none = bank_lines.proposed(ports, FINANCE, found.id, Asked()).items
    assert sure.proposal is not None
    assert none.proposal is not None
    assert (sure.proposal.certainty, sure.proposal.payments) == (Certainty.SURE, (expected,))
    assert "付款户名与单位全称一致" in sure.proposal.grounds
    assert (none.proposal.certainty, bool(none.proposal.doubts)) == (Certainty.NONE, True)
    assert payment(ports, expected).status is PaymentStatus.CHECKING
    assert {each.status for each in lines(ports, found)} == {LineStatus.OPEN}


def with_number(ports: Ports, n: int, serial: str, method: PaymentMethod = PaymentMethod.TRANSFER) -> str:
    """A payment of the n-th unit, put in with a serial number; all are said to be paid by the first one."""
    actor = acting.user(ports, f"u{n}")
    application = acting.to_be_paid(ports, actor, acting.join_form(n))
    acting.upload(ports, actor, application, "bank_receipt")
    said = replace(acting.transfer(ports, method=method), bank_serial=serial)
    return payments.pay(ports, acting.order(actor), (application,), said)


def proposal_for(ports: Ports, of: Entry) -> Proposal:
    (looked,) = bank_lines.proposed(ports, FINANCE, imported(ports, csv_of([of])).id, Asked()).items
    assert looked.proposal is not None
    return looked.proposal


def confirmed(ports: Ports, of: str, received: int = 120_000) -> None:
    reconciling.confirm(ports, acting.order(FINANCE), of, 0, received, partly=True)


def refused(ports: Ports, of: str) -> None:
    reconciling.refuse(ports, acting.order(FINANCE), of, 0, "账上查无此款")


@pytest.mark.parametrize("decide", [confirmed, refused])
@pytest.mark.parametrize("typed", ["its number", "no number"])
def test_the_number_of_an_earlier_transfer_is_not_sure_where_that_one_was_decided_without_a_line(
    ports: Ports, decide: Callable[[Ports, str], None], typed: str
) -> None:
    came = entry(ports)
    earlier = with_number(ports, 1, came.serial if typed == "its number" else "")
    ports.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]  # the clock in memory
    decide(ports, earlier)
    mistaken = with_number(ports, 2, came.serial)
    found = proposal_for(ports, came)
    assert (found.certainty, found.payments) == (Certainty.LIKELY, (mistaken,))
    assert any("已处理的缴费" in each for each in found.doubts)


def test_a_number_that_was_refused_long_ago_is_not_sure(ports: Ports) -> None:
    came = entry(ports)
    refused(ports, with_number(ports, 1, came.serial))
    ports.clock.advance(timedelta(days=40))  # type: ignore[attr-defined]  # the clock in memory
    again = with_number(ports, 2, came.serial)
    found = proposal_for(ports, replace(came, day=ports.clock.today()))
    assert (found.certainty, found.payments) == (Certainty.LIKELY, (again,))
    assert any("填写了这一行的流水号" in each for each in found.doubts)


def test_the_number_is_sure_where_the_earlier_payment_has_its_line_or_was_short_or_cash_or_never_came(
    ports: Ports,
) -> None:
    with_line, other_came = with_number(ports, 1, ""), entry(ports)
    (line,) = lines(ports, imported(ports, csv_of([other_came])))
    reconciling.confirm(ports, acting.order(FINANCE), with_line, 0, 120_000, line=line.id)
    confirmed(ports, with_number(ports, 2, ""), 105_000)
    confirmed(ports, with_number(ports, 3, "", PaymentMethod.CASH))
    undone = with_number(ports, 4, "")
    confirmed(ports, undone)
    (application,) = payment(ports, undone).applications
    reconciling.undo(ports, acting.order(FINANCE), undone, application, "认错了单位", arrived=False)
    came = entry(ports)
    right = with_number(ports, 5, came.serial)
    found = proposal_for(ports, came)
    assert (found.certainty, found.payments, found.doubts) == (Certainty.SURE, (right,), ())


def test_a_page_is_weighed_against_the_lines_of_all_the_others(ports: Ports, actor: Actor) -> None:
    waiting(ports, actor)
    found = imported(ports, csv_of([entry(ports), entry(ports)]))
    page = bank_lines.proposed(ports, FINANCE, found.id, Asked(1))
    rest = bank_lines.proposed(ports, FINANCE, found.id, Asked(1, page.next))
    for looked in (*page.items, *rest.items):
        assert looked.proposal is not None
        assert looked.proposal.certainty is Certainty.LIKELY
    assert rest.next is None


def test_cash_is_on_no_statement(ports: Ports, actor: Actor) -> None:
    application = acting.to_be_paid(ports, actor)
    payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports, method=PaymentMethod.CASH))
    found = imported(ports, csv_of([entry(ports)]))
    (looked,) = bank_lines.proposed(ports, FINANCE, found.id, Asked()).items
    assert looked.proposal is not None
    assert looked.proposal.payments == ()


def test_more_than_can_be_weighed_is_refused_rather_than_half_looked_at(
    ports: Ports, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(ports, actor)
    found = imported(ports, csv_of([entry(ports)]))
    monkeypatch.setattr(bank_lines, "MOST_WAITING", 0)
    with pytest.raises(Refused) as refusal:
        bank_lines.proposed(ports, FINANCE, found.id, Asked())
    assert codes(refusal) == ["too_many_waiting"]


def test_no_statement_no_proposals(ports: Ports) -> None:
    with pytest.raises(Absent):
        bank_lines.proposed(ports, FINANCE, "b999999", Asked())


# --- booking ----------------------------------------------------------------------------------------------------------


def test_confirming_with_a_line_books_it_in_the_same_commit(ports: Ports, actor: Actor) -> None:
    expected = waiting(ports, actor)
    found = imported(ports, csv_of([entry(ports)]))
    (line,) = lines(ports, found)
    reconciling.confirm(ports, acting.order(FINANCE), expected, 0, 120_000, line=line.id)
    booked = bank_lines.line_of(ports, line.id)
    assert (booked.status, booked.payments, booked.settled_by) == (LineStatus.BOOKED, (expected,), FINANCE.id)
    assert (payment(ports, expected).status, payment(ports, expected).line) == (PaymentStatus.CONFIRMED, line.id)
    (looked,) = bank_lines.proposed(ports, FINANCE, found.id, Asked()).items
    assert looked.proposal is None
    (closed,) = reconciling.closing(ports, ports.clock.today()).payments
    assert closed.line == line.id


def test_under_the_same_key_it_is_booked_once(ports: Ports, actor: Actor) -> None:
    expected = waiting(ports, actor)
    (line,) = lines(ports, imported(ports, csv_of([entry(ports)])))
    order = acting.order(FINANCE)
    for _ in range(2):
        assert reconciling.confirm(ports, order, expected, 0, 120_000, line=line.id) == expected
    assert bank_lines.line_of(ports, line.id).version == 1


def test_a_line_of_another_amount_books_nothing(ports: Ports, actor: Actor) -> None:
    expected = waiting(ports, actor)
    (line,) = lines(ports, imported(ports, csv_of([entry(ports, 110_000)])))
    with pytest.raises(Refused) as refusal:
        reconciling.confirm(ports, acting.order(FINANCE), expected, 0, 120_000, line=line.id)
    assert codes(refusal) == ["line_amount_differs"]
    assert payment(ports, expected).status is PaymentStatus.CHECKING


def test_a_line_that_is_not_there_is_absent(ports: Ports, actor: Actor) -> None:
    expected = waiting(ports, actor)
    for line in ("b999999.000001", "nothing", ""):
        with pytest.raises(Absent):
            reconciling.confirm(ports, acting.order(FINANCE), expected, 0, 120_000, line=line)


def test_of_two_clerks_who_book_one_line_one_is_told_that_it_is_settled(ports: Ports, actor: Actor) -> None:
    """The second has the same amount before him, for another company."""
    mine = waiting(ports, actor)
    theirs = acting.paid(ports, acting.user(ports, "li"), acting.join_form(2))[1]
    (line,) = lines(ports, imported(ports, csv_of([entry(ports)])))
    second = Actor("second", FINANCE.roles)

    class Interleaved(Failing):
        """The other clerk commits just before this one's first commit."""

        def commit(self, *changes: Change) -> None:
            if not self.commits:
                self.commits += 1
                reconciling.confirm(ports, acting.order(second), theirs, 0, 120_000, line=line.id)
            self._records.commit(*changes)  # type: ignore[attr-defined]  # what it stands before

    racing = replace(ports, records=Interleaved(ports.records, []))  # type: ignore[arg-type]  # a store with a rival
    with pytest.raises(Refused) as refusal:
        reconciling.confirm(racing, acting.order(FINANCE), mine, 0, 120_000, line=line.id)
    assert codes(refusal) == ["line_settled"]
    assert bank_lines.line_of(ports, line.id).payments == (theirs,)
    assert payment(ports, mine).status is PaymentStatus.CHECKING


def test_a_line_stays_booked_when_an_allotment_is_undone(ports: Ports, actor: Actor) -> None:
    expected = waiting(ports, actor)
    (line,) = lines(ports, imported(ports, csv_of([entry(ports)])))
    reconciling.confirm(ports, acting.order(FINANCE), expected, 0, 120_000, line=line.id)
    (application,) = payment(ports, expected).applications
    reconciling.undo(ports, acting.order(FINANCE), expected, application, "录错", arrived=False)
    assert bank_lines.line_of(ports, line.id).status is LineStatus.BOOKED


# --- one transfer for several payments --------------------------------------------------------------------------------


def several(ports: Ports, *numbers: int) -> tuple[Found, ...]:
    """As many payments that wait, all of them made the first one's owner's."""
    paid = [payment(ports, acting.paid(ports, acting.user(ports, f"u{n}"), acting.join_form(n))[1]) for n in numbers]
    owned = [each.changed(owner=paid[0].owner) for each in paid]
    ports.records.commit(*(Replace(before, after) for before, after in zip(paid, owned, strict=True)))
    return tuple(Found(each.id, each.version, 120_000) for each in owned)


def test_one_transfer_for_three_payments_confirms_all_of_them_at_once(ports: Ports) -> None:
    found = several(ports, 1, 2, 3)
    (line,) = lines(ports, imported(ports, csv_of([entry(ports, 360_000)])))
    order = acting.order(FINANCE)
    for _ in range(2):
        assert reconciling.confirm_together(ports, order, found, line=line.id) == found[0].payment
    confirmed = [payment(ports, each.payment) for each in found]
    assert {each.status for each in confirmed} == {PaymentStatus.CONFIRMED}
    assert {each.line for each in confirmed} == {line.id}
    assert bank_lines.line_of(ports, line.id).payments == tuple(each.payment for each in found)
    assert {folder_state(ports, each) for each in confirmed} == {State.BEING_MADE}


def folder_state(ports: Ports, paid: Payment) -> State:
    folder = ports.records.folder(paid.applications[0])
    assert folder is not None
    return folder.application.state


def test_what_one_of_them_has_over_pays_for_the_next_and_the_rest_is_credit(ports: Ports) -> None:
    first, second = several(ports, 1, 2)
    (line,) = lines(ports, imported(ports, csv_of([entry(ports, 245_000)])))
    found = (replace(first, received=150_000), replace(second, received=95_000))
    reconciling.confirm_together(ports, acting.order(FINANCE), found, line=line.id)
    owner = payment(ports, first.payment).owner
    credit = ports.records.get(Credit, owner)
    assert credit is not None
    assert credit.balance == 5_000
    movements = ports.records.movements_on(ports.clock.today(), Asked()).items
    assert sorted(each.amount for each in movements) == [-25_000, 30_000]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda found: (*found[:2], replace(found[2], received=119_999)), "amount_short"),
        (lambda found: found[:2], "line_amount_differs"),
        (lambda found: (found[0], *found[:2]), "payment_named_twice"),
        (lambda found: (*found[:2], replace(found[2], seen=found[2].seen + 1)), "changed_since"),
    ],
)
def test_if_one_of_them_cannot_be_confirmed_none_is(ports: Ports, change: object, code: str) -> None:
    found = several(ports, 1, 2, 3)
    (line,) = lines(ports, imported(ports, csv_of([entry(ports, 360_000)])))
    with pytest.raises(Refused) as refusal:
        reconciling.confirm_together(ports, acting.order(FINANCE), change(found), line=line.id)  # type: ignore[operator]  # one of the above
    assert codes(refusal) == [code]
    assert {payment(ports, each.payment).status for each in found} == {PaymentStatus.CHECKING}
    assert bank_lines.line_of(ports, line.id).status is LineStatus.OPEN


def test_payments_of_two_owners_are_not_booked_together(ports: Ports, actor: Actor) -> None:
    found = (*several(ports, 2), Found(waiting(ports, actor), 0, 120_000))
    (line,) = lines(ports, imported(ports, csv_of([entry(ports, 240_000)])))
    with pytest.raises(Refused) as refusal:
        reconciling.confirm_together(ports, acting.order(FINANCE), found, line=line.id)
    assert codes(refusal) == ["owners_differ"]


def test_more_than_a_transaction_holds_is_refused_with_how_many_go_at_once(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = several(ports, 1, 2, 3)
    (line,) = lines(ports, imported(ports, csv_of([entry(ports, 360_000)])))
    monkeypatch.setattr(reconciling, "MOST_ITEMS", 13)
    with pytest.raises(Refused) as refusal:
        reconciling.confirm_together(ports, acting.order(FINANCE), found, line=line.id)
    assert codes(refusal) == ["too_many_at_once"]
    assert "前 2 笔" in refusal.value.reasons[0].message


def test_twelve_of_them_are_within_what_a_transaction_holds_or_refused(ports: Ports) -> None:
    """Never a store's own error."""
    found = several(ports, *range(1, 13))
    (line,) = lines(ports, imported(ports, csv_of([entry(ports, 12 * 120_000)])))
    counted = Failing(ports.records, [])
    try:
        reconciling.confirm_together(replace(ports, records=counted), acting.order(FINANCE), found, line=line.id)  # type: ignore[arg-type]  # counts
    except Refused as refused:
        assert [reason.code for reason in refused.reasons] == ["too_many_at_once"]  # noqa: PT017 - either is right
    assert counted.largest <= MOST_ITEMS


# --- not ours ---------------------------------------------------------------------------------------------------------


def test_a_line_that_is_not_ours_is_set_aside_with_its_reason_and_can_be_taken_back(ports: Ports, actor: Actor) -> None:
    expected = waiting(ports, actor)
    found = imported(ports, csv_of([entry(ports)]))
    (line,) = lines(ports, found)
    order = acting.order(FINANCE)
    for _ in range(2):
        assert bank_lines.set_aside(ports, order, line.id, 0, "场地租金") == line.id
    aside = bank_lines.line_of(ports, line.id)
    assert (aside.status, aside.reason, aside.version) == (LineStatus.SET_ASIDE, "场地租金", 1)
    (looked,) = bank_lines.proposed(ports, FINANCE, found.id, Asked()).items
    assert looked.proposal is None
    with pytest.raises(Refused) as refusal:
        reconciling.confirm(ports, acting.order(FINANCE), expected, 0, 120_000, line=line.id)
    assert codes(refusal) == ["line_settled"]
    bank_lines.take_back(ports, acting.order(FINANCE), line.id, 1)
    reconciling.confirm(ports, acting.order(FINANCE), expected, 0, 120_000, line=line.id)
    assert bank_lines.line_of(ports, line.id).status is LineStatus.BOOKED
    deeds = [each.deed for each in ports.records.audit_of(f"line:{line.id}", Asked()).items]
    assert sorted(deeds) == ["set_aside", "take_back"]


def test_setting_aside_wants_a_reason_and_an_open_line_as_it_was_seen(ports: Ports) -> None:
    (line,) = lines(ports, imported(ports, csv_of([entry(ports)])))
    attempts: dict[str, Callable[[], str]] = {
        "reason_required": lambda: bank_lines.set_aside(ports, acting.order(FINANCE), line.id, 0, "  "),
        "changed_since": lambda: bank_lines.set_aside(ports, acting.order(FINANCE), line.id, 1, "租金"),
        "line_not_set_aside": lambda: bank_lines.take_back(ports, acting.order(FINANCE), line.id, 0),
    }
    for code, attempt in attempts.items():
        with pytest.raises(Refused) as refusal:
            attempt()
        assert codes(refusal) == [code]
    assert bank_lines.line_of(ports, line.id) == line
