"""What infra/resources.yaml says about tables, buckets, queues, keys and event sources, read for use on one machine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalice.package import YAMLTemplateSerializer

YAML = Path(__file__).parents[1] / "resources.yaml"

TABLE, BUCKET, QUEUE, KEY = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::KMS::Key"
FUNCTION = "AWS::Serverless::Function"

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """What feeds a function: the queue, or the table by its stream, that is named; ``function`` as Chalice knows it."""

    function: str
    feeder: str
    batch: int
    from_stream: bool


@cache
def template() -> Json:
    loaded: Json = YAMLTemplateSerializer().load_template(YAML.read_text(encoding="utf-8"), str(YAML))
    return loaded


def of_kind(kind: str) -> dict[str, Json]:
    """Logical names and properties of the resources of one kind, in the order of the file."""
    found = template()["Resources"].items()
    return {name: each.get("Properties", {}) for name, each in found if each["Type"] == kind}


def environment() -> Json:
    """The variables of every function, with the references still in them."""
    variables: Json = template()["Globals"]["Function"]["Environment"]["Variables"]
    return variables


def resolved(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Those variables that are a word, or lead to a resource in ``names`` (what Ref gives, by logical name)."""
    for name, value in environment().items():
        match value:
            case str():
                yield name, value
            case {"Ref": logical} | {"Fn::GetAtt": [logical, "Arn"]} if logical in names:
                yield name, names[logical]


def sources() -> Iterator[Source]:
    for name, properties in of_kind(FUNCTION).items():
        for event in properties["Events"].values():
            yield _source(name.lower(), event["Properties"])


def _source(function: str, event: Json) -> Source:
    where = event.get("Queue") or event["Stream"]
    feeder, _ = where["Fn::GetAtt"]
    return Source(function, feeder, event["BatchSize"], "Stream" in event)
