"""Files that people do upload, and files that somebody should not get past us.

To add one, add a line to the module of its kind: `good` and `bad` take a name that says what is special about it, and
how it is built; `bad` first the code of the reason it must be refused with.
"""

from tests.documents.corpus import (
    bombs,
    good_pdfs,
    good_pictures,
    hostile_pictures,
    liars,
    pdf_actions,
    pdf_carriers,
    pdf_damage,
    pdf_hiding,
    pdf_scripts,
    polyglots,
    producers,
)
from tests.documents.corpus.sample import HTML, JAVASCRIPT, MADE_UP_PROGRAM, PHP, SVG, Sample

__all__ = ["GOOD", "HOSTILE", "HOSTILE_PDF", "HTML", "JAVASCRIPT", "MADE_UP_PROGRAM", "PHP", "SVG", "Sample"]

GOOD = good_pdfs.SAMPLES + producers.SAMPLES + good_pictures.SAMPLES
HOSTILE = (
    pdf_scripts.SAMPLES
    + pdf_actions.SAMPLES
    + pdf_carriers.SAMPLES
    + pdf_hiding.SAMPLES
    + pdf_damage.SAMPLES
    + bombs.SAMPLES
    + polyglots.SAMPLES
    + hostile_pictures.SAMPLES
    + liars.SAMPLES
)
HOSTILE_PDF = tuple(sample for sample in HOSTILE if sample.name.startswith("PDF"))
