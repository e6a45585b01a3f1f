"""制证: reserve number, date and content; draw, seal, read back, store; then one commit makes the certificate count.

Every part may be done again: the reservation is on the application, the drawing is the same for the same content, the
place of the file derives from number, version and content, and the commit is conditioned on all it read.
"""

import hashlib
from dataclasses import dataclass

from chalicelib.operations.applications import opened_folder, recorded
from chalicelib.operations.commands import Absent, Deed, settle
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
from chalicelib.rules.vocabulary import THE_SYSTEM, Action, CertificateKind, Refused, State
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
    settings = _association(ports)
    face = face_of(ports, settings, certificate)
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


def _association(ports: Ports) -> Association:
    found = ports.records.get(Association, "association")
    if found is None:
        raise Absent
    return found


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
    claims = (
        Claim(kind=ClaimKind.CERTIFICATE_NUMBER, value=certificate.number, holder=f"certificate:{certificate.root}"),
        Claim(kind=ClaimKind.MEMBER_CODE, value=certificate.member_code or "", holder=certificate.holder),
    )
    before = folder.application
    taken = Replace(before, before.changed(certificate=certificate.root))
    return Deed((counting, Insert(certificate), *(Insert(claim) for claim in claims), taken), certificate.root)


def _next_certificate(ports: Ports, application: Application) -> tuple[Certificate, Change]:
    kind = TABLE[application.service].certificate
    today = ports.clock.today()
    n, counting = _count(ports, kind, today.year)
    valid_from, valid_to = first_member_dates(today, application.year or today.year)
    certificate = Certificate(
        root=ports.ids.root(), kind=kind, number=number(_association(ports).number_patterns[kind.value], today.year, n),
        holder=enterprise_owner(ports.ids.new("e")), holder_name=plain(application.form.get("name")),
        credit_code=plain(application.form.get("credit_code")), member_code=ports.ids.member_code(),
        valid_from=valid_from, valid_to=valid_to, issued_on=today, application=application.id,
    )  # fmt: skip
    return certificate, counting


def _count(ports: Ports, kind: CertificateKind, year: int) -> tuple[int, Change]:
    """The next number of the year, conditioned on the one that was read: never a blind addition (design §4)."""
    before = ports.records.get(Counter, kind.value, str(year))
    if before is None:
        return 1, Insert(Counter(kind=kind, year=year, n=1))
    return before.n + 1, Replace(before, before.changed(n=before.n + 1))


# --- draw, seal, read back, store -------------------------------------------------------------------------------------


def face_of(ports: Ports, settings: Association, certificate: Certificate, ordinal: int = 1) -> MemberFace:
    return MemberFace(
        number=certificate.number, holder=certificate.holder_name, credit_code=certificate.credit_code or "",
        valid_from=certificate.valid_from, valid_to=certificate.valid_to, issued_on=certificate.issued_on,
        association=settings.name, association_english=settings.english_name,
        verify_url=f"{ports.public_url.upper()}/V/{token(certificate.root, ordinal)}",
        contact_line=settings.verify_note, test=ports.printer.is_test,
    )  # fmt: skip


def _finished(ports: Ports, face: MemberFace, certificate: Certificate, ordinal: int = 1) -> Stored:
    content_hash = face.content_hash()
    place = f"certificates/{certificate.root}/{ordinal:02d}-{content_hash[:16]}.pdf"
    earlier = ports.files.read(place)
    if earlier is not None and not ports.printer.problems(face, earlier):
        return Stored(place, hashlib.sha256(earlier).hexdigest(), content_hash)
    sealed = ports.printer.seal(ports.printer.draw(face), face, ports.clock.now())
    problems = ports.printer.problems(face, sealed)
    if problems:
        raise NotFitToCount("; ".join(problems))
    ports.files.store(place, sealed, PDF)
    return Stored(place, hashlib.sha256(sealed).hexdigest(), content_hash)


# --- make it count ----------------------------------------------------------------------------------------------------


def _counted(ports: Ports, application: str, root: str, stored: Stored) -> Deed | None:
    folder = _being_made(ports, application)
    certificate = ports.records.get(Certificate, root)
    if folder is None or certificate is None or certificate.issuance is not Issuance.RESERVED:
        return None
    gathered = gather(ports, folder)
    decision = decide(folder.application, Action.ISSUE, THE_SYSTEM, gathered.facts)
    edition = _edition(ports, certificate, stored)
    counted = Replace(certificate, certificate.changed(issuance=Issuance.ISSUED))
    joined = enrolled(gathered, decision, certificate)
    return Deed((*_owned(ports, decision, gathered, certificate), counted, Insert(edition), *joined), root)


def _edition(ports: Ports, certificate: Certificate, stored: Stored) -> Edition:
    return Edition(
        root=certificate.root, ordinal=certificate.latest, valid_from=certificate.valid_from,
        valid_to=certificate.valid_to, issued_at=ports.clock.now(), content_hash=stored.content_hash,
        file=stored.place, file_sha256=stored.sha256,
    )  # fmt: skip


def _owned(ports: Ports, decision: Decision, gathered: Gathered, certificate: Certificate) -> tuple[Change, ...]:
    """The step's own changes; the application passes to the enterprise, and enrolment writes the user itself."""
    passed = decision.owned_by(certificate.holder)
    changes = recorded(ports, passed, gathered)
    return tuple(change for change in changes if change not in gathered.watched)
