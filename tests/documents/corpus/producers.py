"""Good PDFs in the manner of what members use: scanners, phones, office suites, banks, tax offices, browsers.

What each does differently is what its real files show: version, filters, where the table is, what the catalog holds.
"""

import base64
import struct
import zlib
from binascii import hexlify
from io import BytesIO

from fpdf import FPDF
from PIL import Image

from tests.documents.building import (
    DRAWING,
    PAGE,
    chunk,
    compressed,
    flate,
    jpeg,
    one_page,
    pdf,
    picture,
    saved,
    stream,
    updated,
)
from tests.documents.corpus.sample import good

_XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta><?xpacket end="w"?>'
)

_LINEARISED = b"<</Linearized 1/L %010d/H[0 0]/O 3/E %010d/N 1/T %010d>>"


def _image(content: bytes, filters: bytes, more: bytes = b"/ColorSpace/DeviceRGB/BitsPerComponent 8") -> bytes:
    return stream(content, b"/Type/XObject/Subtype/Image/Width 640/Height 480/Filter%s%s" % (filters, more))


def _scanned(image: bytes, pages: int = 1, header: bytes = b"%PDF-1.4\n") -> bytes:
    """Each page shows one picture that fills it."""
    kids = b" ".join(b"%d 0 R" % (10 + page) for page in range(pages))
    sheet = PAGE.replace(b"/Contents", b"/Resources<</ProcSet[/PDF/ImageC]/XObject<</Im0 5 0 R>>>>/Contents")
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
            4: stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q"),
            5: image,
            **{10 + page: sheet for page in range(pages)},
        },
        header=header,
    )


def _produced(producer: str, catalog: bytes = b"", more: dict[int, bytes] | None = None, page: bytes = b"") -> bytes:
    """With the producer's name in UTF-16, as those do who write Chinese."""
    name = hexlify(b"\xfe\xff" + producer.encode("utf-16-be"))
    info = {90: b"<</Producer<%s>/CreationDate(D:20261124090000+08'00')>>" % name}
    return pdf(one_page(catalog, page, (more or {}) | info), b"/Root 1 0 R/Info 90 0 R/ID[<00><00>]")


def _word() -> bytes:
    """Tagged, with a structure tree, XMP and, as Word does, an update of nothing with a second table."""
    tree = {
        5: b"<</Type/StructTreeRoot/K 6 0 R/ParentTree 7 0 R/ParentTreeNextKey 1>>",
        6: b"<</Type/StructElem/S/Document/P 5 0 R/K[8 0 R]>>",
        7: b"<</Nums[0[8 0 R]]>>",
        8: b"<</Type/StructElem/S/P/P 6 0 R/Pg 3 0 R/K[0]>>",
        9: stream(_XMP, b"/Type/Metadata/Subtype/XML"),
    }
    catalog = b"/StructTreeRoot 5 0 R/MarkInfo<</Marked true>>/Lang(zh-CN)/Metadata 9 0 R"
    return updated(_produced("Microsoft® Word 2021", catalog, tree, b"/StructParents 0/Tabs/S"), {})


