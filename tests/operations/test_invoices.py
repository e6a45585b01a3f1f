"""开票: asked for once it is completed and paid, on one invoice only, mailed when issued, reissued with a reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.operations import (
    dead_letters,
    enterprises,
    invoices,
    issuing_invoices,
    materials,
    notices,
    outbox,
    sweeping,
)
from chalicelib.operations.commands import Absent, KeyReused
from chalicelib.operations.ports import Asked, Insert, Ports, Replace
from chalicelib.rules.association import Association
from chalicelib.rules.folding import Misfilled
from chalicelib.rules.invoices import MOST_APPLICATIONS, ORDINARY, Buyer
from chalicelib.rules.records import Application, Claim, Enterprise, Invoice, InvoiceStatus, Mail, MaterialFile
from chalicelib.rules.vocabulary import Actor, FileStatus, Refused
from tests import made_up
from tests.operations import acting
from tests.operations.years import dues_paid, to_day

OFD = b"PK\x03\x04 made up"
BUYER = Buyer(made_up.enterprise(1), made_up.credit_code(1), "finance@example.com", "请注明年度")
NUMBER = "26440000000000000001"
Joined = tuple[Actor, str]


@pytest.fixture
def joined(ports: Ports) -> Joined:
    """A member, and his completed and paid join."""
    return acting.member(ports)


def ask(ports: Ports, joined: Joined, *more: str, buyer: Buyer = BUYER) -> str:
    actor, application = joined
    return invoices.request(ports, acting.order(actor), (application, *more), buyer)


def kept(ports: Ports, invoice: str) -> Invoice:
    found = ports.records.get(Invoice, invoice)
    assert found is not None
    return ports.records.opened(found)


def put_in(ports: Ports, invoice: str, data: bytes = acting.PDF, name: str = "发票.pdf") -> str:
    file = issuing_invoices.request_upload(ports, acting.order(acting.FINANCE), invoice, name)
    ports.files.arrives(file, data)  # type: ignore[attr-defined]  # what finance's browser does
    materials.receive(ports, file)
    return file


def issue(ports: Ports, invoice: str, data: bytes = acting.PDF, number: str = NUMBER) -> str:
    file = put_in(ports, invoice, data)
    return issuing_invoices.issue(ports, acting.order(acting.FINANCE), invoice, file, number)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def letters(ports: Ports) -> list[object]:
    return list(ports.post.letters)  # type: ignore[attr-defined]  # the post in memory


# --- asking for it ----------------------------------------------------------------------------------------------------


def test_a_completed_join_is_invoiced_with_what_was_paid_on_the_document_of_its_fee(
    ports: Ports, joined: Joined
) -> None:
    invoice = kept(ports, ask(ports, joined))
    assert (invoice.amount, invoice.document, invoice.status) == (
        120_000, "社会团体会费统一收据", InvoiceStatus.REQUESTED,
    )  # fmt: skip
    assert (invoice.title, invoice.tax_number, invoice.remarks) == (BUYER.title, BUYER.tax_number, "请注明年度")
    assert (invoice.email.masked, invoice.email.plain) == ("f***@example.com", "finance@example.com")
    assert invoice.owner == f"enterprise:{joined[0].enterprise}"


def test_one_invoice_covers_several_completed_applications(ports: Ports, joined: Joined) -> None:
    to_day(ports, ports.clock.today().replace(month=12, day=5))
    dues = dues_paid(ports, joined[0])
    invoice = kept(ports, ask(ports, joined, dues))
    assert (invoice.applications, invoice.amount) == ((joined[1], dues), 240_000)


def test_what_is_not_completed_is_refused_with_what_to_wait_for(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.being_made(ports, actor)
    with pytest.raises(Refused) as refusal:
        ask(ports, (actor, application))
    assert codes(refusal) == ["not_completed"]
    assert "制证中" in refusal.value.reasons[0].message


def test_what_is_wrong_with_the_matter_and_with_the_form_is_told_at_once(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.being_made(ports, actor)
    with pytest.raises(Refused) as refusal:
        ask(ports, (actor, application), buyer=replace(BUYER, tax_number="1", remarks="请开专票"))
    assert codes(refusal) == ["not_completed", "tax_number_form", "no_special_invoices"]


def test_an_application_stands_on_one_invoice_only_and_is_told_on_which(ports: Ports, joined: Joined) -> None:
    first = ask(ports, joined)
    with pytest.raises(Refused) as refusal:
        ask(ports, joined)
    assert codes(refusal) == ["already_invoiced"]
    assert first in refusal.value.reasons[0].message


def test_of_two_who_ask_at_once_one_gets_it_and_the_other_hears_of_his(ports: Ports, joined: Joined) -> None:
    records, commit, first = ports.records, ports.records.commit, list[str]()

    def later(*changes: object) -> None:
        object.__setattr__(records, "commit", commit)
        first.append(ask(ports, joined))
        commit(*changes)  # type: ignore[arg-type]  # as they came

    object.__setattr__(records, "commit", later)
    with pytest.raises(Refused) as refusal:
        ask(ports, joined)
    assert first[0] in refusal.value.reasons[0].message
    assert [each.id for each in invoices.mine(ports, joined[0], Asked()).items] == first


def test_asking_again_under_the_same_key_asks_once(ports: Ports, joined: Joined) -> None:
    order = acting.order(joined[0])
    first = invoices.request(ports, order, (joined[1],), BUYER)
    assert invoices.request(ports, order, (joined[1],), BUYER) == first
    with pytest.raises(KeyReused):
        invoices.request(ports, replace(order, fingerprint="other"), (joined[1],), BUYER)


def test_an_application_named_twice_is_paid_for_once(ports: Ports, joined: Joined) -> None:
    assert kept(ports, ask(ports, joined, joined[1])).amount == 120_000


def test_twelve_go_on_one_invoice_within_one_transaction_and_a_thirteenth_does_not(
    ports: Ports, joined: Joined
) -> None:
    completed = ports.records.get(Application, joined[1])
    assert completed is not None
    more = [f"a90000{n:02d}" for n in range(1, MOST_APPLICATIONS + 1)]
    opened = replace(ports.records.opened(completed), version=0)
    ports.records.commit(*(Insert(replace(opened, id=each)) for each in more))
    with pytest.raises(Refused) as refusal:
        ask(ports, joined, *more)
    assert codes(refusal) == ["applications_out_of_bounds"]
    invoice = ask(ports, joined, *more[1:])
    assert kept(ports, invoice).amount == 12 * 120_000
    issuing_invoices.reissue(ports, acting.order(acting.FINANCE), issue(ports, invoice), "抬头有误")


def test_other_peoples_applications_and_absent_ones_are_alike_absent(ports: Ports, joined: Joined) -> None:
    stranger = acting.user(ports, "li")
    for actor, application in ((stranger, joined[1]), (joined[0], "a999999")):
        with pytest.raises(Absent):
            ask(ports, (actor, application))
    invoice = ask(ports, joined)
    with pytest.raises(Absent):
        invoices.own(ports, stranger, invoice)
    with pytest.raises(Absent):
        invoices.cancel(ports, acting.order(stranger), invoice)


def test_dues_and_fees_that_go_on_different_documents_are_asked_for_apart(ports: Ports, joined: Joined) -> None:
    to_day(ports, ports.clock.today().replace(month=12, day=5))
    settings = ports.records.get(Association, "association")
    assert settings is not None
    day = ports.clock.today()
    old, new = replace(settings.fees[0], valid_to=day - timedelta(days=1)), replace(settings.fees[0], valid_from=day)
    ports.records.commit(acting.settings_with(settings, fees=(old, replace(new, document=ORDINARY))))
    dues = dues_paid(ports, joined[0])
    with pytest.raises(Refused) as refusal:
        ask(ports, joined, dues)
    assert codes(refusal) == ["documents_differ"]
    assert kept(ports, ask(ports, (joined[0], dues))).document == ORDINARY


def test_who_has_unbound_himself_sees_no_invoice_of_the_enterprise(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    enterprises.unbind(ports, acting.order(joined[0]))
    gone = acting.as_of_now(ports, joined[0].id)
    assert invoices.mine(ports, gone, Asked()).items == ()
    with pytest.raises(Absent):
        invoices.own(ports, gone, invoice)


# --- taking it back ---------------------------------------------------------------------------------------------------


def test_a_request_that_is_taken_back_frees_its_applications(ports: Ports, joined: Joined) -> None:
    first = ask(ports, joined)
    invoices.cancel(ports, acting.order(joined[0]), first, "抬头填错")
    assert (kept(ports, first).status, kept(ports, first).reason) == (InvoiceStatus.CANCELLED, "抬头填错")
    assert issuing_invoices.to_issue(ports, Asked()).items == ()
    second = ask(ports, joined)
    assert [each.id for each in issuing_invoices.to_issue(ports, Asked()).items] == [second]


def test_a_file_that_lay_ready_goes_with_the_request(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    file = put_in(ports, invoice)
    invoices.cancel(ports, acting.order(joined[0]), invoice)
    acting.work_off(ports)
    assert ports.records.get(MaterialFile, invoice, file) is None
    assert not [place for place in ports.files.kept if invoice in place]  # type: ignore[attr-defined]  # in memory


def test_what_is_issued_is_not_taken_back(ports: Ports, joined: Joined) -> None:
    invoice = issue(ports, ask(ports, joined))
    with pytest.raises(Refused) as refusal:
        invoices.cancel(ports, acting.order(joined[0]), invoice)
    assert codes(refusal) == ["invoice_in_other_status"]
    assert "不重开" in refusal.value.reasons[0].next


def test_finance_that_cannot_issue_it_says_why_and_the_applicant_hears_it(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    with pytest.raises(Refused) as bare:
        issuing_invoices.cancel_with_reason(ports, acting.order(acting.FINANCE), invoice, " ")
    assert codes(bare) == ["reason_required"]
    issuing_invoices.cancel_with_reason(ports, acting.order(acting.FINANCE), invoice, "税号与抬头不符")
    newest = notices.my_messages(ports, joined[0], Asked()).items
    (told,) = [each for each in newest if each.notice == "invoice_cancelled"]
    assert (told.context["reason"], told.context["amount"]) == ("税号与抬头不符", "1,200.00 元")
    assert [each.deed for each in ports.records.audit_of(f"invoice:{invoice}", Asked()).items] == ["cancel_invoice"]
    assert ask(ports, joined) != invoice


# --- issuing ----------------------------------------------------------------------------------------------------------


def test_the_issued_file_is_mailed_to_the_address_that_was_given(ports: Ports, joined: Joined) -> None:
    invoice = issue(ports, ask(ports, joined))
    acting.work_off(ports)
    (letter,) = ports.post.letters  # type: ignore[attr-defined]  # the post in memory
    (attached,) = letter.attachments
    issued = kept(ports, invoice)
    assert (letter.to, letter.subject) == ("finance@example.com", "invoice")
    assert (attached.type, attached.data) == ("application/pdf", ports.files.read(issued.file or ""))
    assert attached.name == f"社会团体会费统一收据-{NUMBER}.pdf"
    assert (issued.status, issued.number, issued.sha256 is not None) == (InvoiceStatus.ISSUED, NUMBER, True)
    assert "1,200.00 元" in letter.text
    assert "入会（2026 年度）" in letter.text


def test_an_ofd_is_issued_as_one(ports: Ports, joined: Joined) -> None:
    issue(ports, ask(ports, joined), OFD)
    acting.work_off(ports)
    (letter,) = ports.post.letters  # type: ignore[attr-defined]  # the post in memory
    assert letter.attachments[0].type == "application/ofd"
    assert letter.attachments[0].name.endswith(".ofd")


def test_no_address_lies_in_the_mails_context_or_in_its_message(ports: Ports, joined: Joined) -> None:
    issue(ports, ask(ports, joined))
    (row,) = [each for each in acting.pending(ports) if each.id.startswith("mail-")]
    mail = ports.records.get(Mail, *row.subject)
    assert mail is not None
    assert "@" not in "".join((row.id, *row.subject, *mail.context.values()))
    assert mail.to.plain is None


def test_work_delivered_again_sends_it_once(ports: Ports, joined: Joined) -> None:
    issue(ports, ask(ports, joined))
    (row,) = [each for each in acting.pending(ports) if each.id.startswith("mail-")]
    for _ in range(3):
        outbox.work(ports, row.id)
    assert len(letters(ports)) == 1


def test_a_picture_is_no_invoice_and_finance_reads_why(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    file = put_in(ports, invoice, b"\x89PNG\r\n\x1a\n made up")
    with pytest.raises(Refused) as refusal:
        issuing_invoices.issue(ports, acting.order(acting.FINANCE), invoice, file, NUMBER)
    assert codes(refusal) == ["file_type"]
    assert kept(ports, invoice).status is InvoiceStatus.REQUESTED
    assert letters(ports) == []


def test_what_has_not_arrived_cannot_be_issued(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    file = issuing_invoices.request_upload(ports, acting.order(acting.FINANCE), invoice, "发票.pdf")
    with pytest.raises(Refused) as refusal:
        issuing_invoices.issue(ports, acting.order(acting.FINANCE), invoice, file, NUMBER)
    assert codes(refusal) == ["file_being_checked"]


def test_a_second_file_takes_the_place_of_the_first_which_can_no_longer_be_issued(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    first = put_in(ports, invoice)
    second = put_in(ports, invoice, acting.PDF + b" another")
    acting.work_off(ports)
    assert len([place for place in ports.files.kept if invoice in place]) == 1  # type: ignore[attr-defined]  # in memory
    with pytest.raises(Refused) as refusal:
        issuing_invoices.issue(ports, acting.order(acting.FINANCE), invoice, first, NUMBER)
    assert codes(refusal) == ["no_such_file"]
    issuing_invoices.issue(ports, acting.order(acting.FINANCE), invoice, second, NUMBER)


def test_another_invoices_file_is_not_issued(ports: Ports, joined: Joined) -> None:
    mine = ask(ports, joined)
    other = acting.member(ports, "li", acting.join_form(2))
    file = put_in(ports, ask(ports, other))
    with pytest.raises(Refused) as refusal:
        issuing_invoices.issue(ports, acting.order(acting.FINANCE), mine, file, NUMBER)
    assert codes(refusal) == ["no_such_file"]


def test_a_documents_number_stands_once(ports: Ports, joined: Joined) -> None:
    first = issue(ports, ask(ports, joined))
    second = ask(ports, acting.member(ports, "li", acting.join_form(2)))
    with pytest.raises(Refused) as refusal:
        issue(ports, second)
    assert codes(refusal) == ["invoice_number_taken"]
    assert first in refusal.value.reasons[0].message
    with pytest.raises(Misfilled):
        issue(ports, second, number="第一张")


def test_the_second_of_two_in_finance_hears_that_it_is_issued(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    file = put_in(ports, invoice)
    issuing_invoices.issue(ports, acting.order(acting.FINANCE), invoice, file, NUMBER)
    with pytest.raises(Refused) as refusal:
        issuing_invoices.issue(ports, acting.order(acting.FINANCE), invoice, file, "26440000000000000002")
    assert codes(refusal) == ["invoice_in_other_status"]
    assert "已开票" in refusal.value.reasons[0].message
    with pytest.raises(Refused):
        issuing_invoices.request_upload(ports, acting.order(acting.FINANCE), invoice, "发票.pdf")


def test_the_file_can_be_downloaded_once_it_is_issued(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    with pytest.raises(Refused) as refusal:
        invoices.file_link(ports, kept(ports, invoice))
    assert codes(refusal) == ["not_issued_yet"]
    issue(ports, invoice)
    assert "seconds=300" in invoices.file_link(ports, invoices.own(ports, joined[0], invoice))


def test_what_was_issued_today_is_listed_for_finance(ports: Ports, joined: Joined) -> None:
    invoice = issue(ports, ask(ports, joined))
    today = ports.clock.today()
    assert [each.id for each in issuing_invoices.issued_on(ports, today, Asked()).items] == [invoice]
    assert issuing_invoices.issued_on(ports, today - timedelta(days=1), Asked()).items == ()


def test_a_file_that_never_comes_is_given_up_and_another_can_be_put_in(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    file = issuing_invoices.request_upload(ports, acting.order(acting.FINANCE), invoice, "发票.pdf")
    ports.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    found = ports.records.get(MaterialFile, invoice, file)
    assert found is not None
    assert found.status is FileStatus.REFUSED
    issue(ports, invoice)


def test_a_check_that_was_given_up_is_tried_again_or_told_to_begin_anew(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    file = issuing_invoices.request_upload(ports, acting.order(acting.FINANCE), invoice, "发票.pdf")
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # in memory
    dead_letters.bury_upload(ports, file, "UploadsDead")
    dead_letters.redrive(ports, acting.order(acting.ADMIN), f"upload-{file}")
    acting.work_off(ports)
    issuing_invoices.issue(ports, acting.order(acting.FINANCE), invoice, file, NUMBER)


# --- sending it again -------------------------------------------------------------------------------------------------


def send_again(ports: Ports, invoice: str, to: str | None = None, reason: str = "", key: str | None = None) -> str:
    return issuing_invoices.send_again(ports, acting.order(acting.FINANCE, key=key), invoice, to, reason)


def test_an_issued_invoice_is_sent_again_to_the_same_address_once_a_key(ports: Ports, joined: Joined) -> None:
    invoice = issue(ports, ask(ports, joined))
    first = send_again(ports, invoice, key="again")
    assert send_again(ports, invoice, key="again") == first
    acting.work_off(ports)
    at_issue, again = ports.post.letters  # type: ignore[attr-defined]  # the post in memory
    assert (again.to, again.attachments, again.text) == (at_issue.to, at_issue.attachments, at_issue.text)
    assert again.message_id != at_issue.message_id
    deeds = [each.deed for each in ports.records.audit_of(f"invoice:{invoice}", Asked()).items]
    assert sorted(deeds) == ["issue_invoice", "send_invoice_again"]


def test_a_corrected_address_needs_a_reason_and_stands_on_the_invoice_from_then_on(
    ports: Ports, joined: Joined
) -> None:
    invoice = issue(ports, ask(ports, joined))
    with pytest.raises(Refused) as bare:
        send_again(ports, invoice, "right@example.com", " ")
    assert codes(bare) == ["reason_required"]
    send_again(ports, invoice, "right@example.com", "邮箱写错")
    send_again(ports, invoice)
    acting.work_off(ports)
    sent = [each.to for each in ports.post.letters]  # type: ignore[attr-defined]  # the post in memory
    assert sent == ["finance@example.com", "right@example.com", "right@example.com"]
    assert kept(ports, invoice).email.masked == "r***@example.com"
    reasons = [each.reason for each in ports.records.audit_of(f"invoice:{invoice}", Asked()).items]
    assert "邮箱写错" in reasons
    assert "right@example.com" not in str(reasons)


def test_only_what_stands_issued_is_sent_again_and_to_an_address(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    with pytest.raises(Refused) as early:
        send_again(ports, invoice)
    assert codes(early) == ["invoice_in_other_status"]
    issue(ports, invoice)
    with pytest.raises(Misfilled):
        send_again(ports, invoice, "nobody", "邮箱写错")
    issuing_invoices.reissue(ports, acting.order(acting.FINANCE), invoice, "抬头有误")
    with pytest.raises(Refused) as replaced:
        send_again(ports, invoice)
    assert codes(replaced) == ["invoice_in_other_status"]
    with pytest.raises(Absent):
        send_again(ports, "inv999999")


# --- reissuing --------------------------------------------------------------------------------------------------------


def test_a_reissue_keeps_the_old_one_and_its_applications_stand_on_the_new_one(ports: Ports, joined: Joined) -> None:
    old = issue(ports, ask(ports, joined))
    corrected = replace(BUYER, title="虚构一号新公司", email="new@example.com")
    new = issuing_invoices.reissue(ports, acting.order(acting.FINANCE), old, "抬头有误", corrected)
    before, after = kept(ports, old), kept(ports, new)
    assert (before.status, before.reason, before.replaced_by) == (InvoiceStatus.REPLACED, "抬头有误", new)
    assert before.file is not None
    assert (after.status, after.replaces, after.title) == (InvoiceStatus.REQUESTED, old, "虚构一号新公司")
    assert (after.applications, after.amount) == (before.applications, before.amount)
    claim = ports.records.get(Claim, "invoiced", joined[1])
    assert claim is not None
    assert claim.holder == f"invoice:{new}"
    issue(ports, new, acting.PDF + b" again", "26440000000000000002")
    acting.work_off(ports)
    first, second = ports.post.letters  # type: ignore[attr-defined]  # the post in memory
    assert (first.to, second.to) == ("finance@example.com", "new@example.com")
    assert second.attachments[0].data == acting.PDF + b" again"
    deeds = [each.deed for each in ports.records.audit_of(f"invoice:{old}", Asked()).items]
    assert sorted(deeds) == ["issue_invoice", "reissue_invoice"]


def test_a_reissue_goes_on_as_before_where_nothing_is_corrected(ports: Ports, joined: Joined) -> None:
    old = issue(ports, ask(ports, joined))
    new = kept(ports, issuing_invoices.reissue(ports, acting.order(acting.FINANCE), old, "税局系统开错"))
    assert (new.title, new.tax_number, new.remarks) == (BUYER.title, BUYER.tax_number, BUYER.remarks)
    assert new.email.plain == "finance@example.com"


def test_a_reissue_needs_a_reason_and_something_that_was_issued(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    with pytest.raises(Refused) as early:
        issuing_invoices.reissue(ports, acting.order(acting.FINANCE), invoice, "抬头有误")
    assert codes(early) == ["invoice_in_other_status"]
    issue(ports, invoice)
    with pytest.raises(Refused) as bare:
        issuing_invoices.reissue(ports, acting.order(acting.FINANCE), invoice, " ")
    assert codes(bare) == ["reason_required"]
    with pytest.raises(Refused) as wrong:
        issuing_invoices.reissue(
            ports, acting.order(acting.FINANCE), invoice, "抬头有误", replace(BUYER, email="x", tax_number="1")
        )
    assert codes(wrong) == ["tax_number_form", "email_form"]
    issuing_invoices.reissue(ports, acting.order(acting.FINANCE), invoice, "抬头有误")
    with pytest.raises(Refused) as twice:
        issuing_invoices.reissue(ports, acting.order(acting.FINANCE), invoice, "抬头有误")
    assert codes(twice) == ["invoice_in_other_status"]


def test_whoever_asks_anew_after_an_issue_is_told_that_it_stands(ports: Ports, joined: Joined) -> None:
    issue(ports, ask(ports, joined))
    with pytest.raises(Refused) as refusal:
        ask(ports, joined)
    assert codes(refusal) == ["already_invoiced"]


def test_a_change_of_the_enterprise_does_not_change_what_was_asked_for(ports: Ports, joined: Joined) -> None:
    invoice = ask(ports, joined)
    enterprise = ports.records.get(Enterprise, joined[0].enterprise or "")
    assert enterprise is not None
    ports.records.commit(Replace(enterprise, enterprise.changed(name="虚构改名公司")))
    assert kept(ports, invoice).title == BUYER.title
