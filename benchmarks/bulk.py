"""Training certificates by the ten thousand: drawn, sealed and stored by several workers, resumed after any kill.

A file is there whole or not at all, under the number of its certificate, and the same number always gives the same
bytes: whoever comes back makes what is not there, and nothing can be there twice. A worker ends with who started it.
"""

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing.queues import Queue
from pathlib import Path

from PIL import Image, ImageOps

from benchmarks.ours import AUTHORITY
from benchmarks.page import HANZI, TOKEN
from chalicelib.documents import certificate
from chalicelib.memory.sealing import LocalSealer
from chalicelib.rules.certificate_face import Face
from infra import authority
from infra.samples import PHOTO, TRAINING

SEALED_AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
IN_A_FOLDER = 1000
REPORT_EVERY = 50  # certificates
A_WHILE = 2  # seconds between two lines of progress
SAMPLES = 40  # of the finished files that are read back as a stranger would
PICTURES = 16


@dataclass(frozen=True)
class Job:
    folder: Path
    count: int

    def file_of(self, number: int) -> Path:
        return self.folder / f"{number // IN_A_FOLDER:04}" / f"PX-2026-{number:06}.pdf"

    def missing(self, worker: int, workers: int) -> Iterator[int]:
        """What one of several workers still has to make."""
        return (number for number in range(1 + worker, self.count + 1, workers) if not self.file_of(number).exists())


@dataclass(frozen=True)
class Report:
    """By one worker: made so far, seconds of a core that it took, memory now and at most in MB."""

    worker: int
    made: int
    seconds: float
    memory: float


@dataclass(frozen=True)
class Done:
    """By all workers: `rate` is certificates a second of one core; of memory, the most that one of them held, in MB:
    at its first report, when half was done, and at the end.
    """

    made: int
    rate: float
    first: float
    half: float
    memory: float


def run(job: Job, workers: int) -> Done:
    """Make what is missing, with progress; then count, and read a sample back. Raises ValueError for a gap."""
    authority.ensure(AUTHORITY)
    context = multiprocessing.get_context("spawn")
    reports: Queue[Report] = context.Queue()
    team = [context.Process(target=_work, args=(job, worker, workers, reports)) for worker in range(workers)]
    for each in team:
        each.start()
    told = _watch(job, team, reports)
    for each in team:
        each.join()
    check(job)
    _sweep(job)
    last = [each[-1] for each in told.values()]
    made, seconds = sum(each.made for each in last), sum(each.seconds for each in last)
    marks = ((each[0], each[len(each) // 2], each[-1]) for each in told.values())
    memory = [max(report.memory for report in at) for at in zip(*marks, strict=True)] or [0.0] * 3
    return Done(made, made / seconds if seconds else 0.0, *memory)


def _watch(
    job: Job, team: Sequence[multiprocessing.process.BaseProcess], reports: "Queue[Report]"
) -> dict[int, list[Report]]:
    """The reports of each worker, in order."""
    heard: dict[int, list[Report]] = {}
    told = began = time.monotonic()
    while any(each.is_alive() for each in team) or not reports.empty():
        if not reports.empty():
            report = reports.get()
            heard.setdefault(report.worker, []).append(report)
        else:
            time.sleep(0.05)
        if time.monotonic() - told > A_WHILE:
            told = time.monotonic()
            made = sum(each[-1].made for each in heard.values())
            memory = " and ".join(f"{each[-1].memory:.0f}" for each in heard.values())
            print(f"  {made} of {job.count} made, {made / (told - began):.0f} a second, {memory} MB", flush=True)
    return heard


def _work(job: Job, worker: int, workers: int, reports: "Queue[Report]") -> None:
    started_by = multiprocessing.parent_process()
    assert started_by
    sealer, began, made = LocalSealer.from_directory(AUTHORITY), time.process_time(), 0
    pictures = made_up_photos()
    for made, number in enumerate(job.missing(worker, workers), start=1):
        _store(job.file_of(number), _sealed(number, pictures, sealer))
        if os.getppid() != started_by.pid:
            return  # killed: whoever takes this up again starts workers of his own
        if made % REPORT_EVERY == 0:
            reports.put(Report(worker, made, time.process_time() - began, _memory()))
    reports.put(Report(worker, made, time.process_time() - began, _memory()))


def _sealed(number: int, pictures: Sequence[bytes], sealer: LocalSealer) -> bytes:
    face, photo = face_of(number), pictures[number % PICTURES]
    return certificate.seal(face, certificate.draw(face, {"photo": photo}), sealer, SEALED_AT)


def _store(file: Path, pdf: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # under a name of this process: a worker whose end is near may be at the same number
    unfinished = file.with_suffix(f".{os.getpid()}.part")
    unfinished.write_bytes(pdf)
    unfinished.replace(file)


def _sweep(job: Job) -> None:
    """Take away what kills left half done."""
    for unfinished in job.folder.rglob("*.part"):
        unfinished.unlink(missing_ok=True)


def face_of(number: int) -> Face:
    """Nobody, but always the same nobody under the same number."""
    chance = random.Random(number)  # noqa: S311 - names, not secrets
    token = "".join(chance.choices(TOKEN, k=28))
    return replace(
        TRAINING,
        number=f"PX-2026-{number:06}",
        holder="".join(chance.choices(HANZI, k=chance.choice((2, 3, 3)))),
        verify_url=TRAINING.verify_url[:-28] + token,
    )


def made_up_photos() -> tuple[bytes, ...]:
    """The silhouette in a few tints."""
    with Image.open(BytesIO(PHOTO)) as picture:
        grey = picture.convert("L")
    return tuple(_tinted(grey, (10 * each, 40, 200 - 10 * each)) for each in range(PICTURES))


def _tinted(grey: Image.Image, dark: tuple[int, int, int]) -> bytes:
    file = BytesIO()
    ImageOps.colorize(grey, dark, (255, 255, 255)).save(file, "JPEG", quality=88)
    return file.getvalue()


def check(job: Job) -> None:
    """Every number once and nothing else, and a sample is what it says. Raises ValueError."""
    wanted = {job.file_of(number) for number in range(1, job.count + 1)}
    there = set(job.folder.rglob("*.pdf"))
    if there != wanted:
        raise ValueError(f"{len(wanted - there)} certificates are missing, {len(there - wanted)} are too many")
    sealer = LocalSealer.from_directory(AUTHORITY)
    for number in range(1, job.count + 1, max(job.count // SAMPLES, 1)):
        if troubles := certificate.problems(face_of(number), job.file_of(number).read_bytes(), sealer):
            raise ValueError(f"{job.file_of(number)}: {troubles}")


def _memory() -> float:
    """What this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: every certificate is there, once."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("--count", type=int, default=50_000, help="certificates (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="(default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("build/bulk"), help="folder (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    job = Job(chosen.out, chosen.count)
    done = run(job, chosen.workers)
    print(
        f"{job.count} certificates in {job.folder}, {done.made} of them made now, {done.rate:.0f} a second and core, "
        f"{done.first:.0f} MB after the first {REPORT_EVERY}, {done.half:.0f} halfway, {done.memory:.0f} at the end"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
