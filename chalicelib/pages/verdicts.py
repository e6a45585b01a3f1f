"""What is said of each standing, in words a stranger understands. The places in braces are filled from the view."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.rules.vocabulary import Standing


@dataclass(frozen=True)
class Verdict:
    """``statement`` says how things are, ``advice`` what the reader should make of it."""

    english: str
    statement: str
    statement_english: str
    advice: str


VERDICTS: Mapping[Standing, Verdict] = MappingProxyType(
    {
        Standing.VALID: Verdict(
            "Valid",
            "本证书今日有效，有效期至{last}。",
            "This certificate is valid today, until {last_iso}.",
            "请核对手中证书与下列内容是否一致。",
        ),
        Standing.SUPERSEDED: Verdict(
            "Replaced by a newer version",
            "您查验的是第{ordinal}版，已由第{latest}版代替。该证书今日状态：{current}，有效期至{last}。",
            "This is version {ordinal}; version {latest} has replaced it. "
            "The certificate itself is {current_english} today, until {last_iso}.",
            "请持证者出示最新版证书。",
        ),
        Standing.NOT_YET_VALID: Verdict(
            "Not yet valid",
            "本证书自{first}起生效，今日尚未生效。",
            "This certificate is not valid before {first_iso}.",
            "生效日之前，请勿当作有效证书使用。",
        ),
        Standing.REVIEW_OVERDUE: Verdict(
            "Annual review overdue",
            "本证书未按期完成{year}年度年审。",
            "The annual review for {year} was not completed in time.",
            "补办年审之前，请勿当作有效证书使用；详情请向持证者了解。",
        ),
        Standing.EXPIRED: Verdict(
            "Expired",
            "本证书已于{last}到期，现已失效。",
            "This certificate expired on {last_iso}.",
            "请勿当作有效证书使用；是否续期，请向持证者了解。",
        ),
        Standing.REVOKED: Verdict(
            "Revoked",
            "本证书已于{revoked}被发证单位注销，不再有效。",
            "The association revoked this certificate on {revoked_iso}.",
            "请勿当作有效证书使用；如有人仍在出示，请致电发证单位。",
        ),
    }
)
