"""The packages that a requirements file needs, copied from this very environment: for packaging without an index."""

import shutil
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def copy(requirements: Path, directory: Path, without: Iterable[str]) -> None:
    for package in needed(requirements, set(without)):
        for file in package.files or ():
            source = Path(str(package.locate_file(file)))
            if ".." not in file.parts and file.suffix != ".pyc" and source.is_file():
                target = directory / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)


def needed(requirements: Path, without: set[str]) -> Iterator[Distribution]:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    waiting = [Requirement(line) for line in lines if line and not line.startswith("#")]
    seen = {canonicalize_name(name) for name in without}
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in seen or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        try:
            package = distribution(wanted.name)
        except PackageNotFoundError:
            continue
        yield package
        waiting.extend(Requirement(line) for line in package.requires or ())
