"""What people read names each field in Chinese, wherever in a body or query it stands."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from chalicelib.handlers.routes import ENDPOINTS
from chalicelib.handlers.schemas.base import Incoming, Query
from chalicelib.handlers.schemas.reading import Misshapen, read_body, read_query
from chalicelib.handlers.schemas.titles import CALLED, CALLED_HERE, _meant, _terms, named
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import Asker, House
from tests.handlers.refusals import assert_refused

NO_TYPE = {"没有": "这样的内容"}
RAW = re.compile(r"“[^”]*[a-z_.][^”]*”|[a-z]+_[a-z_]+|\.\d")
HANZI = re.compile(r"[\u4e00-\u9fff]")
ASKED = sorted({each for e in ENDPOINTS for each in (e.takes, e.asks) if each}, key=lambda each: each.__name__)


def wrong(kind: Any) -> Iterator[Any]:
    """Values that go wrong at this place, and, where it holds others, within it."""
    yield NO_TYPE if not issubclass(model_of(kind) or str, BaseModel) else "no object"
    for each in _meant(kind):
        if get_origin(each) is list:
            yield from ([inner] for inner in wrong(get_args(each)[0]))
        elif get_origin(each) is dict:
            keys, values = get_args(each)
            names = [term.value for term in _terms(keys)] or ["credit_code"]
            yield from ({name: inner} for name in names for inner in wrong(values))
        elif (within := model_of(each)) is not None:
            yield from bodies(within)


def model_of(kind: Any) -> type[BaseModel] | None:
    return next((each for each in _meant(kind) if isinstance(each, type) and issubclass(each, BaseModel)), None)


def bodies(model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    yield {}
    for name, field in model.model_fields.items():
        yield from ({name: value} for value in wrong(field.annotation))


@pytest.mark.parametrize("model", ASKED, ids=lambda model: model.__name__)
def test_no_message_names_a_field_as_programs_do(model: type[Incoming | Query]) -> None:
    for body in bodies(model):
        try:
            _ = read_query(model, body) if issubclass(model, Query) else read_body(model, json.dumps(body).encode())
        except Misshapen as unfit:
            for reason in unfit.reasons:
                if reason.code != "unknown_field":
                    said = re.sub(r"（[a-z_]+）", "", reason.message)  # a choice's code stands beside its name
                    assert HANZI.search(said), reason
                    assert not RAW.search(said), reason


def test_every_place_says_which_one_it_is() -> None:
    assert named(model("Returned"), ("materials", 0, "accepted"))[0] == "审核结论第 1 项：是否通过"
    assert named(model("DraftChanges"), ("form", "credit_code"))[0] == "申请表：统一社会信用代码"
    assert named(model("NewSettings"), ("settings", "fees", 2, "amount"))[0] == "协会设置：收费标准第 3 项：金额"
    assert named(model("DraftChanges"), ("form", "no such", "[key]"))[0] == "申请表：no such：名称"


def test_a_returned_verdict_without_its_finding_is_told_in_chinese_and_marked_for_programs(house: House) -> None:
    reviewer = house.staff(Role.REVIEWER)
    body = {"version": 1, "reason": "x", "materials": [{"slot": "licence"}]}
    answer = assert_refused(house, lambda: reviewer.post("/staff/applications/a1/return", body), 422, "field_missing")
    (told,) = answer.json["reasons"]
    assert (told["message"], told["field"]) == ("缺少“审核结论第 1 项：是否通过”。", "materials.0.accepted")


def test_what_may_be_chosen_is_named_for_people_and_for_programs(house: House, member: Asker) -> None:
    body = {"applications": ["a1"], "method": "gold", "amount": 1, "payer": "虚构公司", "paid_on": "2026-03-02"}
    answer = assert_refused(house, lambda: member.post("/payments", body), 422, "field_enum")
    assert answer.json["detail"] == "“缴费方式”只能是 银行转账（transfer）、现金（cash）。"


def test_no_name_is_kept_for_a_field_that_is_not_asked_for() -> None:
    fields = {(each.__name__, name) for each in reached() for name in each.model_fields}
    assert set(CALLED) <= {name for _, name in fields}
    assert set(CALLED_HERE) <= {f"{each}.{name}" for each, name in fields}


def model(name: str) -> type[BaseModel]:
    return next(each for each in ASKED if each.__name__ == name)


def reached() -> set[type[BaseModel]]:
    found: set[type[BaseModel]] = set()

    def reach(kind: Any) -> None:
        for each in _meant(kind):
            within = model_of(each)
            if within and within not in found:
                found.add(within)
                for field in within.model_fields.values():
                    reach(field.annotation)
            for inner in get_args(each):
                reach(inner)

    for each in ASKED:
        reach(each)
    return found
