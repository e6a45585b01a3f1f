"""Made-up people and enterprises that pass every check and cannot be anybody: the same n, always the same one.

Division 449999 does not exist, so no credit code and no ID made here was ever given out.
"""

from datetime import date, timedelta

from chalicelib.rules.identifiers import credit_code_check, resident_id_check

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_NUMERALS = "零一二三四五六七八九"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


def credit_code(n: int) -> str:
    organisation = ""
    for _ in range(9):
        n, place = divmod(n, 31)
        organisation = _CREDIT_ALPHABET[place] + organisation
    first_17 = "91449999" + organisation
    return first_17 + credit_code_check(first_17)


def resident_id(n: int) -> str:
    born = date(1960, 1, 1) + timedelta(days=n // 999 % 15_000)
    first_17 = f"449999{born:%Y%m%d}{n % 999 + 1:03d}"
    return first_17 + resident_id_check(first_17)


def mobile(n: int) -> str:
    return f"199{n % 10**8:08d}"


def person(n: int) -> str:
    return f"{_SURNAMES[n % len(_SURNAMES)]}甲{_in_numerals(n)}"


def enterprise(n: int) -> str:
    return f"虚构{_in_numerals(n)}号有害生物防制有限公司"


def _in_numerals(n: int) -> str:
    return "".join(_NUMERALS[int(digit)] for digit in str(n))
