"""How tests go through an enterprise's year: each service from its draft to a point, on the real operations."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.operations import applications, certificates, payments, practitioners, reconciling
from chalicelib.operations.ports import Asked, Ports
from chalicelib.operations.practitioners import Entered
from chalicelib.rules.records import Certificate, Dossier
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, Refused, Service, State
from tests import made_up
from tests.operations import acting

FEE = 120_000


def clock(ports: Ports) -> Any:
    return ports.clock


def to_day(ports: Ports, day: date) -> None:
    clock(ports).advance(timedelta(days=(day - ports.clock.today()).days))


def dossier(ports: Ports, actor: Actor) -> Dossier:
    found = ports.records.dossier(actor.enterprise or "-")
    assert found is not None
    return found


def held(ports: Ports, actor: Actor, kind: CertificateKind) -> Certificate:
    return next(each for each in certificates.mine(ports, actor) if each.kind is kind)


def state(ports: Ports, application: str) -> State:
    folder = ports.records.folder(application)
    assert folder is not None
    return folder.application.state


def approve(ports: Ports, application: str) -> None:
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, version)


def filled_in(ports: Ports, actor: Actor, service: Service, form: dict[str, str | None], *slots: str) -> str:
    application = applications.open_draft(ports, acting.order(actor), service)
    if form:
        applications.save_draft(ports, acting.order(actor), application, 0, form)
    for slot in slots:
        acting.upload(ports, actor, application, slot)
    return application


def dues_put_in(ports: Ports, actor: Actor, amount: int = FEE) -> tuple[str, str]:
    application = filled_in(ports, actor, Service.DUES, {}, "bank_receipt")
    return application, payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports, amount))


def dues_paid(ports: Ports, actor: Actor) -> str:
    application, payment = dues_put_in(ports, actor)
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE)
    acting.work_off(ports)
    return application


CHANGES: dict[str, str | None] = {
    "changes": "单位名称、法定代表人", "new_name": made_up.enterprise(9), "new_legal_representative": made_up.person(9),
}  # fmt: skip


QUALIFICATION: dict[str, str | None] = {
    "services": "灭鼠、消毒", "premises_area": "200", "staff_count": "20", "technician_count": "8",
    "managers": f"{made_up.person(1)} 经理 本科", "equipment": "喷雾器 3 台", "chemicals": "虚构药剂 5 公斤",
}  # fmt: skip
PAPERS = (
    "written_application", "managers_documents", "premises", "licence", "equipment_list", "internal_rules",
    "registration_form",
)  # fmt: skip


def entered(n: int, until: date = date(2028, 12, 31)) -> Entered:
    return Entered(made_up.person(n), made_up.resident_id(n), f"PX-{n:04}", date(2025, 1, 1), until)


def six(ports: Ports, actor: Actor, first: int = 101) -> tuple[str, ...]:
    code = dossier(ports, actor).enterprise.member_code
    practitioners.enter(ports, acting.order(acting.ADMIN), code, tuple(entered(n) for n in range(first, first + 6)))
    return tuple(each.id for each in practitioners.roll(ports, actor, Asked(30)).items)


def qualifying(ports: Ports, actor: Actor) -> str:
    people = six(ports, actor)
    application = filled_in(ports, actor, Service.QUALIFICATION, QUALIFICATION, *PAPERS)
    version = acting.version(ports, application)
    applications.choose_persons(ports, acting.order(actor), application, version, people)
    for person in people:
        for slot in ("practitioner_id", "training_certificate"):
            acting.upload(ports, actor, application, slot, person=person)
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    return application


def qualified(ports: Ports, actor: Actor) -> str:
    application = qualifying(ports, actor)
    approve(ports, application)
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.CERTIFIER), application, Action.NOTE_PAPER, version)
    acting.work_off(ports)
    return application


REVIEW: dict[str, str | None] = {
    "confirmed": "是", "contracts": "30", "staff_count": "20", "accidents": "0", "penalties": "0",
}  # fmt: skip


def reviewed(ports: Ports, actor: Actor) -> str:
    people = tuple(each.id for each in practitioners.roll(ports, actor, Asked(30)).items)
    application = filled_in(ports, actor, Service.ANNUAL_REVIEW, REVIEW, "review_form", "licence")
    version = acting.version(ports, application)
    applications.choose_persons(ports, acting.order(actor), application, version, people)
    for person in people:
        acting.upload(ports, actor, application, "training_certificate", person=person)
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    approve(ports, application)
    acting.work_off(ports)
    return application


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.code for each in refusal.value.reasons]
