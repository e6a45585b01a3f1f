"""Settings: everything that is wrong at once, nothing that is secret ever."""

import pytest

from chalicelib.settings import BadSettings, MailServer, read

GOOD = {
    "STAGE": "live", "PUBLIC_URL": "https://m.example.cn", "AWS_REGION": "cn-north-1",
    **{f"TABLE_{name}": name.lower() for name in ("ENTERPRISES", "APPLICATIONS", "CERTIFICATES", "ACCOUNTS", "OUTBOX")},
    "BUCKET_UPLOADS": "uploads", "BUCKET_KEEPING": "keeping",
    "QUEUE_ISSUING": "i", "QUEUE_MAILING": "m", "QUEUE_NOTIFYING": "n", "QUEUE_UPLOADS": "u",
    "DATA_KEY_ID": "data", "SEAL_KEY_ID": "seal", "SEAL_CHAIN": "authority/chain.pem",
    "SESSION_SECRET": "s" * 64, "HASH_KEY": "h" * 64,
    "MAIL_BY": "smtp", "MAIL_FROM": "协会 <box@example.cn>", "SMTP_URL": "smtps://box:p%40ss@smtp.example.cn",
    "WECHAT_APPID": "wx1", "WECHAT_SECRET": "secret",
}  # fmt: skip


def trouble(**changes: str) -> str:
    with pytest.raises(BadSettings) as caught:
        read({**GOOD, **changes})
    return str(caught.value)


def test_what_a_stage_needs_is_enough() -> None:
    settings = read({**GOOD, "HOME": "/root", "SEAL_LICENSED": "yes"})
    assert settings.seal_licensed
    assert settings.mail_server == MailServer.read("smtps://box:p%40ss@smtp.example.cn:465")
    assert settings.mail_server.password
    assert settings.mail_server.password.get_secret_value() == "p@ss"


def test_every_problem_is_named_at_once() -> None:
    told = trouble(STAGE="", TABLE_OUTBOX="", SESSION_SECRET="short", MAIL_BY="pigeon")
    assert all(name in told for name in ("STAGE", "TABLE_OUTBOX", "SESSION_SECRET", "MAIL_BY"))


def test_no_value_is_repeated() -> None:
    told = trouble(SESSION_SECRET="hush-hush", SMTP_URL="smtps://box:hush-hush@", WECHAT_SECRET="")
    assert "hush-hush" not in told


@pytest.mark.parametrize(
    "url",
    [
        "http://m.example.cn", "https://m.example.cn/", "https://m.example.cn/live", "https://M.example.cn",
        "https://m.example.cn:8443", "https://box@m.example.cn", "m.example.cn", "https://-m.example.cn", "https://m_.example.cn",
    ],
)  # fmt: skip
def test_the_public_address_is_a_bare_host_that_survives_upper_case(url: str) -> None:
    assert "PUBLIC_URL" in trouble(PUBLIC_URL=url)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"DATA_KEY_ID": ""}, "DATA_KEY_ID or LOCAL_WRAPPING_KEY"),
        ({"LOCAL_WRAPPING_KEY": "0" * 64}, "DATA_KEY_ID or LOCAL_WRAPPING_KEY"),
        ({"DATA_KEY_ID": "", "LOCAL_WRAPPING_KEY": "0" * 64}, "local keys only on one machine"),
        ({"SEAL_KEY_ID": "", "SEAL_CHAIN": "", "SEAL_DIRECTORY": "x"}, "local keys only on one machine"),
        ({"SEAL_CHAIN": ""}, "SEAL_CHAIN with SEAL_KEY_ID"),
        ({"SEAL_KEY_ID": "", "SEAL_CHAIN": ""}, "SEAL_DIRECTORY"),
        ({"SMTP_URL": ""}, "SMTP_URL"),
        ({"SMTP_URL": "https://x"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp+plain://mail.example.cn"}, "SMTP_URL"),
        ({"PUBLIC_URL": "http://127.0.0.1:8000"}, "PUBLIC_URL with https"),
        ({"AWS_ENDPOINT": "http://10.0.0.1:1"}, "AWS_ENDPOINT"),
        ({"WECHAT_EDITION": "beta"}, "WECHAT_EDITION"),
    ],
)
def test_what_does_not_go_together_is_said(changes: dict[str, str], named: str) -> None:
    assert named in trouble(**changes)


def test_with_ses_no_server_is_needed() -> None:
    assert read({**GOOD, "MAIL_BY": "ses", "SMTP_URL": "-"}).mail_by == "ses"
