"""资质证: six practitioners entered, the qualification with its paper, the review, the change, and the renewal."""

from datetime import date, timedelta
from typing import Any

from chalicelib.rules.association import Association
from tests import made_up
from tests.faults.journey.dues import A_MEMBER
from tests.faults.journey.money import undone
from tests.faults.journey.steps import (
    FEE,
    checked,
    decided,
    drafted,
    put_in,
    scan,
    step,
    submitted,
    to_day,
    with_files,
)
from tests.faults.people import logs_in, member, staff
from tests.faults.world import World
from tests.operations.years import CHANGES, PAPERS, QUALIFICATION, REVIEW

ENTERED = "登记从业人员 six practitioners entered"
PAID_AT_ONCE = "一笔缴两宗 one payment for both"
CHANGE_FEE = 30_000
SIX = range(101, 107)
VALID_TO = date(2029, 12, 31)
AGAIN = {**CHANGES, "new_name": made_up.enterprise(8), "new_legal_representative": made_up.person(8)}


def practitioners(numbers: range) -> list[dict[str, Any]]:
    return [
        {
            "name": made_up.person(n), "id_number": made_up.resident_id(n), "certificate_number": f"PX-{n:04}",
            "valid_from": "2025-01-01", "valid_to": VALID_TO.isoformat(),
        }
        for n in numbers
    ]  # fmt: skip


@step(ENTERED, follows=A_MEMBER)
def six_entered(world: World) -> None:
    code = world.names["enterprise-chen"]["member_code"]
    body = {"member_code": code, "people": practitioners(SIX)}
    assert staff(world, "admin").post("/staff/practitioners", body, key="six").ok


@step("（资质证拟稿） a draft with its papers", struck=False)
def draft(world: World) -> None:
    drafted(world, "chen", "qualification", "qualification", QUALIFICATION)
    with_files(world, "chen", "qualification", *PAPERS)


def chosen(world: World, name: str, seen: int) -> list[str]:
    """Everyone on the roll."""
    people = [each["id"] for each in member(world, "chen").get("/practitioners?limit=30").json["items"]]
    path, body = f"/applications/{world.names[name]}/persons", {"version": seen, "persons": people}
    answer = member(world, "chen").write("PUT", path, body, key=f"persons-{name}")
    assert answer.ok, answer.body.decode()
    return people


@step("选择从业人员 six chosen from the roll")
def six_chosen(world: World) -> None:
    chosen(world, "qualification", 1)


def brought(world: World, name: str, *slots: str) -> None:
    """What each of the six brings of his own."""
    people = member(world, "chen").get(f"/applications/{world.names[name]}").json["persons"]
    for person in people:
        for slot in slots:
            body = {
                "application": world.names[name], "slot": slot, "person": person["id"], "file_name": f"{slot}.pdf",
            }  # fmt: skip
            answer = member(world, "chen").post("/uploads", body, key=f"upload-{name}-{slot}-{person['id']}")
            assert answer.status == 201, answer.body.decode()
            world.upload(answer.json["id"], scan(slot))
    world.lambdas.rest()


@step("（逐人资料） what each of the six brings", struck=False)
def each_brings(world: World) -> None:
    brought(world, "qualification", "practitioner_id", "training_certificate")


@step("资质证提交 submitted with six people")
def submit(world: World) -> None:
    submitted(world, "chen", "qualification")


@step("资质证审核 approved: the paper is to be brought")
def approved(world: World) -> None:
    decided(world, "reviewer", "qualification", "approve")


@step("收纸质、制资质证 the paper noted, both papers made")
def paper_noted(world: World) -> None:
    decided(world, "certifier", "qualification", "note-paper")


# --- the last year of its term: review, change, renewal ---------------------------------------------------------------


