"""Journeys between our client and the stand-in WeChat over loopback."""

import logging
import socket
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import urllib3

from chalicelib.messages import wechat_answers as answers
from chalicelib.messages.templates import notice
from chalicelib.messages.transport import Https
from chalicelib.messages.wechat import TokenInMemory, WeChat
from infra.local import wechat as stand_in


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[stand_in.Server]:
    server = stand_in.start(clock=clock)
    yield server
    server.close()


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False) as pool:
        yield pool


@pytest.fixture
def wechat(server: stand_in.Server, pool: urllib3.PoolManager, clock: Clock) -> WeChat:
    return WeChat(stand_in.APPID, stand_in.SECRET, Https(pool), server.url, token_cache=TokenInMemory(clock))


@pytest.fixture
def phone(server: stand_in.Server, pool: urllib3.PoolManager) -> "Phone":
    return Phone(server.url, pool)


class Phone:
    """What a user's phone does, through the stand-in's own side."""

    def __init__(self, url: str, pool: urllib3.PoolManager) -> None:
        self.url, self.pool = url, pool

    def post(self, what: str, **body: object) -> Any:
        reply = self.pool.request("POST", f"{self.url}/stand-in/{what}", json=body)
        assert reply.status == 200, reply.data
        return reply.json()

    def code(self, name: str) -> str:
        return str(self.post("codes", name=name)["code"])

    def sent(self) -> Any:
        return self.pool.request("GET", f"{self.url}/stand-in/sent").json()


def test_a_code_from_the_phone_logs_its_user_in_and_only_once(wechat: WeChat, phone: Phone) -> None:
    code = phone.code("ming")
    assert code.startswith("demo-ming-")
    assert wechat.login(code).openid.startswith("o")
    with pytest.raises(answers.CodeUsed):
        wechat.login(code)


def test_the_same_user_is_the_same_openid_and_another_is_another(wechat: WeChat, phone: Phone) -> None:
    first, again, other = (wechat.login(phone.code(name)).openid for name in ("ming", "ming", "hua"))
    assert first == again != other


def test_a_code_lives_five_minutes(wechat: WeChat, phone: Phone, clock: Clock) -> None:
    early, late = phone.code("ming"), phone.code("ming")
    clock.now += timedelta(minutes=5)
    wechat.login(early)
    clock.now += timedelta(seconds=1)
    with pytest.raises(answers.CodeUnknown):
        wechat.login(late)


@pytest.mark.parametrize("code", ["demo-ming-made-up", "", "demo-", "中文&js_code=x", "x" * 2000])
def test_a_made_up_code_is_unknown(wechat: WeChat, code: str) -> None:
    with pytest.raises(answers.CodeUnknown):
        wechat.login(code)


def test_a_notice_reaches_a_user_who_tapped_consent_and_one_tap_is_one_message(wechat: WeChat, phone: Phone) -> None:
    openid = wechat.login(phone.code("ming")).openid
    phone.post("consents", name="ming", template_id="t1")
    words = notice(
        "returned",
        {
            "service": "入会",
            "unit": "示例环境有限公司",
            "reason": "入会申请表没有加盖公章，也没有法定代表人签字，请补齐后重新扫描",
            "time": "2026年03月02日 12:00",
            "association": "示例协会",
            "telephone": "020-00000000",
        },
    )
    data = words.under({"service": "thing1", "state": "phrase2", "reason": "thing3", "time": "date4"})
    wechat.notify(openid, "t1", "pages/record?id=1", data)
    with pytest.raises(answers.NoConsent):
        wechat.notify(openid, "t1", "pages/record?id=1", data)
    (message,) = phone.sent()
    assert message["touser"] == openid
    assert message["data"]["phrase2"] == {"value": "已打回"}
    assert message["data"]["thing3"]["value"].endswith("…")


def test_a_user_wechat_has_never_seen_is_final(wechat: WeChat) -> None:
    with pytest.raises(answers.UserUnknown):
        wechat.notify("oNobody", "t1", "", {"thing1": "入会"})


