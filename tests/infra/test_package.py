"""What would be deployed: every function starts from the zip alone, and the template holds in every partition.

Built once, in build/, which later runs take up again while requirements have not changed; a minute when they have.
"""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from chalicelib.memory.time_and_ids import A_MORNING
from infra import package
from infra.local import resources
from infra.local.shapes import of_schedule
from infra.local.system import System
from tests.infra.events import changes, messages

Json = Mapping[str, Any]

# Runs in the zip's own Python: nothing of this environment, no app.py, no bytecode written.
INVOKE = """
import importlib, json, sys
sys.path[:] = [path for path in sys.path if "site-packages" not in path] + [sys.argv[1]]
sys.dont_write_bytecode = True
module, _, name = sys.argv[2].rpartition(".")
function = getattr(importlib.import_module(module), name)
class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "x"
    def get_remaining_time_in_millis(self): return 30000
answer = function(json.loads(sys.argv[3]), Context())
print(json.dumps([answer, "app" in sys.modules, sorted({m.partition(".")[0] for m in sys.modules})]))
"""
FUNCTIONS = {
    "APIHandler": "app.app",
    "Receiving": "chalicelib.handlers.uploads.receive",
    "Dispatching": "chalicelib.handlers.outbox.dispatch",
    "Burying": "chalicelib.handlers.outbox.bury",
    "Issuing": "chalicelib.handlers.issuing.issue",
    "Mailing": "chalicelib.handlers.mailing.send",
    "Notifying": "chalicelib.handlers.notifying.send",
    "Morning": "chalicelib.handlers.timetable.morning",
    "Renewing": "chalicelib.handlers.timetable.renew",
    "Reminding": "chalicelib.handlers.timetable.remind",
    "Sweeping": "chalicelib.handlers.timetable.sweep",
}
HEALTH = {
    "httpMethod": "GET", "path": "/healthz", "headers": {}, "multiValueHeaders": {}, "pathParameters": {},
    "multiValueQueryStringParameters": None, "body": None, "isBase64Encoded": False, "stageVariables": None,
    "requestContext": {
        "httpMethod": "GET", "resourcePath": "/healthz", "path": "/healthz", "identity": {"sourceIp": "127.0.0.1"},
    },
}  # fmt: skip
EVENTS: Mapping[str, Json] = {
    "APIHandler": HEALTH,
    "Dispatching": changes(None),
    "Morning": of_schedule("morning", A_MORNING),
    "Renewing": of_schedule("renewing", A_MORNING),
    "Reminding": of_schedule("reminding", A_MORNING),
    "Sweeping": of_schedule("sweeping", A_MORNING),
}
UNREADABLE = messages("no JSON")


@pytest.fixture(scope="module")
def built() -> package.Package:
    return package.build()


@pytest.fixture(scope="module")
def template(built: package.Package) -> Json:
    loaded: Json = yaml.safe_load(built.template.read_text())
    return loaded


def functions(template: Json) -> dict[str, Json]:
    found = template["Resources"].items()
    return {name: each["Properties"] for name, each in found if each["Type"] == resources.FUNCTION}


@pytest.fixture
def environment(whole: System) -> dict[str, str]:
    """What Lambda gives a function: its variables, resolved here against the emulator, and little else."""
    del whole
    names = {*resources.environment(), "AWS_ENDPOINT", "SEAL_DIRECTORY", "WECHAT_URL"}
    names |= {"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED", "PATH"}
    return {name: os.environ[name] for name in names if name in os.environ}


