"""The page ``/``: what this service is, and where to go from here."""

from chalicelib.pages.imprint import Imprint
from chalicelib.pages.press import printed
from chalicelib.rules.association import Association
from chalicelib.rules.services import OFFERED


def home_page(association: Association, domain: str) -> str:
    offered = "、".join(row.service.chinese for row in OFFERED)
    return printed("home.html", imprint=Imprint.of(association, domain), offered=offered, root="")
