"""Where in a PDF something may stand that acts: catalog, page, annotation, link, field, drawing."""

from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript

from tests.documents.building import one_page, pdf, stream, typeset

WEB = b"http://example.cn/"
SHARE = b"\\\\\\\\host\\\\share\\\\a.pdf"


def rewritten(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def scripted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(typeset())))
    writer.add_open_action(JavaScript("app.alert(1)"))
    return rewritten(writer)


def in_catalog(entry: bytes, more: dict[int, bytes] | None = None) -> bytes:
    return pdf(one_page(entry, b"", more))


def on_page(entry: bytes, more: dict[int, bytes] | None = None) -> bytes:
    return pdf(one_page(b"", entry, more))


def annotated(annotation: bytes, more: dict[int, bytes] | None = None) -> bytes:
    return on_page(b"/Annots[5 0 R]", {5: b"<</Type/Annot/Rect[0 0 9 9]%s>>" % annotation, **(more or {})})


def acting(action: bytes, more: dict[int, bytes] | None = None) -> bytes:
    return annotated(b"/Subtype/Link/A<<%s>>" % action, more)


def field(entry: bytes) -> bytes:
    widget = b"<</FT/Tx/T(a)/Subtype/Widget/Rect[0 0 595 842]%s>>" % entry
    return pdf(one_page(b"/AcroForm<</Fields[5 0 R]>>", b"/Annots[5 0 R]", {5: widget}))


def drawn_from(entry: bytes) -> bytes:
    return on_page(b"/Resources<</XObject<</X 5 0 R>>>>", {5: stream(b"", b"/Type/XObject" + entry)})
