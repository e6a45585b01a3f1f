"""制证: reserve number, date and content; draw, seal, read back, store; then one commit makes the certificate count.

Every part may be done again: the reservation is on the application, the drawing is the same for the same content, the
place of the file derives from what it says and is, and the commit is conditioned on all it read.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.operations.applications import AT_ISSUE, association, opened_folder, recorded
from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.enrolment import enrolled
from chalicelib.operations.facts import Gathered, gather
from chalicelib.operations.ports import Change, Insert, Ports, Replace
from chalicelib.rules.association import Association
from chalicelib.rules.certificate_face import MemberFace
from chalicelib.rules.certificates import first_member_dates, number, token
from chalicelib.rules.guards import plain
from chalicelib.rules.records import (
    Application,
    Certificate,
    Claim,
    ClaimKind,
    Counter,
    Edition,
    Folder,
    Issuance,
    enterprise_owner,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import THE_SYSTEM, Action, CertificateKind, Effect, Refused, State
from chalicelib.rules.workflow import Decision, decide

PDF = "application/pdf"


class NotFitToCount(Exception):  # noqa: N818 - the trade's word
    """The finished certificate did not pass its own reading back: it must not count, and staff must see it."""


@dataclass(frozen=True)
class Stored:
    """Where a finished certificate lies, the hash of the file and of what it says."""

    place: str
    sha256: str
    content_hash: str


def issue(ports: Ports, application: str) -> None:
    """Issues what the application has earned. Asked again, early or late: it finds it done and changes nothing.

    Raises NotFitToCount, Busy, or what a port raises: then nothing counts yet, and the queue asks again.
    """
    folder = _being_made(ports, application)
    if folder is None:
        return
    if not _may_still_be_issued(ports, folder):
        return
    certificate = _reserved(ports, folder)
    if certificate is None:
        return
    face = FACES[certificate.kind](ports, association(ports), certificate)
    stored = _finished(ports, face, certificate)
    settle(ports, lambda: _counted(ports, application, certificate.root, stored))


def _being_made(ports: Ports, application: str) -> Folder | None:
    folder = ports.records.folder(application)
    if folder is None or folder.application.state is not State.BEING_MADE:
        return None
    return opened_folder(ports, folder)


def _may_still_be_issued(ports: Ports, folder: Folder) -> bool:
    """The guards once more, before a number is spent; where one fails the application is held for the certifier."""
    try:
        decide(folder.application, Action.ISSUE, THE_SYSTEM, gather(ports, folder).facts)
    except Refused as refused:
        _hold(ports, folder.application, refused)
        return False
    return True


def _hold(ports: Ports, application: Application, refused: Refused) -> None:
    if application.held_by != refused.reasons:
        ports.records.commit(Replace(application, application.changed(held_by=refused.reasons)))


# --- reserve ----------------------------------------------------------------------------------------------------------


def _reserved(ports: Ports, folder: Folder) -> Certificate | None:
    """The certificate whose number this application holds; reserved now if it has none. None: no longer being made."""
    identity = folder.application.id
    settle(ports, lambda: _reservation(ports, identity))
    now = _being_made(ports, identity)
    if now is None or now.application.certificate is None:
        return None
    return ports.records.get(Certificate, now.application.certificate)


def _reservation(ports: Ports, application: str) -> Deed | None:
    folder = _being_made(ports, application)
    if folder is None or folder.application.certificate is not None:
        return None
    certificate, counting = _next_certificate(ports, folder.application)
    before = folder.application
    taken = Replace(before, before.changed(certificate=certificate.root))
    claims = (Insert(claim) for claim in _claims(certificate))
    return Deed((counting, Insert(certificate), *claims, taken), certificate.root)


def _claims(certificate: Certificate) -> Iterator[Claim]:
    yield Claim(kind=ClaimKind.CERTIFICATE_NUMBER, value=certificate.number, holder=f"certificate:{certificate.root}")
    if certificate.member_code is not None:
        yield Claim(kind=ClaimKind.MEMBER_CODE, value=certificate.member_code, holder=certificate.holder)


def _next_certificate(ports: Ports, application: Application) -> tuple[Certificate, Change]:
    """The number's year and every date come of one look at the clock: new year may come between two."""
    kind = TABLE[application.service].certificate
    today = ports.clock.today()
    n, counting = _count(ports, kind, today.year)
    given = number(association(ports).number_patterns[kind.value], today.year, n)
    return NEW[kind](ports, application, given, today), counting


