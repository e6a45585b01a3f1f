"""The signing authority of a developer's machine, and the preview that uses it."""

import stat
from pathlib import Path

import pytest
from cryptography import x509

from chalicelib.memory.sealing import LocalSealer
from infra import authority, preview


def test_keys_are_readable_by_their_owner_only(authority_directory: Path) -> None:
    for name in ("root.key", "signing.key"):
        assert stat.S_IMODE((authority_directory / name).stat().st_mode) == 0o600


def test_both_certificates_call_themselves_a_test(authority_directory: Path) -> None:
    for name in ("root.pem", "signing.pem"):
        subject = x509.load_pem_x509_certificate((authority_directory / name).read_bytes()).subject.rfc4514_string()
        assert "测试" in subject
        assert "TEST" in subject


def test_the_root_has_issued_the_signing_certificate(authority_directory: Path) -> None:
    root, signing = (
        x509.load_pem_x509_certificate((authority_directory / name).read_bytes())
        for name in ("root.pem", "signing.pem")
    )
    signing.verify_directly_issued_by(root)


def test_made_twice_it_stays_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert authority.main(["--out", str(tmp_path)]) == 0
    before = {name: (tmp_path / name).read_bytes() for name in authority.FILES}
    assert authority.main(["--out", str(tmp_path)]) == 0
    assert {name: (tmp_path / name).read_bytes() for name in authority.FILES} == before
    assert "TEST" in capsys.readouterr().out


def test_half_an_authority_is_left_alone_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "root.key").write_text("kept")
    assert authority.main(["--out", str(tmp_path)]) == 1
    assert "root.key" in capsys.readouterr().err
    assert (tmp_path / "root.key").read_text() == "kept"


def test_key_and_certificate_of_different_authorities_are_refused(authority_directory: Path, tmp_path: Path) -> None:
    authority.ensure(tmp_path)
    key, certificate = (authority_directory / "signing.key").read_bytes(), (tmp_path / "signing.pem").read_bytes()
    with pytest.raises(ValueError, match="does not belong"):
        LocalSealer(key, certificate)


@pytest.mark.parametrize("command", [authority.main, preview.main])
def test_the_commands_explain_themselves(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(command)
    with pytest.raises(SystemExit) as ended:
        command(["--help"])
    assert ended.value.code == 0
    assert "--out" in capsys.readouterr().out


def test_the_preview_leaves_a_pdf_and_a_picture_of_each_face_and_one_of_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert preview.main(["--out", str(tmp_path)]) == 0
    printed = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert len(printed) == 2 * len(list(preview.faces())) + 1
    assert printed[-1].name == "contact-sheet.png"
    assert all(file.stat().st_size > 10_000 for file in printed)
