"""Promise 4: certificate numbers without gaps, each with its versions and their files."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256

from chalicelib.operations import certificates
from chalicelib.rules.records import Application, Certificate, Claim, ClaimKind, Issuance
from chalicelib.rules.records import Counter as Numbers
from chalicelib.rules.vocabulary import CertificateKind, State
from tests.year.promises.seen import Seen

MARKS = {"HY": CertificateKind.MEMBER, "ZZ": CertificateKind.QUALIFICATION}
SEARCHED = 40


def numbers_have_no_gaps(seen: Seen) -> Iterator[str]:
    every = seen.all(Certificate)
    yield from _series(seen, every)
    pointers = {each.value: each.holder for each in seen.all(Claim) if each.kind is ClaimKind.CERTIFICATE_NUMBER}
    for each in every:
        if pointers.get(each.number) != f"certificate:{each.root}":
            yield f"{each.number} does not lead to its certificate"
        yield from (f"{each.number}: {told}" for told in _unsound(seen, each))
    some = seen.town.glance.sample(seen.issued, min(SEARCHED, len(seen.issued)))
    yield from (f"{each.number} is not found" for each in some if not _is_found(seen, each))


def _series(seen: Seen, every: tuple[Certificate, ...]) -> Iterator[str]:
    """By what the numbers themselves say."""
    found: dict[tuple[CertificateKind, int], list[str]] = defaultdict(list)
    for each in every:
        _, mark, of_year, _ = each.number.split("-")
        found[MARKS[mark], int(of_year)].append(each.number)
    counted = {(each.kind, each.year): each.n for each in seen.all(Numbers)}
    for kind, year in found.keys() | counted.keys():
        n = counted.get((kind, year), 0)
        last = sorted(int(each.rpartition("-")[2]) for each in found[kind, year])
        if last != list(range(1, n + 1)):
            yield f"of {kind} {year} there are {last}, counted {n}"
    twice = Counter(each.number for each in every)
    yield from (f"{number} was given {times} times" for number, times in twice.items() if times > 1)


def _unsound(seen: Seen, certificate: Certificate) -> Iterator[str]:
    application = seen.applications.get(certificate.application)
    editions = seen.editions.get(certificate.root, [])
    there = certificate.latest if certificate.issuance is Issuance.ISSUED else 0
    if [each.ordinal for each in editions] != list(range(1, there + 1)):
        yield f"its versions are {[each.ordinal for each in editions]} of {there}"
    yield from _loose(certificate, application)
    for paper in (paper for edition in editions for paper in edition.papers):
        data = seen.town.files.read(paper.file)
        if data is None or sha256(data).hexdigest() != paper.file_sha256:
            yield f"the file {paper.file} is not the one recorded"


def _loose(certificate: Certificate, application: Application | None) -> Iterator[str]:
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


def _is_found(seen: Seen, certificate: Certificate) -> bool:
    found = certificates.search(seen.town.ports, certificate.number)
    return found is not None and found.family.certificate == certificate and found.ordinal == certificate.latest
