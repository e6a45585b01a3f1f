"""A made-up association: every name, number and amount here is for demonstration and belongs to nobody."""

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
    },
    forms=(
        BlankForm(code="join", title="入会申请表（演示样表）", url="/forms/join.pdf"),
        BlankForm(code="annual_review", title="资质证年审登记表（演示样表）", url="/forms/annual_review.pdf"),
    ),
    fees=(DUES,),
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