def _new_member_certificate(ports: Ports, application: Application, given: str, today: date) -> Certificate:
    valid_from, valid_to = first_member_dates(today, application.year or today.year)
    return Certificate(
        root=ports.ids.root(), kind=CertificateKind.MEMBER, number=given,
        holder=enterprise_owner(ports.ids.new("e")), holder_name=plain(application.form.get("name")),
        credit_code=plain(application.form.get("credit_code")), member_code=ports.ids.member_code(),
        valid_from=valid_from, valid_to=valid_to, issued_on=today, application=application.id,
    )  # fmt: skip


def _count(ports: Ports, kind: CertificateKind, year: int) -> tuple[int, Change]:
    """The next number of the year, conditioned on the one that was read: never a blind addition (design §4)."""
    before = ports.records.get(Counter, kind.value, str(year))
    if before is None:
        return 1, Insert(Counter(kind=kind, year=year, n=1))
    return before.n + 1, Replace(before, before.changed(n=before.n + 1))


# --- draw, seal, read back, store -------------------------------------------------------------------------------------


def member_face(ports: Ports, settings: Association, certificate: Certificate) -> MemberFace:
    return MemberFace(
        number=certificate.number, holder=certificate.holder_name, credit_code=certificate.credit_code or "",
        valid_from=certificate.valid_from, valid_to=certificate.valid_to, issued_on=certificate.issued_on,
        association=settings.name, association_english=settings.english_name,
        verify_url=f"{ports.public_url.upper()}/V/{token(certificate.root, certificate.latest)}",
        contact_line=settings.verify_note, test=ports.printer.is_test,
    )  # fmt: skip


def _finished(ports: Ports, face: MemberFace, certificate: Certificate) -> Stored:
    """Two workers seal at two instants: each file lies under its own hash, so that neither lies where the other does.

    The one whose commit loses is an orphan that no record names.
    """
    sealed = ports.printer.seal(ports.printer.draw(face), face, ports.clock.now())
    problems = ports.printer.problems(face, sealed)
    if problems:
        raise NotFitToCount("; ".join(problems))
    content_hash, file_hash = face.content_hash(), hashlib.sha256(sealed).hexdigest()
    place = f"certificates/{certificate.root}/{certificate.latest:02d}-{content_hash[:16]}-{file_hash[:16]}.pdf"
    ports.files.store(place, sealed, PDF)
    return Stored(place, file_hash, content_hash)


# --- make it count ----------------------------------------------------------------------------------------------------


def _counted(ports: Ports, application: str, root: str, stored: Stored) -> Deed | None:
    folder = _being_made(ports, application)
    certificate = ports.records.get(Certificate, root)
    if folder is None or certificate is None or certificate.issuance is not Issuance.RESERVED:
        return None
    gathered = gather(ports, folder)
    decision = decide(folder.application, Action.ISSUE, THE_SYSTEM, gathered.facts)
    edition = _edition(certificate, stored, decision.entry.at)
    counted = Replace(certificate, certificate.changed(issuance=Issuance.ISSUED))
    passed = decision.owned_by(certificate.holder)
    effects = (effect for effect in decision.effects if effect in AT_ISSUE)
    following = (change for effect in effects for change in FOLLOWING[effect](gathered, decision, certificate))
    return Deed((*recorded(ports, passed, gathered), counted, Insert(edition), *following), root)


def _edition(certificate: Certificate, stored: Stored, at: datetime) -> Edition:
    return Edition(
        root=certificate.root, ordinal=certificate.latest, valid_from=certificate.valid_from,
        valid_to=certificate.valid_to, issued_at=at, content_hash=stored.content_hash,
        file=stored.place, file_sha256=stored.sha256,
    )  # fmt: skip


# What differs from kind to kind. A service whose certificate is of another kind adds its entry here.
NEW: dict[CertificateKind, Callable[[Ports, Application, str, date], Certificate]] = {
    CertificateKind.MEMBER: _new_member_certificate,
}
FACES: dict[CertificateKind, Callable[[Ports, Association, Certificate], MemberFace]] = {
    CertificateKind.MEMBER: member_face,
}
FOLLOWING: dict[Effect, Callable[[Gathered, Decision, Certificate], tuple[Change, ...]]] = {
    Effect.ENROL: enrolled,
}
