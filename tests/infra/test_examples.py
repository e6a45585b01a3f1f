"""What `make run` shows from the start: a member with his qualification, a revoked one, one who waits for review."""

import subprocess
from collections.abc import Iterator

import pytest
import requests

from chalicelib import wiring
from chalicelib.operations.applications import queue
from chalicelib.operations.ports import Asked
from chalicelib.rules.vocabulary import State
from infra.local import claims, system, welcome
from infra.local.demo_people import Member
from infra.local.examples import Examples, pending
from infra.local.system import System


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    running = system.start(state=tmp_path_factory.mktemp("state"), retry=0, with_examples=True)
    yield running
    running.close()


def of(shown: System) -> Examples:
    assert shown.examples
    return shown.examples


def standing(address: str) -> tuple[str, str]:
    facts = requests.get(address, headers={"Accept": "application/json"}, timeout=10).json()
    return facts["number"], facts["standing"]


def test_the_public_addresses_show_one_valid_and_one_revoked_certificate(shown: System) -> None:
    valid, revoked = of(shown).valid, of(shown).revoked
    assert standing(valid.verify_url) == (valid.number, "valid")
    assert standing(revoked.verify_url) == (revoked.number, "revoked")
    assert [each.number[-5:] for each in (valid, revoked)] == ["-0001", "-0002"]


def test_a_member_who_logs_in_is_bound_and_finds_his_certificate(shown: System) -> None:
    member = Member(shown.url, name=of(shown).valid.login, wechat=shown.wechat.url)
    member.log_in()
    assert member.get("/me/enterprise")["name"] == of(shown).valid.unit.name
    certificates = member.get("/certificates")["items"]
    assert {each["kind"]["code"] for each in certificates} == {"member", "qualification"}
    for each in certificates:
        assert member.fetch(f"/certificates/{each['root']}/pdf").startswith(b"%PDF")


def test_the_valid_member_has_come_through_the_year_as_far_as_any_day_allows(shown: System) -> None:
    member = Member(shown.url, name=of(shown).valid.login, wechat=shown.wechat.url)
    member.log_in()
    assert len(member.get("/practitioners")["items"]) == 6
    assert standing(of(shown).qualification.verify_url) == (of(shown).qualification.number, "valid")
    plan = {each["service"]["code"]: each["open"] for each in member.get("/plan")["items"]}
    assert (plan["qualification_change"], plan["annual_review"]) == (True, False)


def test_one_application_waits_for_its_review_and_nothing_else_is_left_to_do(shown: System) -> None:
    assert shown.pumps.settle()
    assert len(queue(wiring.ports(), State.IN_REVIEW, Asked(10)).items) == 1
    assert not list(pending(wiring.ports()))


def test_the_lists_that_are_suggested_first_can_be_read_by_a_person(shown: System) -> None:
    """The lines as pasted: a line a service and no more, one service on a screen, the plan with its reasons."""
    helpers = welcome.text(shown, 0).partition("# --- helpers")[2].partition("# --- what anybody may read")[0]
    ask = f"#{helpers}\noffers; echo ==; offer join; echo ==; TOKEN=$(login {of(shown).valid.login}); plan"
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=60, check=True)
    offers, offer, plan = done.stdout.split("==\n")
    assert offers.startswith("join  入会  ")
    assert len(offers.splitlines()) == 6
    assert "费用： 会费 1200.00 元" in offer
    assert len(offer.splitlines()) <= 6
    assert "资质证变更  可以办理" in plan
    assert len(plan.splitlines()) <= 24


def test_who_starts_a_second_one_hears_one_next_step_that_is_enough(shown: System) -> None:
    port = int(shown.url.rpartition(":")[2])
    with pytest.raises(claims.Taken) as taken:
        system.start(port, shown.state)
    assert str(taken.value) == claims.in_use(shown.state)
    assert "make run" not in str(taken.value)
