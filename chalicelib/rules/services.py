"""THE TABLE. Each service with who may apply, what to fill in and bring, the steps and what follows.

Source: the association's operation guide (操作指南), chapters 三 and 四; `docs/rulebook.md` is printed from here.
A new service of a known kind, or one more material, is one row in this file.
"""

from chalicelib.rules import identifiers as check
from chalicelib.rules.folds import capital_text, choice, date_text, text_up_to
from chalicelib.rules.grammar import Field, Guard, Material, ServiceRow, Step, When
from chalicelib.rules.guards import (
    WHO_MAY_JOIN,
    applicant_is_bound,
    data_are_confirmed,
    dues_are_paid,
    fee_is_set,
    form_is_complete,
    materials_are_complete,
    names_can_be_printed,
    not_yet_reviewed,
    persons_are_named,
    qualification_is_held,
    receipt_is_there,
    six_practitioners_are_certified,
)
from chalicelib.rules.records import ClaimKind
from chalicelib.rules.vocabulary import Action, CertificateKind, Effect, Role, Service, State

COMPLETE = (form_is_complete, materials_are_complete, names_can_be_printed)


def reviewing(eligibility: tuple[Guard, ...], paid_into: State, after_payment: tuple[Effect, ...]) -> tuple[Step, ...]:
    """提交、审核、打回、拒绝: from the draft to the fee, or past it when nothing is due (domain §5)."""
    staff, draft, review = (Role.REVIEWER,), State.DRAFT, State.IN_REVIEW
    asked = (*eligibility, *COMPLETE)
    looked_at = (*asked, fee_is_set)
    approve, payable = Action.APPROVE, State.TO_BE_PAID
    return (
        Step(Action.SUBMIT, draft, review, (Role.APPLICANT,), guards=asked, effects=(Effect.CLAIM,)),
        Step(approve, review, payable, staff, When.DUE, looked_at, notice="to_be_paid", fixes_amount=True),
        Step(
            approve, review, paid_into, staff, When.NOTHING_DUE, looked_at, after_payment,
            fixes_amount=True, fixes_year=True,
        ),
        Step(Action.RETURN, review, draft, staff, effects=(Effect.RELEASE,), notice="returned", needs_reason=True),
        Step(
            Action.REJECT, review, State.REJECTED, staff,
            effects=(Effect.RELEASE,), notice="rejected", needs_reason=True,
        ),
    )  # fmt: skip


def paying(paid_into: State, after_payment: tuple[Effect, ...]) -> tuple[Step, ...]:
    """缴费与核账: the receipt, finance's word, and the way back when the word is no."""
    payable, checked, finance = State.TO_BE_PAID, State.PAYMENT_CHECKED, (Role.FINANCE,)
    return (
        Step(Action.PAY, payable, checked, (Role.APPLICANT,), guards=(receipt_is_there,), fixes_year=True),
        Step(Action.CONFIRM_PAYMENT, checked, paid_into, finance, effects=after_payment),
        Step(
            Action.REFUSE_PAYMENT, checked, payable, finance,
            notice="payment_refused", needs_reason=True, frees_year=True,
        ),
        Step(
            Action.LAPSE, payable, State.WITHDRAWN, (Role.SYSTEM,),
            effects=(Effect.RELEASE,), notice="withdrawn_by_system",
        ),
    )  # fmt: skip


def withdrawing() -> tuple[Step, ...]:
    """撤回: by the applicant from 拟稿, 待审核 or 待缴费 (domain §3, D)."""
    return tuple(
        Step(Action.WITHDRAW, before, State.WITHDRAWN, (Role.APPLICANT,), effects=(Effect.RELEASE,))
        for before in (State.DRAFT, State.IN_REVIEW, State.TO_BE_PAID)
    )


def making(eligibility: tuple[Guard, ...], effects: tuple[Effect, ...] = ()) -> tuple[Step, ...]:
    """制证: the system issues while every condition still holds; else the certifier sends it back with a reason."""
    being_made, done = State.BEING_MADE, State.COMPLETED
    return (
        Step(Action.ISSUE, being_made, done, (Role.SYSTEM,), guards=eligibility, effects=effects, notice="completed"),
        Step(
            Action.SEND_BACK, being_made, State.DRAFT, (Role.CERTIFIER,),
            effects=(Effect.RELEASE, Effect.VOID_NUMBER), notice="returned", needs_reason=True,
        ),
    )  # fmt: skip


def ordinary(eligibility: tuple[Guard, ...], at_issue: tuple[Effect, ...] = ()) -> tuple[Step, ...]:
    """The common path 待审核 → 待缴费 → 待核账 → 制证中 → 已完成; a fee of nothing leaves out the two in the middle."""
    issue = (Effect.ISSUE,)
    return (
        *reviewing(eligibility, State.BEING_MADE, issue),
        *paying(State.BEING_MADE, issue),
        *withdrawing(),
        *making(eligibility, at_issue),
    )


UNIT_KINDS = ("企业", "事业单位", "其他")

