"""Hostile PDFs with a script: in every place where ISO 32000-2 §12.6 lets one stand, and where none should run.

From "Portable Data Exfiltration", corkami's PDF tricks and the advisories named beside the samples.
"""

from tests.documents.building import PAGE, stream
from tests.documents.corpus.places import acting, annotated, drawn_from, field, in_catalog, on_page, scripted
from tests.documents.corpus.sample import JAVASCRIPT, bad


def _script(text: bytes) -> bytes:
    return in_catalog(b"/OpenAction<</S/JavaScript/JS(%s)>>" % text)


def _font(entry: bytes) -> bytes:
    return on_page(b"/Resources<</Font<</F1 5 0 R>>>>", {5: b"<</Type/Font/Subtype/Type1/BaseFont/A%s>>" % entry})


SAMPLES = (
    bad("active_content", "PDF with script by pypdf", scripted),
    bad("active_content", "PDF with script on opening", lambda: in_catalog(b"/OpenAction" + JAVASCRIPT)),
    bad("active_content", "PDF with script that opens a document", lambda: _script(b"app.openDoc\\('//host/a.pdf'\\)")),
    bad("active_content", "PDF with script that posts the form", lambda: _script(b"this.submitForm\\({cURL:'x'}\\)")),
    bad("active_content", "PDF with script packed for eval", lambda: _script(b"eval\\(unescape\\('%61%6c'\\)\\)")),
    bad(
        "active_content",
        "PDF with script when the page comes into view",
        lambda: annotated(b"/AA<</PV 6 0 R>>", {6: JAVASCRIPT}),
    ),
    bad("active_content", "PDF with script in a field's calculation", lambda: field(b"/AA<</C%s>>" % JAVASCRIPT)),
    bad("active_content", "PDF with script in a field's format", lambda: field(b"/AA<</F%s>>" % JAVASCRIPT)),
    bad("active_content", "PDF with script under a button as large as the page", lambda: field(b"/A" + JAVASCRIPT)),
    bad("active_content", "PDF with script in a child of a field", lambda: field(b"/Kids[<</A%s>>]" % JAVASCRIPT)),
    bad(
        "active_content",
        "PDF with script in a name tree",
        lambda: in_catalog(b"/Names<</JavaScript<</Names[(a)5 0 R]>>>>", {5: JAVASCRIPT}),
    ),
    bad(
        "active_content",
        "PDF with script deep in a name tree",
        lambda: in_catalog(
            b"/Names 5 0 R",
            {5: b"<</JavaScript 6 0 R>>", 6: b"<</Kids[7 0 R]>>", 7: b"<</Names[(a)8 0 R]>>", 8: JAVASCRIPT},
        ),
    ),
    bad(
        "active_content",
        "PDF with script in its outline",
        lambda: in_catalog(b"/Outlines<</First 5 0 R/Last 5 0 R>>", {5: b"<</Title(read me)/A%s>>" % JAVASCRIPT}),
    ),
    bad(
        "active_content",
        "PDF with script in a chain of actions",
        lambda: acting(b"/S/GoTo/D[3 0 R/Fit]/Next[" + JAVASCRIPT + b"]"),
    ),
    bad(
        "active_content",
        "PDF with script at the end of a long chain",
        lambda: acting(b"/S/GoTo/D[3 0 R/Fit]/Next<<" * 30 + b"/S/JavaScript/JS(a)" + b">>" * 30),
    ),
    bad("active_content", "PDF with script after a hiding action", lambda: acting(b"/S/Hide/T(a)/Next" + JAVASCRIPT)),
    bad("active_content", "PDF with script beside a film", lambda: acting(b"/S/Rendition/JS(a)")),
    bad(
        "active_content",
        "PDF with script as a stream",
        lambda: on_page(b"/Annots[<</A<</S/JavaScript/JS 6 0 R>>>>]", {6: stream(b"app.alert(1)")}),
    ),
    bad(
        "active_content",
        "PDF with script injected through a link's address",  # what PDF-Lib and jsPDF wrote of `)>>/A<<...`
        lambda: annotated(b"/Subtype/Link/A<</S/URI/URI(x)>>/A<</S/JavaScript/JS(alert\\(1\\))/Type/Action>>"),
    ),
    bad(
        "active_content",
        "PDF with script for printing and closing",
        lambda: in_catalog(b"/AA<</WP%s/WC%s>>" % (JAVASCRIPT, JAVASCRIPT)),
    ),
    bad(
        "active_content",
        "PDF with script in a template page",
        lambda: in_catalog(
            b"/Names<</Templates<</Names[(t)5 0 R]>>>>", {5: PAGE.replace(b">>", b"/Annots[<</A%s>>]>>" % JAVASCRIPT)}
        ),
    ),
    bad(
        "active_content",
        "PDF with script in a thread's information",
        lambda: in_catalog(b"/Threads[<</I<</A%s>>>>]" % JAVASCRIPT),
    ),
    bad(
        "active_content",
        "PDF with script in a font's matrix",
        lambda: _font(b"/FontMatrix[1 0 0 1 0 (0\\); alert\\(1)]"),
    ),  # CVE-2024-4367
    bad("active_content", "PDF with script in a font's bounds", lambda: _font(b"/FontBBox[0 0 9 (alert\\(1\\))]")),
    bad("active_content", "PDF with a PostScript program as a drawing", lambda: drawn_from(b"/Subtype/PS")),
    bad(
        "active_content",
        "PDF with a PostScript program within a form",
        lambda: drawn_from(b"/Subtype/Form/Subtype2/PS/PS 4 0 R"),
    ),
)
