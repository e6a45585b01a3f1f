"""AWS on one machine: moto on the loopback address, holding the very resources of infra/resources.yaml.

moto's DynamoDB loses transactions when several run at once, so one lock serves the requests one after the other.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any
from urllib.request import Request, urlopen
from wsgiref.types import StartResponse, WSGIEnvironment

import boto3
from botocore.config import Config
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from infra.local import resources

REGION = "us-east-1"
LOCAL_KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": REGION}

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Emulator:
    """``names`` leads from a logical name to what AWS's Ref gives: a table's or bucket's name, a queue's address."""

    url: str
    names: Mapping[str, str]
    _http: BaseWSGIServer
    _thread: Thread

    def client(self, service: str) -> Any:
        return _client(self.url, service)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def start() -> Emulator:
    """A new, empty one on a free port, with every resource made. Ends with ``close()``."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    http = make_server("127.0.0.1", 0, one_at_a_time(DomainDispatcherApplication(create_backend_app)), threaded=True,
                       request_handler=Quiet)
    http.daemon_threads = True  # type: ignore[attr-defined]  # a threaded server has it
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name="emulated AWS")
    thread.start()
    url = f"http://127.0.0.1:{http.server_port}"
    urlopen(Request(f"{url}/moto-api/reset", method="POST"), timeout=5).close()  # noqa: S310 - moto's state is the process's; this is loopback
    return Emulator(url, make_resources(url), http, thread)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # a connection for each request would double the time

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        del type, message, args


def one_at_a_time(application: Any) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    lock = Lock()

    def serve(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with lock:
            return [b"".join(application(environment, start_response))]

    return serve


def _client(url: str, service: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]  # the stubs want a literal name
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=LOCAL_KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=LOCAL_KEYS["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


# --- making what the file says ----------------------------------------------------------------------------------------


def make_resources(url: str) -> dict[str, str]:
    dynamodb, sqs, s3, kms = (_client(url, service) for service in ("dynamodb", "sqs", "s3", "kms"))
    names = {name: _make_table(dynamodb, name, said) for name, said in resources.of_kind(resources.TABLE).items()}
    queues = resources.of_kind(resources.QUEUE)
    for name, said in sorted(queues.items(), key=lambda queue: "RedrivePolicy" in queue[1]):
        names[name] = _make_queue(sqs, name, said)
    for name, said in resources.of_kind(resources.BUCKET).items():
        names[name] = _make_bucket(s3, name, said)
    for name, said in resources.of_kind(resources.KEY).items():
        names[name] = _make_key(kms, said)
    return names


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:123456789012:{name}"


def _make_table(dynamodb: Any, name: str, said: Json) -> str:
    given = {
        key: said[key]
        for key in ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes", "SSESpecification")
        if key in said
    }
    if "StreamSpecification" in said:
        given["StreamSpecification"] = {"StreamEnabled": True, **said["StreamSpecification"]}
    if "SSESpecification" in said:
        given["SSESpecification"] = {"Enabled": True, "SSEType": said["SSESpecification"]["SSEType"]}
    protected = said["DeletionProtectionEnabled"]
    dynamodb.create_table(TableName=name, DeletionProtectionEnabled=protected, **given)
    recovery = said["PointInTimeRecoverySpecification"]
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    if "TimeToLiveSpecification" in said:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=said["TimeToLiveSpecification"])
    return name


def _make_queue(sqs: Any, name: str, said: Json) -> str:
    attributes = {key: str(value) for key, value in said.items() if key not in ("RedrivePolicy", "SqsManagedSseEnabled")}
    if "RedrivePolicy" in said:
        dead, _ = said["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"]
        attributes["RedrivePolicy"] = json.dumps({**said["RedrivePolicy"], "deadLetterTargetArn": queue_arn(dead)})
    return str(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def _make_bucket(s3: Any, logical_name: str, said: Json) -> str:
    name = logical_name.lower()
    s3.create_bucket(Bucket=name)
    s3.put_public_access_block(
        Bucket=name, PublicAccessBlockConfiguration=said["PublicAccessBlockConfiguration"]
    )
    if "VersioningConfiguration" in said:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=said["VersioningConfiguration"])
    for told in said.get("NotificationConfiguration", {}).get("QueueConfigurations", ()):
        s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=_notification(told))
    return name


def _notification(told: Json) -> Json:
    queue, _ = told["Queue"]["Fn::GetAtt"]
    rules = told["Filter"]["S3Key"]["Rules"]
    configuration = {
        "QueueArn": queue_arn(queue),
        "Events": [told["Event"]],
        "Filter": {"Key": {"FilterRules": rules}},
    }
    return {"QueueConfigurations": [configuration]}


def _make_key(kms: Any, said: Json) -> str:
    made = kms.create_key(
        Description=said["Description"],
        KeySpec=said.get("KeySpec", "SYMMETRIC_DEFAULT"),
        KeyUsage=said.get("KeyUsage", "ENCRYPT_DECRYPT"),
    )
    return str(made["KeyMetadata"]["Arn"])
