"""The WeChat client over a scripted transport: every error code, the token's life, and what never leaks."""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.messages import wechat_answers as answers
from chalicelib.messages.wechat import Edition, TokenInMemory, WeChat
from chalicelib.operations import carriers
from chalicelib.operations.carriers import Failed, LoginRefused, LoginUnavailable, SlowDown, Undeliverable
from chalicelib.operations.outbox import TRIES

SECRET = "the-app-secret"
SESSION_KEY = "c2Vzc2lvbi1rZXk="
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TOKEN = {"access_token": "token-1", "expires_in": 7200}
FINE = {"errcode": 0, "errmsg": "ok"}


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


Asked = tuple[str, str, Mapping[str, str] | None, Mapping[str, Any] | None]


@dataclass
class Script:
    """Gives the answers in order and keeps what was asked."""

    answers: list[dict[str, Any] | Exception] = field(repr=False)
    asked: list[Asked] = field(default_factory=list, repr=False)

    def request(
        self, method: str, url: str, params: Mapping[str, str] | None, json: Mapping[str, Any] | None, timeout: float
    ) -> dict[str, Any]:
        assert 0 < timeout <= 10
        self.asked.append((method, url, params, json))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def paths(self) -> list[str]:
        return [url.rpartition("/")[2] for _, url, _, _ in self.asked]


def client(*script: dict[str, Any] | Exception, clock: Clock | None = None) -> tuple[WeChat, Script]:
    transport = Script(list(script))
    cache = TokenInMemory(clock or Clock())
    return WeChat("wx1", SECRET, transport, "https://wechat.test", token_cache=cache), transport


def error(code: int) -> dict[str, Any]:
    return {"errcode": code, "errmsg": f"oops oUser 13800138000 rid: 6194b65c-{abs(code):08x}"}


def send(wechat: WeChat) -> None:
    wechat.notify("oUser", "template-1", "pages/record", {"thing1": "入会"})


# Login


def test_a_good_code_tells_who_it_is_and_the_session_key_goes_no_further() -> None:
    wechat, script = client({"openid": "oUser", "session_key": SESSION_KEY, "unionid": "u1"})
    identity = wechat.login("code-1")
    assert (identity.openid, identity.unionid) == ("oUser", "u1")
    assert SESSION_KEY not in repr(identity) + repr(wechat) + repr(vars(wechat))
    query = {"appid": "wx1", "secret": SECRET, "js_code": "code-1", "grant_type": "authorization_code"}
    assert script.asked == [("GET", "https://wechat.test/sns/jscode2session", query, None)]


def test_a_user_without_a_unionid_is_a_user_all_the_same() -> None:
    wechat, _ = client({"openid": "oUser", "session_key": SESSION_KEY})
    assert wechat.login("code-1").unionid is None


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (40029, answers.CodeUnknown, "wechat_code_unknown"),
        (41008, answers.CodeUnknown, "wechat_code_unknown"),
        (40163, answers.CodeUsed, "wechat_code_used"),
        (40226, answers.Blocked, "wechat_user_blocked"),
    ],
)
def test_a_code_that_is_no_good_is_refused_with_what_to_do(code: int, kind: type[LoginRefused], reason: str) -> None:
    wechat, _ = client(error(code))
    with pytest.raises(kind) as refusal:
        wechat.login("code-1")
    assert refusal.value.reason.code == reason
    assert "重新打开小程序登录" in refusal.value.reason.next


@pytest.mark.parametrize("code", [-1, 45011, 45009, 40013, 40125, 40164, 99999])
def test_what_is_not_the_persons_fault_asks_him_to_wait(code: int) -> None:
    wechat, _ = client(error(code))
    with pytest.raises(LoginUnavailable) as wait:
        wechat.login("code-1")
    assert wait.value.retry_after > timedelta(0)


def test_no_answer_at_login_asks_to_wait() -> None:
    wechat, _ = client(answers.Busy("timeout"))
    with pytest.raises(LoginUnavailable):
        wechat.login("code-1")


def test_an_answer_without_an_openid_is_no_login() -> None:
    wechat, _ = client({"session_key": SESSION_KEY})
    with pytest.raises(LoginUnavailable):
        wechat.login("code-1")


# Subscribe messages


def test_a_message_goes_out_folded_with_a_token() -> None:
    wechat, script = client(TOKEN, FINE)
    replace(wechat, edition=Edition.TRIAL).notify("oUser", "template-1", "pages/record", {"thing1": "长" * 30})
    method, url, params, body = script.asked[1]
    assert (method, url) == ("POST", "https://wechat.test/cgi-bin/message/subscribe/send")
    assert params == {"access_token": "token-1"}
    assert body == {
        "touser": "oUser",
        "template_id": "template-1",
        "page": "pages/record",
        "miniprogram_state": "trial",
        "lang": "zh_CN",
        "data": {"thing1": {"value": "长" * 19 + "…"}},
    }


@pytest.mark.parametrize(
    ("code", "kind", "follows"),
    [
        (-1, answers.Busy, Failed),
        (43108, answers.Busy, Failed),
        (45011, answers.TooOften, SlowDown),
        (45009, answers.QuotaSpent, SlowDown),
        (43101, answers.NoConsent, carriers.NoConsent),
        (40003, answers.UserUnknown, Undeliverable),
        (40037, answers.Misconfigured, carriers.Misconfigured),
        (41030, answers.Misconfigured, carriers.Misconfigured),
        (47003, answers.Misconfigured, carriers.Misconfigured),
        (40164, answers.NotAdmitted, Failed),
        (99999, answers.Unforeseen, Failed),
    ],
)
def test_each_error_code_decides_what_the_queue_does(
    code: int, kind: type[Exception], follows: type[Exception]
) -> None:
    wechat, script = client(TOKEN, error(code))
    with pytest.raises(kind) as problem:
        send(wechat)
    assert isinstance(problem.value, follows)
    assert script.paths == ["stable_token", "send"], "the client itself never tries again"


