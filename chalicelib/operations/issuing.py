"""制证: reserve a number where one is needed; draw, seal, read back, store; then one commit makes it all count.

Every part may be done again: the reservation is on the application, the drawing is the same for the same content, the
place of the file derives from what it says and is, and the commit is conditioned on all it read.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.operations.applications import AT_ISSUE, opened_folder, recorded
from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.crediting import passed_on
from chalicelib.operations.editions import Draft, drafts, first_dates, new_kind
from chalicelib.operations.enrolment import enrolled, register_moved, year_booked
from chalicelib.operations.facts import Gathered, gather
from chalicelib.operations.ports import Busy, Change, Insert, Ports, Replace
from chalicelib.rules.certificate_face import Face, printed
from chalicelib.rules.certificates import number
from chalicelib.rules.records import (
    Application,
    Certificate,
    Claim,
    ClaimKind,
    Counter,
    Dossier,
    Edition,
    Folder,
    Paper,
    enterprise_owner,
)
from chalicelib.rules.vocabulary import THE_SYSTEM, Action, CertificateKind, Effect, Reason, Refused, State, plain
from chalicelib.rules.workflow import Decision, decide

PDF = "application/pdf"


class NotFitToCount(Exception):  # noqa: N818 - the trade's word
    """The finished certificate did not pass its own reading back: it must not count, and staff must see it."""


@dataclass(frozen=True)
class Finished:
    """A version drawn, sealed, read back and stored; it counts with the commit."""

    draft: Draft
    papers: tuple[Paper, ...]

    def changes(self, at: datetime) -> tuple[Change, ...]:
        after = self.draft.after
        edition = Edition(
            root=after.root, ordinal=after.latest, valid_from=after.valid_from, valid_to=after.valid_to,
            issued_at=at, papers=self.papers, printed=printed(self.draft.faces[0]),
        )  # fmt: skip
        return (Replace(self.draft.before, after), Insert(edition))


def issue(ports: Ports, application: str) -> None:
    """Issues what the application has earned. Asked again, early or late: it finds it done and changes nothing.

    Raises NotFitToCount, Busy, or what a port raises: then nothing counts yet, and the queue asks again.
    """
    folder = _being_made(ports, application)
    if folder is None or not _may_still_be_issued(ports, folder):
        return
    reserve(ports, application)
    planned = _planned(ports, application)
    if planned is None:
        return
    finished = tuple(finish(ports, each) for each in planned[1])
    settle(ports, lambda: _counted(ports, application, finished))


def _being_made(ports: Ports, application: str) -> Folder | None:
    folder = ports.records.folder(application)
    if folder is None or folder.application.state is not State.BEING_MADE:
        return None
    return opened_folder(ports, folder)


def _may_still_be_issued(ports: Ports, folder: Folder) -> bool:
    """The guards once more, before a number is spent; where one fails the application is held for the certifier."""
    reasons, before = _in_the_way(ports, folder), folder.application
    if reasons and before.held_by != reasons:
        ports.records.commit(Replace(before, before.changed(held_by=reasons)))
    return not reasons


def _in_the_way(ports: Ports, folder: Folder) -> tuple[Reason, ...]:
    try:
        decide(folder.application, Action.ISSUE, THE_SYSTEM, gather(ports, folder).facts)
    except Refused as refused:
        return refused.reasons
    return ()


def is_held(ports: Ports, application: str) -> bool:
    """Whether it is held by what still stands, word for word: another try would come to the same. Changes nothing."""
    folder = _being_made(ports, application)
    if folder is None or not folder.application.held_by:
        return False
    return folder.application.held_by == _in_the_way(ports, folder)


# --- reserve ----------------------------------------------------------------------------------------------------------


def reserve(ports: Ports, application: str) -> None:
    """A number for the application, if it needs a new certificate and has none yet. Raises Busy."""
    settle(ports, lambda: _reservation(ports, application))


def _reservation(ports: Ports, application: str) -> Deed | None:
    folder = _being_made(ports, application)
    if folder is None or folder.application.certificate is not None:
        return None
    gathered = gather(ports, folder)
    kind = new_kind(folder.application, gathered.dossier)
    if kind is None:
        return None
    certificate, counting = _next_certificate(ports, gathered, folder.application, kind)
    before = folder.application
    taken = Replace(before, before.changed(certificate=certificate.root))
    claims = (Insert(claim) for claim in _claims(certificate, gathered))
    return Deed((counting, Insert(certificate), *claims, taken), certificate.root)


def _claims(certificate: Certificate, gathered: Gathered) -> Iterator[Claim]:
    yield Claim(kind=ClaimKind.CERTIFICATE_NUMBER, value=certificate.number, holder=f"certificate:{certificate.root}")
    if certificate.member_code is not None and gathered.facts.known is None:
        yield Claim(kind=ClaimKind.MEMBER_CODE, value=certificate.member_code, holder=certificate.holder)


def _next_certificate(
    ports: Ports, gathered: Gathered, application: Application, kind: CertificateKind
) -> tuple[Certificate, Change]:
    """The number's year and every date come of one look at the clock: new year may come between two.

    A unit that joins gets its id and member code with the number; one that joins again keeps both (domain §4).
    """
    today, dossier, known = gathered.facts.today, gathered.dossier, gathered.facts.known
    n, counting = _count(ports, kind, today.year)
    term = first_dates(kind, application, today, tuple(each.year for each in known.years) if known else ())
    given = number(gathered.association.number_patterns[kind.value], today.year, n)
    certificate = Certificate(
        root=ports.ids.root(), kind=kind, number=given,
        holder=enterprise_owner(known.enterprise.id if known else ports.ids.new("e")),
        holder_name=application.title, member_code=None if dossier else _member_code(ports, known),
        credit_code=dossier.enterprise.credit_code if dossier else plain(application.form.get("credit_code")),
        valid_from=term.first, valid_to=term.last, held_since=term.held_since, issued_on=today,
        application=application.id,
    )  # fmt: skip
    return certificate, counting


def _member_code(ports: Ports, known: Dossier | None) -> str:
    return known.enterprise.member_code if known else ports.ids.member_code()


def _count(ports: Ports, kind: CertificateKind, year: int) -> tuple[int, Change]:
    """The next number of the year, conditioned on the one that was read: never a blind addition (design §4)."""
    before = ports.records.get(Counter, kind.value, str(year))
    if before is None:
        return 1, Insert(Counter(kind=kind, year=year, n=1))
    return before.n + 1, Replace(before, before.changed(n=before.n + 1))


# --- draw, seal, read back, store -------------------------------------------------------------------------------------


def _planned(ports: Ports, application: str) -> tuple[Gathered, tuple[Draft, ...], Folder] | None:
    """What is to be drawn as everything stands now; None when the application is no longer being made."""
    folder = _being_made(ports, application)
    if folder is None:
        return None
    root = folder.application.certificate
    reserved = ports.records.get(Certificate, root) if root else None
    gathered = gather(ports, folder)
    return gathered, drafts(ports, gathered, folder.application, reserved), folder


def finish(ports: Ports, draft: Draft) -> Finished:
    """Raises NotFitToCount."""
    return Finished(draft, tuple(_paper(ports, draft.after, face) for face in draft.faces))


def _paper(ports: Ports, certificate: Certificate, face: Face) -> Paper:
    """Two workers seal at two instants: each file lies under its own hash, so that neither lies where the other does.

    The one whose commit loses is an orphan that no record names.
    """
    sealed = ports.printer.seal(ports.printer.draw(face), face, ports.clock.now())
    problems = ports.printer.problems(face, sealed)
    if problems:
        raise NotFitToCount("; ".join(problems))
    content_hash, file_hash = face.content_hash(), hashlib.sha256(sealed).hexdigest()
    name = f"{certificate.latest:02d}-{face.which.value}-{content_hash[:16]}-{file_hash[:16]}.pdf"
    place = f"certificates/{certificate.root}/{name}"
    ports.files.store(place, sealed, PDF)
    return Paper(face.which, content_hash, place, file_hash)


# --- make it count ----------------------------------------------------------------------------------------------------


def _counted(ports: Ports, application: str, finished: tuple[Finished, ...]) -> Deed | None:
    """The commit. What was drawn must be what would be drawn now: else the queue asks again, and it is drawn anew."""
    planned = _planned(ports, application)
    if planned is None:
        return None
    gathered, now, folder = planned
    if _said(each.draft for each in finished) != _said(now):
        raise Busy
    decision = decide(folder.application, Action.ISSUE, THE_SYSTEM, gathered.facts)
    main = now[0].after
    passed = decision.owned_by(main.holder).making(main.root)
    effects = (effect for effect in decision.effects if effect in AT_ISSUE)
    following = (change for effect in effects for change in FOLLOWING[effect](gathered, decision, main))
    current = (replace(each, draft=draft) for each, draft in zip(finished, now, strict=True))
    made = (change for each in current for change in each.changes(decision.entry.at))
    moved = register_moved(gathered, folder.application)
    credit = passed_on(ports, folder.application.owner, main.holder, decision.entry.at)
    return Deed((*recorded(ports, passed, gathered), *made, *following, *moved, *credit), main.root)


def _said(what: Iterable[Draft]) -> list[list[str]]:
    return [[face.content_hash() for face in each.faces] for each in what]


FOLLOWING: dict[Effect, Callable[[Gathered, Decision, Certificate], tuple[Change, ...]]] = {
    Effect.ENROL: enrolled,
    Effect.BOOK_YEAR: year_booked,
    Effect.CHANGE_REGISTER: lambda *_: (),  # every completed application moves the register: `register_moved`
}
