"""What the check of an uploaded file accepts and refuses, over the corpus and by chance."""

import hashlib
import logging
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chalicelib.documents.inspection import findings, inspect
from chalicelib.rules.uploads import Accepted, FileRule, Kind, PhotoRule, Unacceptable
from chalicelib.rules.vocabulary import Reason
from tests.documents import corpus
from tests.documents.building import jpeg, one_page, pdf, picture, png, saved, typeset, zipped

ANY = FileRule()
TO_BE_DAMAGED = {
    "PDF by Acrobat, linearised",
    "PDF by Acrobat, table of differences",
    "PDF by a browser",
    "PDF with an outline by hand",
    "PDF that forbids editing, AES",
    "JPEG, progressive",
    "JPEG with camera and place",
    "PNG, interlaced",
    "PNG with texts of every kind",
}
DANGEROUS_WORDS = (
    b" endobj 9 0 obj ",
    b" endstream ",
    b" stream\n",
    b"/Length 99999999999 ",
    b"<<" * 200,
    b"[" * 200,
    b"(" * 200,
    b"trailer<</Prev 0/Size 99999999>>",
    b"%%EOF",
    b"4 0 R",
    b"/Filter/LZWDecode ",
    b"/Type/ObjStm/N 9/First 9 ",
    b"\xff\xda\0\x0c",
    b"\xff\xd9",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0IEND\xaeB`\x82",
)
DEAR = {
    "PDF with twelve drawings of 50 MB",
    "PDF with a drawing deflated twice",
    "PDF with an object stream that inflates to 60 MB",
    "PDF of strings that never end",
    "PDF of arrays within arrays",
    "PDF of one array of millions",
    "PDF with a small picture that inflates to 100 MB",
    "PNG whose pixels go on for 60 MB",
    "PNG that really is 10,000 wide and high",
    "JPEG of 24 million pixels",
    "PNG of 12 million pixels",
}
MOST_MEMORY = 300 * 2**20
MOST_SECONDS = 8  # of this process alone; the dearest takes one or two, on a slow machine more
DIGESTS: dict[str, bytes] = {}  # of what was built already, for it takes a while


def digest(sample: corpus.Sample) -> bytes:
    return hashlib.sha256(sample.build()).digest()


def reasons_against(data: bytes, name: str, rule: FileRule = ANY) -> tuple[Reason, ...]:
    verdict = inspect(data, rule, name)
    assert isinstance(verdict, Unacceptable), verdict
    return verdict.reasons


def accepted(data: bytes, name: str, rule: FileRule = ANY) -> Accepted:
    verdict = inspect(data, rule, name)
    assert isinstance(verdict, Accepted), verdict
    return verdict


@pytest.mark.parametrize("sample", corpus.GOOD, ids=str)
def test_what_people_upload_is_accepted(sample: corpus.Sample) -> None:
    data = sample.build()
    verdict = accepted(data, sample.file_name)
    DIGESTS[sample.name] = hashlib.sha256(data).digest()
    assert verdict.sha256 == hashlib.sha256(data).hexdigest()
    assert verdict.size == len(data)
    assert sample.name.startswith(verdict.kind.name)
    assert (verdict.pages is not None) == (verdict.kind is Kind.PDF)


@pytest.mark.parametrize("sample", corpus.HOSTILE, ids=str)
def test_what_could_do_harm_or_cannot_be_read_is_refused_with_its_reason(sample: corpus.Sample) -> None:
    data = sample.build()
    DIGESTS[sample.name] = hashlib.sha256(data).digest()
    started = time.process_time()
    reasons = reasons_against(data, sample.file_name)
    assert time.process_time() - started < MOST_SECONDS
    assert sample.why in {reason.code for reason in reasons}
    for reason in reasons:
        assert reason.message.endswith("。")
        assert reason.next.endswith("。")


def test_the_corpus_is_as_large_and_as_varied_as_it_claims() -> None:
    """Ten pictures of one kind with other numbers in them would be one sample."""
    samples = corpus.GOOD + corpus.HOSTILE
    assert len(corpus.GOOD) >= 100
    assert len(corpus.HOSTILE) >= 300
    assert len({sample.name for sample in samples}) == len(samples)
    assert len({DIGESTS.get(sample.name) or digest(sample) for sample in samples}) == len(samples)


def test_every_finding_about_a_pdf_has_a_file_that_shows_it() -> None:
    codes = {reason.code for reason in vars(findings).values() if isinstance(reason, Reason)}
    assert codes <= {sample.why for sample in corpus.HOSTILE}


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process as Linux tells it")
def test_no_file_costs_more_memory_than_the_function_has() -> None:
    """In a process of its own: what building the samples took does not count, nor what other tests did."""
    program = (
        "import re, sys\n"
        "from chalicelib.documents.inspection import inspect\n"
        "from chalicelib.rules.uploads import FileRule\n"
        "inspect(sys.stdin.buffer.read(), FileRule(), sys.argv[1])\n"
        "print(re.search(r'VmHWM:\\s*(\\d+) kB', open('/proc/self/status').read())[1])\n"
    )
    for sample in (sample for sample in corpus.GOOD + corpus.HOSTILE if sample.name in DEAR):
        told = subprocess.run(
            [sys.executable, "-c", program, sample.file_name], input=sample.build(), capture_output=True, check=True
        )
        assert int(told.stdout) * 1024 < MOST_MEMORY, sample.name


def test_a_file_that_lies_about_its_type_is_refused_with_what_it_really_is() -> None:
    (reason,) = reasons_against(zipped("word/document.xml"), "申请表.pdf")
    assert reason.message == "文件名以“.pdf”结尾，但实际是 Word 文档。"
    assert "另存为 PDF" in reason.next
    (reason,) = reasons_against(jpeg(), "执照.pdf")
    assert reason.message == "文件名以“.pdf”结尾，但实际是 JPEG 图片。"
    assert "“.jpeg”" in reason.next


def test_a_photo_in_the_phones_own_format_is_told_how_to_convert() -> None:
    (reason,) = reasons_against(b"\0\0\0\x18ftypheic" + bytes(50), "IMG_0001.HEIC")
    assert reason.message == "文件是 HEIC 照片。"
    assert "兼容性最佳" in reason.next


def test_a_pdf_hears_everything_that_is_wrong_with_it_at_once() -> None:
    both = pdf(one_page(b"/AA<</WC" + corpus.JAVASCRIPT + b">>/Collection<<>>"))
    codes = [reason.code for reason in reasons_against(both, "a.pdf")]
    assert codes == ["active_content", "automatic_action", "embedded_file"]


def test_pages_and_pixels_are_counted_as_people_see_them() -> None:
    assert accepted(typeset(7), "a.pdf").pages == 7
    upright = next(sample for sample in corpus.GOOD if sample.name == "JPEG, turned by EXIF")
    verdict = accepted(upright.build(), "a.jpg")
    assert (verdict.width, verdict.height) == (480, 640)


def test_a_slot_takes_only_the_kinds_it_names() -> None:
    pictures = FileRule(kinds=(Kind.JPEG, Kind.PNG))
    (reason,) = reasons_against(typeset(), "a.pdf", pictures)
    assert reason.code == "wrong_type"
    assert reason.next == "请上传 JPEG 图片、PNG 图片。"
    assert accepted(png(), "a.png", pictures).kind is Kind.PNG


def test_a_limit_of_size_includes_its_last_byte() -> None:
    data = jpeg()
    assert accepted(data, "a.jpg", FileRule(max_bytes=len(data)))
    (reason,) = reasons_against(data, "a.jpg", FileRule(max_bytes=len(data) - 1))
    assert reason.code == "too_large"


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((650, 800), None),
        ((400, 400), "photo_proportions"),
        ((800, 650), "photo_proportions"),
        ((260, 320), "too_small"),
    ],
)
def test_a_portrait_has_the_proportions_and_pixels_it_is_printed_with(size: tuple[int, int], code: str | None) -> None:
    verdict = inspect(saved(picture(*size), "JPEG"), FileRule(photo=PhotoRule()), "a.jpg")
    assert ([reason.code for reason in verdict.reasons] if isinstance(verdict, Unacceptable) else None) == (
        code and [code]
    )


def test_nothing_of_a_file_reaches_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for sample in corpus.HOSTILE_PDF[:12]:
            inspect(sample.build(), ANY, sample.file_name)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("pypdf")] == []


SEEDS = {
    "a.pdf": pdf(one_page()),
    "b.pdf": typeset(),
    "c.jpg": saved(picture(320, 320), "JPEG"),
    "d.png": saved(picture(320, 320), "PNG"),
    **{
        f"{sample.name}.{sample.name[:3].lower()}": sample.build()
        for sample in corpus.GOOD
        if sample.name in TO_BE_DAMAGED
    },
}
names = st.sampled_from(sorted(SEEDS))
anywhere = st.floats(0, 1)
by_chance = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@by_chance
@given(names, st.lists(st.tuples(anywhere, st.binary(max_size=6)), min_size=1, max_size=6))
def test_no_damage_makes_the_check_raise(name: str, damage: list[tuple[float, bytes]]) -> None:
    data = bytearray(SEEDS[name])
    for where, what in damage:
        place = int(where * len(data))
        data[place : place + len(what)] = what
    assert inspect(bytes(data), ANY, name)


@by_chance
@given(names, st.lists(st.tuples(anywhere, st.integers(0, 7)), min_size=1, max_size=20))
def test_bits_that_flip_get_a_verdict(name: str, flips: list[tuple[float, int]]) -> None:
    data = bytearray(SEEDS[name])
    for where, bit in flips:
        data[min(int(where * len(data)), len(data) - 1)] ^= 1 << bit
    assert inspect(bytes(data), ANY, name)


@by_chance
@given(names, anywhere, anywhere)
def test_a_piece_torn_out_gets_a_verdict(name: str, start: float, end: float) -> None:
    data = SEEDS[name]
    first, last = sorted((int(start * len(data)), int(end * len(data))))
    assert inspect(data[:first] + data[last:], ANY, name)


@by_chance
@given(names, anywhere)
def test_what_is_cut_off_before_its_last_bytes_is_refused(name: str, where: float) -> None:
    assume(
        "linearised" not in name
    )  # its end stands in the middle too, and a small one is whole without its last table
    data = SEEDS[name].rstrip()
    assert isinstance(inspect(data[: int(where * (len(data) - 5))], ANY, name), Unacceptable)


@by_chance
@given(names, names, anywhere, anywhere)
def test_two_files_spliced_get_a_verdict(one: str, other: str, here: float, there: float) -> None:
    head, tail = SEEDS[one], SEEDS[other]
    assert inspect(head[: int(here * len(head))] + tail[int(there * len(tail)) :], ANY, one)


@by_chance
@given(names, st.sampled_from(DANGEROUS_WORDS), anywhere)
def test_a_word_out_of_place_gets_a_verdict(name: str, word: bytes, where: float) -> None:
    data = SEEDS[name]
    place = int(where * len(data))
    assert inspect(data[:place] + word + data[place:], ANY, name)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]),
    st.text(max_size=20),
)
def test_noise_is_refused_whatever_it_begins_with(noise: bytes, start: bytes, name: str) -> None:
    assert isinstance(inspect(start + noise, ANY, name), Unacceptable)
