"""One file, two natures: what some programs show as a document and others run, unpack or open as a page.

The kinds are those of corkami's and Mitra's lists (stacks, parasites, cavities, zippers) for PDF, JPEG and PNG.
"""

import gzip
import struct
import zlib
from io import BytesIO

from tests.documents.building import (
    DRAWING,
    chunk,
    jpeg,
    one_page,
    pdf,
    png,
    png_of,
    stream,
    updated,
    with_jpeg_segment,
    zipped,
)
from tests.documents.corpus.sample import HTML, MADE_UP_PROGRAM, PHP, SVG, bad

_RAR = b"Rar!\x1a\x07\1\0" + bytes(60)
_SEVEN = b"7z\xbc\xaf\x27\x1c\0\4" + bytes(60)
_ELF = b"\x7fELF\2\1\1\0" + bytes(60)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
_CABINET = b"MSCF\0\0\0\0" + bytes(60)
_REAL_PROGRAM = MADE_UP_PROGRAM + b"This program cannot be run in DOS mode.\r\r\n$"
_PHAR = b"<?php __HALT_COMPILER(); ?>\r\n" + bytes(40) + b"GBMB"
_MIME = b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML


def _pdf() -> bytes:
    return pdf(one_page())


def _in_header(what: bytes) -> bytes:
    return pdf(one_page(), header=b"%PDF-1.4\n" + what + b"\n")


def _zip_with_comment(comment: bytes) -> bytes:
    return zipped("a.exe")[:-2] + struct.pack("<H", len(comment)) + comment


def _zip_around_pdf() -> bytes:
    """A PDF whole within an archive that stores it as it is, preamble and all: both read it."""
    archive = zipped("a.exe")
    start = archive.index(b"PK\1\2")
    document = pdf(one_page() | {4: stream(archive[:start] + DRAWING)})
    return document + archive[start:]


def _comment(body: bytes) -> bytes:
    return with_jpeg_segment(jpeg(), 0xFE, body)


