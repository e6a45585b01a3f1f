"""A certificate counts only when a reader who knows nothing of the drawing finds everything in it."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from chalicelib.documents import certificate
from chalicelib.documents.reading import UnreadableError, read_back
from chalicelib.memory.sealing import LocalSealer
from chalicelib.rules.certificate_face import Face, QualificationFace
from infra.samples import DUPLICATE, MEMBER, ORIGINAL, TRAINING, faces, photos_of
from tests.documents.conftest import SEALED_AT


@pytest.mark.parametrize("face", [pytest.param(face, id=name) for name, face in faces() if face.test])
def test_what_was_drawn_and_sealed_has_no_problems(face: Face, sealer: LocalSealer) -> None:
    pdf = certificate.seal(face, certificate.draw(face, photos_of(face)), sealer, SEALED_AT)
    assert certificate.problems(face, pdf, sealer) == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"number": "HY-2026-0009"}, "number"),
        ({"holder": "另一家公司"}, "holder"),
        ({"valid_from": date(2026, 1, 1)}, "valid_from"),
        ({"valid_to": date(2027, 12, 31)}, "valid_to"),
        ({"issued_on": date(2026, 11, 25)}, "issued_on"),
        ({"association": "别的协会"}, "association"),
        ({"association_english": "Another Association"}, "association_english"),
        ({"contact_line": "电话 020-1111 1111"}, "contact_line"),
        ({"verify_url": "HTTPS://M.EXAMPLE.CN/V/OTHER"}, "verify_url"),
    ],
)
def test_a_file_that_says_something_else_is_found(
    face: Face, sealed: bytes, sealer: LocalSealer, change: dict[str, str | date], problem: str
) -> None:
    assert certificate.problems(replace(face, **change), sealed, sealer) == (f"{problem} is not in the text",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"credit_code": "91440101MA1111111X"}, "credit_code"),
        ({"legal_representative": "样乙二"}, "legal_representative"),
        ({"address": "样例市别的大道 9 号"}, "address"),
        ({"services": "白蚁防治"}, "services"),
        ({"reviewed": "2027、2028、2029"}, "year_3"),
    ],
)
@pytest.mark.parametrize("paper", [ORIGINAL, DUPLICATE], ids=lambda face: face.part)
def test_a_qualification_that_says_something_else_is_found(
    paper: QualificationFace, sealer: LocalSealer, change: dict[str, str], problem: str
) -> None:
    problems = certificate.problems(replace(paper, **change), certificate.draw(paper), sealer)
    assert problems[0] == f"{problem} is not in the text"


@pytest.mark.parametrize(
    "change",
    [{"sex": "男"}, {"identity": "11**************11"}, {"employer": "别的公司"}, {"work": "别的工种"}],
    ids=lambda change: next(iter(change)),
)
def test_a_training_certificate_that_says_something_else_is_found(sealer: LocalSealer, change: dict[str, str]) -> None:
    pdf = certificate.draw(TRAINING, photos_of(TRAINING))
    assert (
        certificate.problems(replace(TRAINING, **change), pdf, sealer)[0] == f"{next(iter(change))} is not in the text"
    )


def test_the_original_does_not_pass_for_the_duplicate(sealer: LocalSealer) -> None:
    for one, other, size in ((ORIGINAL, DUPLICATE, "420 x 297"), (DUPLICATE, ORIGINAL, "210 x 297")):
        problems = certificate.problems(other, certificate.draw(one), sealer)
        assert problems[0].startswith(f"the page measures {size} mm instead of")
        assert "part is not in the text" in problems


@pytest.mark.parametrize(
    ("turned", "as_shown"), [(0, (420, 297)), (90, (297, 420)), (180, (420, 297)), (270, (297, 420))]
)
def test_a_page_measures_what_a_reader_sees_however_it_is_turned(turned: int, as_shown: tuple[int, int]) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(certificate.draw(ORIGINAL))))
    writer.pages[0].rotate(turned)
    file = BytesIO()
    writer.write(file)
    assert read_back(file.getvalue()).size == as_shown


@pytest.mark.parametrize("paper", [pytest.param(MEMBER, id="member"), pytest.param(DUPLICATE, id="duplicate")])
def test_a_hyphen_that_ends_a_line_is_read_back_as_a_hyphen(paper: Face) -> None:
    """Wherever the name is broken: a certificate that could not be read back could never be issued."""
    for ahead in range(10, 31):
        face = replace(paper, holder="示" * ahead + "-" + "限" * (45 - ahead))
        read = read_back(certificate.draw(face))
        assert face.holder in read.text, ahead


def test_a_test_certificate_does_not_pass_for_a_real_one(face: Face, sealed: bytes, sealer: LocalSealer) -> None:
    assert "the certificate calls itself a test" in certificate.problems(replace(face, test=False), sealed, sealer)


def test_a_certificate_without_a_seal_is_found(face: Face, drawn: bytes, sealer: LocalSealer) -> None:
    assert certificate.problems(face, drawn, sealer) == ("0 signatures instead of one",)


def test_a_font_left_out_of_the_file_is_found() -> None:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=12)
    page.text(20, 20, "plain")
    assert read_back(bytes(page.output())).fonts_not_embedded == ("/Helvetica",)


def test_a_second_page_and_another_paper_are_found(face: Face, drawn: bytes, sealer: LocalSealer) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(drawn)))
    writer.pages[0].mediabox.upper_right = (500, 500)
    writer.add_blank_page(500, 500)
    file = BytesIO()
    writer.write(file)
    problems = certificate.problems(face, file.getvalue(), sealer)
    assert "2 pages instead of one" in problems
    width, height = face.size
    assert f"the page measures 176 x 176 mm instead of {width} x {height}" in problems


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"\x00" * 100, b"<html></html>"])
def test_what_is_no_pdf_is_said_to_be_unreadable(face: Face, sealer: LocalSealer, junk: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_back(junk)
    assert len(certificate.problems(face, junk, sealer)) == 1


def test_a_truncated_certificate_has_problems(face: Face, sealed: bytes, sealer: LocalSealer) -> None:
    for share in (0.1, 0.5, 0.9, 0.999):
        assert certificate.problems(face, sealed[: int(len(sealed) * share)], sealer)


def test_the_hash_of_a_face_changes_with_every_part_of_it(face: Face) -> None:
    changes = [
        replace(face, **{name: value + timedelta(days=1) if isinstance(value, date) else f"{value}X"})
        for name, value in vars(face).items()
        if not isinstance(value, bool)
    ]
    hashes = {each.content_hash() for each in (face, replace(face, test=False), *changes)}
    assert len(hashes) == len(changes) + 2
    assert all(len(digest) == 64 for digest in hashes)


def test_the_hash_of_a_face_is_the_same_on_every_machine(face: Face) -> None:
    assert face.content_hash() == replace(face).content_hash()
    as_first_issued = {"template": "member-1", "contact_line": "微信或相机扫码 · 电话 020-0000 0000"}
    assert (
        replace(MEMBER, **as_first_issued).content_hash()
        == "b0dd98c8f32eb25d98c9a42eb7336ea7ea683265a796e3fea644dd4d5166d398"
    )


def test_an_address_that_a_code_cannot_hold_is_no_face(face: Face) -> None:
    with pytest.raises(ValueError, match="alphanumeric"):
        replace(face, verify_url="https://m.example.cn/v/abc")


def test_a_process_that_has_loaded_nothing_else_reads_a_seal_back(sealed: bytes, tmp_path: Path) -> None:
    # the libraries teach one another: pyHanko, which only the tests have, once knew an attribute for us
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    program = (
        "import sys; from pathlib import Path; from chalicelib.documents.reading import read_back\n"
        "(seal,) = read_back(Path(sys.argv[1]).read_bytes()).seals\n"
        "print(seal.covers_whole_file, seal.digest_right, seal.signature_right, seal.visible, 'pyhanko' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program, file], check=True, capture_output=True, text=True).stdout
    assert told.split() == ["True", "True", "True", "True", "False"]


def attributed(sealed: bytes, old: bytes, new: bytes) -> bytes:
    """The file with bytes of its signature's container changed."""
    assert sealed.count(old.hex().encode()) == 1
    return sealed.replace(old.hex().encode(), new.hex().encode())


def test_a_container_that_names_another_digest_or_no_certificate_of_ours_is_found(
    face: Face, sealed: bytes, sealer: LocalSealer
) -> None:
    digest = sha256(sealer.certificate).digest()
    assert certificate.problems(face, attributed(sealed, digest, digest[::-1]), sealer) == (
        "the signature does not match the file",
    )


def test_a_gap_that_holds_more_than_a_signature_is_found(face: Face, sealed: bytes, sealer: LocalSealer) -> None:
    (start, length, resumed, rest) = PdfReader(BytesIO(sealed)).get_fields()["Seal"]["/V"]["/ByteRange"]
    old, new = (b"%010d %010d %010d" % each for each in ((length, resumed, rest), (length - 9, resumed, rest)))
    assert start == 0
    assert certificate.problems(face, sealed.replace(old, new), sealer) == ("the PDF cannot be read: ValueError",)