def test_the_template_has_exactly_the_functions_that_the_app_declares(template: Json) -> None:
    assert {name: function["Handler"] for name, function in functions(template).items()} == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_handler_runs_in_a_fresh_process_from_the_zip_alone(
    built: package.Package, template: Json, environment: dict[str, str], name: str
) -> None:
    handler, event = functions(template)[name]["Handler"], EVENTS.get(name, UNREADABLE)
    command = [sys.executable, "-I", "-S", "-c", INVOKE, str(built.unpacked), handler, json.dumps(event)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")
    assert ran.returncode == 0, ran.stderr
    answer, app_loaded, modules = json.loads(ran.stdout.splitlines()[-1])
    assert app_loaded is (name == "APIHandler")
    assert not {"fpdf", "pyhanko"} & set(modules)
    if name == "APIHandler":
        assert answer["statusCode"] == 200
    elif "EventSource" in json.dumps(functions(template)[name]["Events"]):
        expected = ["m0"] if event is UNREADABLE and name != "Burying" else []
        assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == expected


def test_the_zip_brings_its_bytecode_fonts_and_texts(built: package.Package) -> None:
    names = set(zipfile.ZipFile(built.zip).namelist())
    ours = [name for name in names if name.startswith("chalicelib/") and name.endswith(".py")]
    tag = sys.implementation.cache_tag
    for name in ours:
        folder, _, file = name.rpartition("/")
        assert f"{folder}/__pycache__/{file[:-3]}.{tag}.pyc" in names
    assert "chalicelib/messages/templates/letters/certificate.txt" in names
    assert any(name.endswith(".otf") for name in names)
    assert not any(name.startswith(("infra/", "tests/", "moto/")) for name in names)


def test_the_zip_fits_into_lambda_with_room_to_spare(built: package.Package) -> None:
    assert built.size < 215 * 1024 * 1024


def test_the_template_holds_in_every_partition(built: package.Package, template: Json) -> None:
    text = built.template.read_text()
    assert "arn:aws:" not in text
    assert "amazonaws.com.cn" not in text
    assert template["Resources"]["RestAPI"]["Properties"]["EndpointConfiguration"] == "REGIONAL"


def test_event_sources_lose_nothing_and_fail_message_by_message(template: Json) -> None:
    sources = [
        event
        for function in functions(template).values()
        for event in function.get("Events", {}).values()
        if event["Type"] in ("SQS", "DynamoDB")
    ]
    assert len(sources) == 9
    assert all(source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for source in sources)
    starts = [source["Properties"]["StartingPosition"] for source in sources if source["Type"] == "DynamoDB"]
    assert starts == ["TRIM_HORIZON"]


def test_every_queue_that_is_fed_has_its_dead_letters_and_those_are_all_buried(template: Json) -> None:
    """Nothing ends where nobody looks: a queue has a function, or it is the dead letters of one that has."""
    fed = {source.feeder: source.function for source in resources.sources() if not source.from_stream}
    queues = resources.of_kind(resources.QUEUE)
    dead = {
        said["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for said in queues.values()
        if "RedrivePolicy" in said
    }
    assert set(fed) == set(queues)
    assert {queue for queue, function in fed.items() if function == "burying"} == dead
    assert len(dead) == 4
    alarm = template["Resources"]["UnburiedAlarm"]["Properties"]["Metrics"]
    watched = [each["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for each in alarm if "MetricStat" in each]
    assert {value["Fn::GetAtt"][0] for value in watched} == dead


def test_certificates_are_made_by_at_most_two_at_once(template: Json) -> None:
    (event,) = functions(template)["Issuing"]["Events"].values()
    assert event["Properties"]["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_a_queue_hides_a_message_six_times_as_long_as_its_function_may_take(template: Json) -> None:
    for source in resources.sources():
        if not source.from_stream:
            visible = template["Resources"][source.feeder]["Properties"]["VisibilityTimeout"]
            assert visible >= 6 * functions(template)[source.function.capitalize()]["Timeout"]


def statements(template: Json, function: str) -> list[Json]:
    role = template["Resources"]["ApiHandlerRole" if function == "APIHandler" else f"{function}Role"]
    found: list[Json] = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    return found


def actions(template: Json, function: str) -> set[str]:
    return {action for statement in statements(template, function) for action in statement["Action"]}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_may_scan_administer_or_do_everything(template: Json, name: str) -> None:
    allowed = actions(template, name)
    assert not {action for action in allowed if "*" in action or "Scan" in action or action.startswith("iam:")}
    assert "*" not in {json.dumps(each) for statement in statements(template, name) for each in statement["Resource"]}


def test_only_what_issues_may_sign_and_only_what_mails_may_send(template: Json) -> None:
    assert {name for name in FUNCTIONS if "kms:Sign" in actions(template, name)} == {"Issuing"}
    assert {name for name in FUNCTIONS if "ses:SendRawEmail" in actions(template, name)} == {"Mailing"}
    assert {name for name in FUNCTIONS if "sqs:SendMessage" in actions(template, name)} == {"Dispatching", "Sweeping"}


def test_what_holds_the_register_outlives_the_stack(template: Json) -> None:
    kept = {
        name: each.get("DeletionPolicy")
        for name, each in template["Resources"].items()
        if each["Type"] in (resources.TABLE, resources.BUCKET, resources.KEY)
    }
    assert len(kept) == 9
    assert set(kept.values()) == {"Retain"}


def test_the_api_is_throttled(template: Json) -> None:
    (settings,) = template["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    assert settings["ThrottlingRateLimit"] <= settings["ThrottlingBurstLimit"] <= 200


def test_whoever_comes_too_often_reads_what_he_himself_can_do(template: Json) -> None:
    """The door knows neither who scans with a phone nor what a client writes: it speaks to either, to people first."""
    (body,) = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]["THROTTLED"][
        "ResponseTemplates"
    ].values()
    (reason,) = json.loads(body)["reasons"]
    people, programs = reason["next"].split("；", 1)
    assert "扫" in people
    assert "Idempotency-Key" not in people
    assert programs.startswith("程序")
    assert "Retry-After" in programs
    assert "Idempotency-Key" in programs
