"""Hostile PDFs that cannot be read, or that one program reads and another not: cut, torn, in a ring."""

from tests.documents.building import PAGE, compressed, flate, one_page, pdf, stream, typeset, written
from tests.documents.corpus.places import in_catalog
from tests.documents.corpus.sample import bad


def _mid(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _encrypted(password: str, algorithm: str) -> bytes:
    return written(1, password, owner_password="owner", algorithm=algorithm)


def _pages(node: bytes, more: dict[int, bytes] | None = None) -> bytes:
    return pdf(one_page() | {2: b"<</Type/Pages" + node + b">>"} | (more or {}))


def _content(reference: bytes) -> bytes:
    return pdf(one_page() | {3: PAGE.replace(b"4 0 R", reference)})


def _trailer(more: bytes) -> bytes:
    return pdf(one_page(), b"/Root 1 0 R" + more)


def _garbled(old: bytes, new: bytes) -> bytes:
    data = pdf(one_page())
    assert old in data
    return data.replace(old, new)


def _xref_stream(entries: bytes, rows: bytes = bytes(60)) -> bytes:
    """All there is to find the objects by is a broken stream."""
    body = b"%PDF-1.5\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in one_page().items())
    table = flate(rows, b"/Type/XRef/Root 1 0 R" + entries)
    return body.replace(b"obj\n<<", b"0bj\n<<") + b"9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(body))


def _object_stream(first: int, number: int) -> bytes:
    broken = stream(b"9 0 null ", b"/Type/ObjStm/N %d/First %d" % (number, first))
    return pdf(one_page(b"", b"", {5: broken}))


def _but_content() -> dict[int, bytes]:
    return {number: content for number, content in one_page().items() if number != 4}


def _in_a_ring(catalog: bytes, *items: bytes) -> bytes:
    return in_catalog(catalog, dict(enumerate(items, 5)))


def _encrypt_dictionary(entry: bytes) -> bytes:
    return _trailer(b"/ID[<00><00>]/Encrypt<<%s>>" % entry)


TORN = (
    bad("truncated", "PDF cut in half", lambda: _mid(typeset(20))),
    bad("truncated", "PDF cut in its first line", lambda: pdf(one_page())[:7]),
    bad("truncated", "PDF cut within an object", lambda: pdf(one_page())[:90]),
    bad("truncated", "PDF cut within a stream", lambda: pdf(one_page())[: pdf(one_page()).index(b"stream") + 15]),
    bad("truncated", "PDF cut before its table", lambda: pdf(one_page()).partition(b"xref")[0]),
    bad("truncated", "PDF cut within its table", lambda: pdf(one_page()).partition(b"trailer")[0]),
    bad("truncated", "PDF cut before startxref", lambda: pdf(one_page()).partition(b"startxref")[0]),
    bad("truncated", "PDF cut within startxref", lambda: pdf(one_page()).partition(b"ref\n")[0] + b"ref\n"),
    bad("truncated", "PDF without its last line", lambda: pdf(one_page())[:-40]),
    bad("truncated", "PDF cut one letter before its end", lambda: pdf(one_page()).rstrip()[:-1]),
    bad("truncated", "PDF of its header only", lambda: b"%PDF-1.7\n"),
    bad("truncated", "PDF with its end cut off and noise behind", lambda: pdf(one_page())[:-7] + b"\xa5" * 5000),
    bad("truncated", "PDF of an object stream cut before its table", lambda: compressed(one_page(), {})[:-90]),
    bad("unreadable", "PDF with its middle torn out", lambda: pdf({**one_page(), 4: b"null"})),
    bad("unreadable", "PDF of noise between head and tail", lambda: b"%PDF-1.4\n\1\2\3 startxref 3 %%EOF"),
    bad("unreadable", "PDF without its first half", lambda: b"%PDF-1.4\n" + typeset(9)[len(typeset(9)) // 2 :]),
    bad(
        "unreadable",
        "PDF of a blank where its objects were",
        lambda: b"%PDF-1.4\n" + b" " * 900 + b"startxref\n9\n%%EOF",
    ),
    bad("unreadable", "PDF with its head on another's tail", lambda: pdf(one_page())[:60] + typeset()[-200:]),
)

BROKEN = (
    bad("unreadable", "PDF without catalog", lambda: pdf({2: one_page()[2]}, b"")),
    bad(
        "unreadable", "PDF whose catalog is missing", lambda: pdf(one_page() | {1: b"<</Type/Page>>"}, b"/Root 77 0 R")
    ),
    bad("unreadable", "PDF whose catalog is a number", lambda: pdf(one_page() | {1: b"42"})),
    bad("unreadable", "PDF whose catalog is itself", lambda: pdf(one_page() | {1: b"1 0 R"})),
    bad("unreadable", "PDF without a page tree", lambda: pdf(one_page() | {1: b"<</Type/Catalog>>"})),
    bad("unreadable", "PDF whose page tree is a list", lambda: pdf(one_page() | {2: b"[3 0 R]"})),
    bad("unreadable", "PDF with a page that is a string", lambda: _pages(b"/Kids[(page)]/Count 1")),
    bad("unreadable", "PDF with a page that is missing", lambda: _pages(b"/Kids[3 0 R 99 0 R]/Count 2")),
    bad("no_pages", "PDF without pages", lambda: _pages(b"/Kids[]/Count 0")),
    bad("no_pages", "PDF that lies about its pages", lambda: _pages(b"/Kids[]/Count 5")),
    bad(
        "no_pages",
        "PDF of branches without leaves",
        lambda: _pages(b"/Kids[5 0 R]/Count 9", {5: b"<</Type/Pages/Kids[]>>"}),
    ),
    bad("unreadable", "PDF whose content is missing", lambda: _content(b"99 0 R")),
    bad("unreadable", "PDF whose content is a reference to itself", lambda: pdf(one_page() | {4: b"4 0 R"})),
    bad("unreadable", "PDF of which one part of the content is missing", lambda: _content(b"[4 0 R 98 0 R]")),
    bad(
        "unreadable",
        "PDF whose table points into the void",
        lambda: _garbled(b"00000 n", b"00000 f").replace(b" obj", b" 0bj"),
    ),
    bad("unreadable", "PDF whose objects are named wrongly", lambda: _garbled(b" 0 obj", b" 0 jbo")),
    bad("unreadable", "PDF with an xref stream of no widths", lambda: _xref_stream(b"/Size 6")),
    bad("unreadable", "PDF with an xref stream of huge widths", lambda: _xref_stream(b"/Size 6/W[1 2000000000 1]")),
    bad("unreadable", "PDF with an xref stream of negative widths", lambda: _xref_stream(b"/Size 6/W[1 -4 1]")),
    bad("unreadable", "PDF with an xref stream of no width at all", lambda: _xref_stream(b"/Size 2000000000/W[0 0 0]")),
    bad(
        "unreadable",
        "PDF with an xref stream of countless entries",
        lambda: _xref_stream(b"/Size 6/W[1 4 1]/Index[0 2000000000]"),
    ),
    bad(
        "unreadable",
        "PDF with an xref stream that is not compressed as it says",
        lambda: _xref_stream(b"/Size 6/W[1 4 1]").replace(b"\x78\xda", b"\x11\x11"),
    ),
    bad("unreadable", "PDF with an object stream that starts behind its end", lambda: _object_stream(2_000_000_000, 1)),
    bad("unreadable", "PDF with an object stream of a negative number of objects", lambda: _object_stream(4, -1)),
    bad("unreadable", "PDF with an object stream that counts wrongly", lambda: _object_stream(8, 3)),
    bad(
        "unreadable",
        "PDF whose page lies in an object stream that is none",
        lambda: compressed({4: one_page()[4]}, _but_content()).replace(b"/ObjStm", b"/0bjStm"),
    ),
    bad(
        "too_large_sheet",
        "PDF with a sheet as large as a town",
        lambda: pdf(one_page() | {3: PAGE.replace(b"595 842", b"9000000000 9000000000")}),
    ),
    bad(
        "too_large_sheet",
        "PDF with a sheet of no size",
        lambda: pdf(one_page() | {3: PAGE.replace(b"595 842", b"0 0")}),
    ),
    bad(
        "too_large_sheet",
        "PDF with a sheet as large as a town, told above it",
        lambda: _pages(b"/Kids[3 0 R]/Count 1/MediaBox[0 0 1000000 1000000]"),
    ),
    bad("too_large_sheet", "PDF with a sheet of huge units", lambda: pdf(one_page(b"", b"/UserUnit 5000"))),
)

RINGS = (
    bad("unreadable", "PDF whose pages loop", lambda: _pages(b"/Count 1/Kids[2 0 R]")),
    bad(
        "unreadable",
        "PDF whose pages loop over three",
        lambda: _pages(b"/Kids[5 0 R]", {5: b"<</Kids[6 0 R]>>", 6: b"<</Kids[2 0 R]>>"}),
    ),
    bad("unreadable", "PDF with one page twice in its tree", lambda: _pages(b"/Kids[3 0 R 3 0 R]/Count 2")),
    bad(
        "unreadable",
        "PDF whose outline is its own child",
        lambda: _in_a_ring(b"/Outlines 5 0 R", b"<</First 6 0 R/Last 6 0 R>>", b"<</Title(a)/First 6 0 R>>"),
    ),  # CVE-2026-24688
    bad(
        "unreadable",
        "PDF whose outline follows itself",
        lambda: _in_a_ring(
            b"/Outlines 5 0 R", b"<</First 6 0 R>>", b"<</Title(a)/Next 7 0 R>>", b"<</Title(b)/Next 6 0 R>>"
        ),
    ),
    bad(
        "unreadable",
        "PDF whose names turn in a ring",
        lambda: _in_a_ring(b"/Names<</Dests 5 0 R>>", b"<</Kids[6 0 R]>>", b"<</Kids[5 0 R]>>"),
    ),
    bad(
        "unreadable",
        "PDF whose page labels turn in a ring",
        lambda: _in_a_ring(b"/PageLabels 5 0 R", b"<</Kids[5 0 R]>>"),
    ),
    bad(
        "unreadable",
        "PDF whose fields turn in a ring",
        lambda: _in_a_ring(b"/AcroForm<</Fields[5 0 R]>>", b"<</T(a)/Kids[6 0 R]>>", b"<</T(b)/Kids[5 0 R]>>"),
    ),
)

LOCKED = (
    bad("encrypted", "PDF with password, RC4", lambda: _encrypted("secret", "RC4-128")),
    bad("encrypted", "PDF with password, RC4 of 40 bits", lambda: _encrypted("secret", "RC4-40")),
    bad("encrypted", "PDF with password, AES-128", lambda: _encrypted("secret", "AES-128")),
    bad("encrypted", "PDF with password, AES-256", lambda: _encrypted("secret", "AES-256")),
    bad("encrypted", "PDF with password, AES of Acrobat 9", lambda: _encrypted("secret", "AES-256-R5")),
    bad("encrypted", "PDF with a password in Chinese", lambda: _encrypted("密码", "AES-256")),
    bad(
        "unreadable",
        "PDF locked to certificates",
        lambda: _encrypt_dictionary(b"/Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4"),
    ),
    bad("unreadable", "PDF locked by a program's own lock", lambda: _encrypt_dictionary(b"/Filter/FOPN_foweb/V 1")),
    bad("unreadable", "PDF whose lock says nothing", lambda: _encrypt_dictionary(b"")),
    bad("unreadable", "PDF whose lock is missing", lambda: _trailer(b"/ID[<00><00>]/Encrypt 77 0 R")),
    bad("too_many_pages", "PDF of 201 pages", lambda: typeset(201)),
    bad("too_many_pages", "PDF of 201 pages in one list", lambda: _pages(b"/Kids[%s]" % (b"<</Type/Page>>" * 201))),
)

SAMPLES = TORN + BROKEN + RINGS + LOCKED
