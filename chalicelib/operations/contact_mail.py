"""By e-mail to an enterprise's contact: what nobody can be told by WeChat, because nobody represents it (domain §1, D).

The mail names the enterprise and not the address: that is looked up when it is sent, as it is by then.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.operations.ports import Change, Insert, Ports, Require
from chalicelib.rules.records import Enterprise, Mail, OutboxRow, Told, Work, enterprise_owner

LETTER = "unit_notice"
NOTICE = "notice"  # in the mail's context: whose words it takes


def mail_of(ports: Ports, enterprise: str, message: str) -> Mail | None:
    """The mail by which this was told, by what a message about it would be known."""
    return ports.records.get(Mail, _known_as(ports, enterprise, message))


def to_the_contact(
    ports: Ports, enterprise: str, message: str, notice: str, context: Mapping[str, str], at: datetime,
    told: tuple[Told, ...] = (),
) -> tuple[Change, ...]:  # fmt: skip
    """The mail and its outbox row, with the enterprise as it is: whoever binds himself meanwhile hears instead."""
    known = ports.records.get(Enterprise, enterprise)
    if known is None:
        return ()
    mail = Mail(
        id=_known_as(ports, enterprise, message), letter=LETTER, context={**context, NOTICE: notice}, asked_at=at,
        asked_by=enterprise_owner(enterprise), contact_of=enterprise, told=told,
    )  # fmt: skip
    row = OutboxRow(id=f"mail-{mail.id}", work=Work.MAIL, subject=(mail.id,), at=at)
    return (Insert(mail), Insert(row), Require(known))


def _known_as(ports: Ports, enterprise: str, message: str) -> str:
    """Derived, so that the same is not told twice; hashed, for it goes out with the letter and may hold a number."""
    return "m" + ports.ids.keyed("contact-mail", f"{enterprise} {message}")[:32]
