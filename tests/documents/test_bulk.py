"""Making training certificates in bulk, broken off and taken up again: none twice, none missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import bulk
from benchmarks.bulk import Job
from chalicelib.documents import fonts, glyphs
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
    bulk._sweep(job)
    assert [file.name for file in job.folder.rglob("*.*")] == ["PX-2026-000002.pdf"]


def started(out: Path, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.bulk", "--count", str(count), "--out", str(out / "bulk")]
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(command, cwd=out, env=surroundings, stdout=subprocess.PIPE, text=True)


def test_killed_in_the_midst_again_and_again_it_ends_with_each_certificate_once(tmp_path: Path) -> None:
    count = 400
    for enough in (1, 120, 250):
        process = started(tmp_path, count)
        while len(list(tmp_path.rglob("*.pdf"))) < enough:
            assert process.poll() is None
        process.kill()  # its workers notice that they are alone, or are still at it when the next ones come
        process.communicate()
    made = {file: file.read_bytes() for file in tmp_path.rglob("*.pdf")}
    told, _ = started(tmp_path, count).communicate()
    assert f"{count} certificates" in told
    assert {file.stem for file in tmp_path.rglob("bulk/**/*.*")} == {f"PX-2026-{n:06}" for n in range(1, count + 1)}
    assert made == {file: file.read_bytes() for file in made}
    assert len(made) >= 250


def test_what_is_remembered_of_characters_is_bounded() -> None:
    for remembers in (glyphs.cast_glyph, fonts.advance, fonts.cut_of, fonts.outline, fonts._is_drawable):
        assert remembers.cache_info().maxsize == fonts.KEPT_CHARACTERS


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
