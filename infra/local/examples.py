"""What `make run` shows from the start: a member with his qualification, a revoked one, one who waits for his review.

They come about as they would in earnest, by the operations on the real ports; only nobody has to type or to wait.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

import requests

from chalicelib.operations import (
    accounts,
    applications,
    certificates,
    materials,
    outbox,
    payments,
    practitioners,
    reconciling,
)
from chalicelib.operations.commands import Order
from chalicelib.operations.payments import Transfer
from chalicelib.operations.ports import Asked, Ports
from chalicelib.operations.practitioners import Entered
from chalicelib.rules.certificates import token
from chalicelib.rules.records import Application, Certificate, OutboxRow, OutboxStatus, PaymentMethod, User
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, Role, Service
from infra.local import demo_files
from infra.local.units import Unit, made_up_practitioner, made_up_resident_id
from infra.local.wechat_rules import World

VALID = Unit(3, "虚构市安心有害生物防制有限公司", "王丙三")
REVOKED = Unit(4, "虚构市旧章消毒服务有限公司", "赵丁四")
WAITING = Unit(5, "虚构市新来环境服务有限公司", "周戊五")
WHY_REVOKED = "演示注销：单位书面申请退会。"
REVIEWER, FINANCE, CERTIFIER, ADMIN = (
    Actor(role.value, frozenset({role})) for role in (Role.REVIEWER, Role.FINANCE, Role.CERTIFIER, Role.ADMIN)
)
QUALIFICATION = {
    "services": "灭鼠、灭蟑、消毒", "premises_area": "200", "staff_count": "20", "technician_count": "8",
    "managers": "王丙三 总经理 本科", "equipment": "超低容量喷雾器 3 台", "chemicals": "虚构药剂 5 公斤",
}  # fmt: skip
SIX = range(1, 7)
SECONDS = 10
UPLOADED = 201


@dataclass(frozen=True)
class Example:
    """``login`` is the member's name at the stand-in for WeChat; ``verify_url`` is empty before the certificate.

    ``application``: the one that made him a member.
    """

    unit: Unit
    login: str
    number: str = ""
    verify_url: str = ""
    application: str = ""


@dataclass(frozen=True)
class Held:
    number: str
    verify_url: str


@dataclass(frozen=True)
class Examples:
    """``qualification`` is held by the valid member."""

    valid: Example
    qualification: Held
    revoked: Example
    waiting: Example


class Seeding:
    """Everybody's hands at once: each order has a key of its own."""

    def __init__(self, ports: Ports, wechat: World) -> None:
        self._ports = ports
        self._wechat = wechat
        self._keys = count(1)
        # one paper for every slot: drawing and checking it is what takes the time
        self._paper = demo_files.paper("演示资料", {"说明": "本机示例数据"}, chop="虚构单位")

    def put_in(self) -> Examples:
        valid, revoked = self._member(VALID, "wang"), self._member(REVOKED, "zhao")
        certificates.revoke(self._ports, self._order(ADMIN), revoked.number, WHY_REVOKED)
        qualification = self._qualified("wang")
        self._submitted(self._user(WAITING, "zhou"), WAITING)
        return Examples(valid, qualification, revoked, Example(WAITING, "zhou"))

    def _order(self, actor: Actor) -> Order:
        return Order(actor, "example", f"example-{next(self._keys):04}", "")

    def _logged_in(self, login: str) -> Actor:
        user = accounts.log_in(self._ports, self._wechat.issue_code({"name": login})["code"]).id
        found = self._ports.records.get(User, user)
        return Actor(user, frozenset({Role.APPLICANT}), found.enterprise if found else None)

    def _user(self, unit: Unit, login: str) -> Actor:
        actor = self._logged_in(login)
        accounts.save_profile(self._ports, self._order(actor), unit.person, unit.mobile)
        return actor

    def _submitted(self, actor: Actor, unit: Unit) -> str:
        application = applications.open_draft(self._ports, self._order(actor), Service.JOIN)
        applications.save_draft(self._ports, self._order(actor), application, 0, unit.form)
        for slot in ("application_form", "licence"):
            self._hand_in(actor, application, slot)
        return applications.act(self._ports, self._order(actor), application, Action.SUBMIT, None)

    def _member(self, unit: Unit, login: str) -> Example:
        actor = self._user(unit, login)
        application = self._submitted(actor, unit)
        applications.act(self._ports, self._order(REVIEWER), application, Action.APPROVE, None)
        self._pay(actor, application, unit)
        work_off(self._ports)
        (held,) = certificates.mine(self._ports, self._logged_in(login))
        return Example(unit, login, held.number, self._address(held), application)

    def _qualified(self, login: str) -> Held:
        """六名从业人员 entered by the admin, and the qualification that rests on them; its fee is nothing."""
        actor = self._logged_in(login)
        people = self._six(actor)
        application = applications.open_draft(self._ports, self._order(actor), Service.QUALIFICATION)
        applications.save_draft(self._ports, self._order(actor), application, 0, QUALIFICATION)
        applications.choose_persons(self._ports, self._order(actor), application, 1, people)
        for slot, person in _asked_for(people):
            self._hand_in(actor, application, slot, person)
        steps = ((actor, Action.SUBMIT), (REVIEWER, Action.APPROVE), (CERTIFIER, Action.NOTE_PAPER))
        for who, action in steps:
            applications.act(self._ports, self._order(who), application, action, None)
        work_off(self._ports)
        mine = certificates.mine(self._ports, actor)
        held = next(each for each in mine if each.kind is CertificateKind.QUALIFICATION)
        return Held(held.number, self._address(held))

    def _six(self, actor: Actor) -> tuple[str, ...]:
        dossier = self._ports.records.dossier(actor.enterprise or "")
        code = dossier.enterprise.member_code if dossier else ""
        entered = tuple(_practitioner(n, self._ports.clock.today()) for n in SIX)
        practitioners.enter(self._ports, self._order(ADMIN), code, entered)
        return tuple(each.id for each in practitioners.roll(self._ports, actor, Asked(len(SIX))).items)

    def _pay(self, actor: Actor, application: str, unit: Unit) -> None:
        self._hand_in(actor, application, "bank_receipt")
        found = self._ports.records.get(Application, application)
        due = (found.amount_due if found else None) or 0
        said = Transfer(PaymentMethod.TRANSFER, due, unit.name, self._ports.clock.today(), f"EXAMPLE-{unit.n}")
        payment = payments.pay(self._ports, self._order(actor), (application,), said)
        reconciling.confirm(self._ports, self._order(FINANCE), payment, 0, due)

    def _hand_in(self, actor: Actor, application: str, slot: str, person: str | None = None) -> None:
        """What the phone does, and then the bucket."""
        file = materials.request_upload(self._ports, self._order(actor), application, slot, f"{slot}.pdf", person)
        form = materials.upload_form(self._ports, file)
        sent = requests.post(form.url, data=dict(form.fields), files={"file": self._paper}, timeout=SECONDS)
        if sent.status_code != UPLOADED:
            raise RuntimeError(f"the bucket answered {sent.status_code} to an example")
        materials.receive(self._ports, file)

    def _address(self, held: Certificate) -> str:
        return f"{self._ports.public_url}/V/{token(held.root, held.latest)}"


def _asked_for(people: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """The slots of a qualification, one for each person where everybody brings his own."""
    for material in TABLE[Service.QUALIFICATION].materials:
        if not material.optional and material.issued is None:
            yield from ((material.slot, person) for person in (people if material.per_person else (None,)))


def _practitioner(n: int, today: date) -> Entered:
    first, last = date(today.year - 1, 1, 1), date(today.year + 2, 12, 31)
    return Entered(made_up_practitioner(n), made_up_resident_id(n), f"DEMO-PX-{first.year}-{n:05}", first, last)


def put_in(ports: Ports, wechat: World) -> Examples:
    """The system has to be empty, so that the numbers are the first two. A few seconds."""
    return Seeding(ports, wechat).put_in()


def work_off(ports: Ports) -> None:
    """Everything the outbox has promised, and what comes of it: as the queues would, which find it done later."""
    while rows := tuple(pending(ports)):
        for row in rows:
            outbox.work(ports, row.id)


def pending(ports: Ports) -> Iterator[OutboxRow]:
    yield from ports.records.outbox(OutboxStatus.PENDING, Asked(100)).items
