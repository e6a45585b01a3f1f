"""How often each operation asks AWS, and whether that grows with the association: `make calls` prints the table.

Real operations on the real stores over in-process moto; only drawing, mail and WeChat are stand-ins. A Scan is an
error. The table is kept as docs/aws-calls.md, and a test holds it there.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import boto3
import botocore.client
from moto import mock_aws

from chalicelib.aws.files import S3Files
from chalicelib.aws.planning import planned
from chalicelib.aws.queues import SqsQueues
from chalicelib.aws.records import DynamoRecords
from chalicelib.aws.resources import Resources
from chalicelib.aws.wrapping import KmsWrapping
from chalicelib.memory import ports as in_memory
from chalicelib.memory.sample import SAMPLE
from chalicelib.memory.time_and_ids import CountingIds, FixedClock
from chalicelib.operations import (
    accounts,
    applications,
    binding_requests,
    catalogue,
    certificates,
    enterprises,
    granting,
    materials,
    notices,
    outbox,
    payments,
    reconciling,
    reminding,
    renewing,
    sweeping,
)
from chalicelib.operations.commands import Order
from chalicelib.operations.ports import Asked, Insert, Ports
from chalicelib.rules.binding_requests import EVIDENCE
from chalicelib.rules.binding_requests import Asked as Claimed
from chalicelib.rules.records import (
    Application,
    Claim,
    ClaimKind,
    Enterprise,
    OutboxStatus,
    PaymentMethod,
    Shelf,
    Work,
)
from chalicelib.rules.vocabulary import Action, Actor, Personal, Role, Service, State
from infra.local import resources as declared

REGION = "us-east-1"
SMALL, LARGE = 10, 1000
PDF = b"%PDF-1.7 made up"
KEYS = count(1)
REVIEWER = Actor("reviewer", frozenset({Role.REVIEWER}))
FINANCE = Actor("finance", frozenset({Role.FINANCE}))
CERTIFIER = Actor("certifier", frozenset({Role.CERTIFIER}))
ADMIN = Actor("admin", frozenset({Role.ADMIN}))
NAMES = {
    "Query": "query", "GetItem": "get", "BatchGetItem": "batch", "TransactWriteItems": "transaction",
    "PutItem": "put", "UpdateItem": "put", "DeleteItem": "put",
}  # fmt: skip


class ScannedError(RuntimeError):
    """An operation read a whole table."""


@dataclass
class Ledger:
    """What each operation asked of AWS, by the operation's name as people know it."""

    rows: dict[str, Counter[str]] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        asked: Counter[str] = Counter()
        clients: Any = botocore.client.BaseClient
        original = clients._make_api_call  # noqa: SLF001 - where every client's calls pass

        def counting(client: Any, operation: str, arguments: Any) -> Any:
            if operation == "Scan":
                raise ScannedError(name)
            asked[f"{client.meta.service_model.service_name}.{operation}"] += 1
            return original(client, operation, arguments)

        clients._make_api_call = counting  # noqa: SLF001 - the same place
        try:
            yield
        finally:
            clients._make_api_call = original  # noqa: SLF001 - and back
        self.rows[name] = asked


# --- an association of a size -----------------------------------------------------------------------------------------


def _ports() -> Ports:
    """Every table, bucket, queue and key of infra/resources.yaml that the operations touch, in this process."""
    dynamodb, s3, sqs = boto3.client("dynamodb", REGION), boto3.client("s3", REGION), boto3.client("sqs", REGION)
    names: dict[str, Any] = {}
    for logical, properties in declared.of_kind(declared.TABLE).items():
        names[logical.lower()] = logical
        kept = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        dynamodb.create_table(TableName=logical, **{key: properties[key] for key in kept if key in properties})
    for bucket in ("uploads", "keeping"):
        s3.create_bucket(Bucket=bucket)
    queues = {work: sqs.create_queue(QueueName=work.value)["QueueUrl"] for work in Work}
    kms = boto3.client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    where = Resources(
        region=REGION, uploads="uploads", keeping="keeping", queues=queues, data_key=key, seal_key="-", **names
    )  # fmt: skip
    clock = FixedClock()
    records = DynamoRecords(where, KmsWrapping(kms, key), clock)
    records.commit(Insert(SAMPLE))
    return in_memory.ports(
        clock=clock, ids=CountingIds(), records=records, files=S3Files(where), queues=SqsQueues(where)
    )


