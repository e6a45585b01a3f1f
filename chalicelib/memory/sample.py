"""A made-up association: every name, number and amount here is for demonstration and belongs to nobody."""

from dataclasses import replace
from datetime import date

from chalicelib.rules.association import Association, BankAccount, BlankForm, Telephone, WechatTemplate
from chalicelib.rules.payments import Fee
from chalicelib.rules.vocabulary import CertificateKind, Service, Unit

NOTICES = ("to_be_paid", "returned", "rejected", "payment_refused", "withdrawn_by_system", "completed")

DUES = Fee(
    code="dues",
    item="会费",
    level="会员单位",
    unit=Unit.YEAR,
    amount=120_000,
    valid_from=date(2020, 1, 1),
    valid_to=None,
    resolution="演示金额，未经任何会议决议",
    document="社会团体会费统一收据",
)

CHANGE = replace(
    DUES,
    code="qualification_change",
    item="资质证变更工本费",
    unit=Unit.APPLICATION,
    amount=30_000,
    document="增值税电子普通发票",
)

SAMPLE = Association(
    name="示例市卫生有害生物防制协会",
    english_name="Sample City Pest Control Association (demonstration)",
    address="示例市演示区样板路 1 号（演示地址）",
    telephones=(
        Telephone(label="秘书处（演示号码）", number="000-0000 0001"),
        Telephone(label="财务（演示号码）", number="000-0000 0002"),
    ),
    mail="office@association.example",
    website="https://association.example/",
    office_hours="周一至周五 9:00–12:00、14:00–17:30（法定节假日除外）",
    customer_service="https://association.example/service",
    bank=BankAccount(
        holder="示例市卫生有害生物防制协会",
        bank="示例银行演示支行（演示账户，请勿转账）",
        number="0000 0000 0000 0000 000",
    ),
    payment_notes=(
        "转账备注请写明单位名称和办理事项；一笔转账用于多项业务的，请逐项写明。",
        "转账后请在小程序“服务记录”中打开相应业务，上传银行回单，等待财务核账。",
        "也可到协会办公地点缴纳现金。",
    ),
    service_notices={
        Service.JOIN.value: (
            "入会申请须由单位经办人本人用微信登录后提交，办理完成后自动绑定该单位。",
            "请先下载《入会申请表》，填写完整并加盖单位公章后上传。",
            "资料审核通过后，请按缴费说明缴纳当年度会费。",
        ),
        Service.DUES.value: (
            "本年度会费未缴的缴本年度；已缴的，自 12 月 1 日起可缴下一年度。",
            "请先按缴费说明转账，银行回单随申请一并提交。",
            "平台颁发的会员证不用再上传；办结后会员证换发该年度新版，编号不变，次年 1 月 1 日起生效。",
        ),
        Service.DUES_WITH_CHANGES.value: (
            "营业执照已变更的，会费和登记信息在这里一并办理；请上传新执照和准予变更登记通知书。",
            "只选确有变更的项目，并按新执照填写；没有变更的不填。",
            "该年度会费已缴、又不能办理“资质证变更”的，也在这里变更，会费为 0。",
        ),
        Service.QUALIFICATION.value: (
            "办证须知：须有至少六名不同的本单位从业人员，每人的岗位培训合格证均在有效期内。",
            "请逐人上传身份证和证书；《书面申请报告》《注册登记表》下载空白表格填写并加盖公章。",
            "审核通过后，请携带全部资料的纸质版一套到协会现场递交，原件当场核对；收到后制证。",
            "资质证正本请用 A3 纸、副本请用 A4 纸打印。",
        ),
        Service.ANNUAL_REVIEW.value: (
            "年审须知：资质证每年 3 月 31 日前须完成当年年审；发证当年视同已年审。",
            "请先缴清当年会费。",
            "营业执照有变更的，请先办理“会费缴纳＋变更”；执照没有变更而登记信息与执照不一致的，请联系协会工作人员更正。",
            "须有至少六名不同的本单位从业人员，每人的岗位培训合格证均在有效期内。",
        ),
        Service.QUALIFICATION_CHANGE.value: (
            "本年度年审完成后方可变更；年审与变更都要办的，请先办理“会费缴纳＋变更”，再办理年审。",
            "请下载《资质证变更登记表》填写盖章，并上传新执照和准予变更登记通知书。",
            "办结后登记信息、资质证和会员证一并更新，编号和有效期不变。",
        ),
    },
    forms=(
        BlankForm(code="join", title="入会申请表（演示样表）", url="/forms/join.pdf"),
        BlankForm(
            code="qualification_report", title="资质证书面申请报告（演示样表）", url="/forms/qualification_report.pdf"
        ),
        BlankForm(
            code="qualification_registration",
            title="资质证注册登记表（演示样表）",
            url="/forms/qualification_registration.pdf",
        ),
        BlankForm(code="annual_review", title="资质证年审登记表（演示样表）", url="/forms/annual_review.pdf"),
        BlankForm(
            code="qualification_change", title="资质证变更登记表（演示样表）", url="/forms/qualification_change.pdf"
        ),
    ),
    fees=(DUES, CHANGE),
    number_patterns={
        CertificateKind.MEMBER.value: "DEMO-HY-{year}-{n:04}",
        CertificateKind.QUALIFICATION.value: "DEMO-ZZ-{year}-{n:04}",
        CertificateKind.TRAINING.value: "DEMO-PX-{year}-{n:05}",
    },
    verify_note="扫描二维码核验真伪与当前状态。咨询电话 000-0000 0001（演示号码）",
    wechat_templates={
        notice: WechatTemplate(
            id=f"demo-template-{notice.replace('_', '-')}",
            page="pages/application?id={application}",
            keys={"service": "thing1", "state": "phrase2", "reason": "thing3", "time": "time4"},
        )
        for notice in NOTICES
    },
)
