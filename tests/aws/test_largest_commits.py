"""The largest commit of every command that touches several applications, really composed: within DynamoDB's bounds.

Twelve applications of one enterprise, whose applicant has been unbound: thirty other representatives hear of each.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from typing import Any, TypeVar

import pytest

from chalicelib.aws.codec import encoded
from chalicelib.aws.planning import MOST_ITEMS, planned
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.sample import SAMPLE
from chalicelib.operations import (
    applications,
    binding_requests,
    enterprises,
    granting,
    invoices,
    issuing_invoices,
    membership,
    payments,
    reconciling,
)
from chalicelib.operations.enterprises import MOST_REPRESENTATIVES
from chalicelib.operations.facts import claim_value
from chalicelib.operations.payments import MOST_APPLICATIONS, Transfer
from chalicelib.operations.ports import Asked, Change, Insert, Ports, Remove, Replace
from chalicelib.operations.reconciling import Found
from chalicelib.rules.binding_requests import EVIDENCE, MOST_FILES, MOST_TRIES
from chalicelib.rules.binding_requests import Asked as Claimed
from chalicelib.rules.invoices import Buyer
from chalicelib.rules.records import (
    Allotment,
    Application,
    Binding,
    Claim,
    ClaimKind,
    Credit,
    Ended,
    Enterprise,
    Message,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Record,
    Shelf,
    User,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, FileStatus, Role, Service, State
from chalicelib.rules.workflow import LONGEST_REASON
from tests import made_up
from tests.aws import samples
from tests.operations import acting

T = TypeVar("T")

LARGEST_COMMIT = 4 * 1024 * 1024  # bytes, DynamoDB's bound
LARGEST_ITEM = 400 * 1024
DUE = 30_000
OWNER = "enterprise:e1"
GONE = Actor("u0", frozenset({Role.APPLICANT}))
ANOTHER = Actor("u1", frozenset({Role.APPLICANT}), enterprise="e1")
BECAUSE = "字" * LONGEST_REASON
PAID_FOR = [
    row.service for row in TABLE.values()
    if row.offered and row.for_members and any(step.action is Action.CONFIRM_PAYMENT for step in row.steps)
]  # fmt: skip


def in_portions(some: Sequence[T], size: int) -> list[Sequence[T]]:
    return [some[n : n + size] for n in range(0, len(some), size)]


@dataclass
class Weighed:
    """The records, and of every commit how many items it takes, how many bytes, and the largest item of it."""

    records: Any
    commits: list[tuple[int, int, int]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.records, name)

    def commit(self, *changes: Change) -> None:
        writes = [
            len(json.dumps(encoded(each.record), ensure_ascii=False, default=repr).encode())
            for each in planned(changes)
        ]
        self.commits.append((len(writes), sum(writes), max(writes)))
        self.records.commit(*changes)


@dataclass
class House:
    ports: Ports
    weighed: Weighed

    def keep(self, *new: Record) -> None:
        for some in in_portions(new, 50):
            self.weighed.records.commit(*map(Insert, some))

    def messages(self) -> list[Message]:
        users = [f"u{n}" for n in range(MOST_REPRESENTATIVES + 1)]
        return [each for user in users for each in self.ports.records.messages_of(user, Asked(50)).items]


@pytest.fixture
def house() -> House:
    """A qualification costs something here, so that confirming it tells what to bring."""
    ports = ports_in_memory()
    fees = (*SAMPLE.fees, *(replace(SAMPLE.fees[1], code=code) for code in ("qualification", "annual_review")))
    ports.records.commit(Replace(SAMPLE, SAMPLE.changed(fees=fees)))
    weighed = Weighed(ports.records)
    found = House(replace(ports, records=weighed), weighed)
    found.keep(samples.enterprise(), replace(samples.user("u0"), enterprise=None), Credit(owner=OWNER, balance=10_000))
    for n in range(1, MOST_REPRESENTATIVES + 1):
        found.keep(
            replace(samples.user(f"u{n}"), enterprise="e1"), Binding(enterprise="e1", user=f"u{n}", at=samples.at(0))
        )
    return found


def of_services(house: House, services: Iterable[Service], state: State, **changes: Any) -> list[Application]:
    """Twelve of these by turns, each with its shelf, and every guard row that one of them may hold."""
    made = [
        replace(
            samples.application(f"a{n}", owner=OWNER, applicant="u0", state=state, persons=(), form={}),
            service=service, unit="字" * 60, submitted_at=samples.at(0), amount_due=DUE, payment="p1", **changes,
        )
        for n, service in enumerate(islice(cycle(services), MOST_APPLICATIONS))
    ]  # fmt: skip
    held = {
        (kind, claim_value(each, kind)): Claim(
            kind=kind, value=claim_value(each, kind), holder=f"application:{each.id}", service=each.service
        )
        for each in made
        for kind in TABLE[each.service].holds_for(each.owner)
    }
    house.keep(*made, *(Shelf(application=each.id) for each in made), *held.values())
    return made


def waiting(house: House, services: Iterable[Service], *, payments_of_them: int = 1) -> list[Payment]:
    made = of_services(house, services, State.PAYMENT_CHECKED)
    parts = in_portions(made, MOST_APPLICATIONS // payments_of_them)
    found = [
        replace(
            samples.payment(f"p{n}"),
            owner=OWNER,
            amount=DUE * len(part),
            allotments=tuple(Allotment(each.id, DUE) for each in part),
        )
        for n, part in enumerate(parts, 1)
    ]
    for payment, part in zip(found, parts, strict=True):
        changed = (Replace(each, each.changed(payment=payment.id)) for each in part)
        house.weighed.records.commit(Insert(payment), *changed)
    return found


def fits(house: House) -> int:
    """How many items the largest commit took."""
    items, size, largest = map(max, zip(*house.weighed.commits, strict=True))
    assert items <= MOST_ITEMS
    assert size <= LARGEST_COMMIT
    assert largest <= LARGEST_ITEM
    return int(items)


MIXES = [*([each] for each in PAID_FOR), PAID_FOR]


@pytest.mark.parametrize("services", MIXES, ids="+".join)
def test_the_refusal_of_a_payment_for_twelve_is_told_to_thirty_in_one_commit(
    house: House, services: list[Service]
) -> None:
    (payment,) = waiting(house, services)
    reconciling.refuse(house.ports, acting.order(acting.FINANCE), payment.id, 0, BECAUSE)
    assert fits(house) <= 80
    messages = house.messages()
    assert len(messages) == MOST_REPRESENTATIVES
    assert {len(each.told) for each in messages} == {MOST_APPLICATIONS}


@pytest.mark.parametrize("services", MIXES, ids="+".join)
@pytest.mark.parametrize("covered", [0, 1, 6, 11, 12])
def test_whatever_part_of_twelve_is_confirmed_the_rest_is_told_to_thirty_in_one_commit(
    house: House, services: list[Service], covered: int
) -> None:
    (payment,) = waiting(house, services)
    line = replace(samples.bank_line(), amount=DUE * covered)
    house.keep(line)
    reconciling.confirm(
        house.ports, acting.order(acting.FINANCE), payment.id, 0, DUE * covered, partly=True,
        line=line.id if covered else None,
    )  # fmt: skip
    assert fits(house) <= 90


@pytest.mark.parametrize("together", [2, 3, 12])
def test_several_payments_in_one_transfer_fit_or_are_refused_before_the_store_is_asked(
    house: House, together: int
) -> None:
    found = tuple(Found(each.id, 0, 0) for each in waiting(house, PAID_FOR, payments_of_them=together))
    reconciling.confirm_together(house.ports, acting.order(acting.FINANCE), found, partly=True)
    assert fits(house) <= MOST_ITEMS
    assert len(house.messages()) == MOST_REPRESENTATIVES


def test_undoing_one_of_twelve_is_told_to_thirty_in_one_commit(house: House) -> None:
    made = of_services(house, [Service.QUALIFICATION_CHANGE], State.BEING_MADE, paid=DUE)
    confirmed = tuple(Allotment(each.id, DUE, PaymentStatus.CONFIRMED) for each in made)
    house.keep(replace(samples.payment(), owner=OWNER, allotments=confirmed, status=PaymentStatus.CONFIRMED))
    reconciling.undo(house.ports, acting.order(acting.FINANCE), "p1", "a0", BECAUSE, arrived=True)
    assert fits(house) <= 60
    assert len(house.messages()) == MOST_REPRESENTATIVES


def test_a_return_is_told_to_thirty_in_one_commit(house: House) -> None:
    made = of_services(house, [Service.DUES_WITH_CHANGES], State.IN_REVIEW)
    applications.act(house.ports, acting.order(acting.REVIEWER), made[0].id, Action.RETURN, 0, BECAUSE)
    assert fits(house) <= 45
    assert len(house.messages()) == MOST_REPRESENTATIVES


def test_paying_for_twelve_is_one_commit(house: House) -> None:
    made = of_services(house, [Service.QUALIFICATION_CHANGE], State.TO_BE_PAID)
    given = Transfer(PaymentMethod.CASH, 12 * DUE, "虚构一号公司", house.ports.clock.today(), bank_serial="S1")
    payments.pay(house.ports, acting.order(ANOTHER), tuple(each.id for each in made), given)
    assert fits(house) <= 65


COMMANDS: dict[str, Callable[[Ports, str], object]] = {
    "cancelled by finance": lambda ports, each: issuing_invoices.cancel_with_reason(
        ports, acting.order(acting.FINANCE), each, BECAUSE
    ),
    "cancelled": lambda ports, each: invoices.cancel(ports, acting.order(ANOTHER), each),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_an_invoice_for_twelve_is_asked_for_and_cancelled_in_one_commit_each(house: House, command: str) -> None:
    made = of_services(house, [Service.QUALIFICATION_CHANGE], State.COMPLETED, paid=DUE)
    buyer = Buyer("虚构一号公司", "91449999000000001D", "some@a.example", "")
    asked = invoices.request(house.ports, acting.order(ANOTHER), tuple(each.id for each in made), buyer)
    COMMANDS[command](house.ports, asked)
    assert fits(house) <= 60


def a_member_of_thirty(house: House, **changes: Any) -> Enterprise:
    """Its code is one that a join can name."""
    before = house.ports.records.get(Enterprise, "e1")
    assert before is not None
    code = made_up.credit_code(1)
    opened = house.ports.records.opened(before)
    house.weighed.records.commit(Replace(before, opened.changed(credit_code=code, **changes)))
    ended = changes.get("ended")
    house.keep(
        Claim(kind=ClaimKind.MEMBER_CODE, value=before.member_code, holder=OWNER),
        Claim(kind=ClaimKind.CREDIT_CODE, value=code, holder="former:e1" if ended else OWNER,
              former="e1" if ended else None),
    )  # fmt: skip
    house.weighed.commits.clear()
    return opened.changed(credit_code=code)


def test_ending_a_membership_is_told_to_thirty_in_one_commit_and_so_is_undoing_it(house: House) -> None:
    enterprise = a_member_of_thirty(house)
    house.keep(samples.certificate(), samples.certificate("Q" * 26, kind=CertificateKind.QUALIFICATION))
    admin = acting.ADMIN
    membership.end(house.ports, acting.order(admin), enterprise.member_code, enterprise.version, BECAUSE)
    membership.restore(house.ports, acting.order(admin), enterprise.member_code, enterprise.version + 1, BECAUSE)
    assert fits(house) <= 80


def test_who_joins_again_for_a_unit_of_thirty_is_told_to_all_of_them_in_the_commit_that_completes_it(
    house: House,
) -> None:
    a_member_of_thirty(house, ended=Ended(samples.at(0).date(), samples.at(0).date(), "x"))
    acting.being_made(house.ports, acting.user(house.ports, "li"))
    acting.work_off(house.ports)
    assert len(house.messages()) == MOST_REPRESENTATIVES
    assert fits(house) <= 90


def claiming(house: House) -> str:
    """u0, unbound, has asked for the unit of thirty with as much evidence as there may be; one of thirty has left."""
    gone = house.ports.records.get(Binding, "e1", f"u{MOST_REPRESENTATIVES}")
    assert gone is not None
    house.weighed.records.commit(Remove(gone))
    asked = Claimed("字" * 60, made_up.credit_code(1), "字" * 30, "字" * 300)
    found = house.ports.records.get(User, "u0")
    assert found is not None
    known = house.ports.records.opened(found)
    house.weighed.records.commit(Replace(found, known.changed(mobile=samples.binding_request().mobile)))
    request = binding_requests.ask(house.ports, acting.order(GONE), asked)
    house.keep(*(
        replace(
            samples.material(f"{request}.f{slot.slot}{n}"), slot=slot.slot,
            **({"status": FileStatus.ACCEPTED, "kept": f"k-{n}"} if n < MOST_FILES else {"status": FileStatus.REFUSED}),
        )
        for slot in EVIDENCE
        for n in range(MOST_TRIES)
    ))  # fmt: skip
    binding_requests.submit(house.ports, acting.order(GONE), request)
    house.weighed.commits.clear()
    return request


def test_who_binds_himself_takes_back_all_his_evidence_and_is_told_to_all_others_in_one_commit(house: House) -> None:
    enterprise = a_member_of_thirty(house)
    request = claiming(house)
    enterprises.bind(house.ports, acting.order(GONE), enterprise.name, enterprise.member_code)
    assert fits(house) <= MOST_ITEMS
    folder = house.ports.records.request_folder(request)
    assert folder is not None
    assert folder.files == ()


def test_a_claim_is_granted_and_told_to_everybody_it_concerns_in_one_commit(house: House) -> None:
    enterprise = a_member_of_thirty(house)
    request = claiming(house)
    granting.grant(house.ports, acting.order(acting.ADMIN), request, 1, enterprise.member_code, BECAUSE)
    assert fits(house) <= 75
    assert len(house.messages()) == MOST_REPRESENTATIVES