def _populate(ports: Ports, size: int) -> None:
    """Member enterprises with their codes, each with an application that waits for review.

    Put row by row: moto copies all its tables for every transaction, which makes a thousand of them take minutes.
    """
    writer = ports.records._writer  # type: ignore[attr-defined]  # noqa: SLF001 - the rows it would put
    for n in range(size):
        enterprise = _enterprise(ports, n)
        owner = f"enterprise:{enterprise.id}"
        now = ports.clock.now()
        waiting = Application(
            id=f"w{n:05}", service=Service.JOIN, owner=owner, applicant=f"u{n:05}", state=State.IN_REVIEW,
            opened_at=now, since=now, submitted_at=now, form={"name": enterprise.name},
        )  # fmt: skip
        changes = (
            Insert(enterprise), Insert(waiting), Insert(Shelf(application=waiting.id)),
            Insert(Claim(kind=ClaimKind.CREDIT_CODE, value=enterprise.credit_code, holder=owner)),
            Insert(Claim(kind=ClaimKind.MEMBER_CODE, value=enterprise.member_code, holder=owner)),
        )  # fmt: skip
        for row in writer._rows(planned(changes), "populated").values():  # noqa: SLF001 - the same
            row.save()


def _enterprise(ports: Ports, n: int) -> Enterprise:
    nobody = Personal("-", "-")
    return Enterprise(
        id=f"m{n:05}", name=f"虚构{n}号公司", credit_code=f"made-up-{n:05}", member_code=f"{n:08}", kind="企业",
        legal_representative=nobody, capital="1元人民币", registered_address="-", office_address="-",
        founded_on=ports.clock.today(), business_scope="-", contact_name=nobody, contact_mobile=nobody,
        contact_email=nobody, contact_post="-", member_since=ports.clock.today(),
    )  # fmt: skip


# --- the journey, measured --------------------------------------------------------------------------------------------


def measure(size: int) -> dict[str, Counter[str]]:
    """The calls of every operation on the way of 入会, in an association of that many enterprises."""
    with mock_aws():
        ports = _ports()
        _populate(ports, size)
        ledger = Ledger()
        _journey(ports, ledger, _visit(ports, ledger))
        return ledger.rows


def _visit(ports: Ports, ledger: Ledger) -> str:
    with ledger.of("服务目录 read the catalogue"):
        catalogue.catalogue(ports)
    with ledger.of("首次登录 first login"):
        return accounts.log_in(ports, "code-for-chen").id


def _journey(ports: Ports, ledger: Ledger, user: str) -> None:
    with ledger.of("会话 session and binding (behind every member's request)"):
        _, actor = accounts.member_of(ports, user, 0)
    order = _orders(actor)
    with ledger.of("办理计划 plan"):
        catalogue.plan(ports, actor)
    application = _filled_in(ports, ledger, actor, order)
    _reviewed(ports, ledger, application)
    _paid(ports, ledger, order, application)
    _held(ports, ledger, user)
    _claimed(ports, ledger)
    with ledger.of("清扫 sweep, nothing to do"):
        sweeping.sweep(ports)
    with ledger.of("晨间任务 morning job, nothing to do"):
        sweeping.morning(ports)
    with ledger.of("续期任务 renewals, nothing to do"):
        renewing.promise_renewals(ports)
    yesterday = ports.clock.today() - timedelta(days=1)
    ports.records.commit(Insert(reminding.ran_through(yesterday, SAMPLE.windows)))
    with ledger.of("提醒任务 reminders, on a day that opens no window of dues or review"):
        reminding.promise_reminders(ports)


def _orders(actor: Actor) -> Callable[[], Order]:
    return lambda: Order(actor, "measured", str(next(KEYS)), "")


