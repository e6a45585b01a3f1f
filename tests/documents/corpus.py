"""Files that people do upload, and files that somebody should not get past us: each built when asked for, none stored.

To add one, add a line: its name says what is special about it, `why` is the code of the reason it must be refused with.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import Link
from pypdf.generic import Fit

from tests.documents.building import (
    DRAWING,
    PAGE,
    chunk,
    compressed,
    flate,
    jpeg,
    object_stream,
    one_page,
    pdf,
    picture,
    png,
    png_of,
    saved,
    stream,
    typeset,
    updated,
    with_jpeg_segment,
    with_jpeg_size,
    written,
    zipped,
)

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JAVASCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
MADE_UP_PROGRAM = b"MZ\x90\0" + bytes(60) + b"PE\0\0"


@dataclass(frozen=True)
class Sample:
    """``why`` is None for a file that must be accepted."""

    name: str
    file_name: str
    build: Callable[[], bytes]
    why: str | None = None

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def _rotated() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return jpeg(exif=exif)


def _many_pictures(kind: str) -> bytes:
    return saved(picture(), kind, save_all=True, append_images=[picture(mode="L").convert("RGB")])


def _with_form() -> bytes:
    field = b"<</FT/Tx/T(name)/Subtype/Widget/Rect[0 0 9 9]/V(made up)>>"
    return pdf(one_page(b"/AcroForm<</Fields[5 0 R]>>", b"/Annots[5 0 R]", {5: field}))


def _with_links() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset(2))))
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.cn/AA/JS/EF?a=b"))
    writer.add_annotation(0, Link(rect=(9, 9, 19, 19), target_page_index=1, fit=Fit.fit()))
    writer.add_outline_item(title="Launch (JavaScript)", page_number=1)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _with_pictures() -> bytes:
    document = FPDF()
    document.add_page()
    document.image(BytesIO(jpeg()), w=80)
    document.image(BytesIO(saved(picture(mode="RGBA"), "PNG")), w=80)
    return bytes(document.output())


def _scan_of_blank_sheets() -> bytes:
    """An A4 scan at 600 dpi of which nothing but white compresses: 100 MB of pixels in 100 KB."""
    pixels = flate(
        b"\xff" * (4960 * 7016 * 3), b"/Subtype/Image/Width 4960/Height 7016/ColorSpace/DeviceRGB/BitsPerComponent 8"
    )
    return pdf(one_page(b"", b"/Resources<</XObject<</I 5 0 R>>>>", {5: pixels}))


def _with_metadata() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset())))
    writer.add_metadata({"/Title": "入会申请表 (/JS) /Launch", "/Author": "obj stream endobj 5 0 obj"})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _in_object_streams() -> bytes:
    whole = one_page()
    return compressed({4: whole[4]}, {number: whole[number] for number in (1, 2, 3)})


def _signed_field() -> bytes:
    signature = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/Contents<%s>/ByteRange[0 9 99 9]>>"
    field = b"<</FT/Sig/T(seal)/Subtype/Widget/Rect[0 0 9 9]/V 6 0 R>>"
    more = {5: field, 6: signature % (b"00" * 8000)}
    return pdf(one_page(b"/AcroForm<</Fields[5 0 R]/SigFlags 3>>", b"/Annots[5 0 R]", more))


def _nested_pages(depth: int) -> bytes:
    nodes = {10 + step: b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (11 + step) for step in range(depth)}
    return pdf(one_page() | {2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>", **nodes, 10 + depth: PAGE})


def _interlaced() -> bytes:
    """Seven passes over 400 x 300, each row with its filter byte."""
    passes = ((50, 38), (50, 38), (100, 37), (100, 75), (200, 75), (200, 150), (400, 150))
    return png_of(400, 300, bytes(sum((3 * columns + 1) * rows for columns, rows in passes)), interlaced=1)


GOOD = (
    Sample("PDF by fpdf2", "申请表.pdf", typeset),
    Sample("PDF of 200 pages", "a.pdf", lambda: typeset(200)),
    Sample("PDF by pypdf", "A.PDF", lambda: written(3)),
    Sample("PDF with pictures", "scan.pdf", _with_pictures),
    Sample("PDF of a blank scan at 600 dpi", "scan.pdf", _scan_of_blank_sheets),
    Sample("PDF with a form and no script", "form.pdf", _with_form),
    Sample("PDF with a signature", "回单.pdf", _signed_field),
    Sample("PDF with links and outline", "a.pdf", _with_links),
    Sample("PDF with treacherous metadata", "a.pdf", _with_metadata),
    Sample("PDF with object streams", "a.pdf", _in_object_streams),
    Sample("PDF with an incremental update", "a.pdf", lambda: updated(pdf(one_page()), {4: stream(DRAWING * 2)})),
    Sample(
        "PDF that forbids editing, RC4", "回单.pdf", lambda: written(1, "", owner_password="x", algorithm="RC4-128")
    ),
    Sample(
        "PDF that forbids editing, AES", "回单.pdf", lambda: written(1, "", owner_password="x", algorithm="AES-256")
    ),
    Sample("PDF that opens at its first page", "a.pdf", lambda: pdf(one_page(b"/OpenAction[3 0 R/Fit]"))),
    Sample("PDF that opens by GoTo", "a.pdf", lambda: pdf(one_page(b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"))),
    Sample("PDF with a blank page", "a.pdf", lambda: pdf(one_page() | {3: PAGE.replace(b"/Contents 4 0 R", b"")})),
    Sample("PDF after a byte order mark", "a.pdf", lambda: b"\xef\xbb\xbf" + pdf(one_page())),
    Sample("PDF after a printer's preamble", "a.pdf", lambda: b"\x1b%-12345X@PJL\r\n" + pdf(one_page())),
    Sample("PDF padded with NULs", "a.pdf", lambda: pdf(one_page()) + bytes(5000)),
    Sample("PDF of version 1.2", "a.pdf", lambda: pdf(one_page(), header=b"%PDF-1.2\n%\xe2\xe3\xcf\xd3\n")),
    Sample("PDF with nested page tree", "a.pdf", lambda: _nested_pages(20)),
    Sample("PDF without an ending in its name", "wxfile1234", typeset),
    Sample(
        "PDF with a startxref that is off", "a.pdf", lambda: pdf(one_page()).replace(b"startxref\n", b"startxref\n9")
    ),
    Sample(
        "PDF whose blend mode is Screen",
        "a.pdf",
        lambda: pdf(one_page(b"", b"/Resources<</ExtGState<</G<</BM/Screen>>>>>>")),
    ),
    Sample("JPEG", "照片.jpg", jpeg),
    Sample("JPEG, progressive", "a.jpeg", lambda: jpeg(progressive=True)),
    Sample("JPEG, best quality, no subsampling", "a.jpg", lambda: jpeg(quality=100, subsampling=0)),
    Sample("JPEG, grayscale", "a.jpg", lambda: saved(picture(mode="L"), "JPEG")),
    Sample("JPEG, CMYK", "a.jpg", lambda: saved(picture(mode="CMYK"), "JPEG")),
    Sample("JPEG, turned by EXIF", "a.jpg", _rotated),
    Sample("JPEG with restart markers", "a.jpg", lambda: jpeg(restart_marker_rows=1)),
    Sample("JPEG with comment", "a.jpg", lambda: with_jpeg_segment(jpeg(), 0xFE, "扫描件".encode())),
    Sample("JPEG with fill bytes", "a.jpg", lambda: jpeg()[:2] + b"\xff\xff\xff" + jpeg()[2:]),
    Sample("JPEG with a maker's trailer", "a.jpg", lambda: jpeg() + b"\0\0\xa1\x0aImage_UTC_Data1700000000SEFT"),
    Sample("JPEG with a film behind", "IMG.jpg", lambda: jpeg() + b"\0\0\0\x18ftypmp42" + bytes(500)),
    Sample("JPEG, two pictures from a phone", "a.jpg", lambda: _many_pictures("MPO")),
    Sample("JPEG of 24 million pixels", "a.jpg", lambda: saved(picture(6000, 4000), "JPEG")),
    Sample("JPEG called PNG", "a.png", jpeg),
    Sample("JPEG that kept its HEIC name", "IMG_0001.HEIC", jpeg),
    Sample("PNG", "截图.png", png),
    Sample("PNG, palette", "a.png", lambda: saved(picture(mode="P"), "PNG")),
    Sample("PNG, transparent", "a.png", lambda: saved(picture(mode="RGBA"), "PNG")),
    Sample("PNG, black and white", "a.png", lambda: saved(picture(mode="1"), "PNG")),
    Sample("PNG, 16 bit", "a.png", lambda: saved(picture(mode="I;16"), "PNG")),
    Sample("PNG, interlaced", "a.png", _interlaced),
    Sample("PNG with a title", "a.png", lambda: png_of(400, 300, bytes(300 * 1201), [chunk(b"tEXt", b"Title\0x")])),
    Sample("PNG with colour profile", "a.png", lambda: png(icc_profile=bytes(500))),
    Sample("PNG called JPEG", "微信图片.jpg", png),
)


def _bomb(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def _encrypted(password: str, algorithm: str) -> bytes:
    return written(1, password, owner_password="owner", algorithm=algorithm)


def _hidden_in_stream() -> bytes:
    whole = one_page(b"/OpenAction 5 0 R")
    return compressed({4: whole[4]}, {number: whole[number] for number in (1, 2, 3)} | {5: JAVASCRIPT})


def _hidden_in_unlisted_stream() -> bytes:
    return pdf(one_page(), unlisted=b"50 0 obj\n" + object_stream({7: JAVASCRIPT}) + b"\nendobj\n")


def _script_removed_later() -> bytes:
    return updated(pdf(one_page(b"/OpenAction 5 0 R", b"", {5: JAVASCRIPT})), {1: one_page()[1], 5: b"null"})


def _attached() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset())))
    writer.add_attachment("a.exe", MADE_UP_PROGRAM)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _scripted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset())))
    writer.add_open_action(JavaScript("app.alert(1)"))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _scripted_and_encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_scripted())))
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _annotated(annotation: bytes) -> bytes:
    return pdf(one_page(b"", b"/Annots[5 0 R]", {5: b"<</Type/Annot/Rect[0 0 9 9]%s>>" % annotation}))


def _acting(action: bytes) -> bytes:
    return _annotated(b"/Subtype/Link/A<<%s>>" % action)


def _many_objects(number: int) -> bytes:
    return pdf(one_page(), unlisted=b"9 0 obj null endobj\n" * number)


def _one_stream_claimed_by_many() -> bytes:
    """Each entry would have the parser read the whole object stream again and find nothing."""
    data = bytearray(b"%PDF-1.5\n")
    places = {}
    objects = one_page() | {20: object_stream({900: b"[" + b"0 " * 90_000 + b"]"})}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(struct.pack(">BIB", 1, places[number], 0) for number in (1, 2, 3, 4, 20))
    rows += struct.pack(">BIB", 2, 20, 0) * 30_000
    start = len(data)
    index = b"1 4 20 1 1000 30000"
    data += b"21 0 obj\n%s\nendobj\n" % flate(rows, b"/Type/XRef/Size 31000/W[1 4 1]/Root 1 0 R/Index[%s]" % index)
    return bytes(data + b"startxref\n%d\n%%%%EOF\n" % start)


def _unfinished_strings() -> bytes:
    """Objects within objects, each a string that never ends: without a meter, the square of 50,000."""
    return pdf(one_page(), unlisted=b"9 0 obj (" * 50_000)


def _many_object_bombs() -> bytes:
    """No table, so that a parser looks for object streams itself and inflates each."""
    bomb = stream(_bomb(3 * 2**20), b"/Filter/FlateDecode/Type/ObjStm/N 1/First 4")
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, bomb) for number in range(10, 1010))
    return b"%PDF-1.5\n" + body + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def _looping_pages() -> bytes:
    return pdf(one_page() | {2: b"<</Type/Pages/Count 1/Kids[2 0 R]>>"})


def _scan_bomb() -> bytes:
    """A progressive JPEG with its last scan again and again."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 500 + data[-2:]


