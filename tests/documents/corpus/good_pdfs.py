"""Good PDFs, each unusual in one way: what may stand in a document that only shows its pages."""

import struct
from io import BytesIO

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import Fit

from tests.documents.building import (
    DRAWING,
    PAGE,
    compressed,
    flate,
    jpeg,
    one_page,
    packed_lzw,
    pdf,
    picture,
    saved,
    stream,
    typeset,
    updated,
    written,
)
from tests.documents.corpus.sample import good


def _rewritten(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _form() -> bytes:
    field = b"<</FT/Tx/T(name)/Subtype/Widget/Rect[0 0 9 9]/V(made up)>>"
    return pdf(one_page(b"/AcroForm<</Fields[5 0 R]>>", b"/Annots[5 0 R]", {5: field}))


def _choices() -> bytes:
    fields = {
        5: b"<</FT/Btn/T(agree)/Subtype/Widget/Rect[0 0 9 9]/AS/Yes/V/Yes/AP<</N<</Yes 4 0 R/Off 4 0 R>>>>>>",
        6: b"<</FT/Ch/T(city)/Subtype/Widget/Rect[0 0 9 9]/Opt[(Guangzhou)(Foshan)]/V(Guangzhou)>>",
        7: b"<</FT/Tx/T(group)/Kids[8 0 R]>>",
        8: b"<</T(part)/Parent 7 0 R/Subtype/Widget/Rect[0 0 9 9]>>",
    }
    catalog = b"/AcroForm<</Fields[5 0 R 6 0 R 7 0 R]/NeedAppearances true/DA(/Helv 0 Tf)>>"
    return pdf(one_page(catalog, b"/Annots[5 0 R 6 0 R 8 0 R]", fields))


def _links() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset(2))))
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.cn/AA/JS/EF?a=b"))
    writer.add_annotation(0, Link(rect=(9, 9, 19, 19), target_page_index=1, fit=Fit.fit()))
    writer.add_outline_item(title="Launch (JavaScript)", page_number=1)
    return _rewritten(writer)


def _addresses() -> bytes:
    """All that people link to: a page, a mail, a telephone, an address without its beginning, one with a port."""
    addresses = (
        b"http://example.cn",
        b"HTTPS://example.cn/a%20b?c=javascript:d",
        b"mailto:a@example.cn?subject=x",
        b"tel:+8620000000",
        b"www.example.cn",
        b"example.cn:8080/a",
        b"#page=2",
        b"form.html",
    )
    links = b"".join(b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(%s)>>>>" % address for address in addresses)
    return pdf(one_page(b"/URI<</Base(http://example.cn/)>>", b"/Annots[%s]" % links))


def _lzw(parameters: bytes, early: int = 1, behind: bytes = b"") -> bytes:
    """Long enough for its codes to become wider twice."""
    drawing = packed_lzw([256, *(DRAWING + b"\n" * 1000), 257], early) + behind
    return pdf(one_page() | {4: stream(drawing, b"/Filter/LZWDecode" + parameters)})


def _pictures() -> bytes:
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


def _metadata() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset())))
    writer.add_metadata({"/Title": "入会申请表 (/JS) /Launch", "/Author": "obj stream endobj 5 0 obj"})
    return _rewritten(writer)


def _object_streams() -> bytes:
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


def _sized(width: int, height: int) -> bytes:
    return pdf(one_page() | {3: PAGE.replace(b"[0 0 595 842]", b"[0 0 %d %d]" % (width, height))})


def _notes() -> bytes:
    kinds: tuple[bytes, ...] = (
        b"Text/Contents(a)/Open false",
        b"FreeText/DA(/Helv 9 Tf)/Contents(b)",
        b"Ink/InkList[[0 0 9 9]]",
        b"Highlight/QuadPoints[0 0 9 0 0 9 9 9]",
        b"Stamp/Name/Approved",
        b"Square",
        b"Popup/Open true",
    )
    notes = b"".join(b"<</Type/Annot/Rect[0 0 9 9]/Subtype/%s>>" % kind for kind in kinds)
    return pdf(one_page(b"", b"/Annots[%s]" % notes))


