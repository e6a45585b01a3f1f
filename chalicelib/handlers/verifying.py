"""查验: whether a certificate is valid today, by the address in its QR code or by its number; a page, or JSON."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.handlers.calls import Answer, Call
from chalicelib.handlers.desks import PUBLIC
from chalicelib.handlers.paper import domain, page
from chalicelib.handlers.problems import Rejected
from chalicelib.handlers.schemas.certificates import NumberAsked, Verification
from chalicelib.operations import certificates
from chalicelib.operations.catalogue import imprint
from chalicelib.operations.certificates import Found
from chalicelib.pages.certificate_view import CertificateView, certificate_view
from chalicelib.pages.search import search_found_page, search_page, search_refused_page, unknown_number
from chalicelib.pages.verification import unknown, unknown_page, verification_json, verification_page
from chalicelib.rules.association import Association
from chalicelib.rules.vocabulary import Reason

SEARCHES_A_MINUTE = 30
LONGEST_NUMBER = 100  # and no number of ours is as long: a longer one is as unknown as its beginning
NO_NUMBER = Reason("field_missing", "缺少证书编号。", "请在 number 中写明证书上的编号。", "number")


@PUBLIC.reads("/V/{token}", "查验证书（二维码的地址）", Verification, html=True)
def verify_scanned(call: Call, token: str) -> Answer:
    return verified(call, token)


@PUBLIC.reads("/v/{token}", "查验证书", Verification, html=True)
def verify(call: Call, token: str) -> Answer:
    return verified(call, token)


def verified(call: Call, token: str) -> Answer:
    """Unknown and malformed tokens answer alike."""
    settings = imprint(call.ports)
    view = view_of(call, settings, certificates.verify(call.ports, token), scanned=True)
    if view is not None:
        return shown(call, view, verification_page)
    if call.prefers_json():
        raise Rejected(404, unknown(settings))
    return page(unknown_page(settings, domain(call)), 404)


@PUBLIC.reads("/verify", "按编号查验证书", Verification, asks=NumberAsked, html=True, also=(404, 429))
def search(call: Call, asked: NumberAsked) -> Answer:
    """Without a number: the form."""
    settings = imprint(call.ports)
    number = (asked.number or "").strip()[:LONGEST_NUMBER]
    if not number:
        return no_number(call, settings)
    refusal = too_often(call)
    view = None if refusal else view_of(call, settings, certificates.search(call.ports, number), scanned=False)
    if view is not None:
        return shown(call, view, search_found_page)
    status, reason = (429, refusal) if refusal else (404, unknown_number(settings))
    if call.prefers_json():
        raise Rejected(status, reason)
    return page(search_refused_page(settings, domain(call), number, reason), status)


def no_number(call: Call, settings: Association) -> Answer:
    if call.prefers_json():
        raise Rejected(422, NO_NUMBER)
    return page(search_page(settings, domain(call)))


def too_often(call: Call) -> Reason | None:
    """Numbers can be guessed, so guessing is slow; who asks is kept as a keyed hash for two minutes."""
    ports, now = call.ports, call.ports.clock.now()
    visitor = ports.ids.keyed("visitor", str(call.request.context.get("identity", {}).get("sourceIp", "")))[:32]
    if ports.records.tally(f"search#{visitor}#{now:%Y%m%d%H%M}", now + timedelta(minutes=2)) <= SEARCHES_A_MINUTE:
        return None
    return Reason("too_many_searches", "查询过于频繁。", "请一分钟后再试，或扫描证书上的二维码查验。", "number")


def view_of(call: Call, settings: Association, found: Found | None, *, scanned: bool) -> CertificateView | None:
    if found is None:
        return None
    return certificate_view(
        found.family, found.ordinal, call.ports.clock.now(), settings,
        domain=domain(call), scanned=scanned, test=call.ports.printer.is_test,
    )  # fmt: skip


def shown(call: Call, view: CertificateView, drawn: Callable[[CertificateView], str]) -> Answer:
    if call.prefers_json():
        return Answer(Verification.model_validate(verification_json(view)))
    return page(drawn(view))
