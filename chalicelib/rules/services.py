"""THE TABLE. Each service with who may apply, what to fill in and bring, the steps and what follows.

Source: the association's operation guide (操作指南), chapters 三 and 四; `docs/rulebook.md` is printed from here.
A new service of a known kind, or one more material, is one row in this file.
"""

from dataclasses import replace

from chalicelib.rules import identifiers as check
from chalicelib.rules.eligibility import (
    WHO_MAY_JOIN,
    applicant_is_bound,
    changes_are_stated,
    data_are_confirmed,
    dues_are_paid,
    dues_year,
    no_qualification_is_held,
    not_yet_reviewed,
    nothing_else_is_under_way,
    persons_are_named,
    qualification_is_held,
    six_practitioners_are_certified,
    this_years_review_is_done,
    year_is_not_paid,
    year_is_not_paid_or_no_other_way_to_change,
)
from chalicelib.rules.folds import (
    capital_text,
    choice,
    choices,
    count_text,
    date_text,
    lines_up_to,
    mask_lines,
    text_up_to,
)
from chalicelib.rules.grammar import Field, Making, Material, ServiceRow, Step, When
from chalicelib.rules.paths import making, ordinary, paying, receipt_first, reviewing, with_paper, withdrawing
from chalicelib.rules.records import ClaimKind
from chalicelib.rules.register import CHANGE_FIELDS, UNIT_KINDS
from chalicelib.rules.vocabulary import Action, CertificateKind, Effect, How, Role, Service, State

MEMBER, QUALIFIED = CertificateKind.MEMBER, CertificateKind.QUALIFICATION

# --- materials that several services ask for --------------------------------------------------------------------------

LICENCE = Material(
    "licence", "营业执照副本（或事业单位法人证书）", "电子版或清晰照片，四角完整、文字可辨", several=True
)
OLD_MEMBER_CERTIFICATE = Material(
    "member_certificate", "会员证书", "两页的扫描件或清晰照片", several=True, issued=MEMBER
)
CHANGE_NOTICE = Material("change_notice", "准予变更登记通知书", "登记机关出具，电子版或清晰照片", several=True)
CHANGE_FORM = Material(
    "change_form", "资质证变更登记表", "没有申办资质证的不需要", several=True, stamped=True, form="qualification_change"
)

# --- 入会 -------------------------------------------------------------------------------------------------------------

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
    Field("founded_on", "成立日期", date_text, "例如 2015-06-01，也可照执照写 2015年6月1日", kind="date", past=True),
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

JOIN = ServiceRow(
    service=Service.JOIN,
    purpose="单位申请成为协会会员，取得会员编码和当年度会员证。",
    result="会员单位档案、会员编码、当年度会员证，申请人自动绑定该单位。重新入会的，档案和会员编码不变，会员证为新编号。",
    who="已登录、尚未绑定任何单位的微信用户，代表尚未入会的单位办理；会员资格已终止的单位重新入会，已绑定该单位的人也可以办理。",
    eligibility=WHO_MAY_JOIN,
    fields=JOIN_FIELDS,
    materials=(
        Material(
            "application_form", "入会申请表", "下载空白表格填写，电子版或清晰照片",
            several=True, stamped=True, form="join",
        ),
        LICENCE,
    ),
    fee="dues",
    makes=(Making(MEMBER, How.FIRST),),
    holds=(ClaimKind.CREDIT_CODE, ClaimKind.APPLICANT),
    steps=ordinary(WHO_MAY_JOIN, (Effect.ENROL,), for_members=False),
    for_members=False,
)  # fmt: skip

# --- 会费 -------------------------------------------------------------------------------------------------------------

WHO_MAY_PAY_DUES = (applicant_is_bound, year_is_not_paid, nothing_else_is_under_way)

DUES = ServiceRow(
    service=Service.DUES,
    purpose="会员单位缴纳年度会费，登记信息没有变更。",
    result="该年度会员证（编号不变的新版）。",
    who="已绑定、该年度会费未缴、营业执照没有变更的会员单位。",
    eligibility=WHO_MAY_PAY_DUES,
    fields=(),
    materials=(OLD_MEMBER_CERTIFICATE,),
    fee="dues",
    makes=(Making(MEMBER, How.PAID_YEAR),),
    holds=(ClaimKind.DUES,),
    steps=receipt_first(WHO_MAY_PAY_DUES, (Effect.BOOK_YEAR, Effect.RELEASE)),
    receipt_first=True,
    year_of=dues_year,
)

