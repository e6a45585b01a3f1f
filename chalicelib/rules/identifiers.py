"""Checking what people type: each function takes the raw text and returns the one way it is kept, or raises Malformed.

The check-digit rules are ours because the published libraries miss genuine numbers (credit codes that begin with
letters, residents of Hong Kong, Macao and Taiwan); the traps are tests.
"""

import re
import unicodedata
from datetime import date

from chalicelib.rules.capital import Capital, capital
from chalicelib.rules.folding import Malformed, fold, half_width, has_control, without_invisible
from chalicelib.rules.masks import mask_email, mask_id, mask_mobile, mask_name

__all__ = [
    "Capital",
    "Malformed",
    "calendar_date",
    "capital",
    "credit_code",
    "credit_code_check",
    "email",
    "enterprise_name",
    "fold",
    "mask_email",
    "mask_id",
    "mask_mobile",
    "mask_name",
    "mobile",
    "name_key",
    "person_name",
    "plain_text",
    "resident_id",
    "resident_id_check",
    "same_name",
]

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ID_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)))
)
# Taiwan by GB/T 2260; 81, 82 and 83 are the residence permits of people from Hong Kong, Macao and Taiwan.
_REGIONS = _PROVINCES | {"71", "81", "82", "83"}
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]{{2,59}})")
_LONGEST_EMAIL, _LONGEST_LOCAL_PART = 254, 64
_LONGEST_NAME = 60
_HYPHENS = dict.fromkeys(map(ord, "-‐‑‒–—―−()"))
_DOTS = str.maketrans(dict.fromkeys("•‧・∙⋅･", "·"))
_FULL_WIDTH_PARENTHESES = str.maketrans("()〔〕", "（）（）")
# Year, month, day; blanks only beside what parts them: 2015-6-1 1 might be the 1st or the 11th.
_DATE = re.compile(
    r"(?P<year>[0-9]{4})\s*(?:(?P<chinese>年)|(?P<parted>[-/.]))\s*(?P<month>[0-9]{1,2})"
    r"\s*(?(chinese)月|(?P=parted))\s*(?P<day>[0-9]{1,2})(?(chinese)\s*[日号]?)"
)
_CHINESE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff·]"
_SPACE_BESIDE_CHINESE = re.compile(rf"(?<={_CHINESE}) | (?={_CHINESE})")


def credit_code_check(first_17: str) -> str:
    """The check character of a unified social credit code (GB 32100-2015)."""
    total = sum(
        _CREDIT_ALPHABET.index(character) * weight for character, weight in zip(first_17, _CREDIT_WEIGHTS, strict=True)
    )
    return _CREDIT_ALPHABET[-total % 31]


def credit_code(text: str, *, override: bool = False) -> str:
    """The 18 characters of a unified social credit code (GB 32100-2015). Raises Malformed.

    ``override``: staff have seen the licence. At least one genuine code fails its check character.
    """
    code = fold(text)
    copy = "请对照营业执照，重新填写18位统一社会信用代码。"
    if len(code) != 18:  # noqa: PLR2004 - the sentence says what it is
        raise Malformed("credit_code_length", f"统一社会信用代码应为18位，现为{len(code)}位。", copy)
    if not set(code) <= set(_CREDIT_ALPHABET):
        raise Malformed("credit_code_characters", "统一社会信用代码只含数字和大写字母，且不含字母I、O、S、V、Z。", copy)
    # No registry has the number 0; eighteen zeros would otherwise pass.
    if not override and (code[0] == "0" or credit_code_check(code[:17]) != code[17]):
        raise Malformed(
            "credit_code_check", "统一社会信用代码校验不通过，可能有一位填错。", copy + "如与执照一致，请联系协会处理。"
        )
    return code


