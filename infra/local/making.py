"""Makes on an emulator, over its API, what infra/resources.yaml says: moto's CloudFormation would leave half out."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from infra.local import resources

REGION = "us-east-1"
ACCOUNT = "123456789012"
LOCAL_KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": REGION}

Json = Mapping[str, Any]


def client(url: str, service: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]  # the stubs want a literal name
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=LOCAL_KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=LOCAL_KEYS["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def make_all(url: str) -> dict[str, str]:
    dynamodb, sqs, s3, kms = (client(url, service) for service in ("dynamodb", "sqs", "s3", "kms"))
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
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


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
    attributes = {
        key: str(value) for key, value in said.items() if key not in ("RedrivePolicy", "SqsManagedSseEnabled")
    }
    if "RedrivePolicy" in said:
        dead, _ = said["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"]
        attributes["RedrivePolicy"] = json.dumps({**said["RedrivePolicy"], "deadLetterTargetArn": queue_arn(dead)})
    return str(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def _make_bucket(s3: Any, logical_name: str, said: Json) -> str:
    name = logical_name.lower()
    s3.create_bucket(Bucket=name)
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=said["PublicAccessBlockConfiguration"])
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