WHO_MAY_PAY_AND_CHANGE = (applicant_is_bound, year_is_not_paid_or_no_other_way_to_change, nothing_else_is_under_way)

DUES_WITH_CHANGES = ServiceRow(
    service=Service.DUES_WITH_CHANGES,
    purpose="会员单位缴纳年度会费，同时变更登记信息（营业执照已变更）。",
    result="按新信息的该年度会员证（编号不变的新版）；会员单位登记信息更新；持有资质证的，资质证随下一次年审换发。",
    who="已绑定、营业执照已变更的会员单位。该年度会费已缴、又不能办理“资质证变更”的，也在这里变更，会费为 0。",
    eligibility=WHO_MAY_PAY_AND_CHANGE,
    fields=CHANGE_FIELDS,
    materials=(
        OLD_MEMBER_CERTIFICATE,
        LICENCE,
        CHANGE_NOTICE,
        replace(CHANGE_FORM, only_with=QUALIFIED),
    ),
    fee="dues",
    makes=(Making(MEMBER, How.PAID_YEAR),),
    holds=(ClaimKind.DUES, ClaimKind.REGISTER),
    steps=receipt_first(
        (*WHO_MAY_PAY_AND_CHANGE, changes_are_stated), (Effect.BOOK_YEAR, Effect.CHANGE_REGISTER, Effect.RELEASE)
    ),
    receipt_first=True,
    year_of=dues_year,
)

# --- 资质证 -----------------------------------------------------------------------------------------------------------

FIELDS_OF_SERVICE = ("灭鼠", "灭蚊", "灭蝇", "灭蟑", "白蚁防治", "消毒", "其他")
PRACTITIONERS_ID = Material(
    "practitioner_id", "从业人员身份证", "正反面；现场递交纸质资料时带原件", several=True, per_person=True
)
PRACTITIONERS_CERTIFICATE = Material(
    "training_certificate",
    "岗位培训合格证（原上岗证）",
    "在有效期内，电子版或清晰照片",
    several=True,
    per_person=True,
)

WHO_MAY_QUALIFY = (
    applicant_is_bound, dues_are_paid, no_qualification_is_held, nothing_else_is_under_way,
    six_practitioners_are_certified,
)  # fmt: skip

QUALIFICATION = ServiceRow(
    service=Service.QUALIFICATION,
    purpose="会员单位申办有害生物防制服务资质证书。",
    result="资质证正本、副本，有效期 3 年，每年须年审。",
    who="已绑定、当年会费已缴、尚无资质证的会员单位，有至少 6 名持有效岗位培训合格证的本单位从业人员。",
    eligibility=WHO_MAY_QUALIFY,
    fields=(
        Field(
            "services", "服务项目", choices(*FIELDS_OF_SERVICE), "可选多项",
            kind="choices", options=FIELDS_OF_SERVICE, printed=True,
        ),
        Field("premises_area", "经营场所面积（平方米）", count_text, "只填数字", kind="count"),
        Field("staff_count", "员工人数", count_text, kind="count"),
        Field("technician_count", "技术人员人数", count_text, kind="count"),
        Field(
            "managers", "经营管理者、主要技术人员", lines_up_to(30, 100), "每行一人：姓名、职务、学历或职称",
            mask=mask_lines, kind="lines", longest=3000,
        ),
        Field("equipment", "灭鼠杀虫器械", lines_up_to(60, 60), "每行一项，写明型号、数量", kind="lines", longest=3600),
        Field("chemicals", "药物", lines_up_to(60, 60), "每行一项，写明登记证号、数量", kind="lines", longest=3600),
    ),
    materials=(
        Material("written_application", "书面申请报告", several=True, stamped=True, form="qualification_report"),
        Material(
            "managers_documents", "经营管理者、主要技术人员的身份证、学历证（或职称证书）和个人简历",
            "现场递交纸质资料时带正本（简历除外）", several=True,
        ),
        PRACTITIONERS_ID,
        replace(
            PRACTITIONERS_CERTIFICATE, chinese="岗位培训合格证（原上岗证）或职业资格证书",
            hint="电子版或清晰照片；现场递交纸质资料时带原件。只有职业资格证书的，先换成岗位培训合格证",
        ),
        Material("premises", "办公地址的产权证书或租赁合同", "现场递交纸质资料时带正本", several=True),
        replace(LICENCE, hint=f"{LICENCE.hint}；现场递交纸质资料时带原件"),
        Material("equipment_list", "灭鼠杀虫器械及药物清单", several=True),
        Material("internal_rules", "内部管理规章及章程", several=True),
        Material("registration_form", "注册登记表", several=True, stamped=True, form="qualification_registration"),
    ),
    fee="qualification",
    free_unless_set=True,
    makes=(Making(QUALIFIED, How.FIRST),),
    holds=(ClaimKind.QUALIFYING,),
    steps=with_paper(WHO_MAY_QUALIFY, (Effect.RELEASE,)),
    persons=30,
)  # fmt: skip