def _layers() -> bytes:
    catalog = b"/OCProperties<</OCGs[5 0 R]/D<</ON[5 0 R]/Order[5 0 R]>>>>"
    return pdf(one_page(catalog, b"/Resources<</Properties<</L 5 0 R>>>>", {5: b"<</Type/OCG/Name(stamp)>>"}))


def _named_places() -> bytes:
    tree = b"/Names<</Dests<</Kids[5 0 R]>>>>/PageLabels<</Nums[0<</S/r>>]>>"
    return pdf(one_page(tree, b"", {5: b"<</Names[(chapter)[3 0 R/XYZ 0 0 0]]/Limits[(chapter)(chapter)]>>"}))


def _outline() -> bytes:
    items = {
        5: b"<</First 6 0 R/Last 7 0 R/Count 2>>",
        6: b"<</Title(one)/Parent 5 0 R/Next 7 0 R/Dest[3 0 R/Fit]/First 8 0 R/Last 8 0 R/Count 1>>",
        7: b"<</Title(two)/Parent 5 0 R/Prev 6 0 R/A<</S/GoTo/D[3 0 R/Fit]>>>>",
        8: b"<</Title(one and a half)/Parent 6 0 R/Dest[3 0 R/Fit]>>",
    }
    return pdf(one_page(b"/Outlines 5 0 R/PageMode/UseOutlines", b"", items))


def _article() -> bytes:
    """The beads of an article are a ring by design."""
    beads = {
        5: b"<</Type/Thread/F 6 0 R>>",
        6: b"<</Type/Bead/T 5 0 R/N 7 0 R/V 7 0 R/P 3 0 R/R[0 0 9 9]>>",
        7: b"<</Type/Bead/N 6 0 R/V 6 0 R/P 3 0 R/R[0 0 9 9]>>",
    }
    return pdf(one_page(b"/Threads[5 0 R]", b"/B[6 0 R 7 0 R]", beads))


def _hybrid() -> bytes:
    """A table for old readers that names a stream of the same, for new ones."""
    body = bytearray(b"%PDF-1.5\n")
    places = {}
    for number, content in one_page().items():
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    second = len(body)
    rows = b"".join(struct.pack(">BIB", 1, places[number], 0) for number in sorted(places))
    body += b"9 0 obj\n%s\nendobj\n" % flate(rows, b"/Type/XRef/Size 5/W[1 4 1]/Index[1 4]/Root 1 0 R")
    start = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % places[n] for n in sorted(places))
    return bytes(body) + b"trailer\n<</Size 10/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (second, start)


def _in_parts(number: int) -> bytes:
    parts = {10 + part: stream(DRAWING) for part in range(number)}
    references = b" ".join(b"%d 0 R" % part for part in parts)
    return pdf(one_page() | {3: PAGE.replace(b"/Contents 4 0 R", b"/Contents[%s]" % references), **parts})


