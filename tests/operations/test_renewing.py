"""资质证到期自动续期: on the day after expiry, with this year's review, once, however late or often the job runs."""

from datetime import date, timedelta

import pytest

from chalicelib.operations import certificates, notices, renewing
from chalicelib.operations.ports import Asked, Ports, Replace
from chalicelib.rules.certificates import standing_today
from chalicelib.rules.records import JobRun, Work
from chalicelib.rules.vocabulary import Actor, CertificateKind, Standing
from tests.operations import acting
from tests.operations.years import dossier, held, qualified, to_day

EXPIRY = date(2029, 3, 1)  # of what was issued on 2 March 2026


@pytest.fixture
def member(ports: Ports) -> Actor:
    actor = acting.member(ports)[0]
    qualified(ports, actor)
    return actor


def reviewed_in(ports: Ports, actor: Actor, *years: int) -> None:
    """As if the reviews of those years had been done."""
    certificate = held(ports, actor, CertificateKind.QUALIFICATION)
    ports.records.commit(Replace(certificate, certificate.changed(reviewed=years)))


@pytest.mark.parametrize("late", [0, 1, 30])
def test_it_is_renewed_as_of_the_day_after_expiry_however_late_the_job_runs(
    ports: Ports, member: Actor, late: int
) -> None:
    reviewed_in(ports, member, 2027, 2028)
    to_day(ports, EXPIRY)
    renewing.promise_renewals(ports)
    acting.work_off(ports)
    assert held(ports, member, CertificateKind.QUALIFICATION).latest == 1
    to_day(ports, EXPIRY + timedelta(days=1 + late))
    renewing.promise_renewals(ports)
    acting.work_off(ports)
    renewed = held(ports, member, CertificateKind.QUALIFICATION)
    assert (renewed.latest, renewed.number) == (2, "DEMO-ZZ-2026-0001")
    assert (renewed.valid_from, renewed.valid_to) == (date(2029, 3, 2), date(2032, 3, 31))
    told = [each.notice for each in notices.my_messages(ports, member, Asked(50)).items]
    assert told.count("certificate_renewed") == 1


def test_it_is_renewed_once_when_the_job_runs_twice_and_the_message_comes_twice(ports: Ports, member: Actor) -> None:
    reviewed_in(ports, member, 2028)
    to_day(ports, EXPIRY + timedelta(days=1))
    for _ in range(2):
        renewing.promise_renewals(ports)
    rows = [each for each in acting.pending(ports) if each.work is Work.RENEW]
    assert len(rows) == 1
    for _ in range(2):
        renewing.renew(ports, *rows[0].subject)
    assert held(ports, member, CertificateKind.QUALIFICATION).latest == 2
    family = ports.records.family(rows[0].subject[0])
    assert family is not None
    assert [len(each.papers) for each in family.editions] == [2, 2]


def test_without_the_review_it_expires(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2029, 4, 1))
    renewing.promise_renewals(ports)
    acting.work_off(ports)
    certificate = held(ports, member, CertificateKind.QUALIFICATION)
    assert certificate.latest == 1
    assert standing_today(certificate, ports.clock.today()) is Standing.EXPIRED


def test_a_renewal_moves_the_facts_of_the_enterprise(ports: Ports, member: Actor) -> None:
    reviewed_in(ports, member, 2028)
    before = dossier(ports, member).enterprise.version
    to_day(ports, EXPIRY + timedelta(days=1))
    renewing.promise_renewals(ports)
    acting.work_off(ports)
    assert dossier(ports, member).enterprise.version > before


def test_a_clock_that_stepped_back_does_not_take_the_job_back(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 10))
    renewing.promise_renewals(ports)
    to_day(ports, date(2027, 1, 8))
    renewing.promise_renewals(ports)
    ran = ports.records.get(JobRun, renewing.JOB)
    assert ran is not None
    assert ran.through == date(2027, 1, 10)


def test_a_renewal_that_fell_into_a_mistaken_revocation_is_made_up_for(ports: Ports, member: Actor) -> None:
    """The job passes by what is revoked, and never comes back to that day."""
    reviewed_in(ports, member, 2028)
    number = held(ports, member, CertificateKind.QUALIFICATION).number
    to_day(ports, EXPIRY - timedelta(days=2))
    certificates.revoke(ports, acting.order(acting.CERTIFIER), number, "认错了单位")
    for day in (1, 2, 3):
        to_day(ports, EXPIRY + timedelta(days=day))
        renewing.promise_renewals(ports)
    acting.work_off(ports)
    certificates.reinstate(ports, acting.order(acting.CERTIFIER), number, "注销有误")
    acting.work_off(ports)
    renewed = held(ports, member, CertificateKind.QUALIFICATION)
    assert (renewed.latest, renewed.valid_from, renewed.valid_to) == (2, date(2029, 3, 2), date(2032, 3, 31))
