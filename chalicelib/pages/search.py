"""The page ``/verify``: look a certificate up by its number, for whoever has the paper but no camera.

For an enterprise the answer is what scanning shows. A practitioner's name is shown as 张* and without his photo:
numbers can be guessed, the address in a QR code cannot (domain §2, D).
"""

from collections.abc import Mapping

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
    telephone = f"（{association.telephones[0].number}）" if association.telephones else ""
    return Reason(
        "certificate_number_unknown",
        "未查询到该编号的证书。",
        "请对照证书逐字核对编号（区分数字 0 与字母 O、数字 1 与字母 I）；"
        f"仍查不到的，请致电{association.name}{telephone}核实。",
        "number",
    )


def _page(imprint: Imprint, number: str = "", reasons: tuple[Reason, ...] = ()) -> str:
    return printed("search.html", imprint=imprint, root="", number=number, reasons=reasons, english=_english(imprint))


def _english(imprint: Imprint) -> Mapping[str, str]:
    """What the reasons say, for those who do not read Chinese."""
    call = f"call the association ({imprint.telephone})" if imprint.telephone else "call the association"
    return {
        "certificate_number_unknown": f"No certificate has this number. Please compare it letter by letter, or {call}.",
        "too_many_searches": "Too many searches. Please wait a minute, or scan the QR code on the certificate.",
    }