FORM: dict[str, str | None] = {
    "name": "虚构一号有害生物防制有限公司", "credit_code": "91449999000000001D", "kind": "企业",
    "legal_representative": "赵甲一", "capital": "500万元人民币", "registered_address": "虚构路 1 号",
    "office_address": "虚构路 2 号", "founded_on": "2015-06-01", "business_scope": "有害生物防制服务",
    "contact_name": "赵甲一", "contact_mobile": "19900000001", "contact_email": "contact@example.com",
    "contact_post": "总经理",
}  # fmt: skip


def _filled_in(ports: Ports, ledger: Ledger, actor: Actor, order: Callable[[], Order]) -> str:
    with ledger.of("开始办理 open a draft"):
        application = applications.open_draft(ports, order(), Service.JOIN)
    with ledger.of("保存草稿 save a draft"):
        applications.save_draft(ports, order(), application, 0, FORM)
    _uploaded(ports, ledger, order, application, "licence", measured=True)
    _uploaded(ports, ledger, order, application, "application_form", measured=False)
    with ledger.of("提交 submit"):
        applications.act(ports, order(), application, Action.SUBMIT, None)
    with ledger.of("查看业务及办理记录 read an application with its history"):
        applications.own_folder(ports, actor, application)
    return application


def _uploaded(
    ports: Ports, ledger: Ledger, order: Callable[[], Order], application: str, slot: str, *, measured: bool
) -> None:
    book = ledger if measured else Ledger()
    with book.of("申请上传 ask for an upload"):
        file = materials.request_upload(ports, order(), application, slot, f"{slot}.pdf")
    boto3.client("s3", REGION).put_object(Bucket="uploads", Key=f"quarantine/{file}", Body=PDF)
    with book.of("检查上传文件 check an uploaded file (event)"):
        materials.receive(ports, file)


def _reviewed(ports: Ports, ledger: Ledger, application: str) -> None:
    order = _orders(REVIEWER)
    with ledger.of("审核队列 a page of the review queue"):
        applications.queue(ports, State.IN_REVIEW, Asked(20))
    with ledger.of("审核通过 approve"):
        applications.act(ports, order(), application, Action.APPROVE, _version(ports, application))


def _version(ports: Ports, application: str) -> int:
    found = ports.records.get(Application, application)
    return found.version if found else 0


def _paid(ports: Ports, ledger: Ledger, order: Callable[[], Order], application: str) -> None:
    _uploaded(ports, ledger, order, application, "bank_receipt", measured=False)
    transfer = payments.Transfer(PaymentMethod.TRANSFER, SAMPLE.fees[0].amount, "虚构", ports.clock.today())
    with ledger.of("提交缴费凭证 pay"):
        payment = payments.pay(ports, order(), (application,), transfer)
    with ledger.of("核账队列 a page of payments to check"):
        payments.to_check(ports, Asked(20))
    with ledger.of("核账通过 confirm a payment"):
        reconciling.confirm(ports, _orders(FINANCE)(), payment, 0, SAMPLE.fees[0].amount)
    issue = f"issue-{application}-4"
    with ledger.of("交付队列 hand an outbox row to its queue"):
        outbox.dispatch(ports, issue)
    with ledger.of("制证 issue a certificate (event)"):
        outbox.work(ports, issue)


def _held(ports: Ports, ledger: Ledger, user: str) -> None:
    _, actor = accounts.member_of(ports, user, 0)
    order = _orders(actor)
    with ledger.of("企业证件 my certificates"):
        (certificate,) = certificates.mine(ports, actor)
    family = certificates.own(ports, actor, certificate.root)
    with ledger.of("下载证书 link to the PDF"):
        certificates.file_link(ports, family)
    with ledger.of("发送到邮箱 ask for a mail"):
        mail = certificates.send_to(ports, order(), certificate.root, "office@example.com")
    with ledger.of("发送邮件 send a mail (event)"):
        outbox.work(ports, f"mail-{mail}")
    _listed(ports, ledger, actor)
    _verified(ports, ledger, certificate.root, certificate.number)
    with ledger.of("解除绑定 unbind"):
        enterprises.unbind(ports, order())
    _, unbound = accounts.member_of(ports, user, 0)
    with ledger.of("企业绑定 bind"):
        enterprises.bind(ports, _orders(unbound)(), certificate.holder_name, certificate.member_code or "")


