"""What a file may be that people upload (domain §4, D: PDF, JPEG or PNG, 20 MB each), and what its check can say."""

import re
import unicodedata
from dataclasses import dataclass

from chalicelib.rules.folding import Malformed, has_control
from chalicelib.rules.vocabulary import Reason, Term

LONGEST_NAME = 150
# Right-to-left overrides make a program's name end in pdf to the eye.
_DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def after_hanzi(name: str) -> str:
    """With the blank that parts hanzi from a Latin word: 是 PDF, 是文本."""
    return f" {name}" if name[:1].isascii() else name


class Kind(Term):
    """A kind of file, told by its content."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG 图片"
    PNG = "image/png", "PNG 图片"
    OFD = "application/ofd", "OFD"


@dataclass(frozen=True, slots=True)
class PhotoRule:
    """What a portrait must be: proportions in millimetres, upright, and enough pixels to print."""

    width_mm: int = 26
    height_mm: int = 32
    least_width: int = 300
    # Shops cut by hand; four per cent is a millimetre and still looks right in its frame.
    tolerance: float = 0.04

    def fits(self, width: int, height: int) -> bool:
        wanted = self.width_mm / self.height_mm
        return abs(width / height - wanted) <= wanted * self.tolerance


@dataclass(frozen=True, slots=True)
class FileRule:
    max_bytes: int = 20 * 1024 * 1024
    kinds: tuple[Kind, ...] = (Kind.PDF, Kind.JPEG, Kind.PNG)
    photo: PhotoRule | None = None

    @property
    def wanted(self) -> str:
        return "、".join(kind.chinese for kind in self.kinds)

    @property
    def allowed(self) -> str:
        """For people, before they send it: what is not so, the object store turns away without a word of ours."""
        kinds = f"{self.wanted}，" if self.kinds else ""
        return f"{kinds}不能是空文件，每个不超过 {self.max_bytes // 2**20} MB；超出的不会被接收。"


@dataclass(frozen=True, slots=True)
class Accepted:
    """``sha256`` in hexadecimal, ``size`` in bytes; width and height in pixels as the picture is seen, upright."""

    kind: Kind
    sha256: str
    size: int
    pages: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Unacceptable:
    """Never without a reason."""

    reasons: tuple[Reason, ...]


Verdict = Accepted | Unacceptable


def safe_display_name(raw: str) -> str:
    """The name of a file, 1 to 150 characters, to be shown and never used as a path. Raises Malformed.

    A name that carries a path is refused and not repaired: whoever sent it is no phone.
    """
    again = "请修改文件名后重新上传。"
    if has_control(raw) or _DIRECTION_OVERRIDES.search(raw):
        raise Malformed("file_name_characters", "文件名含有不可见的控制字符。", again)
    name = unicodedata.normalize("NFC", raw).strip()
    if "/" in name or "\\" in name or name in (".", ".."):
        raise Malformed("file_name_path", "文件名不能含有路径（“/”、“\\”或“..”）。", again)
    if not name:
        raise Malformed("file_name_empty", "文件没有名称。", "请给文件取一个名称后重新上传。")
    if len(name) > LONGEST_NAME:
        raise Malformed("file_name_too_long", f"文件名超过{LONGEST_NAME}个字符。", again)
    return name