def _linearised() -> bytes:
    """The first page's objects and table in front, the rest and its table behind, as for viewing while it loads."""
    whole, body, places = one_page(), bytearray(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"), dict[int, int]()
    _add(body, places, 9, _LINEARISED % (0, 0, 0))
    first = len(body)
    body += bytes(len(_first_table(dict.fromkeys((1, 3, 4), 0), 0)))
    for number in (1, 3, 4, 2):
        _add(body, places, number, whole[number])
    second = len(body)
    body += _table({2: places[2], 9: places[9]}, first, b"")
    front = bytearray()
    _add(front, {}, 9, _LINEARISED % (len(body), places[2], second))
    front += _first_table({number: places[number] for number in (1, 3, 4)}, second)
    body[places[9] : places[1]] = front
    return bytes(body)


def _add(body: bytearray, places: dict[int, int], number: int, content: bytes) -> None:
    places[number] = len(body)
    body += b"%d 0 obj\n%s\nendobj\n" % (number, content)


def _first_table(places: dict[int, int], second: int) -> bytes:
    return _table(places, 0, b"/Root 1 0 R/Prev %010d" % second)


def _table(places: dict[int, int], start: int, trailer: bytes) -> bytes:
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
    return b"xref\n%strailer\n<</Size 10%s>>\nstartxref\n%d\n%%%%EOF\n" % (rows, trailer, start)


def _pdfium() -> bytes:
    """As browsers and WPS print: everything but streams within one object stream, predictors in the table."""
    whole = one_page(b"/Lang(zh-CN)", b"/Resources<</Font<<>>>>")
    return compressed({4: flate(DRAWING)}, {number: whole[number] for number in (1, 2, 3)})


def _predicted() -> bytes:
    """An xref stream whose rows are differences, as Acrobat and ghostscript write."""
    body, places = bytearray(b"%PDF-1.5\n"), {}
    for number, content in one_page().items():
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    rows = [struct.pack(">BHB", 1, place, 0) for place in (0, *(places[n] for n in sorted(places)), start)]
    rows[0] = struct.pack(">BHB", 0, 0, 255)
    before, packed = bytes(4), b""
    for row in rows:
        packed += b"\2" + bytes((now - then) % 256 for now, then in zip(row, before, strict=True))
        before = row
    table = b"/Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/DecodeParms<</Columns 4/Predictor 12>>"
    return bytes(body) + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (flate(packed, table), start)


def _chinese_font() -> bytes:
    """A Chinese font that is named and not embedded, as tax offices' invoices have."""
    fonts = {
        5: b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        6: b"<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 7 0 R>>",
        7: b"<</Type/FontDescriptor/FontName/SimSun/Flags 6/FontBBox[0 -140 1000 860]/ItalicAngle 0/StemV 80>>",
        4: stream(b"BT /F1 12 Tf 50 700 Td <5165 4F1A 7533 8BF7> Tj ET"),
    }
    return pdf(one_page(b"", b"/Resources<</Font<</F1 5 0 R>>>>", fonts))


def _type_3_font() -> bytes:
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 97"
        b"/Widths[9]/Encoding<</Differences[97/JavaScriptless]>>/CharProcs<</JavaScriptless 4 0 R>>>>"
    )
    return pdf(one_page(b"", b"/Resources<</Font<</F1 5 0 R>>>>", {5: font}))


def _ascii_85(content: bytes) -> bytes:
    return base64.a85encode(zlib.compress(content)) + b"~>"


def _reportlab() -> bytes:
    content = stream(_ascii_85(DRAWING), b"/Filter[/ASCII85Decode/FlateDecode]")
    return pdf(one_page() | {4: content}, header=b"%PDF-1.3\n%\x93\x8c\x8b\x9e ReportLab\n")


def _pillow(pages: int) -> bytes:
    return saved(picture(), "PDF", save_all=True, append_images=[picture(400, 300)] * (pages - 1))


def _invoice() -> bytes:
    """A drawing with form objects, shades of grey, a soft mask and a QR code as a picture of one bit."""
    code = saved(picture(120, 120, "1"), "PNG")
    document = FPDF()
    document.add_page(format=(210, 140))
    document.image(BytesIO(code), x=10, y=10, w=20)
    document.set_fill_color(200)
    document.rect(10, 40, 100, 20, style="F")
    return bytes(document.output())


def _with_icc_profile() -> bytes:
    """PDF/A as scanners write it: an output intent, its colour profile, XMP."""
    more = {5: b"<</S/GTS_PDFA1/DestOutputProfile 6 0 R/OutputConditionIdentifier(sRGB)>>"}
    more |= {6: flate(bytes(3144), b"/N 3"), 7: stream(_XMP, b"/Type/Metadata/Subtype/XML")}
    return pdf(one_page(b"/OutputIntents[5 0 R]/Metadata 7 0 R", b"", more))


def _tiff_strips() -> bytes:
    """A fax of CCITT group 4 in strips."""
    image = picture(640, 480, "1")
    packed = BytesIO()
    image.save(packed, "TIFF", compression="group4")
    with Image.open(packed) as tiff:
        place, size = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    strip = packed.getvalue()[place : place + size]
    parms = b"/ColorSpace/DeviceGray/BitsPerComponent 1/DecodeParms<</K -1/Columns 640/Rows 480>>"
    return _scanned(_image(strip, b"/CCITTFaxDecode", parms))


def _indexed() -> bytes:
    colours = hexlify(bytes(range(48)))
    return _scanned(
        stream(
            zlib.compress(bytes(640 * 240)),
            b"/Subtype/Image/Width 640/Height 480/Filter/FlateDecode/BitsPerComponent 4/ColorSpace"
            b"[/Indexed/DeviceRGB 15<%s>]" % colours,
        )
    )


def _ghostscript() -> bytes:
    """With the length of each stream in an object of its own, which follows it."""
    content = flate(DRAWING)
    length = int(content.split(b"/Length ")[1].split(b"/")[0])
    return pdf(one_page() | {4: content.replace(b"/Length %d" % length, b"/Length 8 0 R"), 8: b"%d" % length})