JOIN_FIELDS = (
    Field("name", "单位名称", check.enterprise_name, "与营业执照完全一致", printed=True, longest=60),
    Field(
        "credit_code", "统一社会信用代码", check.credit_code, "营业执照上的 18 位代码",
        printed=True, kind="credit_code", longest=18,
    ),
    Field("kind", "单位类型", choice(*UNIT_KINDS), "、".join(UNIT_KINDS), kind="choice", options=UNIT_KINDS),
    Field("legal_representative", "法定代表人", check.person_name, mask=check.mask_name, longest=60),
    Field("capital", "注册资金", capital_text, "请写明货币单位，例如“500万元人民币”", kind="capital", longest=60),
    Field("registered_address", "注册地址", text_up_to(200), "与营业执照一致", longest=200),
    Field("office_address", "办公地址", text_up_to(200), longest=200),
    Field("founded_on", "成立日期", date_text, "例如 2015-06-01", kind="date", past=True),
    Field("business_scope", "经营范围", text_up_to(3000), "与营业执照一致", longest=3000),
    Field(
        "contact_name",
        "联系人姓名",
        check.person_name,
        "填单位第一负责人，不填经办人；与法定代表人一致则填法定代表人",
        mask=check.mask_name,
        longest=60,
    ),
    Field("contact_mobile", "联系人手机", check.mobile, "11 位手机号码", mask=check.mask_mobile, kind="mobile"),
    Field("contact_email", "联系人邮箱", check.email, mask=check.mask_email, kind="email", longest=254),
    Field("contact_post", "联系人职务", text_up_to(60), longest=60),
)  # fmt: skip

LICENCE = Material(
    "licence", "营业执照副本（或事业单位法人证书）", "电子版或清晰照片，四角完整、文字可辨", several=True
)

JOIN = ServiceRow(
    service=Service.JOIN,
    purpose="单位申请成为协会会员，取得会员编码和当年度会员证。",
    result="会员单位档案、会员编码、当年度会员证，申请人自动绑定该单位。",
    who="已登录、尚未绑定任何单位的微信用户，代表尚未入会的单位办理。",
    eligibility=WHO_MAY_JOIN,
    fields=JOIN_FIELDS,
    materials=(
        Material(
            "application_form",
            "入会申请表",
            "下载空白表格填写，电子版或清晰照片",
            several=True,
            stamped=True,
            form="join",
        ),
        LICENCE,
    ),
    fee="dues",
    certificate=CertificateKind.MEMBER,
    holds=(ClaimKind.CREDIT_CODE, ClaimKind.APPLICANT),
    steps=ordinary(WHO_MAY_JOIN, at_issue=(Effect.ENROL,)),
)

WHO_MAY_BE_REVIEWED = (
    applicant_is_bound, dues_are_paid, qualification_is_held, not_yet_reviewed,
    data_are_confirmed, six_practitioners_are_certified,
)  # fmt: skip

ANNUAL_REVIEW = ServiceRow(
    service=Service.ANNUAL_REVIEW,
    purpose="资质证每年年审。",
    result="资质证正本、副本的新版本，记载本年度已年审。",
    who="已绑定的会员单位。",
    eligibility=WHO_MAY_BE_REVIEWED,
    fields=(Field("confirmed", "资质证信息与营业执照一致", choice("是", "否")),),
    materials=(
        Material("review_form", "资质证年审登记表", stamped=True, form="annual_review"),
        LICENCE,
        Material("training_certificates", "6 个岗位培训合格证", several=True),
        Material("qualification", "资质证正本、副本", several=True),
    ),
    fee="annual_review",
    free_unless_set=True,
    certificate=CertificateKind.QUALIFICATION,
    steps=ordinary(WHO_MAY_BE_REVIEWED),
    persons=30,
    offered=False,
)

WHO_MAY_TRAIN = (applicant_is_bound, persons_are_named)
GUIDE = (Effect.MAIL_TRAINING_GUIDE,)

TRAINING = ServiceRow(
    service=Service.TRAINING,
    purpose="从业人员参加岗位培训和考核。",
    result="考核合格的人员各得一张岗位培训合格证。",
    who="已绑定的会员单位，为本单位的一名或多名人员报名。",
    eligibility=WHO_MAY_TRAIN,
    fields=(Field("contact_email", "联系人邮箱", check.email, mask=check.mask_email),),
    materials=(
        Material("id_card", "报名人身份证", per_person=True),
        Material("photo", "白底一寸照（32mm*26mm）", per_person=True),
        Material("diploma", "学历证书", optional=True, per_person=True),
    ),
    fee="training",
    certificate=CertificateKind.TRAINING,
    steps=(
        *reviewing(WHO_MAY_TRAIN, State.IN_TRAINING, GUIDE),
        *paying(State.IN_TRAINING, GUIDE),
        *withdrawing(),
        Step(
            Action.RECORD_RESULTS, State.IN_TRAINING, State.BEING_MADE, (Role.TRAINER,),
            When.SOMEONE_PASSED, effects=(Effect.ISSUE,),
        ),
        Step(
            Action.RECORD_RESULTS, State.IN_TRAINING, State.COMPLETED, (Role.TRAINER,),
            When.NOBODY_PASSED, notice="completed",
        ),
        *making(WHO_MAY_TRAIN),
    ),
    persons=30,
    person_fields=(Field("name", "姓名", check.person_name, mask=check.mask_name),),
    offered=False,
)  # fmt: skip

TABLE: dict[Service, ServiceRow] = {row.service: row for row in (JOIN, ANNUAL_REVIEW, TRAINING)}
OFFERED: tuple[ServiceRow, ...] = tuple(row for row in TABLE.values() if row.offered)
