"""One authority and one sealed certificate for all tests of this room: making keys is what takes the time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.documents import certificate
from chalicelib.memory.sealing import LocalSealer
from chalicelib.rules.certificate_face import Face
from infra import authority
from infra.samples import DUPLICATE, MEMBER, ORIGINAL, TRAINING, photos_of

SEALED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PAPERS = {"member": MEMBER, "original": ORIGINAL, "duplicate": DUPLICATE, "training": TRAINING}


@pytest.fixture(scope="session")
def authority_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("authority")
    authority.ensure(directory)
    return directory


@pytest.fixture(scope="session")
def sealer(authority_directory: Path) -> LocalSealer:
    return LocalSealer.from_directory(authority_directory)


@pytest.fixture(scope="session", params=PAPERS)
def face(request: pytest.FixtureRequest) -> Face:
    """Each paper there is: what holds for one holds for all."""
    return PAPERS[request.param]


@pytest.fixture(scope="session")
def drawn(face: Face) -> bytes:
    return certificate.draw(face, photos_of(face))


@pytest.fixture(scope="session")
def sealed(face: Face, drawn: bytes, sealer: LocalSealer) -> bytes:
    return certificate.seal(face, drawn, sealer, SEALED_AT)
