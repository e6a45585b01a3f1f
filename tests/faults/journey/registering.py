"""登记信息 without an application: the contact by the member himself, what is wrong in the register by an admin."""

from tests import made_up
from tests.faults.journey.dues import A_MEMBER
from tests.faults.journey.steps import step
from tests.faults.people import member, staff
from tests.faults.world import World


@step("更改联系人 the contact changed by the member", follows=A_MEMBER)
def contact_changed(world: World) -> None:
    body = {"contact_name": made_up.person(7), "contact_mobile": made_up.mobile(7)}
    answer = member(world, "chen").write("PATCH", "/me/enterprise/contact", body, key="contact")
    assert answer.ok, answer.body.decode()


@step("更正登记 the register put right by an admin")
def corrected(world: World) -> None:
    admin, path = staff(world, "admin"), f"/staff/enterprises/{world.names['enterprise-chen']['member_code']}"
    seen = world.ports.records.dossier(world.names["enterprise-chen"]["id"]).enterprise.version  # type: ignore[union-attr]
    assert admin.get(path).ok
    body = {"version": seen, "fields": {"office_address": "虚构路 3 号"}, "reason": "录入有误"}
    answer = admin.write("PATCH", path, body, key="correct")
    assert answer.ok, answer.body.decode()
