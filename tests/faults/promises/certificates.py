"""Promises 4 and 10: numbers without gaps, each certificate with its sealed file; the same inputs, the same paper."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

from asn1crypto import pem, x509

from chalicelib.documents.certificate import draw
from chalicelib.rules.certificate_face import PARTS, Face, faces_of
from chalicelib.rules.certificates import token
from chalicelib.rules.records import Application, AuditEntry, Certificate, Claim, ClaimKind, Edition, Issuance
from chalicelib.rules.records import Counter as Numbers
from chalicelib.rules.vocabulary import CertificateKind, State
from infra.local.check_demo import seal_holds
from tests.faults.emulation import CHAIN
from tests.faults.promises.case import Case

MARKS = {CertificateKind.MEMBER: "HY", CertificateKind.QUALIFICATION: "ZZ", CertificateKind.TRAINING: "PX"}
DRAWN: dict[tuple[Face, bytes], bool] = {}


# --- 4: numbers -------------------------------------------------------------------------------------------------------


def numbers_have_no_gaps(case: Case) -> Iterator[str]:
    certificates = case.seen.records(Certificate)
    yield from _series(certificates, case.seen.records(Numbers))
    numbered = Counter(each.number for each in certificates)
    yield from (f"{number} was given {times} times" for number, times in numbered.items() if times > 1)
    pointers = {
        each.value: each.holder
        for each in case.seen.records(Claim)
        if each.kind is ClaimKind.CERTIFICATE_NUMBER and each.holder.startswith("certificate:")
    }
    yield from (f"{number} leads to nothing" for number in pointers.keys() - numbered.keys())
    for certificate in certificates:
        if pointers.get(certificate.number) != f"certificate:{certificate.root}":
            yield f"{certificate.number} leads nowhere"
        yield from (f"{certificate.number}: {told}" for told in _unsound(case, certificate))


def _series(certificates: list[Certificate], counters: list[Numbers]) -> Iterator[str]:
    """By what the numbers themselves say: a year that nobody counts is as wrong as a number that nobody gave."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for each in certificates:
        mark, year, _ = each.number.removeprefix("DEMO-").split("-")
        found[mark, int(year)].append(each.number)
    counted = {(MARKS[each.kind], each.year): each.n for each in counters}
    for series in found.keys() | counted.keys():
        wanted = [f"DEMO-{series[0]}-{series[1]}-{n:04}" for n in range(1, counted.get(series, 0) + 1)]
        if sorted(found[series]) != wanted:
            yield f"numbers {sorted(found[series])}, counted {counted.get(series)}"


def _unsound(case: Case, certificate: Certificate) -> Iterator[str]:
    applications = {each.id: each for each in case.seen.records(Application)}
    application = applications.get(certificate.application)
    match certificate.issuance:
        case Issuance.RESERVED:
            if application is None or application.certificate != certificate.root or application.state.final:
                yield "reserved for nothing: a hole"
        case Issuance.VOID:
            if not certificate.void_reason:
                yield "void without a reason"
        case Issuance.ISSUED:
            if application is None or application.state is not State.COMPLETED:
                yield "issued, and its application is not completed"
            yield from _revoked_as_decided(case, certificate)
    yield from _editions(case, certificate)


def _editions(case: Case, certificate: Certificate) -> Iterator[str]:
    """From 1 to the latest, each with all its papers."""
    editions = [each for each in case.seen.records(Edition) if each.root == certificate.root]
    there = certificate.latest if certificate.issuance is Issuance.ISSUED else 0
    if sorted(each.ordinal for each in editions) != list(range(1, there + 1)):
        yield f"its versions are {[each.ordinal for each in editions]}, and should be {there}"
    for edition in editions:
        if [each.part for each in edition.papers] != list(PARTS[certificate.kind]):
            yield f"version {edition.ordinal} has the papers {[each.part for each in edition.papers]}"
        yield from _file(case, edition)


def _file(case: Case, edition: Edition) -> Iterator[str]:
    for paper in edition.papers:
        file = case.seen.kept.get(paper.file)
        if file is None or sha256(file).hexdigest() != paper.file_sha256:
            yield f"the file of version {edition.ordinal} is not the one recorded"
        elif not _is_sealed(file, case.seen.kept[CHAIN]):
            yield f"the seal on version {edition.ordinal} does not hold"


@cache
def _is_sealed(file: bytes, chain: bytes) -> bool:
    *_, (_, _, root) = pem.unarmor(chain, multiple=True)
    return bool(seal_holds(file, x509.Certificate.load(root)))


def _revoked_as_decided(case: Case, certificate: Certificate) -> Iterator[str]:
    if (certificate.revoked_on is not None) != _is_revoked(case, certificate):
        yield f"revoked on {certificate.revoked_on}, which is not what was decided last"


def _is_revoked(case: Case, certificate: Certificate) -> bool:
    """By the audit log, which was written in the same commit; one follows the other, and instants may be the same."""
    subject = f"certificate:{certificate.root}"
    deeds = Counter(each.deed for each in case.seen.records(AuditEntry) if each.subject == subject)
    return deeds["revoke"] > deeds["reinstate"]


def strangers_read_the_standing(case: Case) -> Iterator[str]:
    """Whoever scans a printed code learns what the certificate is worth today."""
    for certificate in case.seen.records(Certificate):
        path = f"/V/{token(certificate.root, certificate.latest)}"
        answer = case.world.request("GET", path, None, {"accept": "application/json"})
        found = answer.json.get("standing") if answer is not None and answer.ok else answer and answer.status
        if found != _expected(case, certificate):
            yield f"{certificate.number} is shown as {found}"


def _expected(case: Case, certificate: Certificate) -> Any:
    if certificate.issuance is not Issuance.ISSUED:
        return 404
    if _is_revoked(case, certificate):
        return "revoked"
    today = case.world.clock.today()
    if certificate.valid_to < today:
        return "expired"
    if _review_overdue(certificate, today):
        return "review_overdue"
    return "not_yet_valid" if certificate.valid_from > today else "valid"


def _review_overdue(certificate: Certificate, today: date) -> bool:
    """After 31 March a qualification counts only with this year's review; the year of issue counts as one."""
    if certificate.kind is not CertificateKind.QUALIFICATION or (today.month, today.day) <= (3, 31):
        return False
    return today.year not in (*certificate.reviewed, certificate.issued_on.year)


# --- 10: the same paper -----------------------------------------------------------------------------------------------


def the_same_paper(case: Case) -> Iterator[str]:
    """What is drawn now from the record is what was recorded as drawn then, for each paper of each version."""
    certificates = {each.root: each for each in case.seen.records(Certificate)}
    for edition in case.seen.records(Edition):
        certificate = certificates[edition.root]
        kept = case.world.ports.records.opened(edition).printed
        for face, paper in zip(faces_of(certificate.kind, kept), edition.papers, strict=True):
            if face.content_hash() != paper.content_hash:
                yield f"{certificate.number} says something else now"
            if not _drawn_alike(face, case.seen.kept[paper.file]):
                yield f"{certificate.number} is drawn otherwise now"


def _drawn_alike(face: Face, file: bytes) -> bool:
    """Drawing takes as long as everything else together, so each file is drawn again only once."""
    if (face, file) not in DRAWN:
        DRAWN[face, file] = file.startswith(draw(face))
    return DRAWN[face, file]
