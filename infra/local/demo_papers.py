"""What every later part of the demo does with papers: hands in all that is asked for, keeps each version that comes."""

from collections.abc import Mapping
from typing import Any

from infra.local import demo_files, demo_holding
from infra.local.demo_people import Member, Problem
from infra.local.demo_report import Unmet, require
from infra.local.demo_story import Story, eventually

RECEIPT = "bank_receipt"
ORIGINAL_AND_DUPLICATE = ("original", "duplicate")


def opened(member: Member, service: str, form: Mapping[str, str] | None = None) -> str:
    """A draft, filled in; answers its id."""
    draft = member.post("/applications", {"service": service})
    if form:
        member.write("PATCH", f"/applications/{draft['id']}", {"version": draft["version"], "form": form})
    return str(draft["id"])


def choose(member: Member, application: str, persons: tuple[str, ...]) -> Any:
    path = f"/applications/{application}"
    return member.write("PUT", f"{path}/persons", {"version": member.get(path)["version"], "persons": persons})


def hand_over(story: Story, member: Member, application: str) -> list[dict[str, Any]]:
    """One made-up page into every slot that still wants a file, of each person where everybody brings one."""
    content = demo_files.paper("演示资料", {"说明": "一页充作各项资料"}, chop="虚构单位")
    sha = story.record.keep("uploads/one-for-all.pdf", content)
    wanted = [each for each in member.get(f"/applications/{application}")["slots"] if asks(each)]
    handed = [
        {
            "slot": each["slot"], "person": each["person"], "sha256": sha,
            "file": member.hand_in(application, each["slot"], "资料.pdf", content, each["person"]),
        }
        for each in wanted
    ]  # fmt: skip
    eventually("the checks", lambda: _checked(member, application))
    return handed


def asks(slot: Any) -> bool:
    return not (slot["files"] or slot["optional"] or slot["filled_by"] or slot["slot"] == RECEIPT)


def _checked(member: Member, application: str) -> bool | None:
    slots = member.get(f"/applications/{application}")["slots"]
    states = [(each["slot"], file["status"]["code"]) for each in slots for file in each["files"]]
    refused = [slot for slot, state in states if state == "refused"]
    require(not refused, f"refused: {refused}")
    return None if any(state == "waiting" for _, state in states) else True


def completed(member: Member, application: str) -> Any:
    """The application, once the system has done the rest by itself."""

    def look() -> Any:
        shown = member.get(f"/applications/{application}")
        return shown if shown["state"]["code"] == "completed" else None

    return eventually("the certificate", look)


def refused(member: Member, application: str) -> Problem:
    """What is said to a submission that must not pass. Raises Unmet when it does."""
    try:
        member.post(f"/applications/{application}/submit")
    except Problem as problem:
        return problem
    raise Unmet("it was submitted")


# --- versions of certificates -----------------------------------------------------------------------------------------


def held(member: Member, kind: str) -> Any:
    """The one certificate of the kind that was not revoked. Raises Unmet."""
    found = [each for each in member.get("/certificates")["items"] if each["kind"]["code"] == kind]
    counting = [each for each in found if each["revoked_on"] is None]
    require(len(counting) == 1, f"{len(counting)} of kind {kind}")
    return counting[0]


def keep_latest(story: Story, member: Member, kind: str) -> dict[str, Any]:
    """Downloads every paper of the latest version, compares it with the register, scans it; what was found."""
    certificate = held(member, kind)
    version = member.get(f"/certificates/{certificate['root']}")["editions"][-1]
    papers = [_kept(story, member, certificate, version, each) for each in version["papers"]]
    return {
        "root": certificate["root"], "number": certificate["number"], "version": version["ordinal"],
        "valid_from": version["valid_from"], "valid_to": version["valid_to"], "papers": papers,
    }  # fmt: skip


def _kept(story: Story, member: Member, certificate: Any, version: Any, paper: Any) -> dict[str, Any]:
    part = paper["part"]["code"]
    asked = f"?part={part}" if part in ORIGINAL_AND_DUPLICATE else ""
    pdf = member.fetch(f"/certificates/{certificate['root']}/pdf{asked}")
    place = f"certificates/{certificate['number']}-v{version['ordinal']}{'-' + part if asked else ''}.pdf"
    sha = story.record.keep(place, pdf)
    require(sha == paper["file_sha256"], f"{place} is not the file in the register")
    printed = demo_holding.scanned(pdf)
    demo_holding.put_down(
        story, certificate["number"], place, printed, demo_holding.looked_up(story.visitor, printed)[1]
    )
    return {"part": part, "path": place, "sha256": sha}


def scan(story: Story, *places: str) -> list[dict[str, Any]]:
    """What a stranger sees today who scans these papers, with the page as he sees it."""
    return [_scanned(story, place) for place in places]


def _scanned(story: Story, place: str) -> dict[str, Any]:
    printed = demo_holding.scanned((story.record.out / place).read_bytes())
    page, facts = demo_holding.looked_up(story.visitor, printed)
    require(facts["standing_name"] in page, "people are not told what programs are")
    kept = f"pages/{story.today}-{place.rpartition('/')[2]}.html"
    return {
        "path": place, "printed": printed, "standing": facts["standing"], "version": facts["version"],
        "statement": facts["statement"],
        "checked_at": facts["checked_at"], "page": kept, "page_sha256": story.record.keep(kept, page.encode()),
    }  # fmt: skip
