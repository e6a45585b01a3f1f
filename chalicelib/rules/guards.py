"""What must hold before a step. Each guard answers every reason why it does not, with what to do first."""

from dataclasses import replace
from datetime import date

from chalicelib.rules.grammar import Case, Facts, Field, Material, guard, holds_one
from chalicelib.rules.identifiers import Malformed
from chalicelib.rules.looks import reason_of_reviewer
from chalicelib.rules.records import Certificate, Dossier, Issuance, MaterialFile, PaymentMethod
from chalicelib.rules.vocabulary import CertificateKind, FileStatus, Reason, State, plain

RECEIPT_SLOT = "bank_receipt"
WAIT_OR_REMOVE = "刚上传的，请稍候几秒刷新后再提交；上传中断，或因空文件、超过 20 MB 被拒收的，请删除该文件后重新上传。"


# --- what has been filled in and uploaded -----------------------------------------------------------------------------


@guard("必填信息均已填写，且格式正确")
def form_is_complete(case: Case) -> tuple[Reason, ...]:
    if case.application is None:
        return ()
    form, today = case.application.form, case.facts.today
    return tuple(
        reason for field in case.row.fields for reason in field_reasons(field, plain(form.get(field.name)), today)
    )


def field_reasons(field: Field, text: str, today: date) -> tuple[Reason, ...]:
    if not text.strip():
        return () if field.optional else (_not_filled_in(field),)
    try:
        canonical = field.fold(text)
    except Malformed as malformed:
        reason = malformed.reason
        return (Reason(reason.code, f"{field.chinese}：{reason.message}", reason.next, field.name),)
    if field.past and canonical > today.isoformat():
        told = f"{field.chinese}：{canonical} 在今天之后。"
        return (Reason("date_in_the_future", told, f"请按营业执照核对“{field.chinese}”。", field.name),)
    return ()


def _not_filled_in(field: Field) -> Reason:
    advice = f"请填写“{field.chinese}”" + (f"（{field.hint}）。" if field.hint else "。")
    return Reason("not_filled_in", f"“{field.chinese}”尚未填写。", advice, field.name)


@guard("必交资料均已上传并通过系统检查")
def materials_are_complete(case: Case) -> tuple[Reason, ...]:
    return tuple(
        reason
        for material in case.row.materials
        if _is_asked(case, material) and not _filled_by_us(case, material)
        for person in _persons_of(case, material)
        for reason in _material_reasons(material, case.facts.in_slot(material.slot, person), whose(case.facts, person))
    )


def _filled_by_us(case: Case, material: Material) -> bool:
    """By what the platform itself issued, where no file was put in instead (domain §6, D: once only)."""
    if material.issued is None or case.facts.in_slot(material.slot):
        return False
    return held(case.facts.dossier, material.issued) is not None


def _is_asked(case: Case, material: Material) -> bool:
    return material.only_with is None or held(case.facts.dossier, material.only_with) is not None


def _persons_of(case: Case, material: Material) -> tuple[str | None, ...]:
    if not material.per_person:
        return (None,)
    return tuple(person.id for person in case.application.persons) if case.application else ()


def whose(facts: Facts, person: str | None) -> str:
    """Behind a material's name: whose it is, masked, where everyone brings his own."""
    known = facts.practitioners.get(person or "")
    return f"（{known.name}）" if known else ""


def _material_reasons(material: Material, files: tuple[MaterialFile, ...], of: str) -> tuple[Reason, ...]:
    name, slot = material.chinese, material.slot
    if holds_one(files, FileStatus.WAITING):
        return (Reason("still_being_checked", f"“{name}”的文件仍在检查中，或尚未传完。", WAIT_OR_REMOVE, slot),)
    if holds_one(files, FileStatus.ACCEPTED) or (material.optional and not files):
        return ()
    if said := reason_of_reviewer(files):
        return (replace(said, message=f"“{name}”{of}{said.message}"),)
    if files:
        told = "请查看该资料下的原因，更换文件后再提交。"
        return (Reason("material_refused", f"“{name}”上传的文件未通过检查。", told, slot),)
    return (Reason("material_missing", f"缺少“{name}”。", _how_to_bring(material), slot),)


def _how_to_bring(material: Material) -> str:
    download = "请下载空白表格，填写并" if material.form else "请"
    stamp = "加盖公章后" if material.stamped else ""
    return f"{download}{stamp}上传电子版或清晰照片（PDF、JPG 或 PNG，不超过 20 MB）。"


