"""登记信息 without an application: the contact by the member, what is wrong by an admin with his reason."""

import pytest

from chalicelib.operations import registering
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Ports
from chalicelib.rules.records import Claim, ClaimKind
from chalicelib.rules.vocabulary import Actor, Refused
from tests import made_up
from tests.operations import acting
from tests.operations.years import dossier


@pytest.fixture
def member(ports: Ports) -> Actor:
    return acting.member(ports)[0]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.code for each in refusal.value.reasons]


def test_a_member_changes_his_contact_and_nothing_else(ports: Ports, member: Actor) -> None:
    before = dossier(ports, member).enterprise
    given = {"contact_mobile": "199 0000 0077", "name": made_up.enterprise(9)}
    registering.edit_contact(ports, acting.order(member), given)
    after = ports.records.opened(dossier(ports, member).enterprise)
    assert (after.contact_mobile.plain, after.contact_mobile.masked) == ("19900000077", "199****0077")
    assert after.name == before.name
    assert after.contact_name.plain == made_up.person(1)


def test_what_cannot_be_a_contact_is_refused_field_by_field(ports: Ports, member: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        registering.edit_contact(ports, acting.order(member), {"contact_mobile": "123", "contact_email": "nobody"})
    assert [each.field for each in refusal.value.reasons] == ["contact_mobile", "contact_email"]


def test_who_represents_nobody_has_no_contact_to_change(ports: Ports) -> None:
    with pytest.raises(Absent):
        registering.edit_contact(ports, acting.order(acting.user(ports)), {"contact_post": "经理"})


def corrected(ports: Ports, member: Actor, given: dict[str, str], reason: str = "执照与登记不符") -> None:
    enterprise = dossier(ports, member).enterprise
    order = acting.order(acting.ADMIN)
    registering.correct(ports, order, enterprise.member_code, enterprise.version, given, reason)


def test_an_admin_corrects_the_register_with_a_reason_that_is_kept(ports: Ports, member: Actor) -> None:
    corrected(ports, member, {"registered_address": "虚构市虚构路 9 号", "founded_on": "2014-06-01"})
    enterprise = dossier(ports, member).enterprise
    assert enterprise.registered_address == "虚构市虚构路 9 号"
    assert enterprise.founded_on.isoformat() == "2014-06-01"
    (entry,) = ports.records.audit_of(f"enterprise:{enterprise.id}", Asked()).items
    assert (entry.deed, entry.reason) == ("correct", "执照与登记不符")


def test_a_corrected_credit_code_frees_the_wrong_one_and_takes_no_others(ports: Ports, member: Actor) -> None:
    acting.member(ports, "li", acting.join_form(2))
    with pytest.raises(Refused) as refusal:
        corrected(ports, member, {"credit_code": made_up.credit_code(2)})
    assert codes(refusal) == ["code_taken"]
    corrected(ports, member, {"credit_code": made_up.credit_code(7)})
    claims = [ports.records.get(Claim, ClaimKind.CREDIT_CODE.value, made_up.credit_code(n)) for n in (1, 7)]
    assert [claim and claim.holder for claim in claims] == [None, f"enterprise:{member.enterprise}"]


def test_without_a_reason_or_as_it_no_longer_stands_nothing_is_corrected(ports: Ports, member: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        corrected(ports, member, {"office_address": "虚构路 3 号"}, " ")
    assert codes(refusal) == ["reason_required"]
    code = dossier(ports, member).enterprise.member_code
    with pytest.raises(Refused) as stale:
        registering.correct(ports, acting.order(acting.ADMIN), code, 99, {"office_address": "x"}, "x")
    assert codes(stale) == ["changed_since"]