@step("（三年后） the dues of the last year paid, the review put in", struck=False)
def years_later(world: World) -> None:
    to_day(world, date(2029, 1, 10))
    drafted(world, "chen", "dues", "dues-2029")
    payment = put_in(world, "chen", "dues-2029", method="cash")
    decided(world, "reviewer", "dues-2029", "approve")
    checked(world, payment, "confirm", received=FEE)
    world.lambdas.rest()
    drafted(world, "chen", "annual_review", "review", REVIEW)
    with_files(world, "chen", "review", "review_form", "licence")
    chosen(world, "review", 1)
    brought(world, "review", "training_certificate")
    submitted(world, "chen", "review")


@step("年审通过、制证 the review approved, its version made")
def reviewed(world: World) -> None:
    decided(world, "reviewer", "review", "approve")


def change_to_be_paid(world: World, name: str, form: dict[str, str | None]) -> None:
    drafted(world, "chen", "qualification_change", name, form)
    with_files(world, "chen", name, "change_form", "licence", "change_notice")
    submitted(world, "chen", name)
    decided(world, "reviewer", name, "approve")


@step("（资质证变更） a change, paid in cash", struck=False)
def change(world: World) -> None:
    change_to_be_paid(world, "change", CHANGES)
    world.names["of-change"] = put_in(world, "chen", "change", amount=CHANGE_FEE, method="cash")


@step("变更制证 two certificates and the register in one go")
def changed(world: World) -> None:
    checked(world, world.names["of-change"], "confirm", received=CHANGE_FEE)


@step("（届满） the day after its term", struck=False)
def term_over(world: World) -> None:
    held = member(world, "chen").get("/certificates").json["items"]
    last = next(each["valid_to"] for each in held if each["kind"]["code"] == "qualification")
    to_day(world, date.fromisoformat(last) + timedelta(days=1))


@step("自动续期 renewed by itself", jobs=("renewing",))
def renewed(world: World) -> None:
    pass


# --- one payment for two ----------------------------------------------------------------------------------------------


@step("（两宗） another change approved, next year's dues drafted", struck=False)
def two(world: World) -> None:
    to_day(world, date(2029, 12, 5))
    change_to_be_paid(world, "change-again", AGAIN)
    drafted(world, "chen", "dues", "dues-2030")
    with_files(world, "chen", "dues-2030", "bank_receipt")


@step(PAID_AT_ONCE)
def one_payment(world: World) -> None:
    world.names["of-both"] = put_in(world, "chen", "dues-2030", "change-again", amount=FEE + CHANGE_FEE)


@step("一笔核两宗 both confirmed: one is made, one still reviewed")
def both_confirmed(world: World) -> None:
    checked(world, world.names["of-both"], "confirm", received=FEE + CHANGE_FEE)


@step("撤销其中一宗 one of them undone, the other stays")
def one_undone(world: World) -> None:
    undone(world, "dues-2030", "of-both", arrived=True)


@step("（经办人离职） two others represent the enterprise, who put it in has left", struck=False, follows=PAID_AT_ONCE)
def left_to_others(world: World) -> None:
    settings = world.ports.records.get(Association, "association")
    assert settings is not None
    enterprise = world.names["enterprise-chen"]
    pair = {"name": member(world, "chen").get("/me/enterprise").json["name"], "member_code": enterprise["member_code"]}
    for who in ("li", "wang"):
        world.names[who] = logs_in(world, who)
        assert member(world, who).post("/me/binding", pair, key=f"bind-{who}-late").status == 201
        template = settings.wechat_templates["payment_refused"].id
        world.wechat.grant_consent({"name": who, "template_id": template, "times": 1})
        assert member(world, who).post("/me/consents", {"notices": ["payment_refused"]}, key=f"consents-{who}").ok
    assert member(world, "chen").write("DELETE", "/me/binding", key="unbind-late").ok


@step("一笔退两宗 both refused: each of the others hears of both in one notice")
def both_refused(world: World) -> None:
    checked(world, world.names["of-both"], "refuse", reason="未到账")
