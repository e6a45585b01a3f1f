"""What a stranger sees who has scanned a certificate on a wall: is it valid today, and is it this one?"""

from typing import Any

from chalicelib.pages.certificate_view import CertificateView
from chalicelib.pages.imprint import Imprint
from chalicelib.pages.press import printed
from chalicelib.rules.association import Association
from chalicelib.rules.vocabulary import Reason


def verification_page(view: CertificateView) -> str:
    """The page at ``/v/{token}`` and ``/V/{token}``, one level below the root."""
    return printed("verification.html", view=view, imprint=view.imprint, root="../")


def verification_json(view: CertificateView) -> dict[str, Any]:
    """The same facts for programs."""
    return {
        "standing": view.standing.value,
        "standing_name": view.standing.chinese,
        "statement": view.statement,
        "current_standing": view.current.value,
        "kind": view.kind.value,
        "kind_name": view.kind.chinese,
        "number": view.number,
        "holder": view.holder,
        "credit_code": view.credit_code,
        "valid_from": view.valid_from.isoformat(),
        "valid_to": view.valid_to.isoformat(),
        "issued_on": view.issued_on.isoformat(),
        "revoked_on": view.revoked_on.isoformat() if view.revoked_on else None,
        "version": view.ordinal,
        "latest_version": view.latest,
        "test": view.test,
        "association": view.imprint.name,
        "checked_at": view.checked_at.isoformat(),
    }


def unknown(association: Association) -> Reason:
    """The one answer for what is unknown and for what cannot be an address at all."""
    telephone = f"（{association.telephones[0].number}）" if association.telephones else ""
    return Reason(
        "certificate_unknown",
        "未查询到该证书。",
        f"请重新扫描证书上的二维码，或按证书编号查询；仍查不到的，请致电{association.name}{telephone}核实。",
    )


def unknown_page(association: Association, domain: str) -> str:
    """What stands at ``/v/{anything}`` where no certificate is; to be sent with 404."""
    return printed("unknown.html", reason=unknown(association), imprint=Imprint.of(association, domain), root="../")


def unknown_json(association: Association) -> dict[str, Any]:
    """The same as problem details (RFC 9457), to be sent as application/problem+json with 404."""
    reason = unknown(association)
    return {
        "type": "about:blank",
        "title": "未查询到该证书",
        "status": 404,
        "reasons": [{"code": reason.code, "message": reason.message, "next": reason.next}],
    }
