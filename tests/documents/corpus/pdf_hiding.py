"""Hostile PDFs that hide a script or a program's start where a careless look does not find it."""

import struct
import zlib
from binascii import hexlify
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from tests.documents.building import compressed, flate, object_stream, one_page, pdf, stream, updated
from tests.documents.corpus.places import acting, in_catalog, on_page, rewritten, scripted
from tests.documents.corpus.sample import JAVASCRIPT, Sample, bad

_LAUNCH = b"<</S/Launch/F(calc.exe)>>"


def _encrypted(algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(scripted())))
    writer.encrypt("", owner_password="owner", algorithm=algorithm)
    return rewritten(writer)


def _in_stream(what: bytes, catalog: bytes = b"/OpenAction 5 0 R") -> bytes:
    whole = one_page(catalog)
    return compressed({4: whole[4]}, {number: whole[number] for number in (1, 2, 3)} | {5: what})


def _unlisted(what: bytes) -> bytes:
    return pdf(one_page(), unlisted=what)


def _removed_later(again: bytes) -> bytes:
    return updated(pdf(one_page(b"/OpenAction 5 0 R", b"", {5: JAVASCRIPT})), {1: one_page()[1], 5: again})


def _added_later() -> bytes:
    return updated(pdf(one_page()), {1: one_page(b"/OpenAction 5 0 R")[1], 5: JAVASCRIPT})


def _shadow_in_stream() -> bytes:
    """One number twice: harmless in the table, a script in an object stream a repairing reader prefers."""
    return _unlisted(b"50 0 obj\n" + object_stream({1: b"<</Type/Catalog/OpenAction%s>>" % JAVASCRIPT}) + b"\nendobj\n")


def _filtered(content: bytes, filters: bytes) -> bytes:
    """An object stream under the given filters, which nothing lists."""
    return _unlisted(b"50 0 obj\n%s\nendobj\n" % stream(content, b"/Type/ObjStm/N 1/First 4" + filters))


def _plain_stream() -> bytes:
    return b"7 0 " + JAVASCRIPT


def _hybrid() -> bytes:
    """The table says object 5 is free; the stream that old readers skip says it is a script."""
    body, places = bytearray(b"%PDF-1.5\n"), {}
    for number, content in (one_page(b"/OpenAction 5 0 R") | {5: JAVASCRIPT}).items():
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    second = len(body)
    row = struct.pack(">BIB", 1, places[5], 0)
    body += b"9 0 obj\n%s\nendobj\n" % flate(row, b"/Type/XRef/Size 6/W[1 4 1]/Index[5 1]/Root 1 0 R")
    start = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % places[n] for n in range(1, 5))
    return bytes(body) + b"trailer\n<</Size 10/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (second, start)


def _two_trailers() -> bytes:
    """An earlier trailer, of which only a repairing reader takes notice, with a root of its own."""
    whole = one_page() | {11: b"<</Type/Catalog/Pages 2 0 R/OpenAction%s>>" % JAVASCRIPT}
    return pdf(whole, unlisted=b"trailer\n<</Root 11 0 R/Size 12>>\n")


def _trailer_with_root_within() -> bytes:
    return pdf(one_page(), b"/Root 1 0 R/Info<</A%s>>" % JAVASCRIPT)


def _lone_trailer() -> bytes:
    """The script stands in a trailer nothing points to, not in any object."""
    return _unlisted(b"trailer\n<</Root<</Pages 2 0 R/OpenAction%s>>>>\n" % JAVASCRIPT)


def _second_length() -> bytes:
    """By its length the stream ends before the script, by its words after it."""
    hidden = b"x endstream endobj 9 0 obj " + JAVASCRIPT + b" endobj "
    return pdf(one_page() | {4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(hidden), hidden)})


def _in_comment_after_cr() -> bytes:
    """A comment ends at a carriage return; a reader that waits for a line feed sees nothing."""
    return _unlisted(b"%% nothing here\r9 0 obj%sendobj\n" % JAVASCRIPT)


def _spelt(name: bytes, js: bytes = b"/JS") -> bytes:
    return acting(b"/S%s%s(a)" % (name, js))


def _all_hex(name: bytes) -> bytes:
    return b"/" + b"".join(b"#%02x" % byte for byte in name)


