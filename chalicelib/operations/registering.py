"""登记信息 without an application: the contact by the member himself, and what is wrong in the register by an admin."""

from collections.abc import Mapping
from datetime import date

from chalicelib.operations.audit import noted
from chalicelib.operations.commands import Absent, Deed, Order, once, unchanged_since
from chalicelib.operations.ports import Change, Insert, Ports, Remove, Replace
from chalicelib.rules.folding import fold
from chalicelib.rules.grammar import Field
from chalicelib.rules.guards import field_reasons
from chalicelib.rules.records import Claim, ClaimKind, Dossier, Enterprise, enterprise_of, enterprise_owner
from chalicelib.rules.services import JOIN
from chalicelib.rules.vocabulary import Personal, Reason, Refused

CONTACT = ("contact_name", "contact_mobile", "contact_email", "contact_post")
DAYS = frozenset({"founded_on"})


def edit_contact(ports: Ports, order: Order, given: Mapping[str, str]) -> str:
    """联系人 is edited directly, without an application (domain §4, D); answers the enterprise's id.

    Raises Absent when the actor represents nobody, Refused with every reason for what was typed.
    """

    def deed() -> Deed:
        dossier = ports.records.dossier(order.actor.enterprise) if order.actor.enterprise else None
        if dossier is None:
            raise Absent
        values = _read(ports, {name: text for name, text in given.items() if name in CONTACT})
        return Deed((_moved(dossier.enterprise, values),), dossier.enterprise.id)

    return once(ports, order, deed)


def correct(ports: Ports, order: Order, member_code: str, seen: int, given: Mapping[str, str], reason: str) -> str:
    """An admin puts right what the register has wrong while the licence has not changed, with a reason that is kept.

    Certificates follow with their next version (review, dues, change). Answers the enterprise's id. Raises Absent,
    Refused: nothing given, what cannot be right, a credit code that another unit holds, changed since it was seen.
    """

    def deed() -> Deed:
        dossier = by_member_code(ports, member_code)
        unchanged_since(seen, dossier.enterprise.version)
        if not reason.strip() or not given:
            told = "更正登记信息必须写明更正的内容和理由。"
            raise Refused(Reason("reason_required", told, "请填写要更正的项目，并写明依据后再提交。", "reason"))
        values = _read(ports, given)
        claims = _code_moved(ports, dossier.enterprise, str(values.get("credit_code", "")))
        entry = noted(ports, order.actor.id, f"enterprise:{dossier.enterprise.id}", "correct", reason.strip())
        return Deed((_moved(dossier.enterprise, values), *claims, entry), dossier.enterprise.id)

    return once(ports, order, deed)


def by_member_code(ports: Ports, member_code: str) -> Dossier:
    """Raises Absent."""
    claim = ports.records.get(Claim, ClaimKind.MEMBER_CODE.value, fold(member_code))
    dossier = ports.records.dossier(enterprise_of(claim.holder) or "-") if claim else None
    if dossier is None:
        raise Absent
    return dossier


def _moved(enterprise: Enterprise, values: Mapping[str, object]) -> Change:
    return Replace(enterprise, enterprise.changed(**values))


def _read(ports: Ports, given: Mapping[str, str]) -> dict[str, object]:
    """In canonical writing, by the fields of 入会. Raises Refused with every reason."""
    fields = {name: JOIN.field(name) for name in given}
    today = ports.clock.today()
    reasons = [_unknown(name) for name, field in fields.items() if field is None]
    reasons += [r for name, f in fields.items() if f is not None for r in field_reasons(f, given[name], today)]
    if reasons:
        raise Refused(*reasons)
    return {name: _value(field, given[name]) for name, field in fields.items() if field is not None}


def _unknown(name: str) -> Reason:
    return Reason("unknown_field", f"登记信息没有“{name[:60]}”这一项。", "请按会员单位信息中的项目填写。", name)


def _value(field: Field, text: str) -> object:
    canonical = field.fold(text)
    if field.mask is not None:
        return Personal(field.mask(canonical), canonical)
    return date.fromisoformat(canonical) if field.name in DAYS else canonical


def _code_moved(ports: Ports, enterprise: Enterprise, code: str) -> tuple[Change, ...]:
    """The guard row of the credit code goes with it: another unit's is refused by the row itself."""
    if not code or code == enterprise.credit_code:
        return ()
    kind, holder = ClaimKind.CREDIT_CODE, enterprise_owner(enterprise.id)
    old, taken = ports.records.get_many((Claim, (kind.value, enterprise.credit_code)), (Claim, (kind.value, code)))
    if isinstance(taken, Claim):
        told = "该统一社会信用代码已登记在另一家单位名下，或有入会申请正在办理。"
        raise Refused(Reason("code_taken", told, "请核对营业执照；确属重复登记的，请先处理另一家。", "credit_code"))
    if not isinstance(old, Claim):
        return (Insert(Claim(kind=kind, value=code, holder=holder)),)
    if old.holder.startswith("application:"):
        told = "该单位的重新入会申请正在办理，占用现在的统一社会信用代码。"
        raise Refused(Reason("join_under_way", told, "请待入会办结，或该申请被打回、撤回后再更正。", "credit_code"))
    return (Remove(old), Insert(Claim(kind=kind, value=code, holder=old.holder, former=old.former)))
