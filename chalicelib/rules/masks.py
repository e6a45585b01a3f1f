"""How personal values are shown where the whole is nobody's business: enough to recognise one's own, no more.

What does not look as it should is hidden whole, since nobody can say which part of it would be harmless.
"""

_MOBILE_DIGITS = 11
_ID_CHARACTERS = 18


def mask_name(name: str) -> str:
    """张三丰 → 张*, whatever the length, which itself would tell something."""
    return f"{name[0]}*" if len(name) > 1 else "*"


def mask_mobile(number: str) -> str:
    """13812341234 → 138****1234."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == _MOBILE_DIGITS else "*" * 7


def mask_id(number: str) -> str:
    """Province and the last two characters; neither birth date nor sex."""
    return f"{number[:2]}{'*' * 14}{number[-2:]}" if len(number) == _ID_CHARACTERS else "*" * 8


def mask_email(address: str) -> str:
    """someone@example.cn → s***@example.cn."""
    local, at, domain = address.rpartition("@")
    if not at or not local:
        return "***"
    return f"{local[0] if len(local) > 1 else ''}***@{domain}"
