"""从业人员: entered by staff with the certificate they hold; an enterprise sees its own roll."""

from dataclasses import dataclass
from datetime import date

from chalicelib.operations.audit import noted
from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Replace
from chalicelib.operations.registering import by_member_code
from chalicelib.rules.identifiers import Malformed, mask_id, mask_name, person_name, resident_id
from chalicelib.rules.records import Claim, ClaimKind, Practitioner
from chalicelib.rules.vocabulary import Actor, Personal, Reason, Refused

MOST_AT_ONCE = 20  # one transaction holds them with their roll rows and numbers


@dataclass(frozen=True)
class Entered:
    """One practitioner as staff enter him: resident ID, the certificate he holds, by whom he is employed."""

    name: str
    id_number: str
    certificate_number: str
    valid_from: date
    valid_to: date
    legacy: bool = False


def enter(ports: Ports, order: Order, member_code: str, people: tuple[Entered, ...]) -> str:
    """Puts people on an enterprise's roll, all of them or none; answers the enterprise's id.

    Who is known already keeps his record, with the certificate as entered. Raises Refused with every reason: another
    enterprise's, a number that belongs to somebody else, data that cannot be right; Absent for the member code.
    """

    def deed() -> Deed:
        dossier = by_member_code(ports, member_code)
        now = ports.clock.now()
        wanted = _readable(ports, people, dossier.enterprise.id)
        found = ports.records.get_many(*((Practitioner, (each.id,)) for each in wanted))
        claims = ports.records.get_many(*((Claim, _number_key(each)) for each in wanted))
        changes: list[Change] = []
        reasons: list[Reason] = []
        for each, known, claim in zip(wanted, found, claims, strict=True):
            changed, told = _entered(each, known, claim)
            changes += changed
            reasons += told
        if reasons:
            raise Refused(*reasons)
        moved = Replace(dossier.enterprise, dossier.enterprise.changed())
        entry = noted(ports, order.actor.id, f"enterprise:{dossier.enterprise.id}", "enter_practitioners", "", now)
        return Deed((*changes, moved, entry), dossier.enterprise.id)

    return once(ports, order, deed)


def _number_key(practitioner: Practitioner) -> tuple[str, str]:
    return (ClaimKind.CERTIFICATE_NUMBER.value, practitioner.certificate_number)


def _readable(ports: Ports, people: tuple[Entered, ...], enterprise: str) -> tuple[Practitioner, ...]:
    """What was entered, in canonical writing. Raises Refused with everything that cannot be right, by line."""
    read: list[Practitioner] = []
    reasons: list[Reason] = []
    for line, each in enumerate(people):
        try:
            read.append(_practitioner(ports, each, enterprise))
        except Malformed as malformed:
            reason = malformed.reason
            told = f"第 {line + 1} 人：{reason.message}"
            reasons.append(Reason(reason.code, told, reason.next, f"people.{line}"))
    if len({each.id for each in read}) < len(read):
        reasons.append(Reason("person_twice", "同一身份证号出现了两次。", "请每人只填一行。", "people"))
    if len({each.certificate_number for each in read}) < len(read):
        reasons.append(Reason("number_twice", "同一证书编号出现了两次。", "请核对证书编号。", "people"))
    if reasons:
        raise Refused(*reasons)
    return tuple(read)


def _practitioner(ports: Ports, entered: Entered, enterprise: str) -> Practitioner:
    name, number = person_name(entered.name), resident_id(entered.id_number, ports.clock.today())
    if entered.valid_to < entered.valid_from:
        raise Malformed("dates_reversed", "证书的有效期止日早于起日。", "请按证书核对有效期。")
    return Practitioner(
        id="w" + ports.ids.keyed("resident_id", number)[:32], name=Personal(mask_name(name), name),
        id_kind="resident_id", id_number=Personal(mask_id(number), number), employer=enterprise,
        certificate_number=entered.certificate_number.strip().upper(), valid_from=entered.valid_from,
        valid_to=entered.valid_to, legacy=entered.legacy, entered_at=ports.clock.now(),
    )  # fmt: skip


def _entered(wanted: Practitioner, known: object, claim: object) -> tuple[tuple[Change, ...], tuple[Reason, ...]]:
    """One person's changes, or why not. A refusal never names the other employer (domain §4, D)."""
    holder = f"practitioner:{wanted.id}"
    masked = wanted.name.masked
    if isinstance(known, Practitioner) and known.employer not in (None, wanted.employer):
        told = f"{masked} 登记在其他单位名下。"
        return (), (Reason("employed_elsewhere", told, "请由新单位办理“更改”。", wanted.certificate_number),)
    if isinstance(claim, Claim) and claim.holder != holder:
        told = f"证书编号 {wanted.certificate_number} 已登记为他人所有。"
        return (), (Reason("number_taken", told, "请核对证书编号。", wanted.certificate_number),)
    pointer = Insert(Claim(kind=ClaimKind.CERTIFICATE_NUMBER, value=wanted.certificate_number, holder=holder))
    pointers = () if isinstance(claim, Claim) else (pointer,)
    if isinstance(known, Practitioner):
        after = known.changed(
            name=wanted.name, id_number=wanted.id_number, employer=wanted.employer, valid_from=wanted.valid_from,
            certificate_number=wanted.certificate_number, valid_to=wanted.valid_to, legacy=wanted.legacy,
        )  # fmt: skip
        return (Replace(known, after), *pointers), ()
    return (Insert(wanted), *pointers), ()


def roll(ports: Ports, actor: Actor, asked: Asked) -> Page[Practitioner]:
    """从业人员证件: the actor's enterprise's own, longest valid first. Raises Absent when he is not bound."""
    if actor.enterprise is None:
        raise Absent
    page = ports.records.practitioners_of(actor.enterprise, asked)
    return Page(tuple(ports.records.opened(each) for each in page.items), page.next)