def _linked_and_forbidding(links: int) -> bytes:
    """What its strings look like before they are decrypted says nothing."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset())))
    for number in range(links):
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url=f"https://example.cn/{number:050}"))
    writer.encrypt("", owner_password="x", algorithm="RC4-128")
    return _rewritten(writer)


def _forbidding(algorithm: str) -> bytes:
    return written(1, "", owner_password="x", algorithm=algorithm)


SAMPLES = (
    good("PDF by fpdf2", typeset, "申请表.pdf"),
    good("PDF of 200 pages", lambda: typeset(200)),
    good("PDF by pypdf", lambda: written(3), "A.PDF"),
    good("PDF with LZW", lambda: _lzw(b"")),
    good("PDF with LZW that says it switches early", lambda: _lzw(b"/DecodeParms<</EarlyChange 1>>", 1, b"\r\n")),
    good("PDF with LZW that switches late", lambda: _lzw(b"/DecodeParms<</EarlyChange 0>>", 0)),
    good("PDF with pictures", _pictures, "scan.pdf"),
    good("PDF of a blank scan at 600 dpi", _scan_of_blank_sheets, "scan.pdf"),
    good("PDF with a form and no script", _form, "form.pdf"),
    good("PDF with boxes, lists and groups of fields", _choices),
    good("PDF with a signature", _signed_field, "回单.pdf"),
    good("PDF with links and outline", _links),
    good("PDF with addresses of every honest kind", _addresses),
    good("PDF with treacherous metadata", _metadata),
    good("PDF with object streams", _object_streams),
    good("PDF with an incremental update", lambda: updated(pdf(one_page()), {4: stream(DRAWING * 2)})),
    good("PDF with three updates", lambda: updated(updated(updated(typeset(), {}), {9: b"null"}), {10: b"(a)"})),
    good("PDF that forbids editing, RC4 of 40 bits", lambda: _forbidding("RC4-40"), "回单.pdf"),
    good("PDF that forbids editing, RC4", lambda: _forbidding("RC4-128"), "回单.pdf"),
    good("PDF that forbids editing, AES of 128 bits", lambda: _forbidding("AES-128"), "回单.pdf"),
    good("PDF that forbids editing, AES", lambda: _forbidding("AES-256"), "回单.pdf"),
    good("PDF that forbids editing, AES of Acrobat 9", lambda: _forbidding("AES-256-R5"), "回单.pdf"),
    good("PDF that forbids editing, with many links", lambda: _linked_and_forbidding(200)),
    good("PDF that opens at its first page", lambda: pdf(one_page(b"/OpenAction[3 0 R/Fit]"))),
    good("PDF that opens by GoTo", lambda: pdf(one_page(b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"))),
    good("PDF that opens at its last page", lambda: pdf(one_page(b"/OpenAction<</S/Named/N/LastPage>>"))),
    good("PDF that opens at a named place", lambda: pdf(one_page(b"/OpenAction(start)/Dests<</start[3 0 R/Fit]>>"))),
    good("PDF with a blank page", lambda: pdf(one_page() | {3: PAGE.replace(b"/Contents 4 0 R", b"")})),
    good("PDF whose content is in parts", lambda: _in_parts(4)),
    good("PDF after a byte order mark", lambda: b"\xef\xbb\xbf" + pdf(one_page())),
    good("PDF after empty lines", lambda: b"\r\n\r\n" + pdf(one_page())),
    good("PDF after a printer's preamble", lambda: b"\x1b%-12345X@PJL\r\n" + pdf(one_page())),
    good(
        "PDF after a printer's job header",
        lambda: b'\x1b%-12345X@PJL JOB NAME="a"\r\n@PJL ENTER LANGUAGE=PDF\r\n' + pdf(one_page()),
    ),
    good("PDF padded with NULs", lambda: pdf(one_page()) + bytes(5000)),
    good("PDF before a printer's farewell", lambda: pdf(one_page()) + b"\x1b%-12345X@PJL EOJ\r\n"),
    good("PDF of version 1.2", lambda: pdf(one_page(), header=b"%PDF-1.2\n%\xe2\xe3\xcf\xd3\n")),
    good("PDF of version 1.3", lambda: pdf(one_page(), header=b"%PDF-1.3\n")),
    good("PDF of version 2.0", lambda: pdf(one_page(b"/Version/2.0"), header=b"%PDF-2.0\n%\xe2\xe3\xcf\xd3\n")),
    good("PDF with nested page tree", lambda: _nested_pages(20)),
    good("PDF without an ending in its name", lambda: typeset(2), "wxfile1234"),
    good("PDF whose name has dots", lambda: typeset(3), "No.3 （2026.11.24）盖章版.扫描件.pdf"),
    good("PDF with a startxref that is off", lambda: pdf(one_page()).replace(b"startxref\n", b"startxref\n9")),
    good("PDF whose blend mode is Screen", lambda: pdf(one_page(b"", b"/Resources<</ExtGState<</G<</BM/Screen>>>>>>"))),
    good("PDF with table and stream of the same", _hybrid),
    good("PDF with comments and marks", _notes),
    good("PDF with layers", _layers),
    good("PDF with named places and page labels", _named_places),
    good("PDF with an outline by hand", _outline),
    good("PDF with an article that runs in a ring", _article),
    good("PDF as small as a bank card", lambda: _sized(243, 153)),
    good("PDF as large as an A0 plan", lambda: _sized(2384, 3370)),
    good("PDF of a long screenshot", lambda: _sized(1080, 24_000)),
    good("PDF of a sheet lying on its side", lambda: pdf(one_page(b"", b"/Rotate 270/CropBox[9 9 500 800]"))),
    good("PDF with carriage returns only", lambda: pdf(one_page(), header=b"%PDF-1.4\r%\xe2\xe3\xcf\xd3\r")),
)
