"""What every refusal must be: the right status, problem details with reasons and what to do next, nothing changed."""

from collections.abc import Callable

from chalicelib.handlers.problems import JSON_PROBLEM
from tests.handlers.asking import Answer, House


def assert_problem(answer: Answer, status: int, *codes: str) -> None:
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == JSON_PROBLEM
    body = answer.json
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    assert body["detail"]
    assert body["reasons"]
    assert all(reason["code"] and reason["message"] and reason["next"] for reason in body["reasons"]), body
    assert set(codes) <= set(answer.codes), answer.codes


def assert_refused(house: House, ask: Callable[[], Answer], status: int, *codes: str) -> Answer:
    before = house.everything()
    answer = ask()
    assert_problem(answer, status, *codes)
    assert house.everything() == before
    return answer
