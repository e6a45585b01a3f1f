"""Files built byte by byte, so that each sample is wrong, or unusual, in exactly one way."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from fpdf import FPDF
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
DRAWING = b"0 0 1 RG 100 100 200 200 re S"


def stream(content: bytes, dictionary: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), dictionary, content)


def flate(content: bytes, dictionary: bytes = b"") -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter/FlateDecode" + dictionary)


def packed_lzw(codes: Sequence[int], early: int = 1) -> bytes:
    """Codes of which the first alone clears the table, nine bits each and up to twelve as it grows."""
    widths = (min(12, max(9, (256 + place + early).bit_length())) for place in range(len(codes)))
    bits = "".join(f"{code:0{width}b}" for code, width in zip(codes, widths, strict=True))
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def one_page(catalog: bytes = b"", page: bytes = b"", more: Mapping[int, bytes] | None = None) -> dict[int, bytes]:
    """The objects of a document of one page, with additions to its catalog, to its page, and further objects."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: PAGE.removesuffix(b">>") + page + b">>",
        4: stream(DRAWING),
        **(more or {}),
    }


def pdf(
    objects: Mapping[int, bytes],
    trailer: bytes = b"/Root 1 0 R",
    header: bytes = b"%PDF-1.7\n",
    unlisted: bytes = b"",
) -> bytes:
    """A document with its table; ``unlisted`` stands before the table, which does not mention it."""
    body, places = bytearray(header), {}
    for number, content in objects.items():
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    body += unlisted
    start = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        body += b"%d 1\n%010d 00000 n \n" % (number, place)
    body += b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (max(places) + 1, trailer, start)
    return bytes(body)


def updated(data: bytes, objects: Mapping[int, bytes]) -> bytes:
    """The same document with an incremental update behind it, as editors and signers write."""
    before = data.rindex(b"startxref")
    previous = int(data[before:].split()[1])
    body, places = bytearray(data), {}
    for number, content in objects.items():
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n" if places else b"xref\n0 0\n"
    for number, place in sorted(places.items()):
        body += b"%d 1\n%010d 00000 n \n" % (number, place)
    body += b"trailer\n<</Size 99/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (previous, start)
    return bytes(body)


def object_stream(objects: Mapping[int, bytes]) -> bytes:
    table, content = b"", b""
    for number, item in objects.items():
        table += b"%d %d " % (number, len(content))
        content += item + b" "
    return flate(table + content, b"/Type/ObjStm/N %d/First %d" % (len(objects), len(table)))


def compressed(plain: Mapping[int, bytes], inside: Mapping[int, bytes]) -> bytes:
    """A document of PDF 1.5: object 20 is an object stream with the objects ``inside``, object 21 its table."""
    body, entries = bytearray(b"%PDF-1.5\n"), {0: (0, 0, 255)}
    for number, content in {**plain, 20: object_stream(inside)}.items():
        entries[number] = (1, len(body), 0)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    entries |= {number: (2, 20, place) for place, number in enumerate(inside)}
    entries[21] = (1, len(body), 0)
    rows = b"".join(struct.pack(">BIB", *entries[number]) for number in sorted(entries))
    index = b" ".join(b"%d 1" % number for number in sorted(entries))
    start = len(body)
    table = flate(rows, b"/Type/XRef/Size 22/W[1 4 1]/Root 1 0 R/Index[%s]" % index)
    body += b"21 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start)
    return bytes(body)


def written(pages: int = 1, password: str | None = None, **how: object) -> bytes:
    """A document as fpdf2 and pypdf write it; ``password`` None for none, and what else PdfWriter.encrypt takes."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset(pages))))
    if password is not None:
        writer.encrypt(password, **how)  # type: ignore[arg-type]
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def typeset(pages: int = 1) -> bytes:
    document = FPDF()
    document.set_font("helvetica", size=12)
    for number in range(pages):
        document.add_page()
        document.cell(text=f"Page {number + 1}, a made-up application form")
    return bytes(document.output())


def picture(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for step in range(0, width, 16):
        draw.line((step, 0, width - step, height), fill=(step % 256, 80, 160), width=3)
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def jpeg(**how: object) -> bytes:
    return saved(picture(), "JPEG", **how)


def png(**how: object) -> bytes:
    return saved(picture(), "PNG", **how)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(
    width: int,
    height: int,
    rows: bytes,
    before: Iterable[bytes] = (),
    *,
    depth: int = 8,
    colour: int = 2,
    interlaced: int = 0,
) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    parts = [chunk(b"IHDR", header), *before, chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def with_jpeg_segment(data: bytes, marker: int, body: bytes) -> bytes:
    return data[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + data[2:]


def with_jpeg_size(data: bytes, width: int, height: int) -> bytes:
    place = data.index(b"\xff\xc0")
    return data[: place + 5] + struct.pack(">HH", height, width) + data[place + 9 :]


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "made up")
    return out.getvalue()