SAMPLES: tuple[Sample, ...] = (
    bad("active_content", "PDF with script under the empty password", lambda: _encrypted("AES-256")),
    bad("active_content", "PDF with script under the empty password, RC4", lambda: _encrypted("RC4-128")),
    bad("active_content", "PDF with script under the empty password, AES of 128 bits", lambda: _encrypted("AES-128")),
    bad("active_content", "PDF with script under another spelling", lambda: _spelt(b"/J#61vaScript", b"/#4aS")),
    bad("active_content", "PDF with script spelt all in hexadecimal", lambda: _spelt(_all_hex(b"JavaScript"), b"/X")),
    bad("active_content", "PDF with script whose key alone is disguised", lambda: _spelt(b"/X", b"/J#53")),
    bad(
        "automatic_action", "PDF with a disguised opening action", lambda: in_catalog(b"/Open#41ction<</S/Hide/T(a)>>")
    ),
    bad("automatic_action", "PDF with disguised further actions", lambda: on_page(b"/#41#41<</O<</S/Hide>>>>")),
    bad("launch_action", "PDF with a disguised start of a program", lambda: acting(b"/S/L#61unch/F(calc.exe)")),
    bad(
        "embedded_file",
        "PDF with a disguised attachment",
        lambda: in_catalog(b"/Names<</Embedded#46iles<</Names[]>>>>"),
    ),
    bad("xfa_form", "PDF with a disguised XFA form", lambda: in_catalog(b"/AcroForm<</#58#46#41[]>>")),
    bad("rich_media", "PDF with disguised rich media", lambda: on_page(b"/Annots[<</Subtype/Rich#4dedia>>]")),
    bad("active_content", "PDF with script in an object stream", lambda: _in_stream(JAVASCRIPT)),
    bad("launch_action", "PDF with a program's start in an object stream", lambda: _in_stream(_LAUNCH)),
    bad("active_content", "PDF with script in an object stream nothing refers to", lambda: _in_stream(JAVASCRIPT, b"")),
    bad(
        "active_content",
        "PDF with script in an unlisted stream",
        lambda: _unlisted(b"50 0 obj\n" + object_stream({7: JAVASCRIPT}) + b"\nendobj\n"),
    ),
    bad("active_content", "PDF with script in a stream that shadows the catalog", _shadow_in_stream),
    bad(
        "active_content",
        "PDF with script in an object stream of hexadecimal",
        lambda: _filtered(hexlify(_plain_stream()) + b">", b"/Filter/ASCIIHexDecode"),
    ),
    bad(
        "active_content",
        "PDF with script in an object stream of two filters",
        lambda: _filtered(hexlify(zlib.compress(_plain_stream())) + b">", b"/Filter[/ASCIIHexDecode/FlateDecode]"),
    ),
    bad(
        "active_content",
        "PDF with script in an object stream of disguised filters",
        lambda: _filtered(zlib.compress(_plain_stream()), b"/F#69lter/Fl#61teDecode"),
    ),
    bad("active_content", "PDF with script in a plain object stream", lambda: _filtered(_plain_stream(), b"")),
    bad("active_content", "PDF with script in an earlier revision", lambda: _removed_later(b"null")),
    bad("active_content", "PDF with script in an earlier revision, now a number", lambda: _removed_later(b"7")),
    bad("active_content", "PDF with script in a later revision", _added_later),
    bad(
        "active_content",
        "PDF with script behind an indirect name",
        lambda: on_page(b"/Annots[<</A<</S 6 0 R>>>>]", {6: b"/JavaScript"}),
    ),
    bad(
        "unreadable",
        "PDF with script behind a row of references",
        lambda: in_catalog(b"/OpenAction 5 0 R", {5: b"6 0 R", 6: b"7 0 R", 7: JAVASCRIPT}),
    ),
    bad(
        "active_content",
        "PDF with script in an object of a high generation",
        lambda: _unlisted(b"9 65535 obj%sendobj\n" % JAVASCRIPT),
    ),
    bad(
        "active_content",
        "PDF with script in an object of a number with noughts",
        lambda: _unlisted(b"0000000009 00000 obj%sendobj\n" % JAVASCRIPT),
    ),
    bad(
        "active_content",
        "PDF with script in an object of a negative generation",
        lambda: _unlisted(b"9 -2 obj%sendobj\n" % JAVASCRIPT),
    ),
    bad(
        "active_content",
        "PDF with script in an object over many lines",
        lambda: _unlisted(b"9\n\n0\r\n\tobj%sendobj\n" % JAVASCRIPT),
    ),
    bad(
        "active_content",
        "PDF with script in an object split by a comment",
        lambda: _unlisted(b"9 0 %%x\nobj%sendobj\n" % JAVASCRIPT),
    ),
    bad("active_content", "PDF with script in an object without its end", lambda: _unlisted(b"9 0 obj" + JAVASCRIPT)),
    bad("active_content", "PDF with script behind a comment that ends early", _in_comment_after_cr),
    bad("active_content", "PDF with script between the words of a stream", _second_length),
    bad("active_content", "PDF with script in its information", _trailer_with_root_within),
    bad("active_content", "PDF with script under a trailer before", _two_trailers),
    bad("active_content", "PDF with script in a trailer nobody points to", _lone_trailer),
    bad("active_content", "PDF with script only the stream table lists", _hybrid),
    bad(
        "active_content",
        "PDF with script in a broken object",
        lambda: _unlisted(b"9 0 obj\n<</S/JavaScript/JS(a) /X ]>> ( \n"),
    ),
    bad(
        "active_content",
        "PDF with script in a dictionary that never ends",
        lambda: _unlisted(b"9 0 obj\n<</S/JavaScript/JS(a)\nendobj\n"),
    ),
    bad(
        "active_content",
        "PDF with script in a stream's dictionary",
        lambda: on_page(b"", {5: stream(b"x", b"/A" + JAVASCRIPT)}),
    ),
    bad(
        "active_content",
        "PDF with script behind the end of the file",
        lambda: pdf(one_page()) + b"9 0 obj%sendobj\n" % JAVASCRIPT,
    ),
    bad(
        "active_content",
        "PDF with script in NULs for white space",
        lambda: in_catalog(b"/OpenAction<</S\0/JavaScript\0/JS\0(a)>>"),
    ),
    bad(
        "active_content",
        "PDF with script in arrays within arrays",
        lambda: in_catalog(b"/X" + b"[" * 40 + JAVASCRIPT + b"]" * 40),
    ),
)