def test_final_and_retried_never_meet_in_one_error() -> None:
    for meaning in answers.IN_SENDING.values():
        kinds = [kind for kind in (Undeliverable, SlowDown, Failed) if issubclass(meaning, kind)]
        assert len(kinds) == 1 or issubclass(meaning, LoginRefused)


@pytest.mark.parametrize(
    ("spent_at", "tried_again_at"),
    [
        ("2026-11-24 23:59:59", "2026-11-25 00:05"),
        ("2026-11-24 14:00", "2026-11-25 00:05"),
        ("2026-11-24 12:20", "2026-11-25 00:05"),
        ("2026-11-24 09:00", "2026-11-24 20:45"),
        ("2026-11-24 00:05", "2026-11-24 11:50"),
        ("2026-11-24 00:01", "2026-11-24 00:05"),
    ],
)
def test_a_spent_quota_sleeps_until_midnight_in_shanghai_or_as_long_as_a_queue_lets_it(
    spent_at: str, tried_again_at: str
) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    spent, again = (datetime.fromisoformat(each).replace(tzinfo=shanghai) for each in (spent_at, tried_again_at))
    for now in (spent, spent.astimezone(UTC)):
        assert now + answers.QuotaSpent().wait(now) == again


def test_a_notice_begun_at_any_hour_sees_the_next_days_quota_before_its_queue_gives_it_up() -> None:
    for minute in range(0, 24 * 60, 7):
        begun = now = datetime(2026, 11, 24, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(minutes=minute)
        for _ in range(TRIES - 1):
            if now.date() == begun.date():
                now += answers.QuotaSpent().wait(now)
        assert now.date() > begun.date()


def test_a_busy_minute_is_over_in_a_minute() -> None:
    assert answers.TooOften().wait(NOON) == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("code", "told"), [(45009, "errcode 45009"), (47003, "errcode 47003"), (99999, "errcode 99999")]
)
def test_an_error_names_its_code_apart_from_what_it_tells_the_log(code: int, told: str) -> None:
    wechat, _ = client(TOKEN, error(code))
    with pytest.raises(carriers.NotDelivered) as problem:
        send(wechat)
    assert problem.value.code == f"errcode {code}"
    assert str(problem.value) == f"errcode {code}, rid 6194b65c-{code:08x}"


def test_no_answer_is_left_to_the_queue() -> None:
    wechat, script = client(TOKEN, answers.Busy("timeout"))
    with pytest.raises(Failed):
        send(wechat)
    assert script.paths == ["stable_token", "send"]


@pytest.mark.parametrize("code", sorted(answers.STALE_TOKEN))
def test_a_stale_token_is_fetched_anew_and_the_message_sent_once_more(code: int) -> None:
    wechat, script = client(TOKEN, error(code), {"access_token": "token-2", "expires_in": 7200}, FINE)
    send(wechat)
    assert script.paths == ["stable_token", "send", "stable_token", "send"]
    assert script.asked[-1][2] == {"access_token": "token-2"}


@pytest.mark.parametrize("code", sorted(answers.STALE_TOKEN))
def test_a_token_refused_twice_is_left_to_the_queue(code: int) -> None:
    wechat, script = client(TOKEN, error(code), TOKEN, error(code))
    with pytest.raises(Failed):
        send(wechat)
    assert script.paths == ["stable_token", "send", "stable_token", "send"]


def test_a_wrong_secret_keeps_the_message_for_a_redrive() -> None:
    wechat, script = client(error(40125))
    with pytest.raises(answers.NotAdmitted):
        send(wechat)
    assert script.paths == ["stable_token"]


def test_a_token_serves_until_shortly_before_its_end() -> None:
    clock = Clock()
    wechat, script = client(TOKEN, FINE, FINE, TOKEN, FINE, clock=clock)
    send(wechat)
    clock.now += timedelta(seconds=7200 - 61)
    send(wechat)
    clock.now += timedelta(seconds=1)
    send(wechat)
    assert script.paths == ["stable_token", "send", "send", "stable_token", "send"]


def test_dropping_an_old_token_leaves_the_fresh_one() -> None:
    cache = TokenInMemory(Clock())
    cache.put("fresh", timedelta(hours=2))
    cache.drop("old")
    assert cache.get() == "fresh"


# What never leaks


@pytest.mark.parametrize("code", [-1, 40029, 40163, 40226, 45011, 47003, 43101, 40125, 99999])
def test_neither_errors_nor_logs_carry_secret_user_or_code(code: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for call, script in ((lambda w: w.login("code-1"), [error(code)]), (send, [TOKEN, error(code)])):
        wechat, _ = client(*script)
        with pytest.raises((LoginRefused, LoginUnavailable, carriers.NotDelivered)) as problem:
            call(wechat)
        said = "".join(traceback.format_exception_only(problem.value)) + caplog.text + repr(wechat)
        assert not [word for word in (SECRET, "oUser", "13800138000", "code-1", "token-1") if word in said]


def test_our_own_mistakes_are_loud_and_name_the_request_to_look_up(caplog: pytest.LogCaptureFixture) -> None:
    wechat, _ = client(TOKEN, error(47003))
    with pytest.raises(carriers.Misconfigured):
        send(wechat)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "47003" in caplog.text
    assert "6194b65c" in caplog.text


def test_a_missing_consent_makes_no_noise(caplog: pytest.LogCaptureFixture) -> None:
    wechat, _ = client(TOKEN, error(43101))
    with pytest.raises(carriers.NoConsent):
        send(wechat)
    assert not caplog.records