def _claimed(ports: Ports, ledger: Ledger) -> None:
    user = accounts.log_in(ports, "code-for-li").id
    _, actor = accounts.member_of(ports, user, 0)
    order = _orders(actor)
    accounts.save_profile(ports, order(), "钱甲二", "19900000002")
    with ledger.of("认领 ask to be bound on evidence"):
        request = binding_requests.ask(
            ports, order(), Claimed(FORM["name"] or "", FORM["credit_code"] or "", "经理", "-")
        )
    for slot in EVIDENCE:
        file = binding_requests.request_upload(ports, order(), request, slot.slot, "a.pdf")
        boto3.client("s3", REGION).put_object(Bucket="uploads", Key=f"quarantine/{file}", Body=PDF)
        materials.receive(ports, file)
    with ledger.of("提交认领 hand in a binding request"):
        binding_requests.submit(ports, order(), request)
    with ledger.of("待核实的认领 a page of binding requests"):
        granting.waiting(ports, Asked(20))
    with ledger.of("核对认领 a binding request beside the members found by code and by name"):
        (found,) = granting.looked_at(ports, request).candidates
    with ledger.of("认领通过 grant a binding request"):
        granting.grant(ports, _orders(ADMIN)(), request, 1, found.dossier.enterprise.member_code, "演示")


def _listed(ports: Ports, ledger: Ledger, actor: Actor) -> None:
    with ledger.of("服务记录 a page of my applications"):
        applications.my_applications(ports, actor, Asked(20))
    with ledger.of("消息 a page of my messages"):
        notices.my_messages(ports, actor, Asked(20))
    (notice, *_) = ports.records.outbox(OutboxStatus.PENDING, Asked(1)).items
    with ledger.of("微信通知 send a notice (event)"):
        outbox.work(ports, notice.id)


def _verified(ports: Ports, ledger: Ledger, root: str, number: str) -> None:
    with ledger.of("扫码查验 verify by QR"):
        certificates.verify(ports, f"{root}AB")
    with ledger.of("按编号查验 verify by number"):
        certificates.search(ports, number)
    with ledger.of("注销 revoke"):
        certificates.revoke(ports, _orders(CERTIFIER)(), number, "演示")


# --- the table --------------------------------------------------------------------------------------------------------


def table(small: dict[str, Counter[str]], large: dict[str, Counter[str]]) -> str:
    """The page as Markdown."""
    lines = [
        "# AWS calls per operation",
        "",
        f"Printed by `make calls`: real operations on the real stores over moto, at {SMALL:,} and at {LARGE:,} "
        "enterprises. A Scan would fail the run. The session-and-binding read comes on top of every request of a "
        "member; KMS is asked once per person or enterprise and five minutes.",
        "",
        f"| operation | calls at {SMALL:,} | calls at {LARGE:,} | which |",
        "| --- | --- | --- | --- |",
    ]
    rows = (_row(name, small[name], large[name]) for name in small)
    return "\n".join([*lines, *rows, ""])


def _row(name: str, few: Counter[str], many: Counter[str]) -> str:
    which = ", ".join(f"{times} {_called(call)}" for call, times in sorted(many.items()))
    return f"| {name} | {few.total()} | {many.total()} | {which} |"


def _called(call: str) -> str:
    service, _, operation = call.partition(".")
    return NAMES.get(operation, operation) if service == "dynamodb" else f"{service} {operation}"


def main() -> int:
    """Exit status 1 when an operation's calls differ between the two sizes."""
    parser = argparse.ArgumentParser(prog="make calls", description=__doc__)
    parser.add_argument("--large", type=int, default=LARGE, help=f"enterprises beside {SMALL} (default: {LARGE})")
    large = parser.parse_args().large
    measured = []
    for size in (SMALL, large):
        print(f"measuring at {size} enterprises …", file=sys.stderr)
        measured.append(measure(size))
    print(table(*measured), end="")
    return 0 if measured[0] == measured[1] else 1


if __name__ == "__main__":
    sys.exit(main())
