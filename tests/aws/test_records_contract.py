"""What `Records` promises, held against both stores: the one in memory is worth as much as it is like the real one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.memory.time_and_ids import A_MORNING, FixedClock
from chalicelib.operations.ports import (
    Asked,
    BadPosition,
    Conflict,
    Insert,
    Page,
    Records,
    Remove,
    Replace,
    Require,
)
from chalicelib.rules.records import (
    SHARDS,
    Acknowledgement,
    Application,
    BankLine,
    Claim,
    ClaimKind,
    Enterprise,
    Entry,
    InvoiceStatus,
    Issuance,
    OutboxRow,
    OutboxStatus,
    PaymentStatus,
    Practitioner,
    Record,
    Reminded,
    RequestFolder,
    RequestStatus,
    Statement,
    StatementStatus,
    User,
)
from chalicelib.rules.vocabulary import CertificateKind, FileStatus, Personal, State
from tests.aws import samples


def everything(listed: Callable[[Asked], Page[Any]], limit: int = 1) -> list[Any]:
    """Page by page to the end."""
    items: list[Any] = []
    position = None
    while True:
        page = listed(Asked(limit, position))
        items += page.items
        assert len(page.items) <= limit
        if page.next is None:
            return items
        position = page.next


def insert(records: Records, *new: Record) -> None:
    records.commit(*(Insert(each) for each in new))


# --- one commit -------------------------------------------------------------------------------------------------------


def test_every_kind_of_record_is_found_again_as_it_was(records: Records) -> None:
    insert(records, *samples.ONE_OF_EACH)
    for record in samples.ONE_OF_EACH:
        found = records.get(type(record), *record.key)
        assert found is not None
        assert records.opened(found) == record


def test_what_is_not_there_is_none_whatever_the_key(records: Records) -> None:
    for key in ("nobody", "", "x" * 5000, "\ud800", "\0", "a#b"):
        assert records.get(User, key) is None
        assert records.folder(key) is None
        assert records.dossier(key) is None
        assert records.family(key) is None
        assert records.request_folder(key) is None
        assert records.get_many((User, (key,))) == (None,)
        assert records.applications_of(key, Asked()) == Page(())


def test_an_empty_commit_changes_nothing(records: Records) -> None:
    records.commit()


def test_the_same_record_goes_in_only_once(records: Records) -> None:
    insert(records, samples.claim())
    with pytest.raises(Conflict):
        insert(records, samples.entry(), samples.claim())
    assert records.get(Entry, "a1", "000001") is None


@pytest.mark.parametrize("place", range(3))
def test_one_condition_that_fails_among_many_stops_them_all(records: Records, place: int) -> None:
    insert(records, samples.claim())
    changes = [Insert(samples.entry(number)) for number in (1, 2)]
    changes.insert(place, Insert(samples.claim()))
    with pytest.raises(Conflict):
        records.commit(*changes)
    assert records.get_many((Entry, ("a1", "000001")), (Entry, ("a1", "000002"))) == (None, None)


def test_only_the_stored_version_can_be_replaced(records: Records) -> None:
    first = samples.application()
    insert(records, first)
    second = first.changed(state=State.IN_REVIEW)
    records.commit(Replace(first, second))
    with pytest.raises(Conflict):
        records.commit(Replace(first, first.changed(state=State.WITHDRAWN)), Insert(samples.entry()))
    stored = records.get(Application, "a1")
    assert stored is not None
    assert (stored.state, stored.version) == (State.IN_REVIEW, 1)
    assert records.get(Entry, "a1", "000001") is None


def test_what_is_not_there_can_be_neither_replaced_nor_required_nor_removed(records: Records) -> None:
    absent = samples.shelf()
    for change in (Replace(absent, absent.changed()), Require(absent), Remove(absent)):
        with pytest.raises(Conflict):
            records.commit(change)


def test_a_required_record_must_still_be_the_one_that_was_read(records: Records) -> None:
    shelf = samples.shelf()
    insert(records, shelf)
    records.commit(Require(shelf), Insert(samples.entry(1)))
    records.commit(Replace(shelf, shelf.changed()))
    with pytest.raises(Conflict):
        records.commit(Require(shelf), Insert(samples.entry(2)))
    assert records.get(Entry, "a1", "000002") is None


def test_a_claim_that_is_released_can_be_taken_by_another(records: Records) -> None:
    held = samples.claim()
    insert(records, held)
    records.commit(Remove(held))
    insert(records, samples.claim(holder="application:a2"))
    found = records.get(Claim, "credit_code", "X1")
    assert found is not None
    assert found.holder == "application:a2"


def test_a_record_that_changed_is_not_removed(records: Records) -> None:
    shelf = samples.shelf()
    insert(records, shelf)
    records.commit(Replace(shelf, shelf.changed()))
    with pytest.raises(Conflict):
        records.commit(Remove(shelf))


def test_two_changes_of_one_record_in_one_commit_are_a_slip_of_ours(records: Records) -> None:
    with pytest.raises(ValueError, match="twice"):
        insert(records, samples.claim(), samples.claim())


def test_a_replacement_without_a_new_version_is_a_slip_of_ours(records: Records) -> None:
    shelf = samples.shelf()
    insert(records, shelf)
    with pytest.raises(ValueError, match="version"):
        records.commit(Replace(shelf, shelf))
    with pytest.raises(ValueError, match="another"):
        records.commit(Replace(shelf, samples.shelf("a2").changed()))


def test_more_than_a_transaction_holds_is_refused_before_anything_is_written(records: Records) -> None:
    with pytest.raises(ValueError, match="101"):
        insert(records, *(samples.entry(number) for number in range(1, 102)))
    assert records.get(Entry, "a1", "000001") is None


def test_many_are_read_at_once_in_the_order_asked_for_across_tables(records: Records) -> None:
    insert(records, samples.user(), samples.shelf(), samples.claim())
    found = records.get_many(
        (User, ("u1",)), (Claim, ("credit_code", "none")), (Claim, ("credit_code", "X1")), (User, ("u1",))
    )
    assert [type(each) for each in found] == [User, type(None), Claim, User]
    assert records.get_many() == ()


# --- personal values --------------------------------------------------------------------------------------------------


def test_personal_values_come_back_closed_until_they_are_opened(records: Records) -> None:
    insert(records, samples.application())
    closed = records.get(Application, "a1")
    assert closed is not None
    name = closed.form["contact_name"]
    assert isinstance(name, Personal)
    assert (name.masked, name.plain) == ("赵*", None)
    assert records.opened(closed) == samples.application()
    assert records.opened(records.opened(closed)) == samples.application()


def test_a_record_that_was_never_opened_can_be_changed_and_keeps_its_personal_values(records: Records) -> None:
    insert(records, samples.application())
    closed = records.get(Application, "a1")
    assert closed is not None
    records.commit(Replace(closed, closed.changed(owner="enterprise:e1")))
    changed = records.get(Application, "a1")
    assert changed is not None
    assert records.opened(changed).form == samples.application().form
    assert records.opened(changed).persons == samples.application().persons


def test_striking_the_first_person_leaves_the_second_ones_values_readable(records: Records) -> None:
    person = samples.application().persons[0]
    second = type(person)(id="p2", form={"name": Personal("孙*", "孙甲三")})
    insert(records, samples.application(persons=(person, second)))
    closed = records.get(Application, "a1")
    assert closed is not None
    records.commit(Replace(closed, closed.changed(persons=closed.persons[1:])))
    left = records.get(Application, "a1")
    assert left is not None
    assert records.opened(left).persons == (second,)


def test_a_closed_value_cannot_be_carried_to_another_record(records: Records) -> None:
    insert(records, samples.application("a1"), samples.application("a2"))
    closed = records.get(Application, "a1")
    other = records.get(Application, "a2")
    assert closed is not None
    assert other is not None
    with pytest.raises(ValueError, match=r"form\.contact_name"):
        records.commit(Replace(other, other.changed(form=closed.form)))
    with pytest.raises(ValueError, match=r"form\.contact_name"):
        records.opened(other.changed(form=closed.form))
    records.commit(Replace(other, other.changed(form=records.opened(closed).form)))


def test_a_value_that_is_neither_plain_nor_sealed_is_not_written(records: Records) -> None:
    with pytest.raises(ValueError, match="openid"):
        insert(records, User(id="u1", openid=Personal("***")))


# --- what is read together --------------------------------------------------------------------------------------------


def test_a_folder_holds_the_application_its_history_and_its_files(records: Records) -> None:
    insert(records, samples.application(), samples.shelf(), samples.material("a1.f2"), samples.material("a1.f1"))
    insert(records, *(samples.entry(number) for number in (2, 1, 11)), samples.application("a10"), samples.shelf("a10"))
    folder = records.folder("a1")
    assert folder is not None
    assert (folder.application.id, folder.shelf) == ("a1", samples.shelf())
    assert [each.number for each in folder.entries] == [1, 2, 11]
    assert [each.id for each in folder.files] == ["a1.f1", "a1.f2"]


def test_a_dossier_holds_bindings_paid_years_and_certificates_of_one_enterprise(records: Records) -> None:
    insert(records, samples.enterprise(), samples.binding("u2"), samples.binding("u1"), samples.paid_year())
    insert(records, samples.certificate(), samples.certificate("B" * 26, holder="enterprise:e2", number="DEMO-2"))
    dossier = records.dossier("e1")
    assert dossier is not None
    assert records.opened(dossier.enterprise) == samples.enterprise()
    assert [each.user for each in dossier.bindings] == ["u1", "u2"]
    assert dossier.years == (samples.paid_year(),)
    assert dossier.certificates == (samples.certificate(),)
    assert records.dossier("e2") is None


def test_a_certificate_that_is_revoked_is_revoked_in_the_dossier_at_once(records: Records) -> None:
    issued = samples.certificate()
    insert(records, samples.enterprise(), issued)
    records.commit(Replace(issued, issued.changed(revoked_on=date(2026, 5, 1), revoked_reason="误发")))
    dossier = records.dossier("e1")
    assert dossier is not None
    assert dossier.certificates[0].revoked_on == date(2026, 5, 1)


def test_a_family_holds_a_certificate_and_its_versions_in_order(records: Records) -> None:
    ordinals = (1, 2, 11, 100, 101)
    insert(records, samples.certificate(), *(samples.edition(ordinal) for ordinal in ordinals))
    family = records.family(samples.ROOT)
    assert family is not None
    assert family.certificate == samples.certificate()
    assert tuple(each.ordinal for each in family.editions) == ordinals


def test_all_staff_accounts_are_listed_by_name(records: Records) -> None:
    insert(records, samples.staff("b"), samples.staff("a"), samples.user())
    assert [each.name for each in records.staff_accounts()] == ["a", "b"]


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_persons_applications_come_newest_first_page_by_page(records: Records) -> None:
    insert(records, *(samples.application(f"a{n}", opened_at=samples.at(n)) for n in (2, 1, 3)))
    insert(records, samples.application("a4", owner="user:u2"))
    for limit in (1, 2, 3, 100):
        found = everything(lambda asked: records.applications_of("user:u1", asked), limit)
        assert [each.id for each in found] == ["a3", "a2", "a1"]


def test_an_application_moves_to_its_new_owners_list(records: Records) -> None:
    before = samples.application()
    insert(records, before)
    records.commit(Replace(before, before.changed(owner="enterprise:e1")))
    assert records.applications_of("user:u1", Asked()).items == ()
    assert [each.version for each in records.applications_of("enterprise:e1", Asked()).items] == [1]


def test_an_application_that_is_removed_leaves_its_owners_list(records: Records) -> None:
    insert(records, samples.application())
    records.commit(Remove(samples.application()))
    assert records.applications_of("user:u1", Asked()).items == ()
    assert records.applications_in(State.DRAFT, Asked()).items == ()


def test_ones_own_list_shows_a_change_at_once(records: Records) -> None:
    before = samples.application()
    insert(records, before)
    records.commit(Replace(before, before.changed(state=State.IN_REVIEW)))
    (shown,) = records.applications_of("user:u1", Asked()).items
    assert shown.state is State.IN_REVIEW
    assert records.opened(shown).form == before.form


def test_messages_come_newest_first(records: Records) -> None:
    insert(records, *(samples.message(f"2026030{n}-1") for n in (2, 1, 3)), samples.message(user_id="u2"))
    found = everything(lambda asked: records.messages_of("u1", asked))
    assert [each.id for each in found] == ["20260303-1", "20260302-1", "20260301-1"]


def test_the_audit_log_comes_newest_first(records: Records) -> None:
    insert(records, samples.audit("d1", 0), samples.audit("d3", 5), samples.audit("d2", 5.5))
    found = everything(lambda asked: records.audit_of("application:a1", asked))
    assert [each.id for each in found] == ["d2", "d3", "d1"]


def test_a_queue_of_staff_shows_who_waits_longest_first(records: Records) -> None:
    waiting = {"state": State.IN_REVIEW}
    insert(records, *(samples.application(f"a{n}", since=samples.at(n), **waiting) for n in (2, 1, 3)))
    insert(records, samples.application("a4"))
    found = everything(lambda asked: records.applications_in(State.IN_REVIEW, asked))
    assert [each.id for each in found] == ["a1", "a2", "a3"]
    earlier = everything(lambda asked: records.applications_in(State.IN_REVIEW, asked, before=samples.at(2)))
    assert [each.id for each in earlier] == ["a1"]


def test_applications_that_wait_since_the_same_instant_are_paged_without_loss(records: Records) -> None:
    insert(records, *(samples.application(f"a{n}") for n in range(5)))
    found = everything(lambda asked: records.applications_in(State.DRAFT, asked), 2)
    assert [each.id for each in found] == [f"a{n}" for n in range(5)]


def test_payments_wait_in_the_order_they_came(records: Records) -> None:
    insert(records, *(samples.payment(f"p{n}", submitted_at=samples.at(n)) for n in (2, 1)))
    decided = samples.payment("p3")
    insert(records, decided)
    records.commit(Replace(decided, decided.changed(status=PaymentStatus.CONFIRMED, decided_at=samples.at(5))))
    checking = everything(lambda asked: records.payments_in(PaymentStatus.CHECKING, asked))
    assert [each.id for each in checking] == ["p1", "p2"]


def test_what_finance_decided_on_a_day_is_listed_in_its_order_and_under_no_other_day(records: Records) -> None:
    day = samples.at(0).date()
    for n, minutes in enumerate((3, 1, 24 * 60)):
        insert(records, samples.payment(f"p{n}", status=PaymentStatus.REFUSED, decided_at=samples.at(minutes)))
    decided = everything(lambda asked: records.payments_decided(day, asked), 1)
    assert [each.id for each in decided] == ["p1", "p0"]


def test_an_owners_invoices_come_newest_first_and_nobody_elses(records: Records) -> None:
    insert(records, *(samples.invoice(f"inv{n}", requested_at=samples.at(n)) for n in (2, 1, 3)))
    insert(records, samples.invoice("inv4", owner="enterprise:e2"))
    found = everything(lambda asked: records.invoices_of("enterprise:e1", asked), 2)
    assert [each.id for each in found] == ["inv3", "inv2", "inv1"]
    assert records.opened(found[0]).email.plain == "some@a.example"


def test_invoices_wait_in_the_order_they_were_asked_for_until_they_are_issued_or_cancelled(records: Records) -> None:
    asked_for = [samples.invoice(f"inv{n}", requested_at=samples.at(n)) for n in (4, 2, 1, 3)]
    insert(records, *asked_for)
    issued, _, cancelled, _ = asked_for
    records.commit(
        Replace(issued, issued.changed(status=InvoiceStatus.ISSUED, issued_at=samples.at(9))),
        Replace(cancelled, cancelled.changed(status=InvoiceStatus.CANCELLED)),
    )
    waiting = everything(records.invoices_to_issue)
    assert [each.id for each in waiting] == ["inv2", "inv3"]
    (own, *_) = records.invoices_of("enterprise:e1", Asked()).items
    assert own.status is InvoiceStatus.ISSUED


def test_what_was_issued_on_a_day_is_listed_in_its_order_replaced_since_or_not(records: Records) -> None:
    day = samples.at(0).date()
    for n, (minutes, status) in enumerate(
        ((3, InvoiceStatus.ISSUED), (1, InvoiceStatus.REPLACED), (24 * 60, InvoiceStatus.ISSUED))
    ):
        insert(records, samples.invoice(f"inv{n}", status=status, issued_at=samples.at(minutes)))
    found = everything(lambda asked: records.invoices_issued(day, asked))
    assert [each.id for each in found] == ["inv1", "inv0"]


def test_a_binding_request_is_read_with_its_evidence_in_one_go_and_is_no_application(records: Records) -> None:
    request, file = samples.binding_request(), samples.material("q1.f1")
    insert(records, request, samples.shelf("q1"), file, samples.material("q2.f1"))
    found = records.request_folder("q1")
    assert found is not None
    opened = replace(found, request=records.opened(found.request), files=tuple(map(records.opened, found.files)))
    assert opened == RequestFolder(request, samples.shelf("q1"), (file,))
    assert records.folder("q1") is None
    assert records.request_folder("a1") is None


def test_a_users_binding_requests_come_newest_first_and_nobody_elses(records: Records) -> None:
    insert(records, *(samples.binding_request(f"q{n}", opened_at=samples.at(n)) for n in (2, 1, 3)))
    insert(records, samples.binding_request("q4", user="u2"))
    found = everything(lambda asked: records.binding_requests_of("u1", asked), 2)
    assert [each.id for each in found] == ["q3", "q2", "q1"]


def test_binding_requests_wait_in_the_order_they_were_handed_in_until_they_are_decided(records: Records) -> None:
    handed_in = [
        samples.binding_request(f"q{n}", user=f"u{n}", status=RequestStatus.SUBMITTED, submitted_at=samples.at(n))
        for n in (3, 1, 2)
    ]
    insert(records, *handed_in, samples.binding_request("q4"))
    assert [each.id for each in everything(records.binding_requests_submitted)] == ["q1", "q2", "q3"]
    records.commit(Replace(handed_in[1], handed_in[1].changed(status=RequestStatus.REFUSED)))
    assert [each.id for each in everything(records.binding_requests_submitted)] == ["q2", "q3"]


def test_enterprises_are_found_by_their_name_however_it_is_written_and_by_their_new_one_at_once(
    records: Records,
) -> None:
    named = [replace(samples.enterprise(f"e{n}"), name=name) for n, name in enumerate(("虚构（一）公司", "虚构二公司"))]
    twin = replace(samples.enterprise("e7"), name="虚构（一）公司", credit_code="X7", member_code="7")
    insert(records, *named, twin)
    found = everything(lambda asked: records.enterprises_named(" 虚构(一)公司", asked))
    assert [each.id for each in found] == ["e0", "e7"]
    before = records.opened(named[0])
    records.commit(Replace(before, before.changed(name="虚构三公司")))
    assert [each.id for each in everything(lambda asked: records.enterprises_named("虚构（一）公司", asked))] == ["e7"]
    assert [each.id for each in everything(lambda asked: records.enterprises_named("虚构三公司", asked))] == ["e0"]
    assert records.enterprises_named("\0", Asked()) == Page(())


def test_the_movements_of_a_days_credit_are_listed(records: Records) -> None:
    insert(records, samples.movement("c1"), samples.movement("c2"), samples.movement("c3", date(2026, 3, 3)))
    found = everything(lambda asked: records.movements_on(date(2026, 3, 2), asked), 1)
    assert {each.id for each in found} == {"c1", "c2"}


def test_bank_statements_are_listed_newest_first_as_they_now_are(records: Records) -> None:
    insert(records, *(samples.statement(f"b{n}", asked_at=samples.at(n)) for n in (2, 1, 3)))
    before = records.get(Statement, "b2")
    assert before is not None
    records.commit(Replace(before, before.changed(lines=9)))
    found = everything(records.statements, 2)
    assert [(each.id, each.lines) for each in found] == [("b3", 2), ("b2", 9), ("b1", 2)]
    assert records.opened(found[0]) == samples.statement("b3", asked_at=samples.at(3))


def test_statements_that_are_not_read_to_their_end_wait(records: Records) -> None:
    statuses = (StatementStatus.READING, StatementStatus.WAITING, StatementStatus.READ, StatementStatus.REFUSED)
    there = [samples.statement(f"b{n}", asked_at=samples.at(n), status=status) for n, status in enumerate(statuses)]
    insert(records, *there)
    assert [each.id for each in everything(lambda asked: records.statements_waiting(samples.at(5), asked))] == [
        "b0", "b1",
    ]  # fmt: skip
    assert [each.id for each in everything(lambda asked: records.statements_waiting(samples.at(1), asked))] == ["b0"]
    records.commit(Replace(there[0], there[0].changed(status=StatementStatus.READ)))
    assert [each.id for each in records.statements_waiting(samples.at(5), Asked()).items] == ["b1"]


def test_the_lines_of_a_statement_are_listed_in_the_order_of_its_rows(records: Records) -> None:
    insert(records, samples.statement(), *(samples.bank_line(n) for n in (12, 7, 101)), samples.bank_line(5, "b2"))
    found = everything(lambda asked: records.lines_of("b1", asked), 2)
    assert [each.number for each in found] == [7, 12, 101]
    assert records.opened(found[0]) == samples.bank_line(7)
    assert records.get(BankLine, "b1", "b1.000005") is None
    assert records.lines_of("nothing", Asked()).items == ()


def test_an_enterprises_practitioners_are_listed_longest_valid_first_and_leave_with_their_employer(
    records: Records,
) -> None:
    insert(records, samples.enterprise())
    ends = {"w1": date(2027, 1, 1), "w2": date(2028, 1, 1), "w3": date(2026, 6, 1)}
    insert(records, *(samples.practitioner(each, valid_to=last) for each, last in ends.items()))
    listed = everything(lambda asked: records.practitioners_of("e1", asked), 2)
    assert [each.id for each in listed] == ["w2", "w1", "w3"]
    gone = records.get(Practitioner, "w2")
    assert gone is not None
    renewed = records.get(Practitioner, "w3")
    assert renewed is not None
    records.commit(
        Replace(gone, records.opened(gone).changed(employer="e2")),
        Replace(renewed, renewed.changed(valid_to=date(2029, 6, 1))),
    )
    listed = everything(lambda asked: records.practitioners_of("e1", asked))
    assert [each.id for each in listed] == ["w3", "w1"]
    (elsewhere,) = records.practitioners_of("e2", Asked()).items
    assert records.opened(elsewhere).name.plain == "赵甲一"


def test_certificates_are_listed_by_the_month_of_issue_and_only_once_issued(records: Records) -> None:
    def issued(n: int, **changes: Any) -> Insert:
        return Insert(samples.certificate(str(n) * 26, number=f"DEMO-{n}", **changes))

    records.commit(
        issued(4, issued_on=date(2026, 3, 31)),
        issued(3, issued_on=date(2026, 3, 1)),
        issued(2, issued_on=date(2026, 3, 1)),
        issued(5, issued_on=date(2026, 4, 1)),
        issued(6, issuance=Issuance.RESERVED),
    )
    found = everything(lambda asked: records.certificates_issued(date(2026, 3, 15), asked))
    assert [each.number for each in found] == ["DEMO-2", "DEMO-3", "DEMO-4"]


def test_certificates_are_listed_by_the_last_day_of_their_latest_version(records: Records) -> None:
    day = date(2027, 4, 30)
    held = {
        n: samples.certificate(str(n) * 26, kind=CertificateKind.QUALIFICATION, number=f"ZZ-{n}", valid_to=last)
        for n, last in ((3, day), (2, day), (4, date(2027, 5, 1)))
    }
    insert(
        records, *held.values(), samples.certificate("5" * 26, number="HY-5", issuance=Issuance.ISSUED, valid_to=day)
    )
    found = everything(lambda asked: records.certificates_ending(CertificateKind.QUALIFICATION, day, asked), 1)
    assert [each.number for each in found] == ["ZZ-2", "ZZ-3"]
    records.commit(Replace(held[2], held[2].changed(valid_to=date(2030, 3, 31))))
    found = everything(lambda asked: records.certificates_ending(CertificateKind.QUALIFICATION, day, asked))
    assert [each.number for each in found] == ["ZZ-3"]


def test_practitioners_are_listed_by_the_last_day_of_their_certificate_whoever_employs_them(records: Records) -> None:
    day = date(2027, 4, 30)
    insert(records, samples.enterprise())
    ends = {"w2": day, "w1": day, "w3": date(2027, 5, 1)}
    insert(records, *(samples.practitioner(each, valid_to=last) for each, last in ends.items()))
    insert(records, samples.practitioner("w4", None, valid_to=day))
    found = everything(lambda asked: records.practitioners_ending(day, asked), 2)
    assert [each.certificate_number for each in found] == ["PX-w1", "PX-w2", "PX-w4"]
    renewed = records.get(Practitioner, "w1")
    assert renewed is not None
    records.commit(Replace(renewed, renewed.changed(valid_to=date(2030, 4, 30))))
    found = everything(lambda asked: records.practitioners_ending(day, asked))
    assert [each.id for each in found] == ["w2", "w4"]
    assert records.practitioners_ending(date(2026, 1, 1), Asked()).items == ()


def test_every_enterprise_stands_in_one_part_of_the_list_of_all(records: Records) -> None:
    known = [f"e{n:02}" for n in range(40)]
    for each in known:
        insert(records, samples.enterprise(each))
    changed = records.get(Enterprise, "e07")
    assert changed is not None
    records.commit(Replace(changed, records.opened(changed).changed(name="虚构新名公司")))
    parts = [everything(partial(records.enterprises_in, shard), 3) for shard in range(SHARDS)]
    assert sorted(each.id for part in parts for each in part) == known
    assert all([each.id for each in part] == sorted(each.id for each in part) for part in parts)
    assert all(each.shard == shard for shard, part in enumerate(parts) for each in part)
    assert sum(bool(part) for part in parts) > SHARDS // 2, "spread over the parts"
    assert "虚构新名公司" in {each.name for part in parts for each in part}


def test_what_was_said_to_an_enterprise_is_kept_by_window_and_year(records: Records) -> None:
    first = samples.reminded()
    insert(records, first, samples.enterprise())
    more = first.changed(said=first.said | {"dues-0101-e1-20270331-message_list"})
    records.commit(Replace(first, more))
    with pytest.raises(Conflict):
        records.commit(Replace(first, first.changed(said=frozenset({"another"}))))
    assert records.get(Reminded, *first.key) == more
    dossier = records.dossier("e1")
    assert dossier is not None
    assert dossier.years == ()


def test_files_that_were_asked_for_and_never_came_are_found_oldest_first(records: Records) -> None:
    insert(records, *(samples.material(f"a1.f{n}", requested_at=samples.at(n)) for n in (3, 1, 2)))
    checked = samples.material("a1.f0")
    insert(records, checked)
    records.commit(Replace(checked, checked.changed(status=FileStatus.ACCEPTED)))
    found = everything(lambda asked: records.files_waiting(samples.at(3), asked))
    assert [each.id for each in found] == ["a1.f1", "a1.f2"]


def test_the_outbox_lists_what_is_pending_and_what_is_dead(records: Records) -> None:
    rows = [samples.outbox_row(f"r{n}", at=samples.at(n)) for n in (2, 1, 3, 4)]
    insert(records, *rows)
    records.commit(
        Replace(rows[2], rows[2].changed(status=OutboxStatus.DEAD)),
        Replace(rows[3], rows[3].changed(status=OutboxStatus.DONE)),
    )
    pending = everything(lambda asked: records.outbox(OutboxStatus.PENDING, asked))
    assert [each.id for each in pending] == ["r1", "r2"]
    assert [each.id for each in records.outbox(OutboxStatus.PENDING, Asked(), samples.at(2)).items] == ["r1"]
    assert [each.id for each in records.outbox(OutboxStatus.DEAD, Asked()).items] == ["r3"]
    assert records.get(OutboxRow, "r4") is not None
    with pytest.raises(ValueError, match="done"):
        records.outbox(OutboxStatus.DONE, Asked())


@pytest.mark.parametrize(
    "position", ["", "x", "!!!", "AAAA", "bnVsbA", "W10", "WyJ4Il0", "W1tdLFtdXQ", "é", "W" * 100_000, "e30=", "\ud800"]
)
def test_a_position_that_nobody_gave_out_is_refused(records: Records, position: str) -> None:
    insert(records, samples.application("a1"), samples.application("a2"))
    for listed in (
        lambda asked: records.applications_of("user:u1", asked),
        lambda asked: records.applications_in(State.DRAFT, asked),
        lambda asked: records.messages_of("u1", asked),
        lambda asked: records.outbox(OutboxStatus.PENDING, asked),
    ):
        with pytest.raises(BadPosition):
            listed(Asked(1, position))


def test_a_position_is_good_for_its_own_list_only(records: Records) -> None:
    insert(records, *(samples.application(f"a{n}") for n in (1, 2)))
    insert(records, *(samples.application(f"a{n}", owner="user:u2") for n in (3, 4)))
    mine = records.applications_of("user:u1", Asked(1)).next
    queued = records.applications_in(State.DRAFT, Asked(1)).next
    assert mine is not None
    assert queued is not None
    with pytest.raises(BadPosition):
        records.applications_of("user:u2", Asked(1, mine))
    with pytest.raises(BadPosition):
        records.applications_in(State.DRAFT, Asked(1, mine))
    with pytest.raises(BadPosition):
        records.applications_in(State.IN_REVIEW, Asked(1, queued))
    with pytest.raises(BadPosition):
        records.applications_of("user:u1", Asked(1, queued))


@pytest.mark.parametrize("limit", [0, -1, 101, 10**9])
def test_a_page_has_its_bounds(records: Records, limit: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        records.applications_of("user:u1", Asked(limit))


# --- tallies ----------------------------------------------------------------------------------------------------------


def test_a_tally_counts_until_its_latest_end_and_then_starts_anew(records: Records, moving_clock: FixedClock) -> None:
    until = A_MORNING + timedelta(hours=1)
    assert records.tallied("binding:u1") == 0
    assert [records.tally("binding:u1", until) for _ in range(3)] == [1, 2, 3]
    assert records.tally("binding:u2", until) == 1
    moving_clock.set(until - timedelta(seconds=1))
    assert records.tally("binding:u1", until + timedelta(hours=1)) == 4
    moving_clock.set(until)
    assert records.tallied("binding:u1") == 4
    moving_clock.set(until + timedelta(hours=1))
    assert records.tallied("binding:u1") == 0
    assert records.tally("binding:u1", until + timedelta(hours=2)) == 1
    assert records.tallied("binding:u1") == 1


# --- claims of every kind ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ClaimKind)
def test_a_claim_of_any_kind_is_held_once(records: Records, kind: ClaimKind) -> None:
    insert(records, samples.claim(kind))
    with pytest.raises(Conflict):
        insert(records, samples.claim(kind, holder="application:a2"))


def test_an_acknowledgement_belongs_to_its_actor_operation_and_key(records: Records) -> None:
    insert(records, samples.acknowledgement("k1"), samples.acknowledgement("k2"))
    assert records.get(Acknowledgement, "u1", "open_draft", "k1") == samples.acknowledgement("k1")
    assert records.get(Acknowledgement, "u2", "open_draft", "k1") is None
