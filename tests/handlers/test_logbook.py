"""The log's last line of defence: personal values never come out, however they are dressed; our own ids do."""

import json
import traceback
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.handlers import logbook
from chalicelib.time_and_ids import RandomIds
from tests import made_up

NUMBERS = st.integers(0, 10**8 - 1)
BREAKS = st.sampled_from(["", " ", "-", " - ", "\u00a0", "\u3000", "–", "－"])
PREFIXES = st.sampled_from(["", "+86", "0086", "86", "+86 ", "+86-", "0086 ", "0", "+86 - "])
BEFORE = st.sampled_from(
    ["", "\n", "\r\n", "\t", "tel", "tel_", "x", "电话", ":", "=", "-", "(", "'", '"', "\\n", "\x00", "%20"]
)
AFTER = st.sampled_from(["", "\n", "\\n", ",", "号", "abc", "_", "-", ".", "'", '"', "\x00", " "])
WIDE = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X+"}


def failed(message: str) -> str:
    """A traceback, where the message stands as it is and, by the line below it, in its representation."""
    trouble = ValueError(message)
    trouble.__cause__ = KeyError(message)
    return "".join(traceback.format_exception(trouble))


def everywhere(text: str) -> dict[str, Any]:
    """The text in every part of an entry that a library might put it into."""
    return {
        "message": text, "exception": failed(text), "repr": repr(text),
        "escaped": json.dumps({"a": text}, ensure_ascii=False),
        "nested": {"list": [text, (text,), {text}], text: {"deep": [{"text": text}]}},
        "object": ValueError(text), "bytes": text.encode(),
    }  # fmt: skip


def digits(text: str) -> str:
    """Only its digits, half-width: what a reader of the log would put together again."""
    return "".join(str(int(each)) if each.isdecimal() else each for each in text if each.isdecimal() or each in "Xx")


def written(text: str) -> str:
    return "\n".join(_texts(json.loads(logbook.line(everywhere(text)))))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [found for item in value.items() for each in item for found in _texts(each)]
    return [found for each in value for found in _texts(each)] if isinstance(value, list) else [str(value)]


@given(NUMBERS, PREFIXES, BREAKS, BREAKS, BEFORE, AFTER, st.booleans())
@example(1, "", "", "", "\n", "", False)
def test_no_mobile_comes_out(n: int, prefix: str, one: str, two: str, before: str, after: str, wide: bool) -> None:  # noqa: FBT001 - drawn
    number = made_up.mobile(n)
    typed = f"{prefix}{number[:3]}{one}{number[3:7]}{two}{number[7:]}"
    typed = typed.translate(WIDE) if wide else typed
    found = written(f"{before}{typed}{after}")
    assert number[3:] not in digits(found), found


@given(NUMBERS, BREAKS, BEFORE, AFTER, st.sampled_from([str.upper, str.lower]))
def test_no_resident_id_comes_out(n: int, apart: str, before: str, after: str, case: Any) -> None:
    number = case(made_up.resident_id(n))
    found = written(f"{before}{number[:6]}{apart}{number[6:14]}{apart}{number[14:]}{after}")
    assert number[6:] not in digits(found), found


@given(
    st.from_regex(r"[A-Za-z0-9._+-]{1,20}", fullmatch=True),
    st.from_regex(r"([a-z0-9-]{1,10}\.){1,3}[a-z]{2,5}", fullmatch=True),
    st.sampled_from(["@", "＠", "%40"]), BEFORE, AFTER,
)  # fmt: skip
def test_no_mail_address_comes_out(local: str, domain: str, sign: str, before: str, after: str) -> None:
    assert f"{local}{sign}{domain}" not in written(f"{before}{local}{sign}{domain}{after}")


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("Authorization: Bearer abc.def-123_x", "def-123"),
        ("bearer  0123456789abcdef0123456789abcdef", "0123456789abcdef"),
        ("eyJhbGciOiJI.eyJzdWIi.c2ln", "eyJzdWIi"),
        ("token_eyJhbGciOiJI.eyJzdWIi.c2ln", "eyJzdWIi"),
        ("otpauth://totp/x:y?secret=JBSWY3DPEHPK3PXP&issuer=x", "JBSWY3DPEHPK3PXP"),
        ("$argon2id$v=19$m=1,t=1$c2FsdA$aGFzaA", "aGFzaA"),
    ],
)
def test_no_token_and_no_secret_comes_out(said: str, secret: str) -> None:
    assert secret not in logbook.line(everywhere(said))


def test_a_number_that_is_no_text_is_hidden_too() -> None:
    assert json.loads(logbook.line({"a": int(made_up.mobile(1)), "b": 120_000, "c": True, "d": 1.5, "e": None})) == {
        "a": "***", "b": 120_000, "c": True, "d": 1.5, "e": None,
    }  # fmt: skip


@given(st.binary(min_size=16, max_size=64), st.text(), st.uuids(), st.datetimes())
def test_our_ids_and_instants_stay_readable(key: bytes, text: str, request: object, at: datetime) -> None:
    ids = RandomIds(key)
    keyed = ids.keyed("openid", text)
    ours = (
        ids.new("a"), ids.root(), keyed, "u" + keyed[:32], str(request), f"1-{keyed[:8]}-{keyed[8:32]}",
        at.isoformat(), str(at), at.replace(tzinfo=UTC).isoformat(), "DEMO-HY-2026-0001", "91449999DEMM00001X",
        str(int(datetime(2026, 11, 24, tzinfo=UTC).timestamp() * 1000)), "2026-11-24 06:26:38,123+0000",
    )  # fmt: skip
    for each in ours:
        assert json.loads(logbook.line({"message": f"about {each}", each: each})) == {
            "message": f"about {each}", each: each,
        }  # fmt: skip


@pytest.mark.parametrize(
    "ours",
    [
        "5f0c6a52-9d3b-4c1e-8a7f-a" + made_up.mobile(1),
        "13000000-0000-4000-8000-000000000000",
        "u" + "a" * 21 + made_up.mobile(1),
        "2026-10-15 13:54:43.014383 2026-10-15 13:54:43.014383",
        "2026-10-15T13:54:43.199000-15T",
    ],
)
def test_what_holds_a_telephone_number_by_chance_stays(ours: str) -> None:
    assert logbook.redacted(f"about {ours}") == f"about {ours}"


@pytest.mark.parametrize("part", ["a", "1", "13", "a@", "eyJ", "1 ", "a.", "@", "bearer ", "0", "+86 "])
def test_a_long_line_is_read_in_no_time(part: str) -> None:
    began = perf_counter()
    logbook.redacted(part * (65_536 // len(part)))
    assert perf_counter() - began < 3
