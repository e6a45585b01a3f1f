"""Promises 8 and 10: other and absent look the same, nothing personal in clear; a paper drawn twice is the same."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.operations import applications, certificates, invoices, payments
from chalicelib.operations.commands import Absent
from chalicelib.rules.certificate_face import faces_of
from chalicelib.rules.records import AuditEntry, Claim, Invoice, Message, OutboxRow, User, enterprise_of
from chalicelib.rules.vocabulary import Actor, Role
from tests.year.promises.seen import Seen

SOME = 30
# IDs, mobiles and addresses as they are made up; digits within a hash are none
CLEAR = re.compile(r"449999\d{11}[\dX]|(?<![0-9a-zA-Z])199\d{8}(?![0-9a-zA-Z])|@example\.invalid")


def others_are_absent(seen: Seen) -> Iterator[str]:
    bound = [each for each in seen.all(User) if each.enterprise]
    theirs: list[tuple[str, str, Callable[..., object]]] = [
        *((each.id, each.owner, applications.own_folder) for each in seen.applications.values()),
        *(
            (each.id, seen.applications[each.applications[0]].owner, payments.payment_for)
            for each in seen.payments.values()
        ),
        *((each.root, each.holder, certificates.own) for each in seen.issued),
        *((each.id, each.owner, invoices.own) for each in seen.all(Invoice)),
    ]
    for thing, owner, read in seen.town.glance.sample(theirs, min(SOME, len(theirs))):
        for user in seen.town.glance.sample(bound, min(2, len(bound))):
            if enterprise_of(owner) != user.enterprise and owner != user.owner and _sees(seen, read, user, thing):
                yield f"{user.id} may see {thing} of {owner}"


def _sees(seen: Seen, read: Callable[..., object], user: User, thing: str) -> bool:
    try:
        read(seen.town.ports, Actor(user.id, frozenset({Role.APPLICANT}), user.enterprise), thing)
    except Absent:
        return False
    return True


def nothing_personal_lies_in_clear(seen: Seen) -> Iterator[str]:
    written: list[tuple[str, tuple[Any, ...]]] = [
        *((each.id, each.subject) for each in seen.all(OutboxRow)),
        *((each.id, tuple(each.context.values())) for each in seen.all(Message)),
        *((each.value, (each.value, each.holder)) for each in seen.all(Claim)),
        *((each.id, (each.subject, each.reason)) for each in seen.all(AuditEntry)),
    ]
    for identity, texts in written:
        if any(CLEAR.search(str(each)) for each in (identity, *texts)):
            yield f"personal data lie in clear in {identity}"
    yield from (f"personal data in a file's name: {each}" for each in seen.town.files.kept if CLEAR.search(each))


def the_same_paper(seen: Seen) -> Iterator[str]:
    for certificate in seen.town.glance.sample(seen.issued, min(SOME, len(seen.issued))):
        edition = seen.editions[certificate.root][-1]
        faces = faces_of(certificate.kind, seen.town.records.opened(edition).printed)
        for face, paper in zip(faces, edition.papers, strict=True):
            drawn = seen.town.ports.printer.draw(face)
            stored = seen.town.files.read(paper.file) or b""
            if drawn != seen.town.ports.printer.draw(face) or not stored.startswith(drawn):
                yield f"{certificate.number} drawn again is another paper"
