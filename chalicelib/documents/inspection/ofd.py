"""An OFD (GB/T 33190), as electronic invoices come: a ZIP with OFD.xml at its root, and nothing in it that could run.

Only the directory and the first bytes of each part are read, so that a bomb is never unpacked.
"""

from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from chalicelib.documents.inspection.findings import Unreadable
from chalicelib.documents.inspection.signatures import is_page
from chalicelib.rules.vocabulary import Reason

ROOT = "OFD.xml"
MOST_PARTS = 2_000
MOST_INFLATED = 200 * 2**20
FRONT = 4_096
_ENCRYPTED = 0x1
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"\xca\xfe\xba\xbe")
_RUN_BY_NAME = frozenset({"js", "vbs", "bat", "cmd", "ps1", "exe", "dll", "com", "scr", "jar", "hta", "lnk", "sh"})
_AGAIN = "请向开票系统重新下载该文件，再上传一次。"
BROKEN = Reason("unreadable", "OFD 文件已损坏，无法打开。", _AGAIN)
NO_DOCUMENT = Reason("wrong_type", "文件不是有效的 OFD 文件。", "请上传开票系统给出的 PDF 或 OFD 文件。")
LOCKED = Reason("encrypted", "OFD 文件设有打开密码，无法查看。", "请去掉密码后重新上传。")
BOMB = Reason("inflates_too_far", "OFD 文件中有异常的压缩数据，解压后过大。", _AGAIN)
OUTSIDE = Reason("unsafe_path", "OFD 文件中有指向文件以外的路径。", _AGAIN)
ACTIVE = Reason("active_content", "OFD 文件中夹带了程序、脚本或网页。", _AGAIN)


def is_ofd(data: bytes) -> bool:
    """Whether it is a ZIP with the root of an OFD; nothing of what it holds is judged."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with ZipFile(BytesIO(data)) as archive:
            return ROOT in archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError):
        return False


def look_through(data: bytes) -> None:
    """Raises Unreadable with what was found first."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            for part in parts:
                _check_part(part, _front(archive, part))
    except (BadZipFile, EOFError, NotImplementedError) as broken:
        raise Unreadable(BROKEN) from broken


def _check_directory(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
        raise Unreadable(BOMB)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable(LOCKED)
    if any(_leads_outside(part.filename) for part in parts) or len({part.filename for part in parts}) < len(parts):
        raise Unreadable(OUTSIDE)


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _front(archive: ZipFile, part: ZipInfo) -> bytes:
    with archive.open(part) as opened:
        return opened.read(FRONT)


def _check_part(part: ZipInfo, front: bytes) -> None:
    if part.filename.rpartition(".")[2].lower() in _RUN_BY_NAME or front.startswith(_PROGRAMS) or is_page(front):
        raise Unreadable(ACTIVE)
    if part.filename == ROOT and b"OFD" not in front.replace(b"\0", b""):
        raise Unreadable(NO_DOCUMENT)
