"""What the check of an uploaded file accepts and refuses, over the corpus and by chance."""

import hashlib
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.documents.inspection import inspect
from chalicelib.rules.uploads import Accepted, FileRule, Kind, PhotoRule, Unacceptable
from chalicelib.rules.vocabulary import Reason
from tests.documents import corpus
from tests.documents.building import jpeg, one_page, pdf, picture, png, saved, typeset, zipped

ANY = FileRule()


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
    assert verdict.sha256 == hashlib.sha256(data).hexdigest()
    assert verdict.size == len(data)
    assert sample.name.startswith(verdict.kind.name)
    assert (verdict.pages is not None) == (verdict.kind is Kind.PDF)


@pytest.mark.parametrize("sample", corpus.HOSTILE, ids=str)
def test_what_could_do_harm_or_cannot_be_read_is_refused_with_its_reason(sample: corpus.Sample) -> None:
    reasons = reasons_against(sample.build(), sample.file_name)
    assert sample.why in {reason.code for reason in reasons}
    for reason in reasons:
        assert reason.message.endswith("。")
        assert reason.next.endswith("。")


def test_a_file_that_lies_about_its_type_is_refused_with_what_it_really_is() -> None:
    (reason,) = reasons_against(zipped("word/document.xml"), "申请表.pdf")
    assert reason.message == "文件名以“.pdf”结尾，但实际是Word 文档。"
    assert "另存为 PDF" in reason.next
    (reason,) = reasons_against(jpeg(), "执照.pdf")
    assert reason.message == "文件名以“.pdf”结尾，但实际是JPEG 图片。"
    assert "“.jpeg”" in reason.next


def test_a_photo_in_the_phones_own_format_is_told_how_to_convert() -> None:
    (reason,) = reasons_against(b"\0\0\0\x18ftypheic" + bytes(50), "IMG_0001.HEIC")
    assert reason.message == "文件是HEIC 照片。"
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
    assert reason.next == "请上传JPEG 图片、PNG 图片。"
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
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(SEEDS)), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=6)
)
def test_no_damage_makes_the_check_raise(name: str, damage: list[tuple[float, bytes]]) -> None:
    data = bytearray(SEEDS[name])
    for where, what in damage:
        place = int(where * len(data))
        data[place : place + len(what)] = what
    assert inspect(bytes(data), ANY, name)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]),
    st.text(max_size=20),
)
def test_noise_is_refused_whatever_it_begins_with(noise: bytes, start: bytes, name: str) -> None:
    assert isinstance(inspect(start + noise, ANY, name), Unacceptable)