def test_a_token_revoked_by_someone_else_is_replaced_without_anyone_noticing(
    wechat: WeChat, phone: Phone, server: stand_in.Server
) -> None:
    openid = wechat.login(phone.code("ming")).openid
    phone.post("consents", name="ming", template_id="t1", times=2)
    wechat.notify(openid, "t1", "", {"thing1": "一"})
    server.world.tokens.clear()
    wechat.notify(openid, "t1", "", {"thing1": "二"})
    assert len(phone.sent()) == 2


def test_a_token_past_its_end_is_replaced(wechat: WeChat, phone: Phone, clock: Clock) -> None:
    openid = wechat.login(phone.code("ming")).openid
    phone.post("consents", name="ming", template_id="t1", times=2)
    wechat.notify(openid, "t1", "", {"thing1": "一"})
    wechat.token_cache.put("kept-too-long", timedelta(days=1))
    clock.now += timedelta(hours=2)
    wechat.notify(openid, "t1", "", {"thing1": "二"})
    assert len(phone.sent()) == 2


def test_the_stable_token_is_the_same_for_every_asker(server: stand_in.Server, pool: urllib3.PoolManager) -> None:
    body = {"grant_type": "client_credential", "appid": stand_in.APPID, "secret": stand_in.SECRET}
    first, second = (pool.request("POST", f"{server.url}/cgi-bin/stable_token", json=body).json() for _ in range(2))
    assert first == second


def test_trouble_on_order_comes_once_and_is_gone(wechat: WeChat, phone: Phone) -> None:
    code = phone.code("ming")
    phone.post("troubles", path="/sns/jscode2session", errcode=45011)
    with pytest.raises(answers.TooOften):
        wechat.login(code)
    assert wechat.login(code).openid


def test_a_foreign_secret_is_turned_away(server: stand_in.Server, pool: urllib3.PoolManager, clock: Clock) -> None:
    stranger = WeChat(stand_in.APPID, "wrong", Https(pool), server.url, token_cache=TokenInMemory(clock))
    with pytest.raises(answers.NotAdmitted):
        stranger.notify("oUser", "t1", "", {"thing1": "入会"})


def test_wechats_errors_come_with_http_200_and_only_unknown_paths_do_not(
    server: stand_in.Server, pool: urllib3.PoolManager
) -> None:
    assert pool.request("GET", f"{server.url}/sns/jscode2session?appid=x").status == 200
    assert pool.request("GET", f"{server.url}/sns/other").status == 404
    assert pool.request("POST", f"{server.url}/stand-in/codes", body=b"[").status == 400
    assert pool.request("POST", f"{server.url}/stand-in/codes", json={"name": "../x"}).status == 400


# The transport itself


def test_a_page_instead_of_json_means_busy(server: stand_in.Server, pool: urllib3.PoolManager) -> None:
    with pytest.raises(answers.Busy, match="404"):
        Https(pool).request("GET", f"{server.url}/nowhere", None, None, 1.0)
    with pytest.raises(answers.Busy, match="object"):
        Https(pool).request("GET", f"{server.url}/stand-in/sent", None, None, 1.0)


def test_neither_a_dead_line_nor_debug_logging_shows_secret_or_code(
    pool: urllib3.PoolManager, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    wechat = WeChat("wx1", "the-secret", Https(pool), f"http://127.0.0.1:{port}", token_cache=TokenInMemory(clock))
    with pytest.raises(answers.Busy) as problem:
        wechat.login("the-code")
    said = "".join(traceback.format_exception(problem.value)) + caplog.text
    assert "the-secret" not in said
    assert "the-code" not in said.replace('login("the-code")', "")


def test_a_successful_login_leaves_no_trace_in_debug_logs(
    wechat: WeChat, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = phone.code("ming")
    wechat.login(code)
    assert code not in caplog.text
    assert stand_in.SECRET not in caplog.text


def test_a_server_that_says_nothing_is_given_up_within_the_limit(pool: urllib3.PoolManager) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
        with pytest.raises(answers.Busy):
            Https(pool).request("GET", url, None, None, 0.05)
