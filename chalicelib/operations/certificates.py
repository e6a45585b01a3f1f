"""Certificates once they count: whose they are, download, e-mail, verification by anyone, revocation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.operations.applications import association, is_own
from chalicelib.operations.audit import noted, reason_given
from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.notices import Said, tell_unit
from chalicelib.operations.ports import Change, Insert, Ports, Replace
from chalicelib.operations.renewing import renewal_missed
from chalicelib.rules.certificate_face import chinese_date
from chalicelib.rules.certificates import address, edition_of, is_issued, token
from chalicelib.rules.folding import half_width, read_as, without_invisible
from chalicelib.rules.identifiers import email, mask_email
from chalicelib.rules.membership import not_to_be_reinstated
from chalicelib.rules.records import (
    Certificate,
    Claim,
    ClaimKind,
    Dossier,
    Edition,
    Family,
    Mail,
    OutboxRow,
    Work,
    enterprise_of,
)
from chalicelib.rules.vocabulary import Actor, CertificateKind, Part, Personal, Reason, Refused

# Guide, chapter 五, question 9.
PAPER = {
    CertificateKind.MEMBER: "A4 纸",
    CertificateKind.QUALIFICATION: "A3 纸（正本）和 A4 纸（副本）",
    CertificateKind.TRAINING: "A4 纸",
}


@dataclass(frozen=True)
class Found:
    """A certificate that counts, and which of its versions was asked for. Its standing is told by the rules."""

    family: Family
    ordinal: int


def verify(ports: Ports, token: str) -> Found | None:
    """One strongly consistent read. Unknown and malformed tokens answer alike: None."""
    sought = address(token)
    family = ports.records.family(sought.root) if sought else None
    return _counting(family, sought.ordinal) if sought and family else None


def search(ports: Ports, number: str) -> Found | None:
    """By the number printed on it: a pointer leads to the certificate's latest version. Two reads."""
    family = _numbered(ports, number)
    return _counting(family, family.certificate.latest) if family else None


def _numbered(ports: Ports, number: str) -> Family | None:
    """As it is printed, or as a Chinese keyboard writes it; a number may itself have full-width brackets."""
    typed = without_invisible(number).strip().upper()
    for written in dict.fromkeys((typed, half_width(typed))):
        pointer = ports.records.get(Claim, ClaimKind.CERTIFICATE_NUMBER.value, written)
        if pointer is not None:
            return ports.records.family(pointer.holder.removeprefix("certificate:"))
    return None


def _counting(family: Family, ordinal: int) -> Found | None:
    issued = is_issued(family.certificate) and edition_of(family, ordinal) is not None
    return Found(family, ordinal) if issued else None


# --- the holder's own -------------------------------------------------------------------------------------------------


def mine(ports: Ports, actor: Actor) -> tuple[Certificate, ...]:
    """企业证件: the certificates of the enterprise the actor represents; none when he is not bound."""
    dossier = ports.records.dossier(actor.enterprise) if actor.enterprise else None
    return tuple(each for each in dossier.certificates if is_issued(each)) if dossier else ()


def own(ports: Ports, actor: Actor, root: str) -> Family:
    """Raises Absent for a certificate that is not his enterprise's."""
    family = ports.records.family(root)
    if family is None or not is_issued(family.certificate) or not is_own(actor, family.certificate.holder):
        raise Absent
    return family


def file_link(ports: Ports, family: Family, part: Part | None = None) -> str:
    """A short-lived address of the latest version's PDF; of its first paper, unless a part is named. Raises Absent."""
    certificate = family.certificate
    papers = latest(family).papers
    paper = next((each for each in papers if part in (None, each.part)), None)
    if paper is None:
        raise Absent
    seconds = association(ports).windows.link_seconds
    name = f"{certificate.kind.chinese}{paper.part.chinese}-{certificate.number}.pdf"
    return ports.files.link(paper.file, seconds, name)


def latest(family: Family) -> Edition:
    edition = edition_of(family, family.certificate.latest)
    if edition is None:
        raise Absent
    return edition


def send_to(ports: Ports, order: Order, root: str, to: str) -> str:
    """发送到邮箱: asks for the latest version to be mailed to the address typed in; answers the mail's id.

    Raises folding.Misfilled for the address, Absent, Refused when too many mails were asked for this hour.
    """
    folded = read_as("to", email, to)

    def deed() -> Deed:
        family = own(ports, order.actor, root)
        mail = _mail(ports, order, family, folded)
        _not_too_many(ports, order)
        row = OutboxRow(id=f"mail-{mail.id}", work=Work.MAIL, subject=(mail.id,), at=mail.asked_at)
        return Deed((Insert(mail), Insert(row)), mail.id)

    return once(ports, order, deed)