def _excel() -> bytes:
    document = FPDF(orientation="landscape")
    document.set_font("courier", size=7)
    for _ in range(3):
        document.add_page()
        with document.table() as table:
            for line in range(20):
                table.row([f"cell {line} {column}" for column in range(6)])
    return bytes(document.output())


def _picture_in_line() -> bytes:
    return pdf(one_page() | {4: stream(b"BI /W 2 /H 2 /CS /G /BPC 8 ID \0\1\2\3 EI")})


def _pattern_and_function() -> bytes:
    function = stream(b"{ dup mul }", b"/FunctionType 4/Domain[0 1]/Range[0 1]")
    shading = b"/Resources<</Shading<</S<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function 5 0 R>>>>>>"
    return pdf(one_page(b"", shading, {5: function}))


def _renumbered() -> bytes:
    """Objects with generations other than nought, as old editors leave behind."""
    return pdf(one_page()).replace(b"4 0 obj", b"4 3 obj").replace(b"4 0 R", b"4 3 R")


def _camscanner() -> bytes:
    links = b"/Annots[<</Subtype/Link/Rect[0 0 90 9]/A<</S/URI/URI(https://example.cn/app)>>>>]"
    scan = _image(jpeg(quality=60), b"/DCTDecode")
    return pdf(one_page(b"/Lang(zh)", links + b"/Resources<</XObject<</Im1 5 0 R>>>>", {5: scan}))


def _png_as_is() -> bytes:
    """A PNG's own data, predictor and all, as img2pdf copies it."""
    data = saved(picture(), "PNG")
    at = data.index(b"IDAT")
    body = data[at + 4 : at + 4 + struct.unpack(">I", data[at - 4 : at])[0]]
    assert chunk(b"IDAT", body) in data
    parms = b"/ColorSpace/DeviceRGB/BitsPerComponent 8/DecodeParms<</Predictor 15/Colors 3/Columns 640>>"
    return _scanned(_image(body, b"/FlateDecode", parms))


SAMPLES = (
    good("PDF by Word, tagged", _word, "申请表.pdf"),
    good("PDF by WPS", lambda: _produced("WPS 文字", b"/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>")),
    good("PDF by a browser", _pdfium),
    good("PDF by Acrobat, table of differences", _predicted),
    good("PDF by Acrobat, linearised", _linearised),
    good("PDF by ReportLab, ASCII over Flate", _reportlab),
    good("PDF by ghostscript, lengths apart", _ghostscript),
    good("PDF by Excel, lying", _excel),
    good("PDF by a phone, two photos", lambda: _pillow(2), "扫描件.pdf"),
    good("PDF by a scanning app, with its link", _camscanner, "扫描全能王 2026-11-24.pdf"),
    good("PDF by a scanner, JPEG in colour", lambda: _scanned(_image(jpeg(), b"/DCTDecode"), 12), "SCAN0001.PDF"),
    good(
        "PDF by a scanner, JPEG in grey",
        lambda: _scanned(
            _image(saved(picture(mode="L"), "JPEG"), b"/DCTDecode", b"/ColorSpace/DeviceGray/BitsPerComponent 8")
        ),
    ),
    good(
        "PDF by a scanner, JPEG in Flate", lambda: _scanned(_image(zlib.compress(jpeg()), b"[/FlateDecode/DCTDecode]"))
    ),
    good("PDF by a scanner, fax", _tiff_strips),
    good("PDF by a scanner, sixteen colours", _indexed),
    good(
        "PDF by a scanner, JPEG 2000",
        lambda: _scanned(_image(saved(picture(), "JPEG2000"), b"/JPXDecode", b""), header=b"%PDF-1.5\n"),
    ),
    good("PDF by img2pdf, a PNG as it is", _png_as_is),
    good("PDF by a scanner, made to be archived", _with_icc_profile),
    good("PDF of an invoice", _invoice, "数电发票_26440000000000000001.pdf"),
    good("PDF of an invoice with a Chinese font not embedded", _chinese_font),
    good("PDF with a drawn font", _type_3_font),
    good("PDF with a picture in its text", _picture_in_line),
    good("PDF with a pattern and a function", _pattern_and_function),
    good("PDF with generations", _renumbered),
    good("PDF by a Mac", lambda: _produced("macOS 版本15.0 Quartz PDFContext", b"", {8: flate(bytes(400), b"/N 3")})),
)
