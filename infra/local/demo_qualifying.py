"""The demo's fourth part: practitioners on the roll, and the qualification, refused until six of them are certified."""

from datetime import timedelta

from infra.local.demo_deciding import decide, told
from infra.local.demo_papers import choose, completed, hand_over, keep_latest, opened, refused
from infra.local.demo_report import require
from infra.local.demo_story import Story, eventually, state_is
from infra.local.units import made_up_practitioner, made_up_resident_id

SERVICE = "qualification"
FORM = {
    "services": "灭鼠、灭蟑、消毒", "premises_area": "200", "staff_count": "20", "technician_count": "8",
    "managers": "陈甲一 总经理 本科", "equipment": "超低容量喷雾器 3 台", "chemicals": "虚构药剂 5 公斤",
}  # fmt: skip
SIX, OUT_OF_DATE = range(1, 7), 7


def practitioners_are_entered(story: Story) -> str:
    today = story.today
    lasting, over = today.replace(year=today.year + 3), today - timedelta(days=1)
    people = [
        {
            "name": made_up_practitioner(n), "id_number": made_up_resident_id(n),
            "certificate_number": f"DEMO-PX-{today.year - 1}-{n:05}", "legacy": n == OUT_OF_DATE,
            "valid_from": today.replace(year=today.year - 1).isoformat(),
            "valid_to": (over if n == OUT_OF_DATE else lasting).isoformat(),
        }
        for n in (*SIX, OUT_OF_DATE)
    ]  # fmt: skip
    code = story.first.get("/me/enterprise")["member_code"]
    story.at_desk("admin").post("/staff/practitioners", {"member_code": code, "people": people})
    roll = {each["certificate_number"]: each for each in story.first.every("/practitioners")}
    require(len(roll) == len(people), f"{len(roll)} on the roll")
    ids = [roll[each["certificate_number"]]["id"] for each in people]
    story.people, story.out_of_date = tuple(ids[:-1]), ids[-1]
    shown = ("name", "certificate_number", "valid_from", "valid_to")
    story.note(
        "practitioners",
        people={id_: {name: each[name] for name in shown} for id_, each in zip(ids, people, strict=True)},
    )
    return f"登记 {len(people)} 人，其中 {people[-1]['name']} 的证书已于 {over} 到期；单位在“从业人员证件”中看到"


def five_are_too_few(story: Story) -> str:
    story.qualification = opened(story.first, SERVICE, FORM)
    return _refused(story, "too_few", story.people[:-1], {"fewer_than_six"})


def one_is_out_of_date(story: Story) -> str:
    named = (*story.people[:-1], story.out_of_date)
    return _refused(story, "out_of_date", named, {"training_certificate_expired", "fewer_than_six"})


def _refused(story: Story, step: str, named: tuple[str, ...], wanted: set[str]) -> str:
    choose(story.first, story.qualification, named)
    problem = refused(story.first, story.qualification)
    about = [each for each in problem.reasons if each["code"] in wanted]
    require({each["code"] for each in about} == wanted, f"told: {problem.codes}")
    story.note(
        step, application=story.qualification, named=list(named), told=sorted(wanted), day=story.today.isoformat()
    )
    return "\n".join(f"· {each['message']} → {each['next']}" for each in about)


def six_are_named(story: Story) -> str:
    application = story.qualification
    choose(story.first, application, story.people)
    files = hand_over(story, story.first, application)
    story.first.post(f"/applications/{application}/submit")
    state_is(story.first.get(f"/applications/{application}"), "in_review")
    each_ones = [each for each in files if each["person"]]
    story.note("qualifying", application=application, files=files)
    return f"{len(story.people)} 人；资料 {len(files)} 份，其中每人一份的 {len(each_ones)} 份；待审核"


def paper_is_asked_for(story: Story) -> str:
    decide(story, "approve", application=story.qualification)
    require(story.system.pumps.settle(), "it does not come to rest")
    shown = story.first.get(f"/applications/{story.qualification}")
    state_is(shown, "being_made")
    require(shown["paper_at"] is None and shown["certificate"] is None, "made without the paper")
    message = told(story, "bring_paper", story.qualification)
    story.note("bring_paper", application=story.qualification, due=shown["amount_due"])
    return f"免费，直接进入制证中；纸质资料未到，不制证\n消息：{message['title']}"


def paper_is_noted(story: Story) -> str:
    _note_paper(story, story.qualification)
    completed(story.first, story.qualification)
    found = keep_latest(story, story.first, SERVICE)
    story.qualification_number = found["number"]
    require([each["part"] for each in found["papers"]] == ["original", "duplicate"], "not original and duplicate")
    story.note("papers", application=story.qualification, services=FORM["services"], **found)
    return f"{found['number']}：正本 A3、副本 A4，有效期 {found['valid_from']} 至 {found['valid_to']}"


def _note_paper(story: Story, application: str) -> None:
    certifier = story.at_desk("certifier")
    version = certifier.get(f"/staff/applications/{application}")["version"]
    certifier.post(f"/staff/applications/{application}/note-paper", {"version": version})


def paper_is_noted_again(story: Story) -> str:
    """For the second qualification, after the first was revoked."""
    application = story.matters[-1]
    state_is(story.first.get(f"/applications/{application}"), "being_made")
    _note_paper(story, application)
    completed(story.first, application)
    found = eventually("the certificate", lambda: keep_latest(story, story.first, SERVICE))
    require(found["number"] != story.qualification_number, "the revoked number came back")
    story.note("anew", application=application, revoked=story.qualification_number, **found)
    runs = f"有效期 {found['valid_from']} 至 {found['valid_to']}"
    return f"{found['number']}，{runs}；{story.qualification_number} 仍为已注销"
