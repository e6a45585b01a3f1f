"""财务 at work: cash and transfers checked, statements imported and matched, refusals, refunds, bookings undone."""

from functools import partial

from chalicelib.operations import bank_lines, importing, issuing_invoices, materials, payments, reconciling, statements
from chalicelib.operations.bank_lines import Looked
from chalicelib.operations.by_the_clock import every
from chalicelib.rules.records import Credit, LineStatus, Payment, PaymentMethod
from chalicelib.rules.statement_matching import Certainty, Proposal
from tests.year.books import Transfer
from tests.year.town import FINANCE, Town

MONDAY, FRIDAY = 0, 4
HEADING = "交易日期,收入金额,支出金额,对方户名,交易流水号,摘要"
AGAIN = 6  # days of the last statement that stand in the next one, too


class Finance:
    def __init__(self, town: Town) -> None:
        self.town = town
        self._numbers = 0
        self.imported = town.today

    def works(self) -> None:
        day = self.town.today
        if day.weekday() > FRIDAY:
            return
        if day.weekday() == MONDAY and self.town.by_chance(0.8):
            self._statement()
        for payment in list(every(partial(payments.to_check, self.town.ports))):
            self._check(payment)
        for invoice in list(every(partial(issuing_invoices.to_issue, self.town.ports))):
            self._invoice(invoice.id)
        if day.weekday() == FRIDAY:
            self._refund()

    # --- 核账 ---------------------------------------------------------------------------------------------------------

    def _check(self, payment: Payment) -> None:
        """Cash at once; a transfer from the bank's page now and then, else from the statement; what never came is
        refused when it has been looked for long enough.
        """
        came, waited = self.town.books.arrived[payment.id], (self.town.today - payment.submitted_at.date()).days
        if came and (payment.method is PaymentMethod.CASH or waited > 9 or (waited and self.town.by_chance(0.12))):
            self._confirm(payment)
        elif not came and waited > 5:
            self.town.asked(FINANCE, reconciling.refuse, payment.id, payment.version, "账上查无此款，请核对后重新提交")

    def _confirm(self, payment: Payment, line: str | None = None) -> None:
        """Too little is found only when it is said; then it is meant."""
        came, confirm = self.town.books.arrived[payment.id], reconciling.confirm
        done = self.town.asked(FINANCE, confirm, payment.id, payment.version, came, line=line)
        if done is None:
            done = self.town.asked(FINANCE, confirm, payment.id, payment.version, came, partly=True, line=line)
        if done is None:
            return
        self.town.books.confirmed.add(payment.id)
        if self.town.by_chance(0.01):
            self._undo(payment)

    def _undo(self, payment: Payment) -> None:
        """What was booked by mistake, before anything came of it: the money is another's, or for something else."""
        application, arrived = payment.applications[0], self.town.by_chance(0.5)
        booked = self.town.records.get(Payment, payment.id)
        of_credit = max(0, -booked.credited) if booked else 0  # which had come before
        came = max(0, payment.allotments[0].due - of_credit)
        undone = self.town.asked(FINANCE, reconciling.undo, payment.id, application, "认错了单位", arrived=arrived)
        if undone is not None and not arrived:
            self.town.books.arrived[payment.id] -= came

    def _refund(self) -> None:
        for credit in self.town.kept.those(Credit):
            if credit.balance and self.town.by_chance(0.08):
                self.town.asked(FINANCE, reconciling.refund, credit.owner, credit.balance, "按申请退还余款")

    # --- 对账单 -------------------------------------------------------------------------------------------------------

    def _statement(self) -> None:
        """What came since the last one, and its last days once more; with a line that nobody here waits for."""
        town = self.town
        town.books.transfers.append(Transfer(town.today, 88_800, "虚构物业公司", town.serial(), "房租押金退回", None))
        since = [each for each in town.books.transfers if (self.imported - each.day).days <= AGAIN]
        self.imported = town.today
        statement = town.order(FINANCE, statements.request_upload, "week.csv", None)
        rows = (f"{e.day},{e.amount / 100:.2f},,{e.payer},{e.serial},{e.remark}" for e in since)
        town.files.arrives(f"statement.{statement}", "\n".join((HEADING, *rows)).encode())
        importing.receive(town.ports, f"statement.{statement}")
        if town.by_chance(0.2):
            importing.receive(town.ports, f"statement.{statement}")
        truth = {each.serial: each.payment for each in since}
        for looked in list(every(partial(bank_lines.proposed, town.ports, FINANCE, statement))):
            if looked.line.status is LineStatus.OPEN:
                self._line(looked, truth[looked.line.serial])

    def _line(self, looked: Looked, payment: str | None) -> None:
        """Booked with the payment that it truly is for; what a proposal says is never booked unseen."""
        found = self.town.records.get(Payment, payment) if payment else None
        if looked.proposal:
            self._compare(looked.line.id, looked.proposal, payment)
        if found is None or found.id in self.town.books.confirmed:
            told = "已凭网银核账" if found else "与会员业务无关"
            self.town.asked(FINANCE, bank_lines.set_aside, looked.line.id, looked.line.version, told)
        else:
            self._confirm(found, looked.line.id)

    def _compare(self, line: str, proposal: Proposal, payment: str | None) -> None:
        right = proposal.payments == ((payment,) if payment else ())
        self.town.proposed[proposal.certainty, right] += 1
        if proposal.certainty is Certainty.SURE and not right:
            told = f"line {line} was surely for {proposal.payments}, and is for {payment}: {proposal.grounds}"
            self.town.falsely_sure.append(told)

    # --- 开票 ---------------------------------------------------------------------------------------------------------

    def _invoice(self, invoice: str) -> None:
        self._numbers += 1
        file = self.town.asked(FINANCE, issuing_invoices.request_upload, invoice, "invoice.pdf")
        if file is None:
            return
        data = f"%PDF-1.7 invoice {self._numbers}".encode()
        self.town.files.arrives(file, data)
        self.town.sent[file] = data
        materials.receive(self.town.ports, file)
        self.town.asked(FINANCE, issuing_invoices.issue, invoice, file, f"{self._numbers:08}")
