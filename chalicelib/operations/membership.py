"""会员资格: ended by an admin with a reason, and restored with one where that was an error (domain §4).

Everything in one commit: the register, the certificates that stand on membership, the credit code (free to join again,
by the same unit's record), the audit entry, the notices.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from chalicelib.operations.applications import association
from chalicelib.operations.audit import noted, reason_given
from chalicelib.operations.by_the_clock import every
from chalicelib.operations.commands import Deed, Order, once, unchanged_since
from chalicelib.operations.crediting import credit_of
from chalicelib.operations.notices import Said, tell_unit
from chalicelib.operations.ports import Change, Insert, Ports, Replace
from chalicelib.operations.registering import by_member_code
from chalicelib.operations.renewing import renewal_missed
from chalicelib.rules.membership import (
    already_ended,
    counting_again,
    ended,
    named,
    not_to_be_restored,
    revoked,
    revoked_with_it,
    still_open,
)
from chalicelib.rules.payments import yuan
from chalicelib.rules.records import Certificate, Claim, ClaimKind, Dossier, enterprise_owner, former_owner
from chalicelib.rules.vocabulary import Reason, Refused


def end(ports: Ports, order: Order, member_code: str, seen: int, reason: str) -> str:
    """终止会员资格, with its certificates; answers the enterprise's id.

    Raises Absent, Refused: no reason, ended already, changed since the admin looked, every application still open.
    """
    why = reason_given(reason)

    def deed() -> Deed:
        dossier = by_member_code(ports, member_code)
        _nothing_in_the_way(already_ended(dossier.enterprise))
        unchanged_since(seen, dossier.enterprise.version)
        # The dossier was read first: who submits meanwhile moves the enterprise, and this is decided again.
        owner = enterprise_owner(dossier.enterprise.id)
        _nothing_in_the_way(still_open(every(partial(ports.records.applications_of, owner))))
        return _ending(ports, order, dossier, why)

    return once(ports, order, deed)


def _ending(ports: Ports, order: Order, dossier: Dossier, why: str) -> Deed:
    now, enterprise = ports.clock.now(), dossier.enterprise
    gone, former = revoked_with_it(dossier), former_owner(enterprise.id)
    claim = _credit_code(ports, dossier)
    freed = Claim(kind=ClaimKind.CREDIT_CODE, value=enterprise.credit_code, holder=former, former=enterprise.id)
    changes = (
        Replace(enterprise, ended(dossier, now.date(), why)),
        *_certificates(ports, order, "revoke", gone, tuple(revoked(each, now.date(), why) for each in gone), now),
        Replace(claim, claim.changed(holder=former, former=enterprise.id)) if claim else Insert(freed),
        noted(ports, order.actor.id, enterprise_owner(enterprise.id), "end_membership", why, now),
        *_told(ports, dossier, "membership_ended", gone, why, now),
    )
    return Deed(changes, enterprise.id)


def restore(ports: Ports, order: Order, member_code: str, seen: int, reason: str) -> str:
    """撤销终止: an error is undone, and what was revoked with it counts again; answers the enterprise's id.

    Raises Absent, Refused: no reason, not ended, changed since the admin looked, or the unit's new join is under way.
    """
    why = reason_given(reason)

    def deed() -> Deed:
        dossier = by_member_code(ports, member_code)
        claim = _credit_code(ports, dossier)
        _nothing_in_the_way(not_to_be_restored(dossier.enterprise, claim))
        unchanged_since(seen, dossier.enterprise.version)
        return _restoring(ports, order, dossier, claim, why)

    return once(ports, order, deed)


def _restoring(ports: Ports, order: Order, dossier: Dossier, claim: Claim | None, why: str) -> Deed:
    now, enterprise = ports.clock.now(), dossier.enterprise
    roots = enterprise.ended.certificates if enterprise.ended else ()
    gone = tuple(each for each in dossier.certificates if each.root in roots)
    back = tuple(counting_again(each) for each in gone)
    holder = enterprise_owner(enterprise.id)
    changes = (
        Replace(enterprise, enterprise.changed(ended=None)),
        *_certificates(ports, order, "reinstate", gone, back, now),
        *(change for each in back for change in renewal_missed(ports, each, now)),
        *((Replace(claim, claim.changed(holder=holder, former=None)),) if claim else ()),
        noted(ports, order.actor.id, holder, "restore_membership", why, now),
        *_told(ports, dossier, "membership_restored", back, why, now),
    )
    return Deed(changes, enterprise.id)


def _certificates(
    ports: Ports, order: Order, deed: str, before: Sequence[Certificate], after: Sequence[Certificate], at: datetime
) -> Iterator[Change]:
    """Each with an audit entry of its own, as if it alone had been revoked or reinstated."""
    for was, now in zip(before, after, strict=True):
        why = now.revoked_reason or "撤销终止会员资格"
        yield Replace(was, now)
        yield noted(ports, order.actor.id, f"certificate:{was.root}", deed, why, at)


def _nothing_in_the_way(reasons: tuple[Reason, ...]) -> None:
    if reasons:
        raise Refused(*reasons)


def _credit_code(ports: Ports, dossier: Dossier) -> Claim | None:
    return ports.records.get(Claim, ClaimKind.CREDIT_CODE.value, dossier.enterprise.credit_code)


def _told(
    ports: Ports, dossier: Dossier, notice: str, certificates: Iterable[Certificate], why: str, at: datetime
) -> tuple[Change, ...]:
    """Everyone who represents the unit: he still reads its records, and can have it join again."""
    settings, enterprise = association(ports), dossier.enterprise
    credit = credit_of(ports, enterprise_owner(enterprise.id))
    context = {
        "association": settings.name, "telephone": settings.telephones[0].number, "unit": enterprise.name,
        "certificates": named(certificates), "credit": yuan(credit.balance) if credit and credit.balance else "",
        "reason": why, "time": f"{at:%Y年%m月%d日 %H:%M}",
    }  # fmt: skip
    occasion = f"{notice}-{enterprise.id}-{enterprise.version}"
    return tell_unit(ports, dossier, Said(notice, context, at), occasion)
