"""A page that says what it is, and says nothing of the clock or the machine that made it."""

from datetime import UTC, datetime

from fpdf import FPDF

from chalicelib.documents.imprint import PRODUCER, Imprint
from chalicelib.documents.layout import Layout


class Page(FPDF):
    """An FPDF whose file identifier is told, not drawn from its bytes."""

    def __init__(self, layout: Layout, imprint: Imprint) -> None:
        super().__init__(unit="mm", format=(layout.width, layout.height))
        self._identity = imprint.identity.upper()
        self.set_auto_page_break(auto=False)
        self.set_title(imprint.title)
        self.set_subject(imprint.subject)
        self.set_author(imprint.author)
        self.set_creator(PRODUCER)
        self.set_producer(PRODUCER)
        self.set_lang(imprint.language)
        self.set_creation_date(datetime.combine(imprint.made_on, datetime.min.time(), UTC))
        self.add_page()

    def file_id(self) -> str:
        return f"<{self._identity}><{self._identity}>"
