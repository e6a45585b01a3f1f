"""Our own contestant: from a face to a sealed certificate, guilloche, two weights and PAdES signature included."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.documents import certificate
from chalicelib.memory.sealing import LocalSealer
from chalicelib.rules.certificate_face import Face, faces_of
from chalicelib.rules.vocabulary import CertificateKind

AUTHORITY = Path("build/authority")
SEALED_AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
SEALER: LocalSealer | None = None


def prepare(font: str) -> None:
    del font  # ours are where set-up laid them
    global SEALER  # noqa: PLW0603 - once, before the clock runs
    SEALER = LocalSealer.from_directory(AUTHORITY)


def draw(page: dict[str, Any]) -> bytes:
    assert SEALER
    face = face_of(page["face"])
    return certificate.seal(face, certificate.draw(face), SEALER, SEALED_AT)


def face_of(kept: dict[str, Any]) -> Face:
    (face,) = faces_of(CertificateKind.MEMBER, kept)
    return face
