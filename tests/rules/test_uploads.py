"""Names of files as people send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.identifiers import Malformed
from chalicelib.rules.uploads import PhotoRule, safe_display_name


@pytest.mark.parametrize(
    "name", ["营业执照.pdf", "a..b.jpg", "微信图片_20261124.jpg", "no ending", "家👨‍👩‍👧.png", "x" * 150]
)
def test_an_ordinary_name_is_kept(name: str) -> None:
    assert safe_display_name(f" {name} ") == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd", "file_name_path"),
        ("..\\boot.ini", "file_name_path"),
        ("C:\\a.pdf", "file_name_path"),
        ("/a.pdf", "file_name_path"),
        ("..", "file_name_path"),
        (".", "file_name_path"),
        ("a\0.pdf", "file_name_characters"),
        ("a\n.pdf", "file_name_characters"),
        ("a\u202efdp.exe", "file_name_characters"),
        ("a\ud800.pdf", "file_name_characters"),
        ("", "file_name_empty"),
        ("   ", "file_name_empty"),
        ("长" * 151, "file_name_too_long"),
        ("x" * 300 + ".pdf", "file_name_too_long"),
    ],
)
def test_a_name_that_is_more_than_a_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        safe_display_name(name)
    assert caught.value.reason.code == code
    assert "重新上传" in caught.value.reason.next


@given(st.text(max_size=200))
def test_what_passes_is_one_visible_part_of_a_path(raw: str) -> None:
    try:
        name = safe_display_name(raw)
    except Malformed:
        return
    assert 1 <= len(name) <= 150
    assert not set(name) & set("/\\\0\r\n")
    assert name.encode()


def test_a_portrait_may_be_a_millimetre_off() -> None:
    assert PhotoRule().fits(26, 32)
    assert PhotoRule().fits(25, 32)
    assert not PhotoRule().fits(24, 32)
    assert not PhotoRule().fits(32, 26)
