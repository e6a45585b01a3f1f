"""Certificates against the other makers of PDF files: prints the tables and writes out/bench.json."""

import argparse
import json
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import bulk, race
from benchmarks.environment import peers
from benchmarks.ours import AUTHORITY
from chalicelib.documents.fonts import Cut
from infra import authority, prepare

OUT = Path("out")
COLD_PEERS = ("typst", "reportlab")
CONTENTS = """
Each page: A4, the texts of a member certificate at their places (about 150 different hanzi and letters, the name of the
holder new each time), its frames and rules, a code of 33 x 33 modules, the chop.
ours: besides that the guilloche, fitting of the texts, two weights, XMP and output intent of PDF/A-2b, a chop cut
from outlines, and the PAdES signature (RSA 2048, in this process).
peers: unsigned; set lines handed to them, one TrueType font of 14.8 MB; fpdf2 adds it to each document, the others
load it once. Without a code of its own, the matrix is handed over; with one, peers call segno, which scores all masks.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    for line in prepare.prepare():
        print(line)
    authority.ensure(AUTHORITY)
    versions = peers()
    kept = OUT / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as directory:
        font = _font(Path(directory))
        names = ("ours", *versions)
        rows = [*_warm(names, font, chosen.rounds, kept), *_cold(names, font, chosen.cold)]
    rows.extend(_bulk(chosen))
    print(CONTENTS)
    print(
        f"Python {platform.python_version()}, core {race.CORE}; " + ", ".join(f"{n} {v}" for n, v in versions.items())
    )
    print(f"The first page of each: {kept}/*.pdf")
    (OUT / "bench.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="pages of each contestant, warm (default: %(default)s)")
    parser.add_argument("--cold", type=int, default=5, help="processes of each, cold (default: %(default)s)")
    parser.add_argument("--bulk", type=int, default=2000, help="training certificates at once (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="that make them (default: %(default)s)")
    return parser


def _font(directory: Path) -> Path:
    """One font in a folder of its own: typst takes folders."""
    source = Cut.BOLD.file if Cut.BOLD.file.is_file() else Cut.MAIN.file
    font = directory / source.name
    font.symlink_to(source.resolve())
    return font


def _warm(names: Sequence[str], font: Path, rounds: int, kept: Path) -> Iterator[dict[str, Any]]:
    for what, own_code in (("one code for all", False), ("each with its own code", True)):
        laps = race.warm(names, font, rounds, own_code=own_code, keep=kept)
        yield _row(f"A4 member certificate, warm, {what}", "ms", {name: lap.median for name, lap in laps.items()})
        if not own_code:
            yield _row("peak memory, warm", "MB", {name: lap.memory for name, lap in laps.items()})
            yield _row("size of the file", "kB", {name: lap.size / 1000 for name, lap in laps.items()})


def _cold(names: Sequence[str], font: Path, rounds: int) -> Iterator[dict[str, Any]]:
    racing = [name for name in names if name == "ours" or name in COLD_PEERS]
    laps = race.cold(racing, font, rounds)
    yield _row("first certificate of a new process", "ms", {name: lap.median for name, lap in laps.items()})
    yield _row("peak memory, cold", "MB", {name: lap.memory for name, lap in laps.items()})


def _bulk(chosen: argparse.Namespace) -> Iterator[dict[str, Any]]:
    # in a folder of its own: what an earlier run left there would count as made
    with TemporaryDirectory(dir="build") as directory:
        done = bulk.run(bulk.Job(Path(directory), chosen.bulk), chosen.workers)
    yield _row("training certificates with photo, in bulk, a second and core", "1/s", {"ours": done.rate})
    yield _row("memory of a bulk worker at the end", "MB", {"ours": done.memory})
    yield _row("what of it came in the second half", "MB", {"ours": done.memory - done.half})


def _row(name: str, unit: str, figures: Mapping[str, float]) -> dict[str, Any]:
    """Printed, and as bench.json takes it."""
    ours = figures["ours"]
    print(f"\n{name} ({unit})")
    for who, figure in figures.items():
        ratio = "" if who == "ours" else f"{figure / ours:9.1f} x"
        print(f"  {who:<12}{figure:10.2f}{ratio}")
    others = {who: round(figure, 3) for who, figure in figures.items() if who != "ours"}
    return {"name": name, "unit": unit, "ours": round(ours, 3), "peers": others}


if __name__ == "__main__":
    sys.exit(main())
