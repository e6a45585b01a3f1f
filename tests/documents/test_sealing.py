"""The seal holds: a stock validator accepts it, one changed byte breaks it, and it is what one sees."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from math import atan2, pi, tau
from pathlib import Path
from random import Random

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from chalicelib.documents import certificate, fonts, seal
from chalicelib.documents.reading import TROUBLES
from chalicelib.memory.sealing import LocalSealer
from chalicelib.rules.certificate_face import Face
from infra import authority
from infra.samples import RAREST
from tests.counting import COUNTED
from tests.documents.conftest import SEALED_AT


def signature(pdf: bytes) -> EmbeddedPdfSignature:
    (only,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return only


def pdfsig(file: Path) -> str:
    if shutil.which("pdfsig") is None:
        assert not os.environ.get("CI"), "pdfsig (poppler-utils) has to be installed where CI runs"
        pytest.skip("pdfsig is not installed")
    return subprocess.run(["pdfsig", file], check=False, capture_output=True, text=True).stdout


def test_pyhanko_finds_the_signature_valid_trusted_and_over_the_whole_file(sealed: bytes, sealer: LocalSealer) -> None:
    context = ValidationContext(trust_roots=[x509.Certificate.load(sealer.chain[0])], allow_fetching=False)
    status = validate_pdf_signature(signature(sealed), signer_validation_context=context)
    assert status.bottom_line, status.pretty_print_details()


def test_pdfsig_finds_the_signature_valid(sealed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    report = pdfsig(file)
    assert "Signature is Valid." in report
    assert "Total document signed" in report


def test_the_signature_is_pades_baseline(sealed: bytes) -> None:
    embedded = signature(sealed)
    attributes = {attribute["type"].native for attribute in embedded.signer_info["signed_attrs"]}
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert {"content_type", "message_digest", "signing_certificate_v2"} <= attributes
    assert "signing_time" not in attributes  # PAdES: the claimed time stands in the dictionary only
    assert embedded.self_reported_timestamp == SEALED_AT


def test_the_drawn_bytes_stand_untouched_in_front_of_the_seal(drawn: bytes, sealed: bytes) -> None:
    assert sealed.startswith(drawn)


@pytest.mark.parametrize("share", [0.0005, 0.2, 0.5, 0.79, 0.999])
def test_one_flipped_byte_in_what_was_signed_is_found(
    face: Face, sealed: bytes, sealer: LocalSealer, share: float, tmp_path: Path
) -> None:
    start, length, resumed, rest = signature(sealed).byte_range
    covered = [*range(int(start), int(start + length)), *range(int(resumed), int(resumed + rest))]
    at = covered[int(len(covered) * share)]
    tampered = sealed[:at] + bytes([sealed[at] ^ 0x01]) + sealed[at + 1 :]
    file = tmp_path / "tampered.pdf"
    file.write_bytes(tampered)
    assert certificate.problems(face, tampered, sealer)
    assert "Signature is Valid." not in pdfsig(file)


def holds(pdf: bytes) -> bool:
    """Whether the signature, asked alone, still covers the whole file and fits it."""
    try:
        embedded = signature(pdf)
        right = validate_sig_integrity(embedded.signer_info, embedded.signer_cert, "data", embedded.compute_digest())
        return all(right) and embedded.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    except (*TROUBLES, PdfError):
        return False


def flipped(pdf: bytes, at: int, bit: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1 << bit]) + pdf[at + 1 :]


def test_500_flipped_bits_of_what_was_signed_are_all_found_by_the_signature_alone(
    sealed: bytes, record_property: Callable[[str, object], None]
) -> None:
    start, length, resumed, rest = map(int, signature(sealed).byte_range)
    covered = [*range(start, start + length), *range(resumed, resumed + rest)]
    assert holds(sealed)
    chance = Random(6)
    survived = [
        (at, bit)
        for at, bit in ((chance.choice(covered), chance.randrange(8)) for _ in range(500))
        if holds(flipped(sealed, at, bit))
    ]
    record_property(COUNTED, ["flips of what was signed, found", 500 - len(survived), 500])
    assert survived == []


def test_a_flip_outside_what_was_signed_changes_nothing_but_the_spelling_of_the_signature(
    sealed: bytes, record_property: Callable[[str, object], None]
) -> None:
    start, length, resumed, _ = map(int, signature(sealed).byte_range)
    outside = range(start + length, resumed)
    chance = Random(6)
    harmless = 0
    for at, bit in ((chance.choice(outside), chance.randrange(8)) for _ in range(100)):
        tampered = flipped(sealed, at, bit)
        if holds(tampered):
            harmless += 1
            # the same hexadecimal digit in the other case, or what the signature does not need: a chain's certificate
            assert chr(tampered[at]).lower() == chr(sealed[at]) or at - outside.start > 40
    record_property(COUNTED, ["flips of the signature's own digits, found", 100 - harmless, 100])
    assert harmless < 50


def test_bytes_added_behind_the_seal_are_found(face: Face, sealed: bytes, sealer: LocalSealer) -> None:
    assert certificate.problems(face, sealed + b"\n% more\n", sealer)


def test_the_seal_is_the_appearance_of_the_signature_and_there_is_no_image(sealed: bytes) -> None:
    page = PdfReader(BytesIO(sealed)).pages[0]
    (widget,) = [annotation.get_object() for annotation in page["/Annots"]]
    appearance = widget["/AP"]["/N"]
    assert widget["/FT"] == "/Sig"
    assert appearance["/Subtype"] == "/Form"
    (chop,) = appearance["/Resources"]["/XObject"].values()
    assert chop["/Subtype"] == "/Form"
    assert len(chop.get_data()) > 5_000
    # the photo of a training certificate is the only image there may be
    assert not {*page["/Resources"].get("/XObject", DictionaryObject())} - {"/Photo"}
    assert sealed.count(b"/Subtype /Image") == len(page["/Resources"].get("/XObject", DictionaryObject()))


def test_a_seal_adds_little_to_the_file(drawn: bytes, sealed: bytes) -> None:
    assert len(sealed) - len(drawn) < 32_000


def test_a_test_key_seals_no_certificate_that_hides_it(face: Face, sealer: LocalSealer) -> None:
    live = replace(face, test=False)
    with pytest.raises(ValueError, match="测试证书"):
        certificate.seal(live, certificate.draw(live), sealer, SEALED_AT)


def test_a_seal_by_another_key_is_not_ours(face: Face, sealed: bytes, tmp_path: Path) -> None:
    authority.ensure(tmp_path)
    stranger = LocalSealer.from_directory(tmp_path)
    assert certificate.problems(face, sealed, stranger) == ("signed under another certificate",)


def test_the_sealers_key_is_not_loaded_again_for_each_signature(
    face: Face, drawn: bytes, authority_directory: Path, tmp_path: Path
) -> None:
    shutil.copytree(authority_directory, tmp_path / "gone")
    sealer = LocalSealer.from_directory(tmp_path / "gone")
    shutil.rmtree(tmp_path / "gone")
    for day in (24, 25):
        pdf = certificate.seal(face, drawn, sealer, datetime(2026, 11, day, tzinfo=UTC))
        assert certificate.problems(face, pdf, sealer) == ()


NEEDS_FALLBACK = pytest.mark.skipif(not fonts.is_there(fonts.Cut.RARE), reason="set-up brought no fallback font")


@pytest.mark.parametrize(
    "association",
    [
        "甲会", "样例市卫生有害生物防制协会", "样例" * 15, "Pest Control (2026) 协会",
        pytest.param(f"样例市{RAREST}协会", marks=NEEDS_FALLBACK),
    ],
)  # fmt: skip
def test_a_chop_stays_within_its_ring_whatever_the_name(association: str) -> None:
    _ring, inside = seal.draw_seal(association, test=True).content.decode().split(" s\n", 1)
    reach = [(x * x + y * y) ** 0.5 for x, y in points(inside)]
    assert len(reach) > 50
    assert max(reach) < seal.DIAMETER / 2 - seal.RING


@pytest.mark.parametrize("length", range(2, 31))
def test_neighbours_on_the_ring_do_not_touch(length: int) -> None:
    # a field of full squares is the widest a name can be; angles run clockwise from straight below the star
    _ring, _star, *glyphs = seal.draw_seal("田" * length, test=False).content.decode().split("\n")[2:-1]
    angles = [[(-pi / 2 - atan2(y, x)) % tau for x, y in points(glyph)] for glyph in glyphs]
    assert len(angles) == length
    for left, right in pairwise(angles):
        assert max(left) < min(right)


def test_a_chop_with_a_character_that_cannot_be_cut_is_refused() -> None:
    with pytest.raises(fonts.MissingGlyphError):
        seal.draw_seal("甲\ue000协会", test=False)


def points(content: str) -> Iterator[tuple[float, float]]:
    """The points through which a piece of content is drawn, handles included, in mm from the centre."""
    numbers: list[float] = []
    for word in content.split():
        if word[-1].isdigit():
            numbers.append(float(word))
        else:
            if word in {"m", "l", "c"}:
                yield from zip(numbers[::2], numbers[1::2], strict=True)
            numbers.clear()
