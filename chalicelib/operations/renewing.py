"""资质证到期自动续期: looked for every morning, promised once per certificate and term, made by the issuing worker."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.operations.applications import association
from chalicelib.operations.by_the_clock import every, ran
from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.editions import Draft, draft, version_after
from chalicelib.operations.issuing import Finished, finish
from chalicelib.operations.notices import Said, tell_unit
from chalicelib.operations.ports import Busy, Change, Insert, Ports, Replace, Require
from chalicelib.rules.association import Association
from chalicelib.rules.certificate_face import chinese_date
from chalicelib.rules.certificates import automatic_renewal
from chalicelib.rules.records import Certificate, Dossier, JobRun, OutboxRow, Work, enterprise_of
from chalicelib.rules.schedule import renewals_due
from chalicelib.rules.vocabulary import CertificateKind

JOB = "renewals"
FIRST_LOOK_BACK = timedelta(days=31)


def promise_renewals(ports: Ports) -> None:
    """Once a day, right whatever day it runs, twice or late too: one query for each day since it last ran to its end.

    What is promised twice is one row: its id derives from the certificate and the term that has ended.
    """
    today = ports.clock.today()
    run = ports.records.get(JobRun, JOB)
    deadline = association(ports).windows.review_deadline
    for last in renewals_due(run.through if run else today - FIRST_LOOK_BACK, today):
        for certificate in _ending(ports, last):
            if automatic_renewal(certificate, today, deadline) is not None:
                _promise(ports, certificate)
    ran(ports, JobRun(job=JOB, through=today))


def _ending(ports: Ports, last: date) -> Iterator[Certificate]:
    return every(lambda asked: ports.records.certificates_ending(CertificateKind.QUALIFICATION, last, asked))


def _promise(ports: Ports, certificate: Certificate) -> None:
    row = renewal_row(certificate, ports.clock.now())

    def deed() -> Deed | None:
        return None if ports.records.get(OutboxRow, row.id) else Deed((Insert(row),), row.id)

    settle(ports, deed)


def renewal_row(certificate: Certificate, at: datetime) -> OutboxRow:
    """One per certificate and term that has ended."""
    root, last = certificate.root, certificate.valid_to.isoformat()
    return OutboxRow(id=f"renew-{root}-{last}", work=Work.RENEW, subject=(root, last), at=at)


def renewal_missed(ports: Ports, certificate: Certificate, at: datetime) -> tuple[Change, ...]:
    """What makes up for the renewal that fell into the time in which a certificate was revoked by mistake."""
    deadline = association(ports).windows.review_deadline
    if automatic_renewal(certificate, at.date(), deadline) is None:
        return ()
    row = renewal_row(certificate, at)
    found = ports.records.get(OutboxRow, row.id)
    return (Insert(row) if found is None else Replace(found, found.begun_anew()),)


def renew(ports: Ports, root: str, last: str) -> None:
    """Makes the next version of a qualification whose term ended on ``last``. Done before, or no longer due: nothing.

    Raises NotFitToCount, Busy, or what a port raises: then nothing counts yet, and the queue asks again.
    """
    planned = _planned(ports, root, last)
    if planned is None:
        return
    finished = finish(ports, planned)
    settle(ports, lambda: _counted(ports, root, last, finished))


def _planned(ports: Ports, root: str, last: str) -> Draft | None:
    family = ports.records.family(root)
    certificate = family.certificate if family else None
    dossier = ports.records.dossier(enterprise_of(certificate.holder) or "-") if certificate else None
    if certificate is None or dossier is None or certificate.valid_to.isoformat() != last:
        return None
    settings, today = association(ports), ports.clock.today()
    term = automatic_renewal(certificate, today, settings.windows.review_deadline)
    if term is None:
        return None
    opened = ports.records.opened(dossier.enterprise)
    return draft(ports, settings, opened, certificate, version_after(certificate, term), today)


def _counted(ports: Ports, root: str, last: str, finished: Finished) -> Deed | None:
    now = _planned(ports, root, last)
    if now is None:
        return None
    if [each.content_hash() for each in now.faces] != [each.content_hash() for each in finished.draft.faces]:
        raise Busy
    dossier = ports.records.dossier(enterprise_of(now.after.holder) or "-")
    if dossier is None:
        return None
    settings, at = association(ports), ports.clock.now()
    made = replace(finished, draft=now).changes(at)
    moved = Replace(dossier.enterprise, dossier.enterprise.changed())
    return Deed((*made, moved, Require(settings), *_told(ports, settings, now.after, dossier)), root)


def _told(ports: Ports, settings: Association, certificate: Certificate, dossier: Dossier) -> tuple[Change, ...]:
    at = ports.clock.now()
    context = {
        "association": settings.name, "telephone": settings.telephones[0].number, "unit": certificate.holder_name,
        "certificate": certificate.kind.chinese, "number": certificate.number,
        "last": chinese_date(certificate.valid_to), "time": f"{at:%Y年%m月%d日 %H:%M}",
    }  # fmt: skip
    occasion = f"renewed-{certificate.number}-{certificate.latest}"
    return tell_unit(ports, dossier, Said("certificate_renewed", context, at), occasion)
