"""What is wrong with a packaged template: under cfn-lint as it is, and as the SAM translator makes it for a region."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import yaml
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

REGIONS = ("us-east-1", "cn-north-1")
ONE_PARTITION = "arn:aws:"

Json = dict[str, Any]


def problems(template: Path, out: Path) -> tuple[str, ...]:
    """Leaves the translated templates in ``out``, one for each region."""
    text = template.read_text(encoding="utf-8")
    found = [f"{ONE_PARTITION} works in one partition only"] if ONE_PARTITION in text else []
    try:
        translated = [_translated(yaml.safe_load(text), region, out) for region in REGIONS]
    except InvalidDocumentException as trouble:
        return (*found, *(str(cause.message) for cause in trouble.causes))
    return (*found, *cfn_lint(template, *translated))


def cfn_lint(*templates: Path) -> Iterator[str]:
    command = [
        sys.executable,
        "-c",
        "from cfnlint.runner import main; main()",
        "--format",
        "parseable",
        "--regions",
        *REGIONS,
        "--",
        *map(str, templates),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    yield from (ran.stdout + ran.stderr).splitlines() if ran.returncode else ()


def _translated(template: Json, region: str, out: Path) -> Path:
    """As CloudFormation would make it there; the code has to lie in a bucket before SAM translates."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://deployments/deployment.zip"
    parameters = {name: said.get("Default", name) for name, said in template["Parameters"].items()}
    logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it would like to publish metrics
    session = boto3.Session(region_name=region)
    translated = Translator({}, Parser(), boto_session=session).translate(template, parameters)
    file = out / f"translated-{region}.json"
    file.write_text(json.dumps(translated, indent=1), encoding="utf-8")
    return file