def _comment(body: bytes) -> bytes:
    return with_jpeg_segment(jpeg(), 0xFE, body)


def _mid(data: bytes) -> bytes:
    return data[: len(data) // 2]


HOSTILE_PDF = (
    Sample("PDF cut in half", "a.pdf", lambda: _mid(typeset(20)), "truncated"),
    Sample("PDF without its last line", "a.pdf", lambda: pdf(one_page())[:-40], "truncated"),
    Sample("PDF of its header only", "a.pdf", lambda: b"%PDF-1.7\n", "truncated"),
    Sample("PDF with its middle torn out", "a.pdf", lambda: pdf({**one_page(), 4: b"null"}), "unreadable"),
    Sample("PDF of noise between head and tail", "a.pdf", lambda: b"%PDF-1.4\n\1\2\3 startxref 3 %%EOF", "unreadable"),
    Sample("PDF without catalog", "a.pdf", lambda: pdf({2: one_page()[2]}, b""), "unreadable"),
    Sample("PDF without pages", "a.pdf", lambda: pdf(one_page() | {2: b"<</Type/Pages/Kids[]/Count 0>>"}), "no_pages"),
    Sample("PDF that lies about its pages", "a.pdf", lambda: pdf(one_page() | {2: b"<</Kids[]/Count 5>>"}), "no_pages"),
    Sample("PDF whose pages loop", "a.pdf", _looping_pages, "unreadable"),
    Sample("PDF of 201 pages", "a.pdf", lambda: typeset(201), "too_many_pages"),
    Sample("PDF with password, RC4", "a.pdf", lambda: _encrypted("secret", "RC4-128"), "encrypted"),
    Sample("PDF with password, AES-128", "a.pdf", lambda: _encrypted("secret", "AES-128"), "encrypted"),
    Sample("PDF with password, AES-256", "a.pdf", lambda: _encrypted("secret", "AES-256"), "encrypted"),
    Sample("PDF with script by pypdf", "a.pdf", _scripted, "active_content"),
    Sample("PDF with script under the empty password", "a.pdf", _scripted_and_encrypted, "active_content"),
    Sample("PDF with script on opening", "a.pdf", lambda: pdf(one_page(b"/OpenAction" + JAVASCRIPT)), "active_content"),
    Sample(
        "PDF with script under another spelling", "a.pdf", lambda: _acting(b"/S/J#61vaScript/#4aS(a)"), "active_content"
    ),
    Sample("PDF with script in an object stream", "a.pdf", _hidden_in_stream, "active_content"),
    Sample("PDF with script in an unlisted stream", "a.pdf", _hidden_in_unlisted_stream, "active_content"),
    Sample("PDF with script in an earlier revision", "a.pdf", _script_removed_later, "active_content"),
    Sample(
        "PDF with script behind an indirect name",
        "a.pdf",
        lambda: pdf(one_page(b"", b"/Annots[<</A<</S 6 0 R>>>>]", {6: b"/JavaScript"})),
        "active_content",
    ),
    Sample(
        "PDF with script in a name tree",
        "a.pdf",
        lambda: pdf(one_page(b"/Names<</JavaScript<</Names[(a)5 0 R]>>>>", b"", {5: JAVASCRIPT})),
        "active_content",
    ),
    Sample(
        "PDF with script in a chain of actions",
        "a.pdf",
        lambda: _acting(b"/S/GoTo/D[3 0 R/Fit]/Next[" + JAVASCRIPT + b"]"),
        "active_content",
    ),
    Sample(
        "PDF with script in a broken object",
        "a.pdf",
        lambda: pdf(one_page(), unlisted=b"9 0 obj\n<</S/JavaScript/JS(a) /X ]>> ( \n"),
        "active_content",
    ),
    Sample(
        "PDF with script as a stream",
        "a.pdf",
        lambda: pdf(one_page(b"", b"/Annots[<</A<</S/JavaScript/JS 6 0 R>>>>]", {6: stream(b"app.alert(1)")})),
        "active_content",
    ),
    Sample("PDF with script beside a film", "a.pdf", lambda: _acting(b"/S/Rendition/JS(a)"), "active_content"),
    Sample(
        "PDF with actions on its page",
        "a.pdf",
        lambda: pdf(one_page(b"", b"/AA<</O<</S/GoTo/D[3 0 R/Fit]>>>>")),
        "automatic_action",
    ),
    Sample(
        "PDF that opens an address",
        "a.pdf",
        lambda: pdf(one_page(b"/OpenAction<</S/URI/URI(http://example.cn)>>")),
        "automatic_action",
    ),
    Sample("PDF that starts a program", "a.pdf", lambda: _acting(b"/S/Launch/F(calc.exe)"), "launch_action"),
    Sample("PDF that sends its form", "a.pdf", lambda: _acting(b"/S/SubmitForm/F(http://example.cn)"), "launch_action"),
    Sample(
        "PDF that opens another file", "a.pdf", lambda: _acting(b"/S/GoToR/F(//host/share)/D[0/Fit]"), "launch_action"
    ),
    Sample(
        "PDF whose stream lies elsewhere",
        "a.pdf",
        lambda: pdf(one_page() | {4: stream(b"", b"/F(//host/share)")}),
        "launch_action",
    ),
    Sample("PDF with attachment by pypdf", "a.pdf", _attached, "embedded_file"),
    Sample(
        "PDF with attachment as a note",
        "a.pdf",
        lambda: _annotated(b"/Subtype/FileAttachment/FS<</EF<</F 4 0 R>>>>"),
        "embedded_file",
    ),
    Sample("PDF portfolio", "a.pdf", lambda: pdf(one_page(b"/Collection<</View/T>>")), "embedded_file"),
    Sample(
        "PDF with XFA form",
        "a.pdf",
        lambda: pdf(one_page(b"/AcroForm<</Fields[]/XFA 5 0 R>>", b"", {5: stream(b"<xdp/>")})),
        "xfa_form",
    ),
    Sample("PDF with rich media", "a.pdf", lambda: _annotated(b"/Subtype/RichMedia"), "rich_media"),
    Sample("PDF with a film", "a.pdf", lambda: _annotated(b"/Subtype/Movie/Movie<<>>"), "rich_media"),
    Sample("PDF with a 3D model", "a.pdf", lambda: _annotated(b"/Subtype/3D"), "rich_media"),
    Sample(
        "PDF with a link that runs", "a.pdf", lambda: _acting(b"/S/URI/URI(java\\nscript:alert\\(1\\))"), "unsafe_link"
    ),
    Sample("PDF with a link to a file", "a.pdf", lambda: _acting(b"/S/URI/URI(FILE:///etc/passwd)"), "unsafe_link"),
    Sample(
        "PDF with a picture of 10 thousand million pixels",
        "a.pdf",
        lambda: pdf(one_page(b"", b"", {5: flate(b"", b"/Subtype/Image/Width 100000/Height 100000")})),
        "too_many_pixels",
    ),
    Sample(
        "PDF with a drawing that inflates to 100 MB",
        "a.pdf",
        lambda: pdf(one_page() | {4: flate(bytes(100 * 2**20))}),
        "inflates_too_far",
    ),
    Sample(
        "PDF with an object stream that inflates to 60 MB",
        "a.pdf",
        lambda: compressed(one_page(), {9: b"(" + b"a" * (60 * 2**20) + b")"}),
        "unreadable",
    ),
    Sample("PDF with a thousand object streams that inflate", "a.pdf", _many_object_bombs, "inflates_too_far"),
    Sample("PDF whose stream is claimed by thirty thousand", "a.pdf", _one_stream_claimed_by_many, "unreadable"),
    Sample("PDF of strings that never end", "a.pdf", _unfinished_strings, "too_complex"),
    Sample("PDF of too many objects", "a.pdf", lambda: _many_objects(60_001), "too_complex"),
    Sample(
        "PDF of arrays within arrays",
        "a.pdf",
        lambda: pdf(one_page(b"", b"", {5: b"[" * 50_000 + b"]" * 50_000})),
        "unreadable",
    ),
    Sample(
        "PDF of one array of millions",
        "a.pdf",
        lambda: pdf(one_page(b"", b"", {5: b"[" + b"0 " * 5_000_000 + b"]"})),
        "unreadable",
    ),
    Sample(
        "PDF of a hundred thousand streams",
        "a.pdf",
        lambda: pdf(one_page(), unlisted=b"stream\n" * 100_000),
        "too_complex",
    ),
    Sample(
        "PDF of a thousand object streams",
        "a.pdf",
        lambda: pdf(one_page(), unlisted=b"/ObjStm/Obj#53tm " * 500),
        "too_complex",
    ),
    Sample("PDF behind HTML", "a.pdf", lambda: HTML + pdf(one_page()), "wrong_type"),
    Sample("PDF behind a program", "a.pdf", lambda: MADE_UP_PROGRAM + pdf(one_page()), "wrong_type"),
    Sample("PDF behind 2 KB of spaces", "a.pdf", lambda: b" " * 2048 + pdf(one_page()), "wrong_type"),
    Sample("PDF before HTML", "a.pdf", lambda: pdf(one_page()) + HTML, "hidden_content"),
    Sample("PDF before an archive", "a.pdf", lambda: pdf(one_page()) + zipped("a.exe"), "hidden_content"),
    Sample("PDF before a program", "a.pdf", lambda: pdf(one_page()) + MADE_UP_PROGRAM, "hidden_content"),
)

HOSTILE_PICTURE = (
    Sample("JPEG cut in half", "a.jpg", lambda: _mid(jpeg()), "truncated"),
    Sample("JPEG without its end", "a.jpg", lambda: jpeg()[:-2], "truncated"),
    Sample("JPEG of three bytes", "a.jpg", lambda: b"\xff\xd8\xff", "truncated"),
    Sample("JPEG of noise", "a.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(500), "unreadable"),
    Sample("JPEG with no picture in it", "a.jpg", lambda: b"\xff\xd8\xff\xd9", "unreadable"),
    Sample("JPEG without tables", "a.jpg", lambda: jpeg().replace(b"\xff\xdb\0\x43", b"\xff\xfe\0\x43"), "unreadable"),
    Sample(
        "JPEG that says it is 65,500 wide and high",
        "a.jpg",
        lambda: with_jpeg_size(jpeg(), 65500, 65500),
        "too_many_pixels",
    ),
    Sample("JPEG of no height", "a.jpg", lambda: with_jpeg_size(jpeg(), 640, 0), "unreadable"),
    Sample("JPEG with 500 scans", "a.jpg", _scan_bomb, "unreadable"),
    Sample(
        "JPEG of a million segments", "a.jpg", lambda: b"\xff\xd8" + b"\xff\xe0\0\2" * 10**6 + jpeg()[2:], "unreadable"
    ),
    Sample("JPEG of a million fill bytes", "a.jpg", lambda: b"\xff\xd8" + b"\xff" * 10**6 + jpeg()[2:], "unreadable"),
    Sample("JPEG too small to read", "a.jpg", lambda: saved(picture(299, 900), "JPEG"), "too_small"),
    Sample("JPEG before HTML", "a.jpg", lambda: jpeg() + HTML, "hidden_content"),
    Sample("JPEG before PHP", "a.jpg", lambda: jpeg() + b"<?php system($_GET[0]); ?>", "hidden_content"),
    Sample("JPEG before PDF", "a.jpg", lambda: jpeg() + pdf(one_page()), "hidden_content"),
    Sample("JPEG before an archive", "a.jpg", lambda: jpeg() + zipped("a.exe"), "hidden_content"),
    Sample("JPEG before a program", "a.jpg", lambda: jpeg() + MADE_UP_PROGRAM, "hidden_content"),
    Sample("JPEG around a script", "a.jpg", lambda: _comment(b"<script>alert(1)</script>"), "hidden_content"),
    Sample("JPEG around a PDF", "a.jpg", lambda: _comment(pdf(one_page())), "hidden_content"),
    Sample("JPEG around an archive", "a.jpg", lambda: _comment(zipped("a.exe")), "hidden_content"),
    Sample("PNG cut in half", "a.png", lambda: _mid(png()), "truncated"),
    Sample("PNG without its end", "a.png", lambda: png()[:-12], "truncated"),
    Sample(
        "PNG with one bit flipped", "a.png", lambda: png()[:200] + bytes([png()[200] ^ 1]) + png()[201:], "unreadable"
    ),
    Sample("PNG of its signature only", "a.png", lambda: b"\x89PNG\r\n\x1a\n", "truncated"),
    Sample("PNG with too few rows", "a.png", lambda: png_of(400, 400, bytes(1201 * 10)), "truncated"),
    Sample(
        "PNG that says it is 50,000 wide and high", "a.png", lambda: png_of(50_000, 50_000, b"\0"), "too_many_pixels"
    ),
    Sample(
        "PNG that really is 10,000 wide and high",
        "a.png",
        lambda: png_of(10_000, 10_000, bytes(12_510_000), depth=1, colour=0),
        "too_many_pixels",
    ),
    Sample(
        "PNG that says it is four thousand million wide",
        "a.png",
        lambda: png_of(2**32 - 1, 1, b"\0"),
        "too_many_pixels",
    ),
    Sample("PNG of no width", "a.png", lambda: png_of(0, 400, bytes(400)), "unreadable"),
    Sample("PNG of an unknown colour", "a.png", lambda: png_of(400, 400, bytes(1201 * 400), colour=9), "unreadable"),
    Sample("PNG that moves", "a.png", lambda: _many_pictures("PNG"), "animated"),
    Sample(
        "PNG with a text that inflates to 200 MB",
        "a.png",
        lambda: png_of(400, 400, bytes(1201 * 400), [chunk(b"zTXt", b"a\0\0" + _bomb(200 * 2**20))]),
        "unreadable",
    ),
    Sample(
        "PNG of 200,000 chunks", "a.png", lambda: png()[:33] + chunk(b"teXt", b"") * 200_000 + png()[33:], "unreadable"
    ),
    Sample("PNG too small to read", "a.png", lambda: saved(picture(900, 100), "PNG"), "too_small"),
    Sample("PNG before HTML", "a.png", lambda: png() + HTML, "hidden_content"),
    Sample("PNG before an archive", "a.png", lambda: png() + zipped("a.exe"), "hidden_content"),
    Sample(
        "PNG around a script",
        "a.png",
        lambda: png_of(400, 400, bytes(1201 * 400), [chunk(b"tEXt", b"Title\0" + HTML)]),
        "hidden_content",
    ),
)

DISGUISED = (
    Sample("nothing", "a.pdf", lambda: b"", "empty"),
    Sample("more than 20 MB", "a.pdf", lambda: b"%PDF-1.7" + bytes(20 * 2**20), "too_large"),
    Sample("HTML as PDF", "a.pdf", lambda: HTML, "wrong_type"),
    Sample("HTML as picture", "a.jpg", lambda: b"\n\n  " + HTML, "wrong_type"),
    Sample("HTML in UTF-16", "a.png", lambda: HTML.decode().encode("utf-16"), "wrong_type"),
    Sample("SVG as PNG", "a.png", lambda: SVG, "wrong_type"),
    Sample("SVG by its own name", "a.svg", lambda: SVG, "wrong_type"),
    Sample("program as PDF", "a.pdf", lambda: MADE_UP_PROGRAM, "wrong_type"),
    Sample("Linux program as JPEG", "a.jpg", lambda: b"\x7fELF" + bytes(100), "wrong_type"),
    Sample("shell script as PDF", "a.pdf", lambda: b"#!/bin/sh\nrm -rf /\n", "wrong_type"),
    Sample("PHP as PNG", "a.png", lambda: b"<?php phpinfo(); ?>", "wrong_type"),
    Sample("Word as PDF", "申请表.pdf", lambda: zipped("[Content_Types].xml", "word/document.xml"), "wrong_type"),
    Sample("Excel as PDF", "a.pdf", lambda: zipped("[Content_Types].xml", "xl/workbook.xml"), "wrong_type"),
    Sample("old Word as PDF", "a.pdf", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "wrong_type"),
    Sample("archive as PDF", "a.pdf", lambda: zipped("a.exe"), "wrong_type"),
    Sample("OFD as PDF", "发票.pdf", lambda: zipped("OFD.xml"), "wrong_type"),
    Sample("RAR as JPEG", "a.jpg", lambda: b"Rar!\x1a\x07\0" + bytes(100), "wrong_type"),
    Sample("HEIC by its own name", "IMG.HEIC", lambda: b"\0\0\0\x18ftypheic" + bytes(100), "wrong_type"),
    Sample("HEIC as JPEG", "IMG.jpg", lambda: b"\0\0\0\x18ftypmif1" + bytes(100), "wrong_type"),
    Sample("film as JPEG", "a.jpg", lambda: b"\0\0\0\x18ftypmp42" + bytes(100), "wrong_type"),
    Sample("GIF as PNG", "a.png", lambda: saved(picture(), "GIF"), "wrong_type"),
    Sample("WebP as JPEG", "a.jpg", lambda: saved(picture(), "WEBP"), "wrong_type"),
    Sample("TIFF as JPEG", "a.jpg", lambda: saved(picture(), "TIFF"), "wrong_type"),
    Sample("BMP as PNG", "a.png", lambda: saved(picture(), "BMP"), "wrong_type"),
    Sample("PostScript as PDF", "a.pdf", lambda: b"%!PS-Adobe-3.0\n", "wrong_type"),
    Sample("text as PDF", "a.pdf", "入会申请".encode, "wrong_type"),
    Sample("NULs as PDF", "a.pdf", lambda: bytes(5000), "wrong_type"),
    Sample("PDF as JPEG", "a.jpg", typeset, "misnamed"),
    Sample("JPEG as PDF", "a.pdf", jpeg, "misnamed"),
    Sample("PNG as PDF", "a.pdf", png, "misnamed"),
    Sample("PDF as program", "a.pdf.exe", typeset, "misnamed"),
)

HOSTILE = HOSTILE_PDF + HOSTILE_PICTURE + DISGUISED
