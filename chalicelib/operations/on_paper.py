"""What of the association's settings stands on certificates: refused where it is set if no paper could show it.

Else it would be found out when a certificate is drawn, for which somebody has paid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import inf

from chalicelib.operations.editions import FACES
from chalicelib.operations.ports import Ports, Unfit
from chalicelib.rules.association import Association
from chalicelib.rules.certificate_face import Face
from chalicelib.rules.certificates import NumberPatternWrong, number
from chalicelib.rules.records import Certificate, Enterprise
from chalicelib.rules.vocabulary import CertificateKind, Personal, Reason

# of a face: which setting says it, and what that is called
PRINTED = {
    "association": ("name", "协会名称"),
    "association_english": ("english_name", "协会英文名称"),
    "contact_line": ("verify_note", "证书上的查验说明"),
}
LARGEST = 99_999  # more than any association issues in a year: later numbers have no more digits than this
A_NAME = "样例单位"


@dataclass(frozen=True)
class _Trouble:
    """``field``: the setting; ``called``: its name for people; ``text``: as a paper would say it."""

    field: str
    called: str
    text: str
    found: Unfit

    @property
    def room(self) -> float:
        return inf if self.found.fits is None else len(self.found.fits)


def unprintable(ports: Ports, wanted: Association) -> tuple[Reason, ...]:
    """Of each setting by the paper that holds the least. Patterns that give no number are told elsewhere."""
    tightest: dict[str, _Trouble] = {}
    for each in _troubles(ports, wanted):
        before = tightest.setdefault(each.field, each)
        tightest[each.field] = min(before, each, key=lambda trouble: trouble.room)
    return tuple(reason for each in tightest.values() for reason in _reasons(each))


def _troubles(ports: Ports, wanted: Association) -> Iterator[_Trouble]:
    for kind in FACES:
        asked = {**PRINTED, "number": (f"number_patterns.{kind.value}", f"“{kind.chinese}”的编号")}
        for face in _specimens(ports, wanted, kind):
            said = face.says()
            found = (each for each in ports.printer.unfit(face) if each.name in asked)
            yield from (_Trouble(*asked[each.name], said[each.name], each) for each in found)


def _reasons(trouble: _Trouble) -> Iterator[Reason]:
    found, called = trouble.found, trouble.called
    if found.missing:
        told = f"证书字库中没有{called}里的这些字：{'、'.join(found.missing)}。"
        following = "请核对是否有误，改用字库中有的写法；确为登记用字的，请联系技术人员。"
        yield Reason("not_in_the_certificates_font", told, following, trouble.field)
    if found.fits is not None:
        told = f"{called}太长，证书上印不下：现有 {len(trouble.text)} 个字符。"
        following = f"请缩短到 {len(found.fits)} 个字符左右；证书上最多印到“{found.fits}”。"
        yield Reason("too_long_for_the_certificate", told, following, trouble.field)


# --- a paper of each kind, as it would be drawn -----------------------------------------------------------------------


def _specimens(ports: Ports, wanted: Association, kind: CertificateKind) -> tuple[Face, ...]:
    today = ports.clock.today()
    try:
        given = number(wanted.number_patterns.get(kind.value, ""), today.year, LARGEST)
    except NumberPatternWrong:
        given = "1"
    return tuple(FACES[kind](ports, wanted, _enterprise(today), _certificate(kind, given, today), today))


def _certificate(kind: CertificateKind, given: str, today: date) -> Certificate:
    return Certificate(
        root="A" * 26, kind=kind, number=given, holder="", holder_name=A_NAME, valid_from=today, valid_to=today,
        issued_on=today, application="", services="消毒",
    )  # fmt: skip


def _enterprise(today: date) -> Enterprise:
    nobody = Personal("*", "样")
    return Enterprise(
        id="", name=A_NAME, credit_code="0" * 18, member_code="", kind="", legal_representative=nobody, capital="",
        registered_address=A_NAME, office_address="", founded_on=today, business_scope="", contact_name=nobody,
        contact_mobile=nobody, contact_email=nobody, contact_post="", member_since=today,
    )  # fmt: skip
