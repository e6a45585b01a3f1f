"""What `Records` promises, held against both stores: the one in memory is worth as much as it is like the real one."""

from collections.abc import Callable
from datetime import date, timedelta
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
    Acknowledgement,
    Application,
    Claim,
    ClaimKind,
    Entry,
    Issuance,
    OutboxRow,
    OutboxStatus,
    PaymentStatus,
    Record,
    User,
)
from chalicelib.rules.vocabulary import FileStatus, Personal, State
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
    records.commit(Replace(decided, decided.changed(status=PaymentStatus.CONFIRMED)))
    checking = everything(lambda asked: records.payments_in(PaymentStatus.CHECKING, asked))
    assert [each.id for each in checking] == ["p1", "p2"]
    assert [each.id for each in records.payments_in(PaymentStatus.CONFIRMED, Asked()).items] == ["p3"]


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
