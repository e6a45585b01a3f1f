"""Making training certificates in bulk, broken off and taken up again: none twice, none missing."""

from pathlib import Path

import pytest

from benchmarks import bulk
from benchmarks.bulk import Job
from chalicelib.memory.sealing import LocalSealer

PICTURES = bulk.made_up_photos()


@pytest.fixture
def job(tmp_path: Path, authority_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setattr(bulk, "AUTHORITY", authority_directory)
    return Job(tmp_path / "bulk", 6)


def make(job: Job, number: int, sealer: LocalSealer) -> bytes:
    pdf = bulk._sealed(number, PICTURES, sealer)
    bulk._store(job.file_of(number), pdf)
    return pdf


def test_workers_share_what_is_missing_without_overlap(job: Job, sealer: LocalSealer) -> None:
    make(job, 3, sealer)
    assert [*job.missing(0, 2)] == [1, 5]
    assert [*job.missing(1, 2)] == [2, 4, 6]
    assert [*job.missing(0, 1)] == [1, 2, 4, 5, 6]


def test_the_same_number_gives_the_same_sealed_bytes(job: Job, sealer: LocalSealer) -> None:
    assert make(job, 1, sealer) == make(job, 1, sealer)


def test_half_a_file_left_by_a_kill_is_not_taken_for_a_certificate(job: Job, sealer: LocalSealer) -> None:
    unfinished = job.file_of(2).with_suffix(".part")
    unfinished.parent.mkdir(parents=True)
    unfinished.write_bytes(b"%PDF-")
    assert 2 in job.missing(1, 2)
    make(job, 2, sealer)
    assert not unfinished.exists()


def test_a_gap_and_a_stranger_are_told(job: Job, sealer: LocalSealer) -> None:
    for number in range(1, 6):
        make(job, number, sealer)
    with pytest.raises(ValueError, match="1 certificates are missing"):
        bulk.check(job)
    make(job, 6, sealer)
    bulk.check(job)
    job.file_of(7).write_bytes(job.file_of(6).read_bytes())
    with pytest.raises(ValueError, match="1 are too many"):
        bulk.check(job)
    job.file_of(7).unlink()
    job.file_of(6).write_bytes(job.file_of(5).read_bytes())
    with pytest.raises(ValueError, match="PX-2026-000006"):
        bulk.check(job)
