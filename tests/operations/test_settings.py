"""What admins set goes together, or is refused with every reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.printer import PlainPrinter
from chalicelib.memory.sample import DUES, SAMPLE
from chalicelib.operations.on_paper import unprintable
from chalicelib.operations.ports import Ports, Unfit
from chalicelib.operations.settings import faults, save_settings
from chalicelib.rules.association import Association
from chalicelib.rules.certificate_face import Face
from chalicelib.rules.certificates import Deadline
from chalicelib.rules.folding import Misfilled
from chalicelib.rules.payments import Fee
from chalicelib.rules.schedule import DayOfYear
from chalicelib.rules.vocabulary import Unit
from tests.operations import acting

LATER = date(2027, 1, 1)


def codes(wanted: Association) -> list[str]:
    found = faults(wanted)
    assert all(reason.message and reason.next and reason.field for reason in found)
    return [reason.code for reason in found]


def numbered(**patterns: str) -> Association:
    return replace(SAMPLE, number_patterns={**SAMPLE.number_patterns, **patterns})


def windowed(**values: object) -> Association:
    return replace(SAMPLE, windows=replace(SAMPLE.windows, **values))  # type: ignore[arg-type]  # the table's


def test_the_made_up_settings_go_together() -> None:
    assert codes(SAMPLE) == []


def test_settings_that_do_not_go_together_are_not_kept(ports: Ports) -> None:
    with pytest.raises(Misfilled) as refusal:
        save_settings(ports, acting.order(acting.ADMIN), 0, windowed(lapse_days=1))
    assert [each.field for each in refusal.value.reasons] == ["settings.windows.lapse_warning_days"]
    assert ports.records.get(Association, "association") == SAMPLE


@pytest.mark.parametrize("pattern", ["GZ-{year}-{n}", "会证{year}年{n:04}号", "{year}{n:05}", "GZ1-{year}-{n}"])
def test_a_pattern_of_capitals_digits_hyphens_and_hanzi_is_good(pattern: str) -> None:
    assert codes(numbered(member=pattern)) == []


@pytest.mark.parametrize(
    "pattern", ["gz-{year}-{n}", "GZ/{year}/{n}", "GZ {year}-{n}", "（{year}）{n}", "{year}{n}{x}"]
)
def test_a_pattern_whose_numbers_nobody_could_look_up_is_refused(pattern: str) -> None:
    assert codes(numbered(member=pattern)) == ["number_pattern_characters"]


@pytest.mark.parametrize("pattern", ["", "GZ-{year}", "GZ-{n}", "GZ"])
def test_a_pattern_without_its_places_is_refused(pattern: str) -> None:
    assert codes(numbered(member=pattern)) == ["number_pattern"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A-{year}-{n:04}", "A-{year}-{n:04}"),
        ("A-{year}-{n:04}", "A-{year}-{n:05}"),
        ("A-{year}-{n}", "A-{n}-{year}"),
        ("A{year}{n}", "A2{year}{n}"),
    ],
)
def test_two_patterns_that_can_give_one_number_are_refused(one: str, other: str) -> None:
    assert codes(numbered(member=one, training=other)) == ["number_patterns_alike"]


def test_patterns_that_differ_by_a_digit_of_their_own_are_good() -> None:
    assert codes(numbered(member="GZ1-{year}-{n}", training="GZ2-{year}-{n}")) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (DUES, ["fee_twice"]),
        (replace(DUES, item="会费（新）", valid_from=LATER), ["fee_twice"]),
        (replace(DUES, level="理事单位"), ["fee_levels_closed"]),
        (replace(DUES, unit=Unit.PERSON), []),
        (replace(DUES, code="training"), []),
        (replace(DUES, valid_from=date(2010, 1, 1), valid_to=DUES.valid_from - timedelta(days=1)), []),
        (replace(DUES, valid_from=date(2010, 1, 1), valid_to=DUES.valid_from), ["fee_twice"]),
        (replace(DUES, code="training", valid_to=date(2019, 12, 31)), ["fee_dates"]),
    ],
)
def test_two_fees_that_hold_on_one_day_would_be_added_up_and_are_refused(other: Fee, told: list[str]) -> None:
    assert codes(replace(SAMPLE, fees=(DUES, other))) == told


@pytest.mark.parametrize(("warning", "told"), [(89, []), (90, ["warning_too_late"]), (91, ["warning_too_late"])])
def test_a_warning_comes_before_what_it_warns_of(warning: int, told: list[str]) -> None:
    assert codes(windowed(lapse_days=90, lapse_warning_days=warning)) == told


@pytest.mark.parametrize(
    ("month", "day", "told"), [(3, 31, 0), (2, 28, 0), (2, 29, 1), (2, 31, 1), (4, 31, 1), (0, 1, 1)]
)
def test_a_deadline_is_a_day_of_every_year(month: int, day: int, told: int) -> None:
    wanted = windowed(review_deadline=Deadline(month, day), season_reminder_days=())
    assert codes(wanted) == ["no_such_deadline"] * told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((DayOfYear(1, 1), DayOfYear(3, 31)), []),
        ((), []),
        ((DayOfYear(1, 1), DayOfYear(1, 1)), ["reminder_twice"]),
        ((DayOfYear(2, 29),), ["no_such_reminder"]),
        ((DayOfYear(4, 1),), ["reminder_too_late"]),
        ((DayOfYear(4, 31), DayOfYear(12, 1)), ["no_such_reminder", "reminder_too_late"]),
    ],
)
def test_a_reminder_of_dues_and_review_is_a_day_of_every_year_up_to_their_deadline(
    days: tuple[DayOfYear, ...], told: list[str]
) -> None:
    assert codes(windowed(season_reminder_days=days)) == told


def test_a_later_deadline_takes_later_reminders_and_a_day_before_expiry_is_said_once() -> None:
    assert codes(windowed(season_reminder_days=(DayOfYear(6, 1),), review_deadline=Deadline(6, 30))) == []
    assert codes(windowed(training_reminder_days=(60, 30, 60))) == ["reminder_twice"]
    assert codes(windowed(training_reminder_days=(90, 0))) == []


# --- on paper ---------------------------------------------------------------------------------------------------------

ROOM = 60
PRINTED = {"name": "协会名称", "english_name": "协会英文名称", "verify_note": "证书上的查验说明"}


def saying(field: str, text: str) -> Association:
    return replace(SAMPLE, **{field: text})  # type: ignore[arg-type]  # one of its texts


def test_the_made_up_settings_can_be_printed(ports: Ports) -> None:
    assert unprintable(ports, SAMPLE) == ()


@pytest.mark.parametrize("field", PRINTED)
def test_a_text_longer_than_the_papers_can_hold_is_refused_with_what_fits(field: str) -> None:
    narrow = ports_in_memory(printer=PlainPrinter(room=ROOM))
    assert unprintable(narrow, saying(field, "字" * ROOM)) == ()
    (reason,) = unprintable(narrow, saying(field, "字" * (ROOM + 1)))
    assert (reason.code, reason.field) == ("too_long_for_the_certificate", field)
    assert PRINTED[field] in reason.message
    assert f"{ROOM + 1} 个字符" in reason.message
    assert f"{ROOM} 个字符" in reason.next


def test_a_text_with_a_character_that_no_font_has_is_refused_with_the_character() -> None:
    without = ports_in_memory(printer=PlainPrinter(missing="𠮷"))
    (reason,) = unprintable(without, replace(SAMPLE, name="𠮷市协会"))
    assert (reason.code, reason.field) == ("not_in_the_certificates_font", "name")
    assert "𠮷" in reason.message


def test_a_number_that_grows_too_long_for_the_papers_is_told_by_its_kind() -> None:
    narrow = ports_in_memory(printer=PlainPrinter(room=ROOM + 20))
    wanted = numbered(qualification=f"{'会' * (ROOM + 20)}{{year}}{{n}}")
    (reason,) = unprintable(narrow, wanted)
    assert (reason.code, reason.field) == ("too_long_for_the_certificate", "number_patterns.qualification")
    assert "资质证" in reason.message


def test_settings_that_cannot_be_printed_are_not_kept() -> None:
    narrow = ports_in_memory(printer=PlainPrinter(room=ROOM))
    with pytest.raises(Misfilled) as refused:
        save_settings(narrow, acting.order(acting.ADMIN), 0, replace(SAMPLE, name="字" * (ROOM + 1)))
    assert [each.code for each in refused.value.reasons] == ["too_long_for_the_certificate"]
    assert narrow.records.get(Association, "association") == SAMPLE


def test_each_paper_is_asked_once_what_it_holds_when_settings_are_saved() -> None:
    ports = ports_in_memory()
    asked: list[str] = []
    unfit = ports.printer.unfit

    def noted(face: Face) -> tuple[Unfit, ...]:
        asked.append(f"{type(face).__name__} {getattr(face, 'part', '')}")
        return unfit(face)

    object.__setattr__(ports.printer, "unfit", noted)
    save_settings(ports, acting.order(acting.ADMIN), 0, replace(SAMPLE, name="虚构行业协会"))
    assert len(asked) == len(set(asked)) == 3
