"""The peers' own environment, apart from ours: made once, each library installed by itself."""

import subprocess
import sys
import venv
from pathlib import Path

PEERS = Path("build/peers")
PYTHON = PEERS / "bin" / "python"
WANTED = Path(__file__).parent / "peers" / "requirements.txt"
ALWAYS = "segno==1.6.6"  # every user of another library makes his codes with it


def peers() -> dict[str, str]:
    """Name and version of each peer that can be had here."""
    if not PYTHON.is_file():
        print(f"installing the peers into {PEERS} (once) …", flush=True)
        venv.create(PEERS, with_pip=True)
        _install(ALWAYS)
    wanted = [line for line in WANTED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = {}
    for line in wanted:
        name, _, version = line.partition("==")
        if _is_there(name, version) or _install(line):
            found[name] = version
        else:
            print(f"{name} is left out: it could not be installed")
    return found


def _is_there(name: str, version: str) -> bool:
    ask = f"from importlib.metadata import version; assert version({name!r}) == {version!r}"
    return subprocess.run([PYTHON, "-c", ask], check=False, capture_output=True).returncode == 0


def _install(requirement: str) -> bool:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def python_of(name: str) -> str:
    return sys.executable if name == "ours" else str(PYTHON)
