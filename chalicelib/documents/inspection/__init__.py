"""The check of an uploaded file: what it is by its content, whether people can read it, and that it does nothing else.

It never raises: what breaks a parser is not a file we keep. Limits, not a clock, bound its work, so that the same file
gets the same answer on every machine.
"""

import hashlib
import re
from dataclasses import replace

from chalicelib.documents.inspection.findings import BROKEN, Unreadable
from chalicelib.documents.inspection.image import look_at
from chalicelib.documents.inspection.ofd import is_ofd, look_through
from chalicelib.documents.inspection.pdf import count_pages
from chalicelib.documents.inspection.signatures import recognise
from chalicelib.rules.uploads import Accepted, FileRule, Kind, Unacceptable, Verdict, after_hanzi
from chalicelib.rules.vocabulary import Reason

_PICTURES = frozenset({"jpg", "jpeg", "jpe", "jfif", "png", "heic", "heif"})
_ENDINGS = {
    Kind.PDF: frozenset({"pdf"}), Kind.JPEG: _PICTURES, Kind.PNG: _PICTURES, Kind.OFD: frozenset({"ofd"}),
}  # fmt: skip
_PROMISES = (_PICTURES | {"pdf"}) - {"heic", "heif"}
_LONGEST_ENDING = 5
_LONG_ENDINGS = frozenset({"desktop", "website", "appref-ms", "library-ms", "search-ms", "settingcontent-ms", "ps1xml"})
# Windows ends a name at a colon, some servers at a semicolon, old programs at a NUL; overrides turn it round.
_ENDS_EARLY = re.compile(r"[\0:;]")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ADVICE = {
    "HEIC 照片": "请将照片转换为 JPEG；或在手机“设置—相机—格式”中选择“兼容性最佳”，重新拍摄后上传。",
    "Word 文档": "请在 Word 中另存为 PDF 后上传。",
    "OFD 文件": "请用 OFD 阅读器另存为 PDF 后上传。",
    "旧版 Office 文件（Word、Excel 等）": "请打开该文件，另存为 PDF 后上传。",
}


def inspect(data: bytes, rule: FileRule, claimed_name: str) -> Verdict:
    """Accepted with what it is, or every reason found why not. ``claimed_name`` is compared, never trusted."""
    try:
        return _inspect(data, rule, claimed_name)
    except Unreadable as finding:
        return Unacceptable(finding.reasons)
    except Exception:  # noqa: BLE001 - parsers raise what they like
        return Unacceptable((BROKEN,))


def _inspect(data: bytes, rule: FileRule, claimed_name: str) -> Verdict:
    _check_size(data, rule)
    kind = _kind(data, rule, claimed_name)
    accepted = Accepted(kind, hashlib.sha256(data).hexdigest(), len(data))
    if kind is Kind.PDF:
        return replace(accepted, pages=count_pages(data))
    if kind is Kind.OFD:
        look_through(data)
        return accepted
    width, height = look_at(data, kind, rule)
    return replace(accepted, width=width, height=height)


def _check_size(data: bytes, rule: FileRule) -> None:
    if not data:
        raise Unreadable(Reason("empty", "文件是空的。", "请确认文件能正常打开，再重新上传。"))
    if len(data) > rule.max_bytes:
        most = f"{rule.max_bytes / 2**20:.1f}".removesuffix(".0")  # how large it is nobody has read to the end
        raise Unreadable(Reason("too_large", f"文件超过 {most} MB。", "请压缩图片或降低扫描分辨率后重新上传。"))


def _kind(data: bytes, rule: FileRule, claimed_name: str) -> Kind:
    """By content. Pictures may carry each other's endings, as phones do; any other lie is told."""
    kind = Kind.OFD if Kind.OFD in rule.kinds and is_ofd(data) else recognise(data)
    ending = _ending(claimed_name)
    if not isinstance(kind, Kind) or kind not in rule.kinds:
        name = kind.chinese if isinstance(kind, Kind) else kind
        it_is = f"是{after_hanzi(name)}。"
        what = f"文件名以“.{ending}”结尾，但实际{it_is}" if ending in _PROMISES else f"文件{it_is}"
        raise Unreadable(Reason("wrong_type", what, _ADVICE.get(name, f"请上传{after_hanzi(rule.wanted)}。")))
    if ending and ending not in _ENDINGS[kind]:
        raise Unreadable(
            Reason(
                "misnamed",
                f"文件名以“.{ending}”结尾，但实际是{after_hanzi(kind.chinese)}。",
                f"请确认没有选错文件；无误的话，把文件名结尾改为“.{kind.name.lower()}”后重新上传。",
            )
        )
    return kind


def _ending(name: str) -> str:
    """The ending of a name, if it looks like one; a dot within a sentence does not make one."""
    kept = _OVERRIDES.sub("", _ENDS_EARLY.split(name)[0]).strip().rstrip(". ")
    _, dot, ending = kept.lower().rpartition(".")
    likely = ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING
    return ending if dot and (likely or ending in _LONG_ENDINGS) else ""
