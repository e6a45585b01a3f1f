"""What people type: the traps one by one, then what the check digits really promise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules import identifiers
from chalicelib.rules.identifiers import Malformed
from tests import made_up

TODAY = date(2026, 11, 24)
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
numbers = st.integers(min_value=0, max_value=10**8 - 1)
invisible = st.sampled_from(["", " ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\t", "\n"])


def refused(check: object, *typed: object, **how: object) -> str:
    with pytest.raises(Malformed) as caught:
        check(*typed, **how)  # type: ignore[operator]
    reason = caught.value.reason
    assert reason.message.endswith("。")
    assert reason.next.endswith("。")
    assert str(caught.value) == reason.code, "what was typed stays out of the exception"
    return reason.code


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@st.composite
def decorated(draw: st.DrawFn, text: str) -> str:
    """The same identifier as a hurried person may paste it."""
    widened = (draw(st.sampled_from([character, full_width(character), character.lower()])) for character in text)
    return "".join(draw(invisible) + character + draw(invisible) for character in widened)


def with_one_changed(text: str, place: int, character: str) -> str:
    return text[:place] + character + text[place + 1 :]


def test_the_example_of_the_standard_is_accepted() -> None:
    assert identifiers.credit_code("91350100M000100Y43") == "91350100M000100Y43"


def test_a_credit_code_that_starts_with_a_letter_is_accepted() -> None:
    first_17 = "A1449999MA5Q0000X"
    code = first_17 + identifiers.credit_code_check(first_17)
    assert identifiers.credit_code(code) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91350100M000100Y4", "credit_code_length"),
        ("91350100M000100Y433", "credit_code_length"),
        ("", "credit_code_length"),
        ("440101000000001", "credit_code_length"),
        ("91350100MO00100Y43", "credit_code_characters"),
        ("9135010OM000100Y43", "credit_code_characters"),
        ("9I350100M000100Y43", "credit_code_characters"),
        ("91350100M000100Y4３"[:-1] + "٣", "credit_code_characters"),
        ("91350100M000100Y4③", "credit_code_characters"),
        ("91350100M000100Y44", "credit_code_check"),
        ("000000000000000000", "credit_code_check"),
    ],
)
def test_a_wrong_credit_code_is_told_what_is_wrong_with_it(typed: str, code: str) -> None:
    assert refused(identifiers.credit_code, typed) == code


def test_staff_may_override_the_check_character_but_not_the_form() -> None:
    assert identifiers.credit_code("91350100m000100y44", override=True) == "91350100M000100Y44"
    assert refused(identifiers.credit_code, "91350100M000100Y4", override=True) == "credit_code_length"
    assert refused(identifiers.credit_code, "91350100M000100YO4", override=True) == "credit_code_characters"


@given(numbers, st.data())
def test_a_valid_credit_code_is_accepted_however_it_is_typed(n: int, data: st.DataObject) -> None:
    code = made_up.credit_code(n)
    assert identifiers.credit_code(data.draw(decorated(code))) == code


@given(numbers, st.integers(0, 17), st.sampled_from(CREDIT_ALPHABET))
def test_no_single_wrong_character_passes_in_a_credit_code(n: int, place: int, character: str) -> None:
    code = made_up.credit_code(n)
    if code[place] != character:
        refused(identifiers.credit_code, with_one_changed(code, place, character))


@given(numbers, st.integers(0, 15))
def test_no_two_swapped_neighbours_pass_in_a_credit_code(n: int, place: int) -> None:
    """Among the first 17; the check character itself has no weight that would make it so."""
    code = made_up.credit_code(n)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        refused(identifiers.credit_code, swapped)


@pytest.mark.parametrize("region", ["449999", "710000", "810000", "820000", "830000", "650000", "540000"])
def test_every_region_that_gives_out_numbers_is_accepted(region: str) -> None:
    first_17 = region + "19900228" + "001"
    number = first_17 + identifiers.resident_id_check(first_17)
    assert identifiers.resident_id(number, TODAY) == number


def an_id(born: str, region: str = "449999") -> str:
    first_17 = f"{region}{born}001"
    return first_17 + identifiers.resident_id_check(first_17)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (an_id("19900228")[:-1], "resident_id_form"),
        (an_id("19900228") + "1", "resident_id_form"),
        ("449999900228001", "resident_id_form"),
        ("X" + an_id("19900228")[1:], "resident_id_form"),
        ("٤" + an_id("19900228")[1:], "resident_id_form"),
        (an_id("19900228", "009999"), "resident_id_region"),
        (an_id("19900228", "840000"), "resident_id_region"),
        (an_id("19900228", "990000"), "resident_id_region"),
        (an_id("19900230"), "resident_id_birth"),
        (an_id("19000229"), "resident_id_birth"),
        (an_id("19901301"), "resident_id_birth"),
        (an_id("00000101"), "resident_id_birth"),
        (an_id("18991231"), "resident_id_birth"),
        (an_id("20261125"), "resident_id_birth"),
    ],
)
def test_a_wrong_resident_id_is_told_what_is_wrong_with_it(typed: str, code: str) -> None:
    assert refused(identifiers.resident_id, typed, TODAY) == code


def test_someone_born_today_or_on_a_leap_day_has_a_valid_id() -> None:
    assert identifiers.resident_id(an_id("20261124"), TODAY)
    assert identifiers.resident_id(an_id("20000229"), TODAY)


def test_the_final_x_is_read_however_it_is_typed() -> None:
    number = next(number for number in map(made_up.resident_id, range(50)) if number.endswith("X"))
    for x in "xXｘＸⅩⅹ":
        assert identifiers.resident_id(number[:-1] + x, TODAY) == number


@given(numbers, st.data())
def test_a_valid_resident_id_is_accepted_however_it_is_typed(n: int, data: st.DataObject) -> None:
    number = made_up.resident_id(n)
    assert identifiers.resident_id(data.draw(decorated(number)), TODAY) == number


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_single_wrong_character_passes_in_a_resident_id(n: int, place: int, character: str) -> None:
    number = made_up.resident_id(n)
    if number[place] != character:
        refused(identifiers.resident_id, with_one_changed(number, place, character), TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "13812341234",
        "１３８１２３４１２３４",
        "138 1234 1234",
        "138-1234-1234",
        "138—1234—1234",
        "+86 138 1234 1234",
        "＋８６　１３８１２３４１２３４",
        "0086-13812341234",
        "8613812341234",
        "(+86)13812341234",
        "\u202a+8613812341234\u202c",
        "\ufeff13812341234\n",
    ],
)
def test_a_mobile_number_is_folded_to_eleven_digits(typed: str) -> None:
    assert identifiers.mobile(typed) == "13812341234"


@pytest.mark.parametrize(
    "typed",
    [
        "12812341234",
        "1381234123",
        "138123412345",
        "020-81234567",
        "+85291234567",
        "+8713812341234",
        "1381234123a",
        "١٣٨١٢٣٤١٢٣٤",
        "①3812341234",
        "",
    ],
)
def test_what_is_no_mainland_mobile_number_is_refused(typed: str) -> None:
    assert refused(identifiers.mobile, typed) == "mobile_form"


@given(numbers, st.data())
def test_a_made_up_mobile_number_is_accepted_however_it_is_typed(n: int, data: st.DataObject) -> None:
    assert identifiers.mobile(data.draw(decorated(made_up.mobile(n)))) == made_up.mobile(n)


@pytest.mark.parametrize(
    "typed",
    [
        "name@example.cn",
        " name@example.cn ",
        "ｎａｍｅ＠ｅｘａｍｐｌｅ．ｃｎ",
        "name@EXAMPLE.cn",
        "\u200bname@example.cn",
    ],
)
def test_an_address_is_kept_one_way(typed: str) -> None:
    assert identifiers.email(typed) == "name@example.cn"


@pytest.mark.parametrize(
    "typed",
    [
        "name@example.cn\nBcc: other@example.cn",
        "name@example.cn\r\n",
        "name@example.cn\n",
        "\nname@example.cn",
        "na\u0000me@example.cn",
        "na\u2028me@example.cn",
        "name@example.cn\u2029",
        "na me@example.cn",
        "name@exam ple.cn",
        "name@@example.cn",
        "na@me@example.cn",
        "name@example.cn,other@example.cn",
        "<name@example.cn>",
        '"na me"@example.cn',
        "name@localhost",
        "name@127.0.0.1",
        "name@-example.cn",
        "name@example..cn",
        ".name@example.cn",
        "name.@example.cn",
        "na..me@example.cn",
        "名字@example.cn",
        "name@例子.中国",
        "=?utf-8?q?a=0D=0ABcc?=@example.cn",
        "@example.cn",
        "name@",
        "name",
        "",
        "a" * 65 + "@example.cn",
        "name@" + "a." * 130 + "cn",
    ],
)
def test_an_address_that_could_not_stand_in_a_header_is_refused(typed: str) -> None:
    assert refused(identifiers.email, typed) == "email_form"


@given(st.text(max_size=80))
def test_no_accepted_address_can_inject_a_header(typed: str) -> None:
    try:
        address = identifiers.email(typed)
    except Malformed:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' \r\n,;:<>"\\')


def test_a_persons_name_is_kept_one_way() -> None:
    assert identifiers.person_name(" 张　三 ") == "张三"
    assert identifiers.person_name("阿卜杜拉•买买提") == "阿卜杜拉·买买提"
    assert identifiers.person_name("John   Smith") == "John Smith"
    assert identifiers.person_name("\u202e张三\u200b") == "张三"
    assert identifiers.person_name("e\u0301a") == "\u00e9a"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_empty"),
        ("\u200b \u3000", "name_empty"),
        ("123", "name_empty"),
        ("张" * 61, "name_too_long"),
        ("张\n三", "control_characters"),
        ("张\x00三", "control_characters"),
        ("张\ud800", "control_characters"),
    ],
)
def test_what_is_no_name_is_refused(typed: str, code: str) -> None:
    assert refused(identifiers.person_name, typed) == code
    assert refused(identifiers.enterprise_name, typed) == code


def test_names_of_enterprises_compare_equal_whatever_the_width_of_their_signs() -> None:
    one = identifiers.enterprise_name("广州（天河）ABC 有害生物防制有限公司")
    assert one == identifiers.enterprise_name("广州(天河)ＡＢＣ有害生物防制有限公司 ")
    assert one == "广州（天河）ABC有害生物防制有限公司"
    assert identifiers.same_name("广州(天河)abc公司", "广州（天河）ABC 公司")
    assert not identifiers.same_name("广州天河公司", "广州（天河）公司")
    assert not identifiers.same_name("", "")


@given(st.text(min_size=1, max_size=40))
def test_a_folded_name_folds_to_itself(typed: str) -> None:
    for folding in (identifiers.person_name, identifiers.enterprise_name):
        try:
            name = folding(typed)
        except Malformed:
            continue
        assert folding(name) == name


def test_free_text_keeps_its_lines_and_nothing_that_cannot_be_seen() -> None:
    assert identifiers.plain_text(" 第一行\r\n第二行\t完 ", 20) == "第一行\n第二行 完"
    assert refused(identifiers.plain_text, "a\x1b[31m", 20) == "control_characters"
    assert refused(identifiers.plain_text, " \n ", 20) == "text_empty"
    assert refused(identifiers.plain_text, "\u200b", 20) == "text_empty"
    assert refused(identifiers.plain_text, "字" * 21, 20) == "text_too_long"


def test_a_date_is_a_day_of_the_calendar() -> None:
    assert identifiers.calendar_date("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "typed",
    [
        "2015-06-01", "2015-6-1", "2015年6月1日", "2015年06月01日", "2015 年 6 月 1 日", "2015年6月1号", "2015年6月1",
        "2015/6/1", "2015/06/01", "2015.6.1", "２０１５-06-01 ", "２０１５年６月１日", "２０１５／６／１",
        "２０１５．６．１", "２０１５－０６－０１", "\u200b2015 - 6 - 1",
    ],
)  # fmt: skip
def test_a_date_is_taken_as_licences_and_chinese_keyboards_write_it(typed: str) -> None:
    assert identifiers.calendar_date(typed) == date(2015, 6, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-02-29",
        "2026-02-30",
        "2026-13-01",
        "20260201",
        "2026-W05-6",
        "0000-01-01",
        "٢026-01-01",
        "",
        "2015-6-1 1",
        "2015 6 1",
        "1/6/2015",
        "15.6.1",
        "2015-6/1",
        "2015年6-1",
        "2015-6-1日",
        "2015年6月",
        "2015-006-1",
        "2026年2月30日",
        "长期",
        "２０１５年１３月１日",
    ],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    assert refused(identifiers.calendar_date, typed) == "date_form"


@given(st.text(min_size=1, max_size=30))
def test_a_mask_of_anything_shows_at_most_four_characters_before_the_domain(text: str) -> None:
    assert len(identifiers.mask_name(text).rstrip("*")) <= 1
    assert len(identifiers.mask_mobile("0" * len(text)).replace("*", "")) <= 7
    assert len(identifiers.mask_id("0" * len(text)).replace("*", "")) <= 4
    assert len(identifiers.mask_email(text).partition("@")[0].rstrip("*")) <= 1


@given(numbers)
def test_masks_show_no_more_than_agreed(n: int) -> None:
    name, number, identity = made_up.person(n), made_up.mobile(n), made_up.resident_id(n)
    assert identifiers.mask_name(name) == name[0] + "*"
    assert identifiers.mask_mobile(number) == number[:3] + "****" + number[7:]
    assert identifiers.mask_id(identity) == identity[:2] + "*" * 14 + identity[16:]


def test_what_is_too_short_to_be_masked_in_part_is_hidden_whole() -> None:
    assert identifiers.mask_name("张") == "*"
    assert identifiers.mask_name("") == "*"
    assert identifiers.mask_mobile("12345") == "*******"
    assert identifiers.mask_id("12345") == "********"
    assert identifiers.mask_email("a@example.cn") == "***@example.cn"
    assert identifiers.mask_email("someone@example.cn") == "s***@example.cn"
    assert identifiers.mask_email("nobody") == "***"


def test_made_up_people_are_valid_and_told_apart() -> None:
    several = range(2000)
    assert len({identifiers.credit_code(made_up.credit_code(n)) for n in several}) == 2000
    assert len({identifiers.resident_id(made_up.resident_id(n), TODAY) for n in several}) == 2000
    assert len({identifiers.mobile(made_up.mobile(n)) for n in several}) == 2000
    assert len({identifiers.person_name(made_up.person(n)) for n in several}) == 2000
    assert len({identifiers.enterprise_name(made_up.enterprise(n)) for n in several}) == 2000
