"""Makes what is deployed, in build/: deployment.zip and template.yaml, checked for a standard and a China region.

`chalice package` fetches wheels for Lambda from the package index; where it cannot, the packages of this very
environment are taken instead, and that is said. Chalice's zip holds no bytecode and Lambda's folder is read-only, so
every start would compile everything anew: the zip is compiled here.
"""

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode

from infra import closure, lint

PROJECT = Path(__file__).parents[1]
BUILD = PROJECT / "build"
STAGE = "live"
MEGABYTE = 1024 * 1024
LARGEST_UNPACKED = 250 * MEGABYTE  # Lambda's own bound
NOT_SHIPPED = ("chalice",)  # Chalice packs the part of itself that runs, without its command line
# a typeface without serifs that comes with ours, and a program for a terminal
NEVER_OPENED = ("pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf", "pypdfium2_cli")
QUICKLY = 3  # of 9: most of it are fonts and libraries, which hardly shrink further
A_DAY_LONG_AGO = (2020, 1, 1, 0, 0, 0)  # the same contents, the same zip


class NotPackaged(Exception):  # noqa: N818 - its message is what the operator reads
    """Something is wrong with what would be deployed."""


@dataclass(frozen=True)
class Package:
    zip: Path
    template: Path
    unpacked: Path
    from_index: bool

    @property
    def size(self) -> int:
        """Bytes, unpacked."""
        return sum(file.stat().st_size for file in self.unpacked.rglob("*") if file.is_file())


def build(out: Path = BUILD, *, from_index: bool = True) -> Package:
    """Raises NotPackaged, with what chalice, cfn-lint or the SAM translator said."""
    made, came_from_index = _packaged(out, from_index=from_index)
    unpacked = unpack(made / "deployment.zip", out / "unpacked")
    strip(unpacked)
    compile_all(unpacked)
    package = Package(out / "deployment.zip", out / "template.yaml", unpacked, came_from_index)
    pack(unpacked, package.zip)
    shutil.copy(made / "sam.yaml", package.template)
    if package.size > LARGEST_UNPACKED:
        raise NotPackaged(f"{package.size / MEGABYTE:.0f} MB unpacked are more than Lambda takes")
    if problems := lint.problems(package.template, out):
        raise NotPackaged("\n".join(problems))
    return package


def _packaged(out: Path, *, from_index: bool) -> tuple[Path, bool]:
    project = staged(out / "project")
    if from_index:
        try:
            return chalice_package(project), True
        except NotPackaged as trouble:
            print(
                f"The package index did not serve:\n{trouble}\nTaking the packages of this environment.",
                file=sys.stderr,
            )
    (project / "requirements.txt").write_text("", encoding="utf-8")
    closure.copy(PROJECT / "requirements.txt", project / "vendor", NOT_SHIPPED)
    return chalice_package(project), False


def staged(project: Path) -> Path:
    """What is deployed and nothing else. Chalice keeps its last zip there and takes it again while nothing changes."""
    project.mkdir(parents=True, exist_ok=True)
    for name in ("chalicelib", "vendor"):
        shutil.rmtree(project / name, ignore_errors=True)
    shutil.copytree(PROJECT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    (project / ".chalice").mkdir(exist_ok=True)
    for file in (PROJECT / ".chalice").glob("*.json"):
        shutil.copy(file, project / ".chalice")
    shutil.copy(PROJECT / "app.py", project)
    (project / "requirements.txt").write_text("\n".join(shipped_requirements()) + "\n", encoding="utf-8")
    return project


def shipped_requirements() -> Iterator[str]:
    for line in (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and line.partition("==")[0] not in NOT_SHIPPED:
            yield line


def chalice_package(project: Path) -> Path:
    out = project / "packaged"
    command = [
        *(sys.executable, "-c", "from chalice.cli import main; main()", "package", "--stage", STAGE),
        *("--merge-template", str(PROJECT / "infra" / "resources.yaml"), "--template-format", "yaml", str(out)),
    ]
    # Chalice asks for a region before it writes anything, and uses it for nothing here
    surroundings = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    ran = subprocess.run(command, cwd=project, env=surroundings, capture_output=True, text=True, check=False)
    if ran.returncode != 0 or "Could not install dependencies" in ran.stderr + ran.stdout:
        raise NotPackaged((ran.stdout + ran.stderr).strip()[-3000:])
    return out


def unpack(package: Path, directory: Path) -> Path:
    shutil.rmtree(directory, ignore_errors=True)
    with zipfile.ZipFile(package) as archive:
        archive.extractall(directory)
    return directory


def strip(directory: Path) -> None:
    """Take out what packages bring and nothing here opens."""
    for name in NEVER_OPENED:
        unwanted = directory / name
        shutil.rmtree(unwanted) if unwanted.is_dir() else unwanted.unlink(missing_ok=True)


def compile_all(directory: Path) -> None:
    """Unchecked: the times of files in a zip say nothing, and nobody edits them on Lambda."""
    done = compileall.compile_dir(
        directory, quiet=2, stripdir=str(directory), prependdir="/var/task", workers=0,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip
    if not done and not list((directory / "chalicelib").rglob("*.pyc")):
        raise NotPackaged("the bytecode could not be made")


def pack(directory: Path, package: Path) -> None:
    with zipfile.ZipFile(package, "w") as archive:
        for file in sorted(each for each in directory.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(str(file.relative_to(directory)), A_DAY_LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, QUICKLY)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: packaged and clean; 1: not, with what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--offline", action="store_true", help="take the packages of this environment at once")
    chosen = parser.parse_args(arguments)
    try:
        package = build(from_index=not chosen.offline)
    except NotPackaged as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print("\n".join(summary(package)))
    return 0


def summary(package: Package) -> Iterable[str]:
    origin = "wheels for Lambda from the package index" if package.from_index else "the packages of this environment"
    yield f"{package.template.relative_to(PROJECT)}: clean under cfn-lint and the SAM translator"
    yield f"{package.zip.relative_to(PROJECT)}: {package.zip.stat().st_size / MEGABYTE:.0f} MB, from {origin}"
    yield f"unpacked {package.size / MEGABYTE:.0f} of the {LARGEST_UNPACKED / MEGABYTE:.0f} MB that Lambda takes"


if __name__ == "__main__":
    sys.exit(main())
