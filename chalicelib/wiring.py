"""The one place where ports meet AWS, mail and WeChat. Everything is made once per process, at the first request."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from chalicelib.aws.files import S3Files
from chalicelib.aws.mail import SesPost
from chalicelib.aws.queues import SqsQueues
from chalicelib.aws.records import DynamoRecords
from chalicelib.aws.resources import Resources, client
from chalicelib.aws.sealing import KmsSealer
from chalicelib.aws.wrapping import KmsWrapping, LocalWrapping, Wrapping
from chalicelib.credentials import StrongCredentials
from chalicelib.first_use import LazyInspector, LazyLetters, LazyPrinter, LazyStatements
from chalicelib.memory.sealing import LocalSealer
from chalicelib.messages.smtp import SmtpPost, compose
from chalicelib.messages.transport import Https
from chalicelib.messages.wechat import WECHAT, Edition, TokenInMemory, WeChat
from chalicelib.operations.ports import Clock, Files, Ports, Post
from chalicelib.operations.sealer import Sealer
from chalicelib.rules.records import Work
from chalicelib.settings import Settings, read
from chalicelib.time_and_ids import RandomIds, SystemClock

MAIL_SECONDS = 20.0


@dataclass
class Given:
    """What tests put in place of the real things."""

    ports: Ports | None = None
    settings: Settings | None = None


GIVEN = Given()


def use(ports: Ports | None, settings: Settings | None = None) -> None:
    """From now on these are answered; None: the real ones again."""
    GIVEN.ports, GIVEN.settings = ports, settings


def ports() -> Ports:
    """Raises settings.BadSettings when the environment does not say what is needed."""
    return GIVEN.ports or _real_ports()


def settings() -> Settings:
    """Raises settings.BadSettings."""
    return GIVEN.settings or _real_settings()


def forget() -> None:
    """The environment has changed: what is made once per process is made anew."""
    _real_ports.cache_clear()
    _real_settings.cache_clear()


def put_off(queue: str, receipt: str, wait: timedelta) -> None:
    """A message of the queue with this ARN is not shown again before ``wait`` has passed."""
    if GIVEN.ports is None:
        resources = resources_of(settings())
        address = _address(resources.queues, queue.rpartition(":")[2])
        client(resources, "sqs").change_message_visibility(
            QueueUrl=address, ReceiptHandle=receipt, VisibilityTimeout=int(wait.total_seconds())
        )


def _address(queues: Mapping[Work, str], name: str) -> str:
    return next(address for address in queues.values() if address.rpartition("/")[2] == name)


@cache
def _real_settings() -> Settings:
    return read(os.environ)


@cache
def _real_ports() -> Ports:
    return assemble(settings())


def assemble(chosen: Settings) -> Ports:
    """The real ports of a stage. Nothing is asked of AWS yet."""
    clock, resources = SystemClock(), resources_of(chosen)
    files = S3Files(resources)
    return Ports(
        clock=clock,
        ids=RandomIds(chosen.hash_key.get_secret_value().encode()),
        records=DynamoRecords(resources, _wrapping(chosen, resources), clock),
        files=files,
        inspector=LazyInspector(),
        statements=LazyStatements(),
        printer=LazyPrinter(lambda: _sealer(chosen, resources, files), is_test=not chosen.seal_licensed),
        letters=LazyLetters(),
        post=_post(chosen, resources, clock),
        wechat=_wechat(chosen, clock),
        queues=SqsQueues(resources),
        credentials=StrongCredentials(),
        public_url=chosen.public_url,
    )


def resources_of(chosen: Settings) -> Resources:
    services = ("dynamodb", "kms", "s3", "ses", "sqs") if chosen.aws_endpoint else ()
    return Resources(
        region=chosen.aws_region,
        enterprises=chosen.table_enterprises,
        applications=chosen.table_applications,
        certificates=chosen.table_certificates,
        accounts=chosen.table_accounts,
        outbox=chosen.table_outbox,
        uploads=chosen.bucket_uploads,
        keeping=chosen.bucket_keeping,
        queues={
            Work.ISSUE: chosen.queue_issuing,
            Work.MAIL: chosen.queue_mailing,
            Work.NOTICE: chosen.queue_notifying,
            Work.CHECK_UPLOAD: chosen.queue_uploads,
            Work.ERASE: chosen.queue_uploads,
            Work.RENEW: chosen.queue_issuing,
            # Not to the notices: it reads what the enterprise owes, and who talks to the outside need not see that.
            Work.REMIND: chosen.queue_issuing,
        },
        data_key=chosen.data_key_id or "",
        seal_key=chosen.seal_key_id or "",
        endpoints=dict.fromkeys(services, chosen.aws_endpoint or ""),
    )


def _wrapping(chosen: Settings, resources: Resources) -> Wrapping:
    if chosen.local_wrapping_key is not None:
        return LocalWrapping(bytes.fromhex(chosen.local_wrapping_key.get_secret_value()))
    return KmsWrapping(client(resources, "kms"), resources.data_key)


def _sealer(chosen: Settings, resources: Resources, files: Files) -> Sealer:
    """Raises LookupError when the signing certificate has not been put into the bucket yet."""
    if chosen.seal_directory is not None:
        return LocalSealer.from_directory(chosen.seal_directory)
    pem = files.read(chosen.seal_chain or "")
    if pem is None:
        raise LookupError(f"no signing certificate at {chosen.seal_chain} in the keeping bucket")
    return KmsSealer.from_pem(client(resources, "kms"), resources.seal_key, pem, is_test=not chosen.seal_licensed)


def _post(chosen: Settings, resources: Resources, clock: Clock) -> Post:
    if chosen.mail_by == "ses":
        sender = chosen.mail_from
        ses = client(resources, "ses", attempts=1)
        return SesPost(ses, sender, lambda letter: compose(letter, sender, clock.now()).as_bytes())
    server = chosen.mail_server
    password = server.password.get_secret_value() if server.password else None
    return SmtpPost(
        server.host, server.port, server.security, server.username, password,
        chosen.mail_from, MAIL_SECONDS, clock.now,
    )  # fmt: skip


def _wechat(chosen: Settings, clock: Clock) -> WeChat:
    secret, address = chosen.wechat_secret.get_secret_value(), chosen.wechat_url or WECHAT
    cache, edition = TokenInMemory(clock.now), Edition(chosen.wechat_edition)
    return WeChat(chosen.wechat_appid, secret, Https(), address, token_cache=cache, edition=edition)
