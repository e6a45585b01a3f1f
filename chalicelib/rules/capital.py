"""Registered capital: a figure that always carries its currency (domain §4), as licences and people write it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.rules.folding import Malformed, fold

# The first name of each is the one printed.
_CURRENCIES = {
    "CNY": ("元人民币", "人民币元", "人民币", "人民幣", "CNY", "RMB", "¥", "￥"),
    "USD": ("美元", "美金", "USD", "US$"),
    "HKD": ("港元", "港币", "港幣", "HKD", "HK$"),
    "MOP": ("澳门元", "澳门币", "MOP"),
    "TWD": ("新台币", "新台币元", "TWD", "NT$"),
    "EUR": ("欧元", "EUR", "€"),
    "GBP": ("英镑", "GBP", "£"),
    "JPY": ("日元", "日圆", "JPY"),
    "KRW": ("韩元", "KRW"),
    "SGD": ("新加坡元", "新元", "SGD"),
    "AUD": ("澳大利亚元", "澳元", "AUD"),
    "CAD": ("加拿大元", "加元", "CAD"),
    "CHF": ("瑞士法郎", "CHF"),
}
_CODES = {name: code for code, names in _CURRENCIES.items() for name in names}
_NAMES = "|".join(re.escape(name) for name in sorted(_CODES, key=len, reverse=True))
_DIGITS = dict(zip("零壹贰叁肆伍陆柒捌玖〇一二三四五六七八九", [*range(10), *range(10)], strict=True)) | {
    "两": 2,
    "貳": 2,
    "陸": 6,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HANZI = "".join([*_DIGITS, *_TENS, *_SCALES])
_DIGIT = "[壹贰貳叁肆伍陆陸柒捌玖一二两三四五六七八九]"
_SECTION = f"(?:{_DIGIT}[千仟])?[零〇]?(?:{_DIGIT}[百佰])?[零〇]?(?:{_DIGIT}?[十拾])?[零〇]?{_DIGIT}?"
_HANZI_FIGURE = re.compile(f"(?:(?P<yi>{_SECTION})[亿億])?(?:(?P<wan>{_SECTION})[万萬])?(?P<ones>{_SECTION})")
_AMOUNT = re.compile(
    rf"(?P<before>{_NAMES})?:?(?:(?P<figure>{_FIGURE})(?P<scale>[十百千佰仟拾]?[万萬亿億]?)|(?P<hanzi>[{_HANZI}]+))"
    rf"(?P<after>{_NAMES})?(?P<yuan>[元圆圓])?(?P<behind>{_NAMES})?[整正]?",
    re.ASCII,
)
# No licence shows more than a thousand billion; above it somebody has typed a zero, or a bank account, too many.
_MOST = 10**12 * 100
_LONGEST = 60
_HOW = "请按营业执照填写金额和货币单位，例如“500万元人民币”或“100万美元”。"


@dataclass(frozen=True, slots=True)
class Capital:
    """``amount`` counts hundredths of the currency's unit; ``currency`` is its ISO 4217 code."""

    amount: int
    currency: str

    @property
    def printed(self) -> str:
        """As it stands on a certificate: 500万元人民币, 100万美元, 1234.5元人民币."""
        units = Decimal(self.amount) / 100
        in_ten_thousands = self.amount >= 10**4 * 100 and self.amount % 100 == 0
        figure, scale = (units / 10**4, "万") if in_ten_thousands else (units, "")
        return f"{figure.normalize():f}{scale}{_CURRENCIES[self.currency][0]}"


def capital(text: str) -> Capital:
    """Read an amount with its currency. Raises Malformed.

    A bare 元 is taken as the yuan: that is what the word means in law (人民币单位为元) and on mainland licences;
    a bare figure or 万 names no currency and is refused, as the guide asks.
    """
    found = _AMOUNT.fullmatch(re.sub(r"[()\[\]]", "", fold(text)))
    if found is None or len(text) > _LONGEST:
        raise Malformed("capital_unreadable", "注册资金无法识别。", _HOW)
    currency = _currency(found)
    units = _units(found) * 100
    if units != int(units):
        raise Malformed("capital_too_precise", "注册资金最多保留到分。", _HOW)
    if not 0 < units <= _MOST:
        raise Malformed("capital_out_of_range", "注册资金须大于零，且不超过一万亿。", _HOW)
    return Capital(int(units), currency)


def _currency(found: re.Match[str]) -> str:
    named = {_CODES[name] for name in found.group("before", "after", "behind") if name}
    if len(named) > 1:
        raise Malformed("capital_two_currencies", "注册资金写了两种货币。", _HOW)
    if not named and not found["yuan"]:
        raise Malformed("capital_without_currency", "注册资金缺少货币单位。", _HOW)
    return named.pop() if named else "CNY"


def _units(found: re.Match[str]) -> Decimal:
    if found["hanzi"]:
        return Decimal(_read_hanzi(found["hanzi"]))
    units = Decimal(found["figure"].replace(",", ""))
    for character in found["scale"]:
        units *= (_TENS | _SCALES)[character]
    return units


def _read_hanzi(figure: str) -> int:
    """伍佰万 → 5000000; 壹仟贰佰万零叁 → 12000003. Raises Malformed where the units do not fall from left to right."""
    parts = _HANZI_FIGURE.fullmatch(figure)
    if parts is None:
        raise Malformed("capital_unreadable", "注册资金的中文数字无法识别。", _HOW)
    return sum(
        _read_section(parts[scale] or "") * worth for scale, worth in (("yi", 10**8), ("wan", 10**4), ("ones", 1))
    )


def _read_section(section: str) -> int:
    total, digit = 0, None
    for character in section:
        if character in _TENS:
            total, digit = total + (1 if digit is None else digit) * _TENS[character], None
        else:
            digit = _DIGITS[character] or None
    return total + (digit or 0)
