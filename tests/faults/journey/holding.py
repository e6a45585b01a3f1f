"""What a member does with the certificate that he holds, and the office with it."""

from tests.faults.journey.steps import step
from tests.faults.people import member, staff
from tests.faults.world import World


@step("企业证件 the certificate looked at")
def held(world: World) -> None:
    chen = member(world, "chen")
    (certificate,) = chen.get("/certificates").json["items"]
    world.names["root"], world.names["number"] = certificate["root"], certificate["number"]
    world.names["enterprise"] = chen.get("/me/enterprise").json
    for path in (f"/certificates/{certificate['root']}", f"/certificates/{certificate['root']}/pdf"):
        assert chen.get(path).status in (200, 302, 303, 307), path
    assert chen.get(certificate["verify_path"]).status == 200
    assert chen.get(f"/verify?number={certificate['number']}").status == 200


@step("其余查询 everything else that can be read")
def read(world: World) -> None:
    chen, application = member(world, "chen"), world.names["join"]
    file = chen.get(f"/applications/{application}").json["slots"][0]["files"][0]["id"]
    for path in (
        "/services", "/payment-instructions", "/contact", "/forms", "/healthz", "/me", "/me/consents", "/plan",
        "/applications?limit=1", f"/applications/{application}/files/{file}", "/messages?limit=2",
        f"/payments/{world.names['payment']}",
    ):  # fmt: skip
        assert chen.get(path).status in (200, 302, 303, 307), path
    admin = staff(world, "admin")
    for path in (
        "/staff/me", "/staff/applications?state=completed", f"/staff/applications/{application}",
        f"/staff/applications/{application}/files/{file}", f"/staff/payments?decided_on={world.names['paid_on']}",
        f"/staff/payments/{world.names['payment']}", f"/staff/certificates/{world.names['number']}",
        "/staff/accounts", "/staff/settings", f"/staff/audit?subject=application:{application}", "/staff/dead-letters",
    ):  # fmt: skip
        assert admin.get(path).status in (200, 302, 303, 307), path


@step("发送到邮箱 mailed")
def mailed(world: World) -> None:
    path = f"/certificates/{world.names['root']}/mail"
    assert member(world, "chen").post(path, {"to": "canary-mail@example.com"}, key="mail").status == 202


@step("用 SMTP 发送 mailed, where there is no SES")
def mailed_by_smtp(world: World) -> None:
    world.mail_by_smtp()
    path = f"/certificates/{world.names['root']}/mail"
    assert member(world, "chen").post(path, {"to": "canary-smtp@example.com"}, key="mail-by-smtp").status == 202


@step("注销 revoked")
def revoked(world: World) -> None:
    path = f"/staff/certificates/{world.names['number']}/revoke"
    assert staff(world, "certifier").post(path, {"reason": "资料虚假"}, key="revoke").ok


@step("撤销注销 reinstated")
def reinstated(world: World) -> None:
    path = f"/staff/certificates/{world.names['number']}/reinstate"
    assert staff(world, "certifier").post(path, {"reason": "有误"}, key="reinstate").ok
