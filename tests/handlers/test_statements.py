"""A bank statement over HTTP: the place to upload to, the bucket's event, what is proposed and to whom it is shown."""

import json
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.rules.statement_layouts import LAYOUTS
from chalicelib.rules.vocabulary import Role
from tests import made_up, made_up_statements
from tests.handlers.asking import Asker, House


@pytest.fixture
def finance(house: House) -> Asker:
    return house.staff(Role.FINANCE)


def statement(house: House, *amounts: int) -> bytes:
    day = house.ports.clock.today()
    entries = [
        made_up_statements.Entry(day, amount, made_up.enterprise(1), f"7000000000{n}", "会费")
        for n, amount in enumerate(amounts)
    ]
    rows = made_up_statements.rows(LAYOUTS[0], entries)
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()


def imported(client: Client, house: House, finance: Asker, *amounts: int) -> dict[str, Any]:
    """As the browser and the bucket do it."""
    asked = finance.post("/staff/statements", {"file_name": "三月.csv"})
    assert asked.status == 201, asked.text
    key = asked.json["fields"]["key"]
    house.ports.files.arrives(key.removeprefix("quarantine/"), statement(house, *amounts))  # type: ignore[attr-defined]  # the browser
    told = json.dumps({"Records": [{"s3": {"object": {"key": key}}}]})
    event = client.events.generate_sqs_event(message_bodies=[told])
    assert client.lambda_.invoke("receiving", event).payload == {"batchItemFailures": []}
    found = finance.get(asked.headers["Location"])
    assert found.status == 200, found.text
    return dict(found.json)


def test_what_arrives_is_read_by_the_event_and_shown_in_the_list(client: Client, house: House, finance: Asker) -> None:
    found = imported(client, house, finance, 120_000, 30_000, -500)
    assert (found["status"]["code"], found["bank"]["code"]) == ("read", "example")
    assert (found["lines"], found["known"], found["outgoing"]) == (2, 0, 1)
    (listed,) = finance.get("/staff/statements").json["items"]
    assert listed == found


def test_finance_sees_who_paid_and_the_administrator_a_mask(client: Client, house: House, finance: Asker) -> None:
    path = f"/staff/statements/{imported(client, house, finance, 120_000)['id']}"
    (clear,) = finance.get(f"{path}/proposals").json["items"]
    assert (clear["line"]["payer"], clear["line"]["remark"]) == (made_up.enterprise(1), "会费")
    admin = house.staff(Role.ADMIN)
    for each in (path, f"{path}/proposals", "/staff/statements"):
        masked = admin.get(each)
        assert masked.status == 200, masked.text
        assert made_up.enterprise(1) not in masked.text
        assert "三月" not in masked.text


def test_a_proposal_is_confirmed_by_finance_with_its_line(client: Client, house: House, finance: Asker) -> None:
    _, payment = house.paid(house.member())
    found = imported(client, house, finance, 120_000)
    (looked,) = finance.get(f"/staff/statements/{found['id']}/proposals?limit=1").json["items"]
    assert looked["proposal"]["payments"] == [payment]
    assert finance.get(f"/staff/payments/{payment}").json["status"]["code"] == "checking"
    line = looked["line"]["id"]
    confirmed = finance.post(
        f"/staff/payments/{payment}/confirm", {"version": 0, "received": 120_000, "line": line}
    )  # fmt: skip
    assert (confirmed.status, confirmed.json["line"]) == (200, line)
    (booked,) = finance.get(f"/staff/statements/{found['id']}/proposals").json["items"]
    assert (booked["line"]["status"]["code"], booked["line"]["payments"]) == ("booked", [payment])
    assert booked["proposal"] is None
    again = finance.post(f"/staff/statements/{found['id']}/lines/{line}/set-aside", {"version": 1, "reason": "x"})
    assert (again.status, again.json["reasons"][0]["code"]) == (409, "line_settled")


def test_one_line_books_the_payments_named_and_a_line_is_reached_through_its_own_statement_only(
    client: Client, house: House, finance: Asker
) -> None:
    _, payment = house.paid(house.member())
    mine, other = imported(client, house, finance, 120_000), imported(client, house, finance, 99)
    (looked,) = finance.get(f"/staff/statements/{mine['id']}/proposals").json["items"]
    body = {"payments": [{"payment": payment, "version": 0, "received": 120_000}]}
    crossed = finance.post(f"/staff/statements/{other['id']}/lines/{looked['line']['id']}/book", body)
    assert crossed.status == 404
    booked = finance.post(f"/staff/statements/{mine['id']}/lines/{looked['line']['id']}/book", body)
    assert (booked.status, booked.json["status"]["code"]) == (200, "booked")
    assert finance.get(f"/staff/payments/{payment}").json["status"]["code"] == "confirmed"
