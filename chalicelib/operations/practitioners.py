"""从业人员: entered by staff with the certificate they hold; an enterprise sees its own roll."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.operations.audit import noted
from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Replace
from chalicelib.operations.registering import by_member_code
from chalicelib.rules.folding import read_each
from chalicelib.rules.identifiers import mask_id, mask_name, person_name, resident_id
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
        person, told = _practitioner(ports, each, enterprise)
        read += [person] if person else []
        reasons += [_of_line(line, reason) for reason in told]
    if len({each.id for each in read}) < len(read):
        reasons.append(Reason("person_twice", "同一身份证号出现了两次。", "请每人只填一行。", "people"))
    if len({each.certificate_number for each in read}) < len(read):
        reasons.append(Reason("number_twice", "同一证书编号出现了两次。", "请核对证书编号。", "people"))
    if reasons:
        raise Refused(*reasons)
    return tuple(read)


def _of_line(line: int, reason: Reason) -> Reason:
    return replace(reason, message=f"第 {line + 1} 人：{reason.message}", field=f"people.{line}.{reason.field}")


def _practitioner(ports: Ports, entered: Entered, enterprise: str) -> tuple[Practitioner | None, tuple[Reason, ...]]:
    """The person, or every reason why he cannot be as entered."""
    today = ports.clock.today()
    folds: dict[str, Callable[[str], str]] = {"name": person_name, "id_number": lambda text: resident_id(text, today)}
    read, reasons = read_each(folds, {"name": entered.name, "id_number": entered.id_number})
    if entered.valid_to < entered.valid_from:
        reasons = (*reasons, Reason("dates_reversed", "证书的有效期止日早于起日。", "请按证书核对有效期。", "valid_to"))
    return (None if reasons else _as_entered(ports, entered, enterprise, **read)), reasons


def _as_entered(ports: Ports, entered: Entered, enterprise: str, name: str, id_number: str) -> Practitioner:
    return Practitioner(
        id="w" + ports.ids.keyed("resident_id", id_number)[:32], name=Personal(mask_name(name), name),
        id_kind="resident_id", id_number=Personal(mask_id(id_number), id_number), employer=enterprise,
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
