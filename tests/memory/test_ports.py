"""The ports in memory are honest: they refuse what the real ones refuse, and keep what they were given."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest

from chalicelib.memory.carriers import KeptPost, KeptQueues, PlainLetters, StandInWechat
from chalicelib.memory.inspector import PlainInspector
from chalicelib.memory.ports import ports
from chalicelib.memory.printer import PlainPrinter
from chalicelib.memory.records import MemoryRecords
from chalicelib.memory.sample import NOTICES, SAMPLE
from chalicelib.memory.statements import PlainStatements
from chalicelib.memory.time_and_ids import A_MORNING, CountingIds, FixedClock
from chalicelib.operations.carriers import Failed, Letter, LoginRefused, SlowDown
from chalicelib.operations.ports import Conflict, Insert, Ports
from chalicelib.rules.association import Association
from chalicelib.rules.certificate_face import MemberFace
from chalicelib.rules.certificates import number
from chalicelib.rules.payments import amount_due
from chalicelib.rules.records import Claim, ClaimKind, Work
from chalicelib.rules.uploads import Accepted, FileRule, Unacceptable
from chalicelib.rules.vocabulary import CertificateKind, Refused

FACE = MemberFace(
    number="DEMO-1", holder="虚构一号公司", credit_code="X1", valid_from=date(2026, 3, 2), valid_to=date(2026, 12, 31),
    issued_on=date(2026, 3, 2), association="示例协会", association_english="Sample", verify_url="HTTPS://M.EXAMPLE/V/A",
    contact_line="000",
)  # fmt: skip
LETTER = Letter("some@a.example", "会员证", "正文", None, (), "m1")


def test_all_ports_are_there_with_the_sample_association() -> None:
    together = ports()
    assert all(getattr(together, port.name) is not None for port in fields(Ports))
    assert together.records.get(Association, "association") == SAMPLE


def test_a_port_given_takes_the_place_of_its_own() -> None:
    clock = FixedClock()
    records = MemoryRecords(clock)
    together = ports(clock=clock, records=records)
    assert together.records is records
    assert together.clock is clock
    assert records.get(Association, "association") is None


def test_of_many_at_once_exactly_one_takes_a_claim() -> None:
    records, together = MemoryRecords(FixedClock()), Barrier(16)

    def take(n: int) -> bool:
        together.wait()
        try:
            records.commit(Insert(Claim(kind=ClaimKind.CREDIT_CODE, value="X1", holder=f"application:a{n}")))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(take, range(16))) == 1


# --- time and ids -----------------------------------------------------------------------------------------------------


def test_the_clock_shows_shanghai_and_moves_only_by_hand() -> None:
    clock = FixedClock(datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    assert clock.today() == date(2027, 1, 1)
    assert clock.now() == clock.now()
    clock.advance(timedelta(days=1))
    assert clock.now().isoformat() == "2027-01-02T01:00:00+08:00"


def test_ids_are_the_same_in_every_run_and_never_twice() -> None:
    ids, again = CountingIds(), CountingIds()
    given = [ids.new("a"), ids.new("f"), ids.root(), ids.member_code(), ids.root()]
    assert given == [again.new("a"), again.new("f"), again.root(), again.member_code(), again.root()]
    assert len(set(given)) == len(given)
    assert len(given[2]) == 26
    assert ids.keyed("openid", "x") != ids.keyed("mobile", "x")


# --- printer and inspector --------------------------------------------------------------------------------------------


def test_the_printer_reads_back_what_it_printed() -> None:
    printer = PlainPrinter()
    sealed = printer.seal(printer.draw(FACE), FACE, A_MORNING)
    assert printer.problems(FACE, sealed) == ()
    assert printer.draw(FACE) == printer.draw(FACE)


def test_the_printer_notices_a_missing_seal_and_a_wrong_word() -> None:
    printer = PlainPrinter()
    drawn = printer.draw(FACE)
    assert printer.problems(FACE, drawn) == ("not sealed",)
    other = replace(FACE, holder="另一家公司")
    assert printer.problems(other, printer.seal(drawn, FACE, A_MORNING)) == ("not what was to be printed",)


def test_the_printer_names_each_character_it_cannot_print_once() -> None:
    assert PlainPrinter(missing="𠮷㐀").missing_glyphs("㐀公司𠮷㐀") == "㐀𠮷"


def test_the_inspector_goes_by_the_first_bytes() -> None:
    inspector, rule = PlainInspector(), FileRule(max_bytes=10)
    assert isinstance(inspector.inspect(b"%PDF-1.7", rule, "a.exe"), Accepted)
    assert isinstance(inspector.inspect(b"MZ", rule, "a.pdf"), Unacceptable)
    assert isinstance(inspector.inspect(b"%PDF-1.7 and more", rule, "a.pdf"), Unacceptable)


# --- carriers ---------------------------------------------------------------------------------------------------------


def test_a_carrier_fails_as_it_was_told_and_then_works_again() -> None:
    post, queues = KeptPost(), KeptQueues()
    post.fails_with(SlowDown("too fast"), Failed("lost"))
    for trouble in (SlowDown, Failed):
        with pytest.raises(trouble):
            post.send(LETTER)
    post.send(LETTER)
    queues.send(Work.MAIL, "mail-1")
    assert (post.letters, queues.sent) == ([LETTER], [(Work.MAIL, "mail-1")])


def test_a_wechat_code_works_once() -> None:
    wechat = StandInWechat()
    assert wechat.login("code-for-li").openid == "openid-of-li"
    for refused in ("code-for-li", "nonsense"):
        with pytest.raises(LoginRefused):
            wechat.login(refused)


def test_letters_say_their_name_and_their_context() -> None:
    assert PlainLetters().letter("certificate", {"number": "DEMO-1"}) == ("certificate", "number: DEMO-1", None)
    assert PlainLetters().notice("returned", {"reason": "补资料"}).wechat == {"reason": "补资料"}


# --- the sample -------------------------------------------------------------------------------------------------------


def test_the_sample_is_usable_and_says_that_it_is_made_up() -> None:
    assert amount_due(SAMPLE.fees, "dues", date(2026, 3, 2)) == 120_000
    assert all("演示" in fee.resolution for fee in SAMPLE.fees)
    assert "演示" in SAMPLE.bank.bank
    assert {number(SAMPLE.number_patterns[kind], 2026, 1) for kind in CertificateKind}
    assert SAMPLE.wechat_templates.keys() == set(NOTICES)


# --- statements -------------------------------------------------------------------------------------------------------


def test_the_reader_of_statements_reads_plain_text_and_refuses_the_rest() -> None:
    assert PlainStatements().read_rows('\ufeff日期,金额\n2026-03-02,"1,200.00"\n'.encode()) == (
        ("日期", "金额"), ("2026-03-02", "1,200.00"),
    )  # fmt: skip
    with pytest.raises(Refused):
        PlainStatements().read_rows(b"PK\x03\x04\xff\xfe")
