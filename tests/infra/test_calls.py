"""No operation's calls grow with the association, none scans, and the page says what they are.

Measured in a process of its own: moto keeps one state per process, and other tests have theirs here.
"""

import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from infra import calls

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "aws-calls.md"


def test_ten_times_the_enterprises_ask_no_more_of_aws_and_the_page_says_what_they_ask() -> None:
    command = [sys.executable, "-m", "infra.calls", "--large", str(calls.SMALL * 10)]
    measured = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert measured.returncode == 0, measured.stdout + measured.stderr
    assert PAGE.read_text(encoding="utf-8") == measured.stdout, "run `make calls`"


def test_an_operation_that_scans_a_table_is_an_error() -> None:
    dynamodb = boto3.client("dynamodb", calls.REGION)
    with calls.Ledger().of("a slip of ours"), pytest.raises(calls.ScannedError):
        dynamodb.scan(TableName="Accounts")
