"""The page ``/``: what this service is, and where to go from here."""

from chalicelib.pages.imprint import Imprint
from chalicelib.pages.press import printed
from chalicelib.rules.association import Association


def home_page(association: Association, domain: str) -> str:
    return printed("home.html", imprint=Imprint.of(association, domain), root="")
