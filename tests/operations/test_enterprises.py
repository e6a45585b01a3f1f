"""企业绑定: one user, one enterprise; wrong pairs tell nothing and lock; unbinding takes effect at once."""

from datetime import timedelta

import pytest

from chalicelib.operations import applications, enterprises, notices
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Busy, Ports
from chalicelib.rules.records import Enterprise
from chalicelib.rules.vocabulary import Actor, Refused
from tests.operations import acting


def pair(ports: Ports, member: Actor) -> tuple[str, str]:
    enterprise = ports.records.get(Enterprise, member.enterprise or "")
    assert enterprise is not None
    return enterprise.name, enterprise.member_code


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_name_and_member_code_bind_and_the_others_hear_of_it(ports: Ports) -> None:
    member, _ = acting.member(ports)
    colleague = acting.user(ports, "li")
    assert enterprises.bind(ports, acting.order(colleague), *pair(ports, member)) == member.enterprise
    assert acting.as_of_now(ports, colleague.id).enterprise == member.enterprise
    newest = notices.my_messages(ports, member, Asked(1)).items[0]
    assert newest.notice == "new_binding"


@pytest.mark.parametrize("wrong", ["name", "code"])
def test_whichever_half_is_wrong_the_answer_is_the_same(ports: Ports, wrong: str) -> None:
    member, _ = acting.member(ports)
    name, code = pair(ports, member)
    given = ("另一家公司", code) if wrong == "name" else (name, "00000000")
    with pytest.raises(Refused) as refusal:
        enterprises.bind(ports, acting.order(acting.user(ports, "li")), *given)
    assert codes(refusal) == ["record_not_found"]
    assert refusal.value.reasons[0].message.startswith("找不到数据：")


def test_five_wrong_pairs_lock_binding_for_an_hour(ports: Ports) -> None:
    member, _ = acting.member(ports)
    stranger = acting.user(ports, "li")
    for _ in range(5):
        with pytest.raises(Refused):
            enterprises.bind(ports, acting.order(stranger), "另一家公司", "00000000")
    with pytest.raises(Refused) as refusal:
        enterprises.bind(ports, acting.order(stranger), *pair(ports, member))
    assert codes(refusal) == ["binding_locked"]
    ports.clock.advance(timedelta(minutes=61))  # type: ignore[attr-defined]  # the clock in memory
    enterprises.bind(ports, acting.order(stranger), *pair(ports, member))


def test_who_bound_and_then_guessed_too_often_is_still_told_of_his_binding_under_its_key(ports: Ports) -> None:
    """The first answer may have been lost; what was done is answered, whatever came after it."""
    member, _ = acting.member(ports)
    colleague = acting.user(ports, "li")
    order, right = acting.order(colleague, key="the-binding"), pair(ports, member)
    bound = enterprises.bind(ports, order, *right)
    enterprises.unbind(ports, acting.order(acting.as_of_now(ports, colleague.id)))
    for _ in range(5):
        with pytest.raises(Refused):
            enterprises.bind(ports, acting.order(colleague), "另一家公司", "00000000")
    assert enterprises.bind(ports, order, *right) == bound


def test_tries_at_the_same_moment_do_not_get_past_the_bound(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    member, _ = acting.member(ports)
    stranger = acting.user(ports, "li")
    monkeypatch.setattr(enterprises, "_not_locked", lambda *_: None)  # each has looked before any was counted
    answers = []
    for _ in range(8):
        with pytest.raises(Refused) as refusal:
            enterprises.bind(ports, acting.order(stranger), "另一家公司", "00000000")
        answers += codes(refusal)
    assert answers == ["record_not_found"] * 5 + ["binding_locked"] * 3
    with pytest.raises(Refused):
        enterprises.bind(ports, acting.order(stranger), *pair(ports, member))


def test_the_same_request_again_is_the_same_try(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six times "busy" on the right pair must not lock out who gave it."""
    member, _ = acting.member(ports)
    colleague = acting.user(ports, "li")
    request = acting.order(colleague)

    def busy(*_: object) -> None:
        raise Busy

    with monkeypatch.context() as trouble:
        trouble.setattr(ports.records, "commit", busy)
        for _ in range(6):
            with pytest.raises(Busy):
                enterprises.bind(ports, request, *pair(ports, member))
    assert enterprises.bind(ports, request, *pair(ports, member)) == member.enterprise


def test_a_user_who_is_joining_cannot_bind_elsewhere(ports: Ports) -> None:
    member, _ = acting.member(ports)
    joining = acting.user(ports, "li")
    acting.submitted(ports, joining, acting.join_form(2))
    with pytest.raises(Refused) as refusal:
        enterprises.bind(ports, acting.order(joining), *pair(ports, member))
    assert codes(refusal) == ["own_join_under_way"]


def test_one_user_binds_to_one_enterprise(ports: Ports) -> None:
    member, _ = acting.member(ports)
    other, _ = acting.member(ports, "li", acting.join_form(2))
    with pytest.raises(Refused) as refusal:
        enterprises.bind(ports, acting.order(other), *pair(ports, member))
    assert codes(refusal) == ["already_bound"]


def test_who_unbinds_himself_loses_access_at_once(ports: Ports) -> None:
    member, application = acting.member(ports)
    enterprises.unbind(ports, acting.order(member))
    former = acting.as_of_now(ports, member.id)
    with pytest.raises(Absent):
        applications.own_folder(ports, former, application)
    with pytest.raises(Absent):
        enterprises.my_enterprise(ports, former)


def test_an_admin_unbinds_with_a_reason_that_is_kept(ports: Ports) -> None:
    member, _ = acting.member(ports)
    with pytest.raises(Refused):
        enterprises.unbind_user(ports, acting.order(acting.ADMIN), member.id, " ")
    enterprises.unbind_user(ports, acting.order(acting.ADMIN), member.id, "已离职")
    assert acting.as_of_now(ports, member.id).enterprise is None
    (entry,) = ports.records.audit_of(f"user:{member.id}", Asked()).items
    assert entry.reason == "已离职"