def resident_id_check(first_17: str) -> str:
    """The check character of a resident ID (GB 11643, by ISO 7064 MOD 11-2)."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS, strict=True)) % 11]


def resident_id(text: str, today: date) -> str:
    """The 18 characters of a resident ID or of a residence permit of 81, 82, 83 (GB 11643). Raises Malformed."""
    number = fold(text)
    copy = "请对照身份证，重新填写18位公民身份号码。"
    if re.fullmatch(r"[0-9]{17}[0-9X]", number) is None:
        raise Malformed("resident_id_form", "身份证号码应为18位：前17位为数字，末位为数字或X。", copy)
    if number[:2] not in _REGIONS:
        raise Malformed("resident_id_region", "身份证号码的前两位不是有效的地区代码。", copy)
    if not _born(number[6:14], today):
        raise Malformed("resident_id_birth", "身份证号码中的出生日期不存在或晚于今天。", copy)
    if resident_id_check(number[:17]) != number[17]:
        raise Malformed("resident_id_check", "身份证号码校验不通过，可能有一位填错。", copy)
    return number


def _born(digits: str, today: date) -> bool:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return date(1900, 1, 1) <= birth <= today


def mobile(text: str) -> str:
    """The 11 digits of a mainland mobile number, without +86, spaces and hyphens. Raises Malformed."""
    found = re.fullmatch(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})", fold(text).translate(_HYPHENS))
    if found is None:
        raise Malformed(
            "mobile_form", "手机号码应为11位数字，以13至19开头。", "请填写中国内地手机号码，不要填写固定电话。"
        )
    return found[1]


def email(text: str) -> str:
    """An address that can stand in a mail header as it is: ASCII, one @, no line break. Raises Malformed."""
    address = half_width(without_invisible(text)).strip(" \u00a0\u3000")
    local, _, domain = address.rpartition("@")
    fits = len(address) <= _LONGEST_EMAIL and len(local) <= _LONGEST_LOCAL_PART
    # "=?" begins an encoded word (RFC 2047): a mail program would read another address out of it
    if not fits or "=?" in address or _EMAIL.fullmatch(address) is None:
        raise Malformed(
            "email_form", "电子邮箱地址格式不正确。", "请填写一个完整的邮箱地址，例如 name@example.cn，不含空格和换行。"
        )
    return f"{local}@{domain.lower()}"


def person_name(text: str) -> str:
    """A person's name, 1 to 60 characters, written one way. Raises Malformed."""
    return _name(text, "姓名").translate(_DOTS)


def enterprise_name(text: str) -> str:
    """An enterprise's name, 1 to 60 characters; parentheses full-width, letters half-width. Raises Malformed."""
    name = half_width(_name(text, "单位名称")).translate(_FULL_WIDTH_PARENTHESES)
    return _SPACE_BESIDE_CHINESE.sub("", name)


def same_name(one: str, other: str) -> bool:
    """Whether two names of enterprises differ in nothing but the way of writing them."""
    try:
        return _compared(one) == _compared(other)
    except Malformed:
        return False


def name_key(name: str) -> str:
    """Under which a name is looked up, equal for names that are the same; "-" for what can be nobody's."""
    try:
        return _compared(name)
    except Malformed:
        return "-"


def _compared(name: str) -> str:
    return fold(enterprise_name(name))


def _name(text: str, what: str) -> str:
    name = " ".join(without_invisible(_one_line(text, what)).split())
    name = _SPACE_BESIDE_CHINESE.sub("", unicodedata.normalize("NFC", name))
    if not any(character.isalpha() for character in name):
        raise Malformed("name_empty", f"{what}未填写。", f"请填写{what}。")
    if len(name) > _LONGEST_NAME:
        raise Malformed("name_too_long", f"{what}最多{_LONGEST_NAME}个字。", f"请核对并缩短{what}。")
    return name


def _one_line(text: str, what: str) -> str:
    if has_control(text):
        raise Malformed(
            "control_characters", f"{what}含有换行或不可见的控制字符。", f"请手动重新输入{what}，不要粘贴。"
        )
    return text


def plain_text(text: str, longest: int) -> str:
    """Free text of 1 to ``longest`` characters; line breaks stay, other control characters do not. Raises Malformed."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if has_control(lines, but="\n"):
        raise Malformed("control_characters", "内容含有不可见的控制字符。", "请手动重新输入，不要粘贴。")
    kept = lines.strip()
    if not without_invisible(kept).strip():
        raise Malformed("text_empty", "内容未填写。", "请填写后再提交。")
    if len(kept) > longest:
        raise Malformed("text_too_long", f"内容最多{longest}个字，现为{len(kept)}个字。", "请缩短后再提交。")
    return kept


def calendar_date(text: str) -> date:
    """A date as keyboards and licences write it: 2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日. Raises Malformed."""
    found = _DATE.fullmatch(half_width(without_invisible(text)).strip())
    try:
        return date(*(int(found[part]) for part in ("year", "month", "day"))) if found else date.fromisoformat("")
    except ValueError:
        raise Malformed(
            "date_form", "日期不存在或格式不正确。", "请按“年-月-日”填写，例如 2026-01-31 或 2026年1月31日。"
        ) from None
