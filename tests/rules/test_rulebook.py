import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.rules.association import Windows
from chalicelib.rules.certificates import Deadline
from chalicelib.rules.grammar import Case, Facts, Guard, ServiceRow, Step
from chalicelib.rules.guards import fee_is_set
from chalicelib.rules.records import Claim, ClaimKind
from chalicelib.rules.rulebook import rulebook
from chalicelib.rules.schedule import NOTICES as REMINDERS
from chalicelib.rules.schedule import DayOfYear
from chalicelib.rules.sentences import AFTERWARDS, BEFORE, NOTICES, WHAT_TO_DO
from chalicelib.rules.service_page import BACKWARD, action_of, follows, guards_of, moves, who_of
from chalicelib.rules.services import OFFERED, TRAINING
from chalicelib.rules.vocabulary import Service, Standing, State
from tests.rules import cases

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rulebook.md"
SECTIONS = (
    "谁可以办", "先后次序", "要准备什么", "要填什么", "费用", "什么会挡住", "怎样办", "办成后得到", "之后会发生什么",
)  # fmt: skip
MUST_BE_SAID = {
    Service.JOIN: (
        "**审核通过、收到缴费通知之后再缴费**", "申请人自动绑定该单位", "填单位第一负责人", "**纸质资料**：不用交",
    ),
    Service.DUES: ("**先缴费，再提交申请**", "随申请一并提交", "平台颁发的会员证自动带入，不用上传", "两页的扫描件"),
    Service.DUES_WITH_CHANGES: (
        "**先缴费，再提交申请**", "没有申办资质证的不需要", "须写明货币单位", "资质证随下一次年审换发", "应缴为 0",
    ),
    Service.QUALIFICATION: ("另备纸质版一套", "带到协会现场递交", "至少 6 名不同的人员", "不收费", "带正本", "带原件"),
    Service.ANNUAL_REVIEW: ("不收费", "执照未变而信息不符的，联系协会", "年审不改变有效期", "记载本年度已年审"),
    Service.QUALIFICATION_CHANGE: (
        "**审核通过、收到缴费通知之后再缴费**", "只适合本年度年审已经完成的单位", "编号和有效期不变", "须写明货币单位",
    ),
}  # fmt: skip


def page_of(row: ServiceRow) -> str:
    return re.split(r"^## ", rulebook(), flags=re.MULTILINE)[2 + 1 + OFFERED.index(row)]


def test_the_rulebook_on_paper_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == rulebook(), "run `make rulebook`"


@pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.service.value)
def test_a_page_has_every_section_in_the_same_order(row: ServiceRow) -> None:
    page = page_of(row)
    assert page.startswith(f"{row.service.chinese}\n")
    assert tuple(re.findall(rf"^### {re.escape(row.service.chinese)}：(.+)$", page, flags=re.MULTILINE)) == SECTIONS


def test_no_section_is_empty_and_nothing_is_left_to_be_filled_in() -> None:
    book = rulebook()
    bodies = re.split(r"^#{1,3} .+$", book, flags=re.MULTILINE)[1:]
    assert [body for body in bodies if len(re.sub(r"[\s|-]", "", body)) < 10] == []
    assert re.findall(r"\{\w*\}", book) == []
    assert "None" not in book


@pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.service.value)
def test_a_page_names_everything_its_row_asks_for_and_gives(row: ServiceRow) -> None:
    page = page_of(row)
    terms = [row.purpose, row.who, row.result, f"`{row.fee}`"]
    terms += [each.chinese for each in row.fields]
    terms += [text for each in row.materials for text in (each.chinese, each.hint)]
    terms += [f"`{name}`" for name in (*(f.name for f in row.fields), *(m.slot for m in row.materials))]
    terms += [guard.rule for guard in guards_of(row)]
    terms += [made.how.chinese for made in row.makes]
    terms += [NOTICES[step.notice][0] for step in row.steps if step.notice]
    assert [term for term in terms if term not in page] == []


@pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.service.value)
def test_what_a_new_reader_must_find_is_said(row: ServiceRow) -> None:
    assert [each for each in MUST_BE_SAID[row.service] if each not in page_of(row)] == []


@pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.service.value)
def test_every_step_stands_on_its_page_or_among_the_ways_back(row: ServiceRow) -> None:
    page, lines = page_of(row), rulebook().splitlines()
    for step in row.steps:
        begins = f"| {action_of(step)} | {who_of(step)} | {moves(step)} | "
        ends = f" | {'；'.join(follows(step))} |"
        where = lines if step.action in BACKWARD else page.splitlines()
        found = [line for line in where if line.startswith(begins) and line.endswith(ends.lstrip(" |"))]
        assert any(_is_for(row, step, line) for line in found), begins


def _is_for(row: ServiceRow, step: Step, line: str) -> bool:
    services = line.split(" | ")[3]
    return step.action not in BACKWARD or services == "全部" or row.service.chinese in services.split("、")


def test_every_state_standing_effect_and_notice_is_named() -> None:
    book = rulebook()
    terms = [*(each.chinese for each in State), *(each.chinese for each in Standing)]
    terms += [effect.chinese for row in OFFERED for step in row.steps for effect in step.effects]
    terms += [f"`{name}`" for name in (*REMINDERS.values(), *(s.notice for r in OFFERED for s in r.steps if s.notice))]
    assert [term for term in terms if term not in book] == []


def test_the_notices_are_those_that_the_mail_room_has() -> None:
    there = (ROOT / "chalicelib" / "messages" / "templates" / "notices").glob("*.txt")
    assert set(NOTICES) == {each.stem for each in there}


def test_nothing_is_said_of_a_service_or_condition_that_is_not_offered() -> None:
    offered = {row.service for row in OFFERED}
    asked = {guard.name for row in OFFERED for guard in guards_of(row)}
    assert offered == set(BEFORE) == set(AFTERWARDS)
    assert asked | {"persons_are_named"} == set(WHAT_TO_DO)
    assert ("尚未在平台开放" in rulebook()) is not TRAINING.offered


def test_numbers_of_days_are_those_in_the_settings() -> None:
    windows = Windows(
        lapse_days=77, lapse_warning_days=66, binding_tries=9, review_deadline=Deadline(4, 15),
        training_reminder_days=(44, 22), season_reminder_days=(DayOfYear(2, 2),),
    )  # fmt: skip
    book = rulebook(windows)
    told = ("满 77 天", "满 66 天", "9 次", "4 月 15 日前年审", "到期前 44、22 天", "2 月 2 日各提醒一次")
    assert [each for each in told if each not in book] == []
    assert "90 天" not in book


# --- the advice is the code's own -------------------------------------------------------------------------------------

OF_A_FORM = {"form_is_complete", "materials_are_complete", "changes_are_stated"}  # they quote what was filled in


def _facts_that_stand_in_the_way(service: Service) -> Iterator[Facts]:
    well = replace(cases.facts(service), bound_to="e9", dossier=cases.dossier(), files=(), payment=None, due=None)
    for dossier in (None, cases.unpaid(), cases.unqualified(), cases.dossier(), cases.reviewed()):
        yield replace(well, dossier=dossier, practitioners={}, unprintable="X")
    others = [
        Claim(kind=kind, value="x", holder=holder, service=Service.DUES)
        for kind in ClaimKind
        for holder in ("application:other", "enterprise:other")
    ]
    yield from (replace(well, claims=(each,)) for each in others)


def _reasons_to_advise(row: ServiceRow, guard: Guard) -> Iterator[str]:
    empty = replace(cases.application(row.service), form={}, persons=())
    with_people = replace(empty, persons=cases.application(Service.QUALIFICATION).persons)
    for application in (None, empty, with_people):
        for facts in _facts_that_stand_in_the_way(row.service):
            priced = replace(facts, due=1) if guard.name == "receipt_comes_with_it" else facts
            yield from (reason.next for reason in guard(Case(row, application, priced)))


@pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.service.value)
def test_the_advice_names_every_place_and_service_that_the_refusal_names(row: ServiceRow) -> None:
    for guard in guards_of(row):
        refusals = tuple(_reasons_to_advise(row, guard))
        told = {each for advice in refusals for each in re.findall("“([^”]+)”", advice)}
        if guard.name not in OF_A_FORM and not (guard is fee_is_set and row.free_unless_set):
            assert refusals, guard.name
            assert [each for each in told if f"“{each}”" not in WHAT_TO_DO[guard.name]] == [], guard.name
