"""The office: accounts, settings, the end of a session."""

from tests.faults.journey.steps import step
from tests.faults.people import member, staff
from tests.faults.world import World


@step("账号 an account opened")
def account(world: World) -> None:
    admin = staff(world, "admin")
    body = {"name": "newcomer", "roles": ["finance"], "password": "long enough to be one"}
    assert admin.post("/staff/accounts", body, key="account").status == 201


@step("账号变更 changed, reset")
def account_changed(world: World) -> None:
    admin = staff(world, "admin")
    changes = {"version": 0, "roles": ["reviewer"], "disabled": True}
    assert admin.write("PATCH", "/staff/accounts/newcomer", changes, key="account-changed").ok
    again = {"version": 1, "password": "long enough as well", "reason": "遗失手机"}
    assert admin.post("/staff/accounts/newcomer/reset", again, key="account-reset").ok


@step("协会设置 settings changed")
def settings(world: World) -> None:
    admin = staff(world, "admin")
    shown = admin.get("/staff/settings").json
    wanted = {**shown["settings"], "office_hours": "周一至周四"}
    answer = admin.write("PUT", "/staff/settings", {"version": shown["version"], "settings": wanted}, key="settings")
    assert answer.ok, answer.body.decode()


@step("退出登录 sessions ended")
def logged_out(world: World) -> None:
    assert member(world, "zhao").post("/logout", key="logout").ok
    assert staff(world, "reviewer").post("/staff/logout", key="staff-logout").ok