@guard("证书上要印的文字均有字形，可以制证")
def names_can_be_printed(case: Case) -> tuple[Reason, ...]:
    if not case.facts.unprintable:
        return ()
    return (
        Reason(
            "cannot_be_printed",
            f"证书字库中没有这些字：{'、'.join(case.facts.unprintable)}。",
            "请核对单位名称是否有误；确为登记用字的，请联系协会工作人员处理，以免缴费后无法制证。",
            "name",
        ),
    )


@guard("收费标准中有当日有效的收费项目（不收费的业务除外）")
def fee_is_set(case: Case) -> tuple[Reason, ...]:
    """An expired row must not become a free membership."""
    if case.facts.due is not None or case.row.free_unless_set:
        return ()
    return (
        Reason(
            "fee_not_set",
            f"收费标准中没有今天有效的“{case.row.service.chinese}”收费项目（{case.row.fee}）。",
            "请管理员在平台设置中补上收费标准及其依据；确实免费的，请设为 0 元，再审核。",
        ),
    )


# --- payment ----------------------------------------------------------------------------------------------------------


@guard("已上传银行回单并通过检查（现金缴费除外）")
def receipt_is_there(case: Case) -> tuple[Reason, ...]:
    payment = case.facts.payment
    if payment is not None and (payment.method is PaymentMethod.CASH or payment.receipt is not None):
        return ()  # one receipt, whichever of the applications it was uploaded for, speaks for all of the payment
    files = case.facts.in_slot(RECEIPT_SLOT)
    if holds_one(files, FileStatus.WAITING):
        return (Reason("still_being_checked", "银行回单仍在检查中，或尚未传完。", WAIT_OR_REMOVE, RECEIPT_SLOT),)
    if holds_one(files, FileStatus.ACCEPTED):
        return ()
    return (
        Reason(
            "receipt_missing",
            "缺少银行回单。",
            "请按“服务—缴费说明”转账后，上传银行回单的电子版或清晰照片；如到协会缴纳现金，请选择“现金”。",
            RECEIPT_SLOT,
        ),
    )


BEFORE_THE_APPLICANT = (
    "请按“服务—缴费说明”转账后，填写付款人、金额、日期和流水号，上传银行回单，与申请一并提交；缴纳现金请选择“现金”。"
)
# Its booking was undone while it was being reviewed: whoever reads this cannot pay, and whoever can must have it back.
BEFORE_THE_REVIEWER = (
    "此前的核账已撤销，缴费信息只能由申请人补交：请打回，写明须重新缴费并提交缴费信息；重新提交后再审核。"
)


@guard("银行回单（现金缴费除外）随申请一并提交；无应缴费用的不需要")
def receipt_comes_with_it(case: Case) -> tuple[Reason, ...]:
    """Once money was found for it, or a receipt is being looked at, nobody asks for another (domain §4, D)."""
    application, facts = case.application, case.facts
    if application is None or still_due(case) <= 0:
        return ()
    if facts.payment is None and application.payment is None:
        following = BEFORE_THE_REVIEWER if application.state is State.IN_REVIEW else BEFORE_THE_APPLICANT
        return (Reason("payment_missing", "缺少缴费信息。", following, RECEIPT_SLOT),)
    return receipt_is_there(case) if facts.payment is not None else ()


def still_due(case: Case) -> int:
    """Fen still to be paid: of the amount that was fixed, else of what the service costs today."""
    application, facts = case.application, case.facts
    fixed = application.amount_due if application is not None else None
    return (facts.due or 0 if fixed is None else fixed) - facts.paid


# --- paper ------------------------------------------------------------------------------------------------------------


@guard("一套纸质申办资料已送到协会，工作人员已登记收到")
def paper_is_received(case: Case) -> tuple[Reason, ...]:
    if case.application is None or case.application.paper_at is not None:
        return ()
    told = "请携带资质证申办所需的全部纸质资料到协会现场递交。"
    return (Reason("paper_not_received", "协会尚未登记收到纸质资料。", told),)


# --- what the platform holds itself -----------------------------------------------------------------------------------


def held(dossier: Dossier | None, kind: CertificateKind) -> Certificate | None:
    """The certificate of a kind that the enterprise holds: an expired one counts, one that was revoked does not."""
    if dossier is None:
        return None
    of_kind = (each for each in dossier.certificates if each.kind is kind and each.issuance is Issuance.ISSUED)
    return next((each for each in of_kind if each.revoked_on is None), None)