def _exif(text: bytes) -> bytes:
    return with_jpeg_segment(jpeg(), 0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0" + text)


def _between_scans(body: bytes) -> bytes:
    """In a comment where the picture has begun to show: after the first scan."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + b"\xff\xfe" + struct.pack(">H", len(body) + 2) + body + data[last:]


def _in_pixels() -> bytes:
    """A shell that survives compression: pixels stored as they are."""
    packer = zlib.compressobj(0)
    rows = b"".join(b"\0" + (b"<?=$_GET[0]($_POST[1]);?>" * 48)[:1200] for _ in range(400))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 400, 400, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", packer.compress(rows) + packer.flush()) + chunk(b"IEND", b"")


def _png_with(name: bytes, body: bytes) -> bytes:
    return png_of(400, 400, bytes(1201 * 400), [chunk(name, body)])


def _palette() -> bytes:
    """A script as colours."""
    colours = (b"<?php eval($_POST[1]);?>" * 32)[:768]
    return png_of(400, 400, bytes(401 * 400), [chunk(b"PLTE", colours)], colour=3)


def _jar() -> bytes:
    return zipped("META-INF/MANIFEST.MF", "a.class")


def _tar() -> bytes:
    """A document from its second block on, with the name of a tar archive before."""
    return b"a.exe".ljust(257, b"\0") + b"ustar\0" + b"00".ljust(249, b"\0") + _pdf()


def _gzipped() -> bytes:
    out = BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as file:
        file.write(_pdf())
    return out.getvalue()


BEFORE = (
    bad("wrong_type", "PDF behind HTML", lambda: HTML + _pdf()),
    bad("wrong_type", "PDF behind a program", lambda: MADE_UP_PROGRAM + _pdf()),
    bad("wrong_type", "PDF behind 2 KB of spaces", lambda: b" " * 2048 + _pdf()),
    bad("wrong_type", "PDF behind a GIF", lambda: b"GIF89a/*" + bytes(20) + b"*/" + _pdf()),
    bad("wrong_type", "PDF behind an archive", lambda: zipped("a.exe") + _pdf()),
    bad("wrong_type", "PDF behind a shell script", lambda: b"#!/bin/sh\nid\nexit\n" + _pdf()),
    bad("wrong_type", "PDF behind a line of batch", lambda: b"@echo off & calc & exit\r\n" + _pdf()),
    bad("wrong_type", "PDF behind a name of tar", _tar),
    bad("wrong_type", "PDF behind a JavaScript comment", lambda: b"alert(1)/*" + _pdf() + b"*/"),
    bad("wrong_type", "PDF behind RTF", lambda: b"{\\rtf1 " + _pdf() + b"}"),
    bad("wrong_type", "PDF behind the head of a mail", lambda: _MIME + _pdf()),
    bad("wrong_type", "PDF within gzip", _gzipped),
    bad("misnamed", "PDF behind a picture", lambda: jpeg(quality=31) + _pdf()),
    bad(
        "wrong_type",
        "PDF behind a printer's preamble with a page in it",
        lambda: b"\x1b%-12345X@PJL\r\n" + HTML + _pdf(),
    ),
    bad(
        "wrong_type",
        "PDF behind a printer's preamble with a program in it",
        lambda: b"\x1b%-12345X@PJL\r\n" + _ELF + _pdf(),
    ),
    bad("hidden_content", "PDF with a page in its first comment", lambda: _in_header(b"%" + HTML)),
    bad("hidden_content", "PDF with a page right behind its first line", lambda: _in_header(HTML)),
    bad("hidden_content", "PDF with PHP in its first comment", lambda: _in_header(b"%" + PHP)),
    bad("hidden_content", "PDF that is a PHP archive", lambda: pdf(one_page(), unlisted=b"%" + _PHAR + b"\n")),
    bad(
        "hidden_content",
        "PDF with PHP in a drawing",
        lambda: pdf(one_page() | {4: stream(b"% <?php eval($_POST[1]); ?>")}),
    ),
)

BEHIND = (
    bad("hidden_content", "PDF before HTML", lambda: _pdf() + HTML),
    bad("hidden_content", "PDF before HTML and one more end", lambda: _pdf() + HTML + b"\n%%EOF\n"),
    bad("hidden_content", "PDF before an archive", lambda: _pdf() + zipped("a.exe")),
    bad(
        "hidden_content",
        "PDF before an archive with an end of its own",
        lambda: _pdf() + _zip_with_comment(b"\nstartxref\n9\n%%EOF\n"),
    ),
    bad("hidden_content", "PDF before a Java program", lambda: _pdf() + _jar()),
    bad("hidden_content", "PDF within an archive", _zip_around_pdf),
    bad("hidden_content", "PDF before a program", lambda: _pdf() + MADE_UP_PROGRAM),
    bad("hidden_content", "PDF before a program and one more end", lambda: _pdf() + _REAL_PROGRAM + b"\n%%EOF\n"),
    bad("hidden_content", "PDF before a RAR", lambda: _pdf() + _RAR),
    bad("hidden_content", "PDF before a RAR behind noise", lambda: _pdf() + b"\xa5\x5a" * 90 + _RAR),
    bad("hidden_content", "PDF around a RAR", lambda: pdf(one_page() | {4: stream(DRAWING + _RAR)})),
    bad("hidden_content", "PDF before 7z behind noise", lambda: _pdf() + b"\xa5" * 9 + _SEVEN),
    bad("hidden_content", "PDF before an Office file behind spaces", lambda: _pdf() + b"    " + _OLE),
    bad("hidden_content", "PDF before another PDF", lambda: _pdf() + pdf(one_page(b"/Lang(a)"))),
    bad("hidden_content", "PDF before SVG", lambda: _pdf() + SVG),
    bad("hidden_content", "PDF before PHP, then an update", lambda: updated(_pdf() + PHP, {})),
    bad("hidden_content", "JPEG before HTML", lambda: jpeg() + HTML),
    bad("hidden_content", "JPEG before PHP", lambda: jpeg() + PHP),
    bad("hidden_content", "JPEG before PDF", lambda: jpeg() + _pdf()),
    bad("hidden_content", "JPEG before an archive", lambda: jpeg() + zipped("a.exe")),
    bad("hidden_content", "JPEG before a Java program", lambda: jpeg() + _jar()),
    bad("hidden_content", "JPEG before a program", lambda: jpeg() + MADE_UP_PROGRAM),
    bad("hidden_content", "JPEG before a program behind noise", lambda: jpeg() + b"\xa5" * 99 + _REAL_PROGRAM),
    bad("hidden_content", "JPEG before a RAR behind noise", lambda: jpeg() + b"\xa5" * 99 + _RAR),
    bad("hidden_content", "JPEG before a cabinet", lambda: jpeg() + b"\xa5" * 99 + _CABINET),
    bad("hidden_content", "JPEG before a Linux program", lambda: jpeg() + b"\xa5" * 99 + _ELF),
    bad("hidden_content", "PNG before HTML", lambda: png() + HTML),
    bad("hidden_content", "PNG before PHP", lambda: png() + PHP),
    bad("hidden_content", "PNG before PDF", lambda: png() + _pdf()),
    bad("hidden_content", "PNG before an archive", lambda: png() + zipped("a.exe")),
    bad("hidden_content", "PNG before 7z", lambda: png() + _SEVEN),
    bad("hidden_content", "PNG before an Office file", lambda: png() + _OLE),
)

INSIDE = (
    bad("hidden_content", "JPEG around a script", lambda: _comment(b"<script>alert(1)</script>")),
    bad("hidden_content", "JPEG around a PDF", lambda: _comment(_pdf())),
    bad("hidden_content", "JPEG around an archive", lambda: _comment(zipped("a.exe"))),
    bad("hidden_content", "JPEG around PHP", lambda: _comment(PHP)),
    bad("hidden_content", "JPEG that is a PHP archive", lambda: _comment(_PHAR)),
    bad("hidden_content", "JPEG around a RAR", lambda: _comment(_RAR)),
    bad("hidden_content", "JPEG with PHP as its camera", lambda: _exif(b"<?php eval($_POST[1]); ?>")),
    bad(
        "hidden_content",
        "JPEG with a script as its title in wide letters",
        lambda: _exif("<script>a</script>".encode("utf-16-le")),
    ),
    bad(
        "hidden_content",
        "JPEG with SVG in its XMP",
        lambda: with_jpeg_segment(jpeg(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SVG),
    ),
    bad(
        "hidden_content",
        "JPEG with a frame in its Photoshop notes",
        lambda: with_jpeg_segment(jpeg(), 0xED, b"8BIM<iframe src=//host>"),
    ),
    bad("hidden_content", "JPEG with a short tag of PHP", lambda: _comment(b"<?=$_GET[0]($_POST[1]);?>")),
    bad("hidden_content", "JPEG with a script between its scans", lambda: _between_scans(b"<script>alert(1)</script>")),
    bad("hidden_content", "JPEG with a picture that runs on error", lambda: _comment(b"<img src=x onerror=alert(1)>")),
    bad("hidden_content", "JPEG with a command in its comment", lambda: _comment(b"<%eval request(1)%>")),
    bad("hidden_content", "PNG around a script", lambda: _png_with(b"tEXt", b"Title\0" + HTML)),
    bad("hidden_content", "PNG around PHP", lambda: _png_with(b"iTXt", b"Title\0\0\0\0\0" + PHP)),
    bad(
        "hidden_content",
        "PNG around a script that is compressed",
        lambda: _png_with(b"zTXt", b"Title\0\0" + zlib.compress(HTML)),
    ),
    bad("hidden_content", "PNG around a script in a chunk of its own", lambda: _png_with(b"prVt", HTML)),
    bad("hidden_content", "PNG around an archive", lambda: _png_with(b"prVt", zipped("a.exe"))),
    bad("hidden_content", "PNG around a PDF", lambda: _png_with(b"prVt", _pdf())),
    bad("hidden_content", "PNG with PHP for colours", _palette),
    bad("hidden_content", "PNG with PHP for pixels", _in_pixels),
    bad("hidden_content", "PNG with SVG in its EXIF", lambda: _png_with(b"eXIf", b"II*\0" + SVG)),
    bad("hidden_content", "PNG around 7z", lambda: _png_with(b"prVt", _SEVEN)),
)

SAMPLES = BEFORE + BEHIND + INSIDE