def _not_too_many(ports: Ports, order: Order) -> None:
    now, most = ports.clock.now(), association(ports).windows.mails_per_hour
    if ports.records.tally(f"mail#{order.actor.id}#{now:%Y%m%d%H}", now + timedelta(hours=2)) > most:
        told = f"一小时内最多发送 {most} 封邮件。"
        raise Refused(Reason("too_many_mails", told, "请稍后再试，或直接下载证书。", "to"))


def _mail(ports: Ports, order: Order, family: Family, to: str) -> Mail:
    certificate, settings = family.certificate, association(ports)
    context = {
        "association": settings.name, "telephone": settings.telephones[0].number,
        "certificate": certificate.kind.chinese, "number": certificate.number, "holder": certificate.holder_name,
        "valid_from": chinese_date(certificate.valid_from), "valid_to": chinese_date(certificate.valid_to),
        "paper": PAPER[certificate.kind], "test": "test" if ports.printer.is_test else "",
        "verify_url": f"{ports.public_url}/V/{token(certificate.root, certificate.latest)}",
    }  # fmt: skip
    return Mail(
        id=ports.ids.new("m"), to=Personal(mask_email(to), to), letter="certificate", context=context,
        asked_at=ports.clock.now(), asked_by=order.actor.id, root=certificate.root, ordinal=certificate.latest,
    )  # fmt: skip


# --- by staff ---------------------------------------------------------------------------------------------------------


def for_staff(ports: Ports, number: str) -> Family:
    family = _numbered(ports, number)
    if family is None:
        raise Absent
    return family


def revoke(ports: Ports, order: Order, number: str, reason: str) -> str:
    """注销: from this moment the public page says so. Takes a reason; an error can be undone with `reinstate`."""

    def changed(certificate: Certificate, _: Dossier | None, today: date) -> Certificate:
        if certificate.revoked_on is not None:
            raise Refused(Reason("already_revoked", "该证书已注销。", "请刷新查看注销日期和理由。"))
        return certificate.changed(revoked_on=today, revoked_reason=reason.strip())

    return _by_staff(ports, order, number, reason, changed)


def reinstate(ports: Ports, order: Order, number: str, reason: str) -> str:
    """Undoes a revocation that was an error, with a reason (domain §2, D)."""

    def changed(certificate: Certificate, dossier: Dossier | None, _: date) -> Certificate:
        if certificate.revoked_on is None:
            raise Refused(Reason("not_revoked", "该证书没有被注销。", "请刷新查看证书状态。"))
        if reasons := not_to_be_reinstated(certificate, dossier):
            raise Refused(*reasons)
        return certificate.changed(revoked_on=None, revoked_reason=None)

    return _by_staff(ports, order, number, reason, changed)


def _by_staff(
    ports: Ports, order: Order, number: str, reason: str,
    changed: Callable[[Certificate, Dossier | None, date], Certificate],
) -> str:  # fmt: skip
    """One change of a certificate with its audit entry and the holder's notice."""
    why = reason_given(reason)

    def deed() -> Deed:
        certificate = for_staff(ports, number).certificate
        if not is_issued(certificate):
            raise Refused(Reason("not_issued", "该编号没有制成证书。", "请核对证书编号。", "number"))
        now, dossier = ports.clock.now(), ports.records.dossier(enterprise_of(certificate.holder) or "")
        after = changed(certificate, dossier, now.date())
        told = _holder_told(ports, after, dossier, now, why)
        entry = noted(ports, order.actor.id, f"certificate:{certificate.root}", order.operation, why, now)
        missed = renewal_missed(ports, after, now) if after.revoked_on is None else ()
        return Deed((Replace(certificate, after), *told, entry, *missed), certificate.root)

    return once(ports, order, deed)


def _holder_told(
    ports: Ports, certificate: Certificate, dossier: Dossier | None, at: datetime, reason: str
) -> tuple[Change, ...]:
    """The enterprise's representatives hear of it; its facts move, so that no decision on the old ones commits."""
    if dossier is None:
        return ()
    settings = association(ports)
    notice = "certificate_revoked" if certificate.revoked_on else "certificate_reinstated"
    context = {
        "association": settings.name, "telephone": settings.telephones[0].number, "unit": certificate.holder_name,
        "certificate": certificate.kind.chinese, "number": certificate.number, "reason": reason,
        "time": f"{at:%Y年%m月%d日 %H:%M}",
    }  # fmt: skip
    occasion = f"{certificate.number}-{certificate.version}"
    heard = tell_unit(ports, dossier, Said(notice, context, at), occasion)
    return (Replace(dossier.enterprise, dossier.enterprise.changed()), *heard)
