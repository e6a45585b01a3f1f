"""A verdict per material when an application is returned: what may be judged and how, and what its owner is told."""

from collections import Counter
from collections.abc import Iterable

from chalicelib.rules.grammar import Case, Material, holds_one
from chalicelib.rules.guards import RECEIPT_SLOT, whose
from chalicelib.rules.records import MaterialVerdict
from chalicelib.rules.vocabulary import FileStatus, Reason

LONGEST_VERDICT = 200
MOST_TOLD = 20  # of the refused materials in a notice; all of them stand in the application


def faults_of(verdicts: Iterable[MaterialVerdict], case: Case) -> tuple[Reason, ...]:
    """Why verdicts cannot be given so: every reason of every one."""
    given = tuple(verdicts)
    times = Counter((each.slot, each.person) for each in given)
    twice = tuple(_judged_twice(slot) for (slot, _), often in times.items() if often > 1)
    return (*(reason for each in given for reason in _faults(each, case)), *dict.fromkeys(twice))


def _faults(verdict: MaterialVerdict, case: Case) -> tuple[Reason, ...]:
    material = case.row.material(verdict.slot)
    if material is None:
        return (_not_judged_here(verdict.slot),)
    return (*_nothing_to_judge(verdict, material, case), *_badly_reasoned(verdict, material))


def _not_judged_here(slot: str) -> Reason:
    if slot == RECEIPT_SLOT:
        told = "银行回单由财务核账，不在审核资料之列。"
        return Reason("receipt_is_for_finance", told, "回单有问题的，请财务在核账时写明理由退回。", slot)
    return Reason("no_such_slot", "该业务没有这项资料。", "请按业务详情中的资料栏填写资料代码。", slot[:64])


def _nothing_to_judge(verdict: MaterialVerdict, material: Material, case: Case) -> tuple[Reason, ...]:
    """Of nobody in the application there are files to be judged, so a person made up ends here too."""
    name, person = material.chinese, verdict.person
    if material.per_person == (person is None):
        told = f"“{name}”每人一份，须写明是哪一位。" if material.per_person else f"“{name}”不分人员，整宗业务共用。"
        return (Reason("whose_material", told, "请按业务详情中的资料栏填写人员。", material.slot),)
    named = case.application.persons if case.application else ()
    if person is not None and person not in {each.id for each in named}:
        told = f"“{name}”：本宗业务的人员名单中没有这一位。"
        return (Reason("no_such_person", told, "请按业务详情中的人员名单填写。", material.slot),)
    if not holds_one(case.facts.in_slot(material.slot, person), FileStatus.ACCEPTED):
        told = f"“{name}”{whose(case.facts, person)}没有已接收的文件，无从审核。"
        return (
            Reason(
                "nothing_to_judge", told, "请只对有文件的资料写明审核结论；缺资料的，写在打回理由中。", material.slot
            ),
        )
    return ()


def _badly_reasoned(verdict: MaterialVerdict, material: Material) -> tuple[Reason, ...]:
    if len(verdict.reason) > LONGEST_VERDICT:
        told = f"“{material.chinese}”的理由超过 {LONGEST_VERDICT} 字。"
        return (Reason("verdict_too_long", told, "请精简后再提交。", material.slot),)
    if not verdict.accepted and not verdict.reason.strip():
        told = f"“{material.chinese}”审核未通过，必须写明理由。"
        return (Reason("verdict_needs_reason", told, "请写明哪里不符、怎样更换。", material.slot),)
    return ()


def _judged_twice(slot: str) -> Reason:
    told = "同一项资料写了两个审核结论。"
    return Reason("judged_twice", told, "每项资料（每人一份的，每人的每项资料）只写一个结论。", slot[:64])


def refused_materials(verdicts: Iterable[MaterialVerdict], case: Case) -> str:
    """The refused ones line by line, as a notice tells them; empty where nothing was refused."""
    refused = [each for each in verdicts if not each.accepted]
    lines = [f"“{_name(each, case)}”{whose(case.facts, each.person)}：{each.reason.strip()}" for each in refused]
    more = [f"共 {len(lines)} 项，其余请在此项办理的各资料栏中查看。"] if len(lines) > MOST_TOLD else []
    return "\n".join((*lines[:MOST_TOLD], *more))


def _name(verdict: MaterialVerdict, case: Case) -> str:
    material = case.row.material(verdict.slot)
    return material.chinese if material else verdict.slot
