"""No operation's calls grow with the association, none scans, and the page says what they are."""

from collections import Counter
from pathlib import Path

import pytest

from infra import calls

PAGE = Path(__file__).parents[2] / "docs" / "aws-calls.md"


@pytest.fixture(scope="module")
def few() -> dict[str, Counter[str]]:
    return calls.measure(calls.SMALL)


def test_ten_times_the_enterprises_ask_no_more_of_aws(few: dict[str, Counter[str]]) -> None:
    assert calls.measure(calls.SMALL * 10) == few


def test_the_page_of_calls_says_what_was_measured(few: dict[str, Counter[str]]) -> None:
    assert PAGE.read_text(encoding="utf-8") == calls.table(few, few), "run `make calls`"


def test_an_operation_that_scans_a_table_is_an_error() -> None:
    with calls.mock_aws():
        calls._ports()
        dynamodb = calls.boto3.client("dynamodb", calls.REGION)
        with calls.Ledger().of("a slip of ours"), pytest.raises(calls.ScannedError):
            dynamodb.scan(TableName="Accounts")
