"""Files that are something else than their names say, and names that say something else than the file."""

import bz2
import lzma
import struct

from tests.documents.building import jpeg, picture, png, saved, typeset, zipped
from tests.documents.corpus.sample import HTML, MADE_UP_PROGRAM, PHP, SVG, Sample, bad


def _wrong(name: str, file_name: str, content: bytes) -> Sample:
    return bad("wrong_type", name, lambda: content, file_name)


def _saved(name: str, kind: str, file_name: str) -> Sample:
    return bad("wrong_type", name, lambda: saved(picture(), kind), file_name)


def _boxed(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1" + bytes(100)


_OFFICE = "[Content_Types].xml"

NOTHING = (
    bad("empty", "nothing", lambda: b""),
    bad("too_large", "more than 20 MB", lambda: b"%PDF-1.7" + bytes(20 * 2**20)),
    bad("too_large", "a picture with 20 MB behind", lambda: jpeg() + bytes(20 * 2**20), "a.jpg"),
    _wrong("one byte as PDF", "a.pdf", b"%"),
    _wrong("one NUL as picture", "a.jpg", b"\0"),
    _wrong("NULs as PDF", "a.pdf", bytes(5000)),
    _wrong("spaces as PDF", "a.pdf", b" " * 3000),
    _wrong("noise as PDF", "a.pdf", bytes(range(256)) * 9),
    _wrong("the first letters of PDF", "a.pdf", b"%PDF"),
    _wrong("PDF with its first letter lost", "a.pdf", typeset()[1:]),
    _wrong("PDF in small letters", "a.pdf", typeset().replace(b"%PDF", b"%pdf")),
    _wrong("the first two bytes of a JPEG", "a.jpg", b"\xff\xd8"),
    _wrong("PNG with line ends mended", "a.png", b"\x89PNG\n\x1a\n" + bytes(500)),
    _wrong("PDF in base 64", "a.pdf", b"JVBERi0xLjcKMSAwIG9iago8PC9UeXBlL0NhdGFsb2c+Pg=="),
    _wrong("a picture as an address of data", "a.png", b"data:image/png;base64,iVBORw0KGgo="),
)

PAGES = (
    _wrong("HTML as PDF", "a.pdf", HTML),
    _wrong("HTML as picture", "a.jpg", b"\n\n  " + HTML),
    _wrong("HTML in UTF-16", "a.png", HTML.decode().encode("utf-16")),
    _wrong("HTML behind a byte order mark", "a.pdf", b"\xef\xbb\xbf" + HTML),
    _wrong("HTML behind a comment", "a.jpg", b"<!-- x -->" + HTML),
    _wrong("HTML of one tag", "a.png", b"<img src=x onerror=alert(1)>"),
    _wrong("an error page of a download", "申请表.pdf", b"<html><head><title>404 Not Found</title></head></html>"),
    _wrong("a web archive as PDF", "a.pdf", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + HTML),
    _wrong(
        "XML as PDF", "a.pdf", b'<?xml version="1.0"?><!DOCTYPE a[<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    ),
    _wrong(
        "XML that grows a thousand million times",
        "a.pdf",
        b'<?xml version="1.0"?><!DOCTYPE a[<!ENTITY b "ha">]><a>&b;</a>',
    ),
    _wrong("SVG as PNG", "a.png", SVG),
    _wrong("SVG by its own name", "a.svg", SVG + b"\n"),
    _wrong("SVG that loads another", "a.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="//host"/></svg>'),
    _wrong("SVG compressed", "a.svgz", b"\x1f\x8b\x08\0" + bytes(50)),
    _wrong("a JSON error as PDF", "a.pdf", b'{"errcode":40001,"errmsg":"made up"}'),
    _wrong("text as PDF", "a.pdf", "入会申请".encode()),
    _wrong("text in GB 18030 as PDF", "a.pdf", "入会申请".encode("gb18030")),
    _wrong("a table of values as PDF", "a.pdf", b"=cmd|' /C calc'!A0,1,2\r\n"),
)

PROGRAMS = (
    _wrong("program as PDF", "a.pdf", MADE_UP_PROGRAM),
    _wrong("program as PDF with two endings", "a.exe.pdf", MADE_UP_PROGRAM + b"1"),
    _wrong("program with its name turned round", "申请\u202efdp.exe", MADE_UP_PROGRAM + b"2"),
    _wrong("Linux program as JPEG", "a.jpg", b"\x7fELF" + bytes(100)),
    _wrong("macOS program as PNG", "a.png", b"\xcf\xfa\xed\xfe" + bytes(100)),
    _wrong("Java class as JPEG", "a.jpg", b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(100)),
    _wrong("Android app as PDF", "a.pdf", zipped("AndroidManifest.xml", "classes.dex")),
    _wrong("Java program as PDF", "a.pdf", zipped("META-INF/MANIFEST.MF", "a.class")),
    _wrong("installer as PDF", "a.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(700)),
    _wrong("shell script as PDF", "a.pdf", b"#!/bin/sh\nrm -rf /\n"),
    _wrong("Python as PNG", "a.png", b"#!/usr/bin/env python3\nprint(1)\n"),
    _wrong("PHP as PNG", "a.png", PHP),
    _wrong("PHP behind the head of a GIF", "a.jpg", b"GIF89a;" + PHP),
    _wrong("PHP archive as JPEG", "a.jpg", b"<?php __HALT_COMPILER(); ?>\r\n"),
    _wrong("server page as JPEG", "a.jpg", b'<%@ Page Language="C#" %><% %>'),
    _wrong("server's settings as PNG", ".htaccess.png", b"AddType application/x-httpd-php .png\n"),
    _wrong("batch as PDF", "a.pdf", b"@echo off\r\ncalc\r\n"),
    _wrong("PowerShell as PDF", "a.pdf", b"Start-Process calc\r\n"),
    _wrong("script for Windows as PDF", "a.pdf", b'<job><script language="VBScript">x</script></job>'),
    _wrong("shortcut as PDF", "a.pdf.lnk", b"\x4c\0\0\0\x01\x14\x02\0" + bytes(100)),
    _wrong("shortcut to the web as PDF", "a.pdf.url", b"[InternetShortcut]\r\nURL=file://host/a\r\n"),
    _wrong("compiled help as PDF", "a.pdf", b"ITSF\3\0\0\0" + bytes(100)),
    _wrong("screen saver by its name", "照片.jpg.scr", MADE_UP_PROGRAM + b"3"),
    _wrong("ImageMagick's drawing as PNG", "a.png", b"push graphic-context\nimage over 0,0 1,1 'url(http://host)'\n"),
    _wrong("ImageMagick's script as PNG", "a.png", b'<?xml version="1.0"?><image><read filename="a"/></image>'),
    _wrong("Flash as JPEG", "a.jpg", b"CWS\x0a" + bytes(100)),
    _wrong("WebAssembly as PNG", "a.png", b"\0asm\1\0\0\0" + bytes(100)),
)

DOCUMENTS = (
    _wrong("Word as PDF", "申请表.pdf", zipped(_OFFICE, "word/document.xml")),
    _wrong("Word with macros as PDF", "申请表.pdf", zipped(_OFFICE, "word/document.xml", "word/vbaProject.bin")),
    _wrong("Excel as PDF", "a.pdf", zipped(_OFFICE, "xl/workbook.xml")),
    _wrong("PowerPoint as PDF", "a.pdf", zipped(_OFFICE, "ppt/presentation.xml")),
    _wrong("OpenDocument as PDF", "a.pdf", zipped("mimetype", "content.xml")),
    _wrong("old Word as PDF", "a.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    _wrong("OFD as PDF", "发票.pdf", zipped("OFD.xml")),
    _wrong("RTF as PDF", "a.pdf", b"{\\rtf1\\ansi{\\object\\objupdate\\objdata 01}}"),
    _wrong("PostScript as PDF", "a.pdf", b"%!PS-Adobe-3.0\n"),
    _wrong("PostScript with a binary preview as PDF", "a.pdf", b"\xc5\xd0\xd3\xc6" + bytes(100)),
    _wrong(
        "forms data as PDF",
        "a.pdf",
        b"%FDF-1.2\n1 0 obj<</FDF<</F(http://host/a.pdf)>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    ),
    _wrong("XPS as PDF", "a.pdf", zipped("FixedDocSeq.fdseq")),
    _wrong("DjVu as PDF", "a.pdf", b"AT&TFORM" + bytes(100)),
    _wrong("CAD drawing as PDF", "a.pdf", b"AC1032" + bytes(100)),
    _wrong("mail as PDF", "a.pdf", b"From: a@example.cn\r\nSubject: x\r\n\r\nbody"),
)

ARCHIVES = (
    _wrong("archive as PDF", "a.pdf", zipped("a.exe")),
    _wrong("archive that climbs out as PDF", "a.pdf", zipped("../../a.sh")),
    _wrong("empty archive as PDF", "a.pdf", b"PK\5\6" + bytes(18)),
    _wrong("RAR as JPEG", "a.jpg", b"Rar!\x1a\x07\0" + bytes(100)),
    _wrong("7z as PDF", "a.pdf", b"7z\xbc\xaf\x27\x1c" + bytes(100)),
    _wrong("BZ2 as PDF", "a.pdf", bz2.compress(b"made up")),
    _wrong("XZ as PDF", "a.pdf", lzma.compress(b"made up")),
    _wrong("tar as PDF", "a.pdf", b"a.pdf".ljust(257, b"\0") + b"ustar\0" + bytes(249)),
    _wrong("disc image as PDF", "a.pdf", bytes(32_768) + b"\1CD001\1" + bytes(2000)),
    _wrong("cabinet as PDF", "a.pdf", b"MSCF\0\0\0\0" + bytes(100)),
)

PICTURES = (
    _wrong("HEIC by its own name", "IMG.HEIC", _boxed(b"heic")),
    _wrong("HEIC as JPEG", "IMG.jpg", _boxed(b"mif1")),
    _wrong("HEIC of a burst as JPEG", "IMG.jpg", _boxed(b"hevc")),
    _wrong("AVIF as JPEG", "a.jpg", _boxed(b"avif")),
    _wrong("film as JPEG", "a.jpg", _boxed(b"mp42")),
    _wrong("Apple's film as PNG", "a.png", _boxed(b"qt  ")),
    _wrong("JPEG XL as JPEG", "a.jpg", b"\xff\x0a" + bytes(100)),
    _wrong("Photoshop as PNG", "a.png", b"8BPS\0\1" + bytes(100)),
    _wrong("icon as PNG", "a.png", b"\0\0\1\0\1\0" + bytes(100)),
    _wrong("moving PNG's cousin as PNG", "a.png", b"\x8aMNG\r\n\x1a\n" + bytes(100)),
    _wrong("sound as JPEG", "a.jpg", b"ID3\4" + bytes(100)),
    _wrong("sound in waves as JPEG", "a.jpg", b"RIFF\x24\0\0\0WAVEfmt "),
    _wrong("Matroska as PNG", "a.png", b"\x1aE\xdf\xa3" + bytes(100)),
    _saved("GIF as PNG", "GIF", "a.png"),
    _saved("WebP as JPEG", "WEBP", "a.jpg"),
    _saved("TIFF as JPEG", "TIFF", "a.jpg"),
    _saved("BMP as PNG", "BMP", "a.png"),
    _saved("JPEG 2000 as JPEG", "JPEG2000", "a.jpg"),
    _saved("PCX as PNG", "PCX", "a.png"),
    _saved("TGA as PNG", "TGA", "a.png"),
    _saved("PPM as PNG", "PPM", "a.png"),
    _saved("DDS as PNG", "DDS", "a.png"),
)

NAMES = (
    bad("misnamed", "PDF as JPEG", typeset, "a.jpg"),
    bad("misnamed", "JPEG as PDF", lambda: jpeg(quality=40), "a.pdf"),
    bad("misnamed", "PNG as PDF", lambda: png(compress_level=4), "a.pdf"),
    bad("misnamed", "PDF as program", lambda: typeset(2), "a.pdf.exe"),
    bad("misnamed", "PDF as web page", lambda: typeset(3), "a.html"),
    bad("misnamed", "PDF as Word", lambda: typeset(4), "a.docx"),
    bad("misnamed", "PDF as program, to the eye a PDF", lambda: typeset(5), "申请\u202efdp.exe"),
    bad("misnamed", "PDF as program behind many spaces", lambda: typeset(6), "a.pdf" + " " * 80 + ".exe"),
    bad("misnamed", "PDF as program with a dot behind", lambda: typeset(7), "a.pdf.exe."),
    bad("misnamed", "PDF as program with a stream's name behind", lambda: typeset(8), "a.exe::$DATA"),
    bad("misnamed", "PDF as a shortcut of a desktop", lambda: typeset(9), "a.pdf.desktop"),
    bad("misnamed", "PDF as a library of Windows", lambda: typeset(10), "a.pdf.library-ms"),
    bad("misnamed", "PDF whose name turns round its end", lambda: typeset(11), "a.exe.\u202efdp"),
    bad("misnamed", "PNG as PHP", lambda: png(compress_level=2), "a.png.php"),
    bad("misnamed", "PNG as SVG", lambda: png(compress_level=3), "a.svg"),
    bad("misnamed", "JPEG as server page", lambda: jpeg(quality=41), "a.jpg.aspx"),
    bad("misnamed", "JPEG as server page behind a semicolon", lambda: jpeg(quality=42), "a.asp;.jpg;.cer"),
    bad("misnamed", "JPEG as HTML in capitals", lambda: jpeg(quality=43), "A.JPG.HTML"),
    bad("misnamed", "JPEG as program with zero behind", lambda: jpeg(quality=44), "a.exe\0.jpg"),
)

SAMPLES = NOTHING + PAGES + PROGRAMS + DOCUMENTS + ARCHIVES + PICTURES + NAMES
