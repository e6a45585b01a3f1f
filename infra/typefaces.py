"""Brings the cuts that no Python package carries, by the clients of their registries, without root, once.

The main cut comes with the requirements. Where npm is not there, bold text is printed in the main cut; where apt-get
is not there, characters beyond it are refused before anybody pays. Either is said here, and nothing fails for it.
"""

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chalicelib.documents.fonts import Cut

MEGABYTE = 1_000_000
PATIENCE = 600  # seconds for one download


class NotBroughtError(Exception):
    """A registry or its client did not give what was asked."""


@dataclass(frozen=True)
class Source:
    """Who hands a cut out, under which licence, and what is missing without it."""

    client: str
    package: str
    licence: str
    bring: Callable[["Source", Path], bytes]
    without: str


def from_npm(source: Source, directory: Path) -> bytes:
    told = _run(["npm", "pack", "--silent", "--pack-destination", str(directory), source.package], directory)
    with tarfile.open(directory / told.split()[-1]) as archive:
        file = archive.extractfile("package/700Bold/NotoSerifSC_700Bold.ttf")
        assert file, "the package holds the bold cut as a file"
        return file.read()


def from_debian(source: Source, directory: Path) -> bytes:
    directory.chmod(0o755)  # apt-get started by root looks through the eyes of nobody
    _run(["apt-get", "download", "-q", source.package], directory)
    (package,) = directory.glob("*.deb")
    _run(["dpkg", "-x", str(package), str(directory / "unpacked")], directory)
    (file,) = directory.rglob("HanaMinB.ttf")
    return file.read_bytes()


SOURCES: Mapping[Cut, Source] = {
    Cut.BOLD: Source(
        "npm", "@expo-google-fonts/noto-serif-sc@0.4.3", "OFL 1.1", from_npm,
        "bold text is printed in the main weight",
    ),
    Cut.RARE: Source(
        "apt-get", "fonts-hanazono", "Hanazono Font License or OFL 1.1", from_debian,
        "characters of the extensions B to F are refused, unless the main cut has them",
    ),
}  # fmt: skip


def _run(command: Sequence[str], directory: Path) -> str:
    try:
        ran = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except (FileNotFoundError, subprocess.TimeoutExpired) as trouble:
        raise NotBroughtError(str(trouble)) from trouble
    if ran.returncode:
        raise NotBroughtError((ran.stderr or ran.stdout).strip()[-300:])
    return ran.stdout


def bring(cut: Cut) -> str:
    """One line on what is there now; a cut that is there is left alone."""
    source = SOURCES[cut]
    if cut.file.is_file():
        return f"{cut}: there, {cut.file.stat().st_size / MEGABYTE:.1f} MB ({source.licence})"
    try:
        font = _brought(source)
    except (NotBroughtError, OSError, ValueError, KeyError) as trouble:
        return f"{cut}: NOT THERE: {source.without} ({trouble})"
    keep(cut.file, font)
    return f"{cut}: brought by {source.client}, {len(font) / MEGABYTE:.1f} MB ({source.licence})"


def _brought(source: Source) -> bytes:
    if shutil.which(source.client) is None:
        raise NotBroughtError(f"there is no {source.client} on this machine")
    with tempfile.TemporaryDirectory() as directory:
        return source.bring(source, Path(directory))


def keep(file: Path, content: bytes) -> None:
    """Whole or not at all: a set-up that is broken off leaves no half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.replace(file)


def bring_all() -> Iterator[str]:
    for cut in SOURCES:
        yield bring(cut)
