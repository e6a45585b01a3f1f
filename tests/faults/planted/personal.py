"""Promise 8: personal data is unreadable where it lies, and nobody sees or changes what is not his."""

from dataclasses import replace
from typing import Any

from chalicelib.aws import writing
from chalicelib.aws.personal import sealed_body
from chalicelib.aws.queues import SqsQueues
from chalicelib.handlers import problems
from chalicelib.handlers.logbook import log
from chalicelib.operations import accounts, applications, materials
from chalicelib.operations.commands import Absent
from chalicelib.rules.records import MaterialFile, User
from chalicelib.rules.vocabulary import Personal, Reason
from tests.faults.planted.declared import Patch, plant

A_STRANGER = "a stranger who asks"


@plant("what stands beside the ciphertext is no mask", 8, "in the tables", "个人资料")
def in_the_clear(patch: Patch) -> None:
    def unmasked(record: Any, vault: Any) -> Any:
        if isinstance(record, User) and record.name is not None and record.name.plain is not None:
            record = replace(record, name=Personal(record.name.plain, record.name.plain))
        return sealed_body(record, vault)

    patch.setattr(writing, "sealed_body", unmasked)


@plant("a name gets into the log", 8, "in the log", "个人资料")
def logged(patch: Patch) -> None:
    save = accounts.save_profile

    def telling(ports: Any, order: Any, name: str, phone: str) -> str:
        log.info("profile saved for %s", name)
        return save(ports, order, name, phone)

    patch.setattr(accounts, "save_profile", telling)


@plant("a message carries the address", 8, "in queue messages", "发送到邮箱")
def in_the_queue(patch: Patch) -> None:
    send = SqsQueues.send

    def telling(queues: Any, work: Any, row: str, rounds: int) -> None:
        send(queues, work, row, rounds)
        queues._sqs.send_message(QueueUrl=queues._addresses[work], MessageBody='{"to": "canary-mail@example.com"}')

    patch.setattr(SqsQueues, "send", telling)


@plant("a file is kept under the name that its owner gave it", 8, "in file names", "上传资料")
def kept_by_name(patch: Patch) -> None:
    receive, place, names = materials.receive, materials._place, dict[str, str]()

    def noting(ports: Any, file: str) -> None:
        found = ports.records.get(MaterialFile, file.partition(".")[0], file)
        names[file] = ports.records.opened(found).name.plain if found else ""
        receive(ports, file)

    patch.setattr(materials, "receive", noting)
    patch.setattr(materials, "_place", lambda file, accepted: f"{place(file, accepted)}-{names[file]}")


@plant("nobody asks whose it is", 8, A_STRANGER, "提交 submitted")
def anybodys(patch: Patch) -> None:
    patch.setattr(applications, "is_own", lambda *_: True)


@plant("what is another's answers that it is", 8, A_STRANGER, "提交 submitted")
def forbidden(patch: Patch) -> None:
    """403 where 404 is promised: whoever asks learns that there is something."""

    class Foreign(Absent):
        """Somebody else's."""

    def folder_of(ports: Any, actor: Any, application: str) -> Any:
        folder = ports.records.folder(application)
        if folder is None:
            raise Absent
        if not applications.is_own(actor, folder.application.owner):
            raise Foreign
        return folder

    told = Reason("not_yours", "这不是您的业务。", "请返回列表。")
    patch.setattr(problems, "TABLE", {**problems.TABLE, Foreign: lambda _: problems.Problem(403, (told,))})
    for module in (applications, materials):
        patch.setattr(module, "own_folder", folder_of)


@plant("personal data is shown and nobody notes to whom", 8, "nobody can see to whom", "查看个人信息")
def unaudited(patch: Patch) -> None:
    patch.setattr(applications, "audited", lambda *_: None)
