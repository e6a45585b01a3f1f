"""How tests act: people with their roles, orders under a key of their own, and the way of a join up to a point."""

from itertools import count

from chalicelib.operations import accounts, applications, materials, outbox, payments, reconciling
from chalicelib.operations.commands import Order
from chalicelib.operations.payments import Transfer
from chalicelib.operations.ports import Asked, Ports, Replace
from chalicelib.rules.association import Association
from chalicelib.rules.records import OutboxRow, OutboxStatus, PaymentMethod, User
from chalicelib.rules.vocabulary import Action, Actor, Role, Service
from tests import made_up

PDF = b"%PDF-1.7 made up"
KEYS = count(1)

REVIEWER = Actor("reviewer", frozenset({Role.REVIEWER}))
FINANCE = Actor("finance", frozenset({Role.FINANCE}))
CERTIFIER = Actor("certifier", frozenset({Role.CERTIFIER}))
ADMIN = Actor("admin", frozenset({Role.ADMIN}))


def order(actor: Actor, operation: str = "test", key: str | None = None, body: str = "") -> Order:
    return Order(actor, operation, key or f"key-{next(KEYS)}", body)


def join_form(n: int = 1) -> dict[str, str | None]:
    return {
        "name": made_up.enterprise(n),
        "credit_code": made_up.credit_code(n),
        "kind": "企业",
        "legal_representative": made_up.person(n),
        "capital": "500万元人民币",
        "registered_address": "虚构市虚构路 1 号",
        "office_address": "虚构市虚构路 2 号",
        "founded_on": "2015-06-01",
        "business_scope": "有害生物防制服务",
        "contact_name": made_up.person(n),
        "contact_mobile": made_up.mobile(n),
        "contact_email": f"contact{n}@example.invalid",
        "contact_post": "总经理",
    }


def user(ports: Ports, name: str = "chen") -> Actor:
    """Logs a user in for the first time."""
    return as_of_now(ports, accounts.log_in(ports, f"code-for-{name}").id)


def as_of_now(ports: Ports, user_id: str) -> Actor:
    """The user as his next request would find him: bound or not."""
    found = ports.records.get(User, user_id)
    assert found is not None
    return accounts.member_of(ports, user_id, found.epoch)[1]


def draft(ports: Ports, actor: Actor, form: dict[str, str | None] | None = None) -> str:
    application = applications.open_draft(ports, order(actor), Service.JOIN)
    applications.save_draft(ports, order(actor), application, 0, join_form() if form is None else form)
    return application


def settings_with(settings: Association, **changes: object) -> Replace:
    return Replace(settings, settings.changed(**changes))


def upload(
    ports: Ports, actor: Actor, application: str, slot: str, data: bytes = PDF, person: str | None = None
) -> str:
    file = materials.request_upload(ports, order(actor), application, slot, f"{slot}.pdf", person)
    ports.files.arrives(file, data)  # type: ignore[attr-defined]  # what the phone does
    materials.receive(ports, file)
    return file


def version(ports: Ports, application: str) -> int:
    folder = ports.records.folder(application)
    assert folder is not None
    return folder.application.version


def submitted(ports: Ports, actor: Actor, form: dict[str, str | None] | None = None) -> str:
    application = draft(ports, actor, form)
    upload(ports, actor, application, "application_form")
    upload(ports, actor, application, "licence")
    applications.act(ports, order(actor), application, Action.SUBMIT, None)
    return application


def to_be_paid(ports: Ports, actor: Actor, form: dict[str, str | None] | None = None) -> str:
    application = submitted(ports, actor, form)
    applications.act(ports, order(REVIEWER), application, Action.APPROVE, version(ports, application))
    return application


def transfer(ports: Ports, amount: int = 120_000, method: PaymentMethod = PaymentMethod.TRANSFER) -> Transfer:
    return Transfer(method, amount, made_up.enterprise(1), ports.clock.today(), bank_serial="S1")


def paid(ports: Ports, actor: Actor, form: dict[str, str | None] | None = None) -> tuple[str, str]:
    application = to_be_paid(ports, actor, form)
    upload(ports, actor, application, "bank_receipt")
    return application, payments.pay(ports, order(actor), (application,), transfer(ports))


def being_made(ports: Ports, actor: Actor, form: dict[str, str | None] | None = None) -> str:
    application, payment = paid(ports, actor, form)
    reconciling.confirm(ports, order(FINANCE), payment, 0, 120_000)
    return application


def member(ports: Ports, name: str = "chen", form: dict[str, str | None] | None = None) -> tuple[Actor, str]:
    """A user whose join is completed, as his next request finds him, and the application."""
    actor = user(ports, name)
    application = being_made(ports, actor, form)
    work_off(ports)
    return as_of_now(ports, actor.id), application


def pending(ports: Ports) -> tuple[OutboxRow, ...]:
    return ports.records.outbox(OutboxStatus.PENDING, Asked(100)).items


def work_off(ports: Ports) -> None:
    """Everything the outbox has promised, and what came of it, until it is quiet or waits for something else."""
    done: set[str] = set()
    while fresh := [row for row in pending(ports) if row.id not in done]:
        for row in fresh:
            outbox.work(ports, row.id)
            done.add(row.id)