WHO_MAY_BE_REVIEWED = (
    applicant_is_bound, dues_are_paid, qualification_is_held, not_yet_reviewed, nothing_else_is_under_way,
    data_are_confirmed, six_practitioners_are_certified,
)  # fmt: skip

ANNUAL_REVIEW = ServiceRow(
    service=Service.ANNUAL_REVIEW,
    purpose="持有资质证的会员单位办理当年的年审。",
    result="资质证正本、副本的新版，记载本年度已年审。",
    who="已绑定、当年会费已缴、持有资质证、本年度尚未年审的会员单位，有至少 6 名持有效岗位培训合格证的本单位从业人员。",
    eligibility=WHO_MAY_BE_REVIEWED,
    fields=(
        Field(
            "confirmed", "登记信息（即资质证上将印的内容）与营业执照一致", choice("是", "否"),
            "执照近期有变动的，先办“会费缴纳＋变更”；执照未变而信息不符的，请联系协会工作人员",
            kind="choice", options=("是", "否"),
        ),
        Field("contracts", "本年度合同数", count_text, kind="count"),
        Field("staff_count", "员工人数", count_text, kind="count"),
        Field("accidents", "本年度安全事故数", count_text, kind="count"),
        Field("penalties", "本年度受处罚次数", count_text, kind="count"),
    ),
    materials=(
        Material("review_form", "资质证年审登记表", several=True, stamped=True, form="annual_review"),
        LICENCE,
        PRACTITIONERS_CERTIFICATE,
        Material("qualification", "资质证正本、副本", "扫描件或清晰照片", several=True, issued=QUALIFIED),
    ),
    fee="annual_review",
    free_unless_set=True,
    makes=(Making(QUALIFIED, How.REVIEWED),),
    holds=(ClaimKind.REGISTER,),
    steps=ordinary(WHO_MAY_BE_REVIEWED, (Effect.RELEASE,)),
    persons=30,
)  # fmt: skip

WHO_MAY_CHANGE = (applicant_is_bound, qualification_is_held, this_years_review_is_done, nothing_else_is_under_way)

QUALIFICATION_CHANGE = ServiceRow(
    service=Service.QUALIFICATION_CHANGE,
    purpose="本年度已年审的会员单位变更资质证上的信息。",
    result="会员单位登记信息更新；资质证正本、副本和会员证按新信息换发新版，编号和有效期不变。",
    who="已绑定、持有资质证、本年度年审已完成的会员单位。年审与变更都要办的，不走这一项。",
    eligibility=WHO_MAY_CHANGE,
    fields=CHANGE_FIELDS,
    materials=(replace(CHANGE_FORM, hint=""), LICENCE, CHANGE_NOTICE),
    fee="qualification_change",
    makes=(Making(QUALIFIED, How.CHANGED), Making(MEMBER, How.CHANGED, if_held=True)),
    holds=(ClaimKind.REGISTER,),
    steps=ordinary((*WHO_MAY_CHANGE, changes_are_stated), (Effect.CHANGE_REGISTER, Effect.RELEASE)),
)

# --- 岗位培训 ---------------------------------------------------------------------------------------------------------

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
    makes=(Making(CertificateKind.TRAINING, How.FIRST),),
    steps=(
        *reviewing(WHO_MAY_TRAIN, State.IN_TRAINING, GUIDE, for_members=True),
        *paying(State.IN_TRAINING, GUIDE, for_members=True),
        *withdrawing(State.TO_BE_PAID),
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

TABLE: dict[Service, ServiceRow] = {
    row.service: row
    for row in (
        JOIN,
        DUES,
        DUES_WITH_CHANGES,
        QUALIFICATION,
        ANNUAL_REVIEW,
        QUALIFICATION_CHANGE,
        TRAINING,
    )
}
OFFERED: tuple[ServiceRow, ...] = tuple(row for row in TABLE.values() if row.offered)
