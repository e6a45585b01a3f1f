"""What a file really is, told by its first bytes, in words for the person who uploaded it."""

import re

from chalicelib.rules.uploads import Kind

_PDF_HEADER_WITHIN = 1024
_FRONT = 4096
_PRINTER_PREAMBLE = re.compile(rb"\x1b%-12345X(?:@PJL[^<\r\n]*\r?\n)*")

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\0", "TIFF 图片"),
    (b"MM\0*", "TIFF 图片"),
    (b"8BPS", "Photoshop 文件"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000 图片"),
    (b"\xff\x0a", "JPEG XL 图片"),
    (b"\0\0\x01\0", "图标文件"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文件（Word、Excel 等）"),
    (b"{\\rtf", "RTF 文档"),
    (b"%!PS", "PostScript 文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "GZIP 压缩包"),
    (b"BZh", "BZ2 压缩包"),
    (b"\xfd7zXZ", "XZ 压缩包"),
    (b"MZ", "Windows 可执行程序"),
    (b"\x7fELF", "Linux 可执行程序"),
    (b"\xca\xfe\xba\xbe", "可执行程序"),
    (b"\xcf\xfa\xed\xfe", "macOS 可执行程序"),
    (b"\x4c\0\0\0\x01\x14\x02\0", "Windows 快捷方式"),
    (b"#!", "脚本程序"),
    (b"<?php", "脚本程序"),
    (b"ID3", "音频"),
    (b"\x1aE\xdf\xa3", "视频"),
)
_INSIDE_ZIP = (
    (b"word/", "Word 文档"),
    (b"xl/", "Excel 表格"),
    (b"ppt/", "PowerPoint 演示文稿"),
    (b"OFD.xml", "OFD 文件"),
    (b"AndroidManifest.xml", "安卓安装包"),
)
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "HEIC 照片"),
    **dict.fromkeys((b"avif", b"avis"), "AVIF 图片"),
}
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+)?(svg|[a-z!?])", re.DOTALL | re.IGNORECASE
)


def recognise(data: bytes) -> Kind | str:
    """The kind of file, or the Chinese name of what else it is."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if pdf_header(data) is not None:
        return Kind.PDF
    return _describe(data)


def pdf_header(data: bytes) -> int | None:
    """Where the PDF begins: at the start, or after white space or a printer's preamble within the first 1,024 bytes.

    Readers look that far, so anything else before it would make one file two things.
    """
    found = data.find(b"%PDF-", 0, _PDF_HEADER_WITHIN + 5)
    before = data[: max(found, 0)].removeprefix(b"\xef\xbb\xbf").lstrip(b"\0\t\n\f\r ")
    harmless = not before or _PRINTER_PREAMBLE.fullmatch(before)
    return found if found >= 0 and harmless else None


def _describe(data: bytes) -> str:
    if b"%PDF-" in data[: _PDF_HEADER_WITHIN + 5]:
        return "开头混有其他内容的 PDF"
    if data.startswith(b"PK\x03\x04"):
        return next((name for part, name in _INSIDE_ZIP if part in data), "ZIP 压缩包")
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "视频")
    if data.startswith(b"RIFF"):
        return "WebP 图片" if data[8:12] == b"WEBP" else "音频或视频"
    return _markup(data) or next((name for start, name in _STARTS if data.startswith(start)), _text_or_unknown(data))


def _markup(data: bytes) -> str | None:
    front = data[:_FRONT].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe")
    if front.startswith(b"<?php") or _MARKUP.match(front) is None:
        return None
    return "SVG 图形" if b"<svg" in front.lower() else "网页（HTML 或 XML）"


def _text_or_unknown(data: bytes) -> str:
    front = data[:_FRONT]
    if front.startswith(b"MIME-Version:"):
        return "网页存档"
    return "未知格式的文件" if any(byte < 9 for byte in front) else "文本文件"  # noqa: PLR2004 - tab is the first in text


_ACTIVE_TEXT = re.compile(
    rb"<(?:(?:script|html|!doctype|svg|iframe|\?php)\b|[a-z]{1,10}\s[^<>]{0,200}\bon(?:error|load)\s*=|%\s*(?:eval|execute|@))"
    rb"|<\?=\s*\$_",
    re.IGNORECASE,
)
# Long enough to be no accident among 20 MB of pixels.
_SERVER_SCRIPT = re.compile(rb"<\?(?:[pP][hH][pP]\s|=\s?\$_)")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_PROGRAMS_BEHIND = re.compile(
    rb"\x7fELF[\x01\x02][\x01\x02]\x01|MSCF\0{4}|This program (?:cannot|must) be run|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")


def second_nature(data: bytes, end: int) -> str | None:
    """What else a file is that some programs would take it for: behind its ``end``, or as an archive read from behind.

    Phones append things (a second picture, a film, the maker's notes); only what could run or unpack is named.
    """
    behind = data[end:]
    if b"%PDF-" in behind:
        return "PDF"
    if _ACTIVE_TEXT.search(behind):
        return "网页"
    if behind.lstrip(b"\0\r\n ").startswith(_PROGRAMS) or _PROGRAMS_BEHIND.search(behind):
        return "程序或压缩包"
    if _SERVER_SCRIPT.search(data):
        return "脚本程序"
    if (b"PK\x05\x06" in data and b"PK\x03\x04" in data) or any(start in data for start in _ARCHIVES):
        return "压缩包"
    return None


def is_page(text: bytes) -> bool:
    """Whether a browser, or a server, would find something to run in it; in letters of two bytes too."""
    return any(_ACTIVE_TEXT.search(letters) for letters in (text, text.replace(b"\0", b"")))
