"""开票: asked for a completed application, issued and mailed, replaced, taken back."""

from tests import made_up
from tests.faults.journey.dues import A_MEMBER, PUT_IN
from tests.faults.journey.steps import scan, step
from tests.faults.people import member, staff
from tests.faults.world import World

INVOICES_TO = "canary-invoice@example.com"
CORRECTED_TO = "canary-corrected@example.com"
ASKED = "申请开票 an invoice asked for"


@step(ASKED, follows=A_MEMBER)
def asked(world: World) -> None:
    body = {
        "applications": [world.names["join-chen"]], "title": made_up.enterprise(1),
        "tax_number": made_up.credit_code(1), "email": INVOICES_TO,
    }  # fmt: skip
    answer = member(world, "chen").post("/invoices", body, key="invoice")
    assert answer.status == 201, answer.body.decode()
    world.names["invoice"] = answer.json["id"]


@step("票据文件 its file put in")
def file_put_in(world: World) -> None:
    path = f"/staff/invoices/{world.names['invoice']}/upload"
    answer = staff(world, "finance").post(path, {"file_name": "invoice.pdf"}, key="invoice-file")
    assert answer.status == 201, answer.body.decode()
    world.names["invoice-file"] = answer.json["id"]
    world.upload(answer.json["id"], scan("invoice"))


@step("开出票据 issued, and sent by mail")
def issued(world: World) -> None:
    body = {"file": world.names["invoice-file"], "number": "26440000000000000001"}
    answer = staff(world, "finance").post(f"/staff/invoices/{world.names['invoice']}/issue", body, key="invoice-issue")
    assert answer.ok, answer.body.decode()


@step("查票据 invoices read by their owner and by finance")
def read(world: World) -> None:
    invoice, day = world.names["invoice"], world.names["day"]
    for path in ("/invoices?limit=1", f"/invoices/{invoice}", f"/invoices/{invoice}/file"):
        assert member(world, "chen").get(path).status in (200, 302), path
    for path in (f"/staff/invoices?issued_on={day}", "/staff/invoices", f"/staff/invoices/{invoice}"):
        assert staff(world, "finance").get(path).ok, path


@step("再次发送 sent again, to the address corrected")
def sent_again(world: World) -> None:
    path = f"/staff/invoices/{world.names['invoice']}"
    body = {"to": CORRECTED_TO, "reason": "邮箱写错"}
    assert staff(world, "finance").post(f"{path}/mail", body, key="invoice-mail").ok
    assert staff(world, "finance").get(f"{path}/file").ok


@step("作废重开 replaced by a new request")
def reissued(world: World) -> None:
    path = f"/staff/invoices/{world.names['invoice']}/reissue"
    answer = staff(world, "finance").post(path, {"reason": "抬头有误"}, key="invoice-again")
    assert answer.status == 201, answer.body.decode()
    world.names["again"] = answer.json["id"]


@step("取消开票 taken back by its owner")
def cancelled(world: World) -> None:
    path = f"/invoices/{world.names['again']}/cancel"
    assert member(world, "chen").post(path, {"reason": "暂不需要"}, key="invoice-cancel").ok


@step("过早开票 an invoice asked for what is still under way", follows=PUT_IN)
def too_early(world: World) -> None:
    """Whatever he is answered: that there is none, the promises say."""
    body = {
        "applications": [world.names["dues"]], "title": made_up.enterprise(1), "tax_number": made_up.credit_code(1),
        "email": INVOICES_TO,
    }  # fmt: skip
    assert member(world, "chen").post("/invoices", body, key="invoice-early").status in (201, 409)


@step("财务取消 finance cannot issue it, and says why", follows=ASKED)
def cancelled_by_finance(world: World) -> None:
    path = f"/staff/invoices/{world.names['invoice']}/cancel"
    assert staff(world, "finance").post(path, {"reason": "税号有误"}, key="invoice-refused").ok
