"""The page ``/verify``: look a certificate up by its number, for whoever has the paper but no camera.

For an enterprise the answer is what scanning shows. A practitioner's name is shown as 张* and without his photo:
numbers can be guessed, the address in a QR code cannot (domain §2, D).
"""

from chalicelib.pages.certificate_view import CertificateView
from chalicelib.pages.imprint import Imprint
from chalicelib.pages.press import printed
from chalicelib.rules.association import Association
from chalicelib.rules.vocabulary import Reason


def search_page(association: Association, domain: str) -> str:
    """The empty form; it asks ``verify?number=…``."""
    return _page(Imprint.of(association, domain))


def search_found_page(view: CertificateView) -> str:
    """``view`` comes from ``certificate_view(..., scanned=False)``. Raises ValueError for one made for a scan."""
    if view.scanned:
        raise ValueError("a search by number shows less than a scan does")
    return printed("found.html", view=view, imprint=view.imprint, root="", number=view.number, reasons=())


def search_refused_page(association: Association, domain: str, number: str, *reasons: Reason) -> str:
    """The form again, with what was typed and why there is no answer: unknown, or asked too often."""
    return _page(Imprint.of(association, domain), number, reasons)


def unknown_number(association: Association) -> Reason:
    """No certificate has this number, or the number is reserved or void: the same answer."""
    return Reason(
        "certificate_number_unknown",
        "未查询到该编号的证书。",
        f"请对照证书逐字核对编号（区分数字 0 与字母 O、数字 1 与字母 I）；仍查不到的，请致电{association.name}核实。",
        "number",
    )


def _page(imprint: Imprint, number: str = "", reasons: tuple[Reason, ...] = ()) -> str:
    return printed("search.html", imprint=imprint, root="", number=number, reasons=reasons)
