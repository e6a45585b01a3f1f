"""Files that lie, and names that do, over HTTP: the slot says why, nothing is kept, and submission is refused."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.first_use import LazyInspector
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations import sweeping
from chalicelib.operations.ports import Ports
from tests.documents import corpus
from tests.documents.building import zipped
from tests.handlers.asking import Asker, House
from tests.handlers.conftest import SETTINGS
from tests.handlers.refusals import assert_refused

SAMPLES = {sample.name: sample for sample in corpus.HOSTILE}
CHOSEN: dict[str, tuple[bytes | Callable[[], bytes], str | None]] = {
    "a Word document that calls itself PDF": (zipped("word/document.xml"), None),
    "a file that is empty": (b"", None),
    "a file cut short": (SAMPLES["PDF without its last line"].build, "truncated"),
    "a file with a password": (SAMPLES["PDF with password, AES-128"].build, "encrypted"),
    "a PDF that runs JavaScript": (SAMPLES["PDF with script by pypdf"].build, "active_content"),
    "a PDF with a file in it": (SAMPLES["PDF with attachment by pypdf"].build, "embedded_file"),
    "a picture huge in pixels": (
        SAMPLES["PDF with a picture of 10 thousand million pixels"].build,
        "too_many_pixels",
    ),
    "an SVG in disguise": (corpus.SVG, None),
    "an HTML page in disguise": (corpus.HTML, None),
    "a program in disguise": (corpus.MADE_UP_PROGRAM, None),
}


@pytest.fixture
def ports() -> Iterator[Ports]:
    """With the real check of files."""
    given = ports_in_memory(inspector=LazyInspector())
    wiring.use(given, SETTINGS)
    yield given
    wiring.use(None)


@pytest.mark.parametrize("what", CHOSEN)
def test_what_must_not_be_kept_is_refused_in_its_slot(house: House, member: Asker, what: str) -> None:
    content, code = CHOSEN[what]
    data = content if isinstance(content, bytes) else content()
    application = house.draft(member)
    file = house.upload(member, application, "licence", data)

    seen = member.get(f"/applications/{application}").json
    (shown,) = next(slot for slot in seen["slots"] if slot["slot"] == "licence")["files"]
    assert shown["status"]["code"] == "refused"
    assert shown["reasons"]
    assert all(reason["message"] and reason["next"] for reason in shown["reasons"])
    assert code is None or code in {reason["code"] for reason in shown["reasons"]}
    assert house.ports.files.kept == {}  # type: ignore[attr-defined]  # in memory
    assert_refused(house, lambda: member.get(f"/applications/{application}/files/{file}"), 404, "not_found")
    assert_refused(house, lambda: member.post(f"/applications/{application}/submit", {}), 409, "material_refused")


def test_a_refused_file_makes_room_for_a_better_one(house: House, member: Asker) -> None:
    application = house.draft(member)
    house.upload(member, application, "licence", corpus.HTML)
    file = house.upload(member, application, "licence", corpus.GOOD[0].build())
    assert member.get(f"/applications/{application}/files/{file}").status == 200
    left = member.write("DELETE", f"/applications/{application}/files/{file}").json
    licence = next(slot for slot in left["slots"] if slot["slot"] == "licence")
    assert [each["status"]["code"] for each in licence["files"]] == ["refused"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd", "file_name_path"),
        ("..\\licence.pdf", "file_name_path"),
        ("licence.pdf\0.exe", "file_name_characters"),
        ("长" * 300 + ".pdf", "file_name_too_long"),
        ("", "file_name_empty"),
        ("a\r\nb.pdf", "file_name_characters"),
    ],
)
def test_a_name_that_is_no_name_is_refused(house: House, member: Asker, name: str, code: str) -> None:
    application = house.draft(member)
    body = {"application": application, "slot": "licence", "file_name": name}
    assert_refused(house, lambda: member.post("/uploads", body), 422, code)


def test_a_slot_that_does_not_exist_is_refused(house: House, member: Asker) -> None:
    application = house.draft(member)
    body = {"application": application, "slot": "no_such_slot", "file_name": "a.pdf"}
    assert_refused(house, lambda: member.post("/uploads", body), 409, "no_such_slot")


def test_what_may_be_uploaded_is_said_beforehand_and_what_did_not_come_afterwards(house: House, member: Asker) -> None:
    application = house.draft(member)
    asked = member.post("/uploads", {"application": application, "slot": "licence", "file_name": "a.pdf"}).json
    assert asked["allowed"] == "PDF、JPEG 图片、PNG 图片，不能是空文件，每个不超过 20 MB；超出的不会被接收。"
    clock: Any = house.ports.clock
    clock.advance(timedelta(minutes=110))
    sweeping.sweep(house.ports)
    slots = {each["slot"]: each for each in member.get(f"/applications/{application}").json["slots"]}
    (reason,) = slots["licence"]["files"][0]["reasons"]
    assert "空文件、超过大小上限被拒收" in reason["message"]
