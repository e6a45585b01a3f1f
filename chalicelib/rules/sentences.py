"""What the rulebook says beside the rows of the table: what to do where a condition does not hold, what comes first,
what follows, what a notice says.

Source: guide, chapters 三 to 五; domain §2 to §6. Names in braces are settings or constants; `rulebook.py` fills them
in. Tests hold that nothing is left out, and that the advice names what the refusals of the guards name.
"""

from collections.abc import Mapping

from chalicelib.rules.vocabulary import Service

# By the name of the guard.
WHAT_TO_DO: Mapping[str, str] = {
    "applicant_is_unbound": "要为另一家单位申请入会的，先在“我的—企业绑定”中解除现有绑定",
    "unit_is_free_to_join": (
        "已是会员的不用再入会：在“我的—企业绑定”中凭单位全称和会员编码绑定，没有会员编码的办理“认领”；"
        "同事已在申请的，向他了解进度"
    ),
    "applicant_has_no_other_join": "先完成或撤回正在办理的那一宗（“我的—服务记录”）",
    "applicant_is_bound": "会员单位先在“我的—企业绑定”中绑定；尚未入会或会员资格已终止的单位先办“入会申请”",
    "dues_are_paid": "先办“会费缴纳”；营业执照有变更的，先办“会费缴纳＋变更”",
    "qualification_is_held": "先办“资质证申办”",
    "not_yet_reviewed": "本年度不用再办；资质证信息要变更的，办“资质证变更”",
    "six_practitioners_are_certified": (
        "不合格的人员逐一列出。没有证的参加“岗位培训”，或以职业技能证书“换证”；证书过期的先办“续期”；"
        "不是本单位人员的先办“更改”，或换一名人员"
    ),
    "data_are_confirmed": "执照近期有变动的，先办“会费缴纳＋变更”；执照未变而信息不符的，联系协会工作人员更正登记",
    "nothing_else_is_under_way": "在“我的—服务记录”中查看进度，待其办结，或撤回后再申请",
    "year_is_not_paid": (
        "本年度不用再缴；下一年度的，{dues_from}起可缴；要变更登记信息的，办“会费缴纳＋变更”或“资质证变更”"
    ),
    "year_is_not_paid_or_no_other_way_to_change": "本年度会费已缴、资质证已年审的，办“资质证变更”，会员证一并更新",
    "changes_are_stated": (
        "按新营业执照补填；没有变化的不要选；填了没选的，补选“所填的变更类型”或清空；"
        "登记内容有误而执照未变的，联系协会工作人员更正"
    ),
    "this_years_review_is_done": (
        "先办“会费缴纳＋变更”（会费已缴的为 0 元），再办“资质证年审”，新信息随年审换发的资质证生效"
    ),
    "no_qualification_is_held": (
        "每年办“资质证年审”；登记信息有变更的，办“资质证变更”；到期自动续期。注销后有期限的，期满再申办"
    ),
    "persons_are_named": "增减人员后再提交",
    "form_is_complete": "按提示逐项补填或改正；没填完也可以先保存",
    "materials_are_complete": "按资料栏中的原因补传或更换；正在检查的稍候几秒",
    "names_can_be_printed": "核对单位名称等是否打错；确为登记用字的，联系协会工作人员处理，以免缴费后无法制证",
    "fee_is_set": "由协会管理员在平台设置中补上收费标准；申请人不用做什么",
    "receipt_is_there": "按“服务—缴费说明”转账后上传银行回单；到协会缴纳现金的，选择“现金”",
    "receipt_comes_with_it": (
        "按“服务—缴费说明”转账后，填写付款人、金额、日期和流水号，上传银行回单，与申请一并提交；缴纳现金的选择“现金”"
    ),
    "paper_is_received": "把全部资料的纸质版一套带到协会现场递交，由工作人员登记收到",
}

BEFORE: Mapping[Service, tuple[str, ...]] = {
    Service.JOIN: (
        "最先办的一项：微信登录、填写真实姓名和手机号之后即可办理，不需要企业绑定。",
        "入会完成后才能办其他各项。要拿资质证的：入会 → 岗位培训合格证（培训或换证）→ 资质证申办。",
    ),
    Service.DUES: (
        "先完成企业绑定。营业执照有变更的不办这一项，办“会费缴纳＋变更”。",
        "持有资质证的，每年先缴会费，办结后再办资质证年审。",
    ),
    Service.DUES_WITH_CHANGES: (
        "先完成企业绑定，并已在登记机关办好执照变更。",
        "年审与变更都要办的（今年尚未年审）：先办这一项，办结后再办资质证年审，不走资质证变更。",
        "本年度已年审、会费也已缴的，不办这一项，办“资质证变更”。",
    ),
    Service.QUALIFICATION: (
        "先后三步：① 入会；② 从业人员取得协会颁发的岗位培训合格证（培训；已有职业技能等级证书的“换证”），至少 6 人；"
        "③ 资质证申办。",
        "岗位培训和换证怎样办，见“业务的先后次序”。当年会费须已缴（当年入会的，入会时已缴）。",
    ),
    Service.ANNUAL_REVIEW: (
        "先缴当年会费：营业执照没有变更的办“会费缴纳”，有变更的办“会费缴纳＋变更”；办结后再办年审。",
        "名单上有人的岗位培训合格证过期的，先为他办续期（怎样办见“业务的先后次序”），或换一名证书有效的人员。",
    ),
    Service.QUALIFICATION_CHANGE: (
        "只适合本年度年审已经完成的单位（发证当年视同已年审）。",
        "年审与变更都要办的，不走这一项：先办“会费缴纳＋变更”（会费已缴的为 0 元），再办资质证年审。",
    ),
}

# After the notices of the page, which are the table's own.
AFTERWARDS: Mapping[Service, tuple[str, ...]] = {
    Service.JOIN: (
        "申请人可在企业信息中看到会员编码，同事凭单位全称和会员编码绑定。",
        "会员证到当年 12 月 31 日为止；{dues_from}起可缴下一年度会费，次年 {season}提醒缴费。",
        "有缴费的可以申请开票。",
    ),
    Service.DUES: (
        "会员证编号不变，换发该年度的新版；"
        "提前缴下一年度的，新版在次年 1 月 1 日之前显示“未生效”，当年的一版仍然有效。",
        "持有资质证的，接着办当年的资质证年审（期限 {deadline}）。",
        "之后每年按自然年缴费，{season}提醒。有缴费的可以申请开票。",
    ),
    Service.DUES_WITH_CHANGES: (
        "登记信息在办结时立即更新，会员证按新信息换发（编号不变）；提前缴下一年度的，新版次年 1 月 1 日起生效。",
        "持有资质证的，资质证上的信息随下一次年审换发更新：请接着办资质证年审（期限 {deadline}）。",
        "有缴费的可以申请开票；会费为 0 的没有票据。",
    ),
    Service.QUALIFICATION: (
        "有效期 {years} 年，从制证当日起算；发证当年视同已年审，次年起每年 {deadline}前办资质证年审，{season}提醒。",
        "到期不用申请：次日由系统自动续期到 {years} 年后的 3 月 31 日（须年审正常），续期后通知。",
    ),
    Service.ANNUAL_REVIEW: (
        "年审不改变有效期；换发的新版记载本年度已年审。已经到期、因未年审没有续期的，年审完成后随之续期。",
        "逾期（{deadline}之后）才办的，办结后“年审逾期”随即消失。",
        "登记信息此前经“会费缴纳＋变更”更新过的，新版资质证按新信息印制。",
    ),
    Service.QUALIFICATION_CHANGE: (
        "登记信息、资质证正本和副本、会员证在办结时一并更新；编号和有效期不变，旧版扫码显示“已换新版”。",
        "有缴费的可以申请开票。",
    ),
}

# By the notice's name in the table and in the mail room: its sense, and when it is sent.
NOTICES: Mapping[str, tuple[str, str]] = {
    "to_be_paid": ("请缴费", "资料审核通过、有应缴费用时；写明应缴金额"),
    "bring_paper": ("请携带纸质资料到协会办证", "资质证申办可以制证时；写明带什么"),
    "returned": ("已打回，请修改后重新提交", "审核打回、制证退回时；写明理由和需要更换的资料"),
    "rejected": ("申请未获通过", "审核拒绝时；写明理由"),
    "payment_refused": ("缴费未通过核账或款项不足", "核账不通过、实收不足时；写明理由或差额；几宗一并处理的合为一条"),
    "payment_undone": ("核账已撤销", "财务撤销核账时；写明理由和下一步"),
    "completed": ("已办理完成", "证书制成、可以下载和申请开票时"),
    "lapse_warning": ("即将因逾期未缴费而撤回", "待缴费满 {lapse_warning} 天时"),
    "withdrawn_by_system": ("因逾期未缴费已撤回", "待缴费满 {lapse} 天、提醒过仍未缴费时"),
    "dues_due": ("年度会费尚未缴纳", "{season}，本年度会费未缴的"),
    "review_due": ("资质证本年度尚未年审", "{season}，持有资质证而本年度未年审的"),
    "training_expiring": ("岗位培训合格证即将到期", "到期前 {expiry} 天，一个单位合并为一条"),
    "certificate_renewed": ("资质证已自动续期", "到期次日自动续期后；写明新的有效期"),
    "certificate_revoked": ("证书已注销", "协会注销证书时；写明理由"),
    "certificate_reinstated": ("注销已撤销", "协会撤销注销时；写明理由"),
    "membership_ended": ("会员资格已终止", "管理员终止会员资格时，发给该单位已绑定的人；写明理由和随之注销的证书"),
    "membership_restored": ("会员资格已恢复", "管理员撤销终止时；写明理由"),
    "invoice_cancelled": ("开票申请已取消", "财务无法按申请开出时；写明理由，修改后可重新申请"),
    "binding_granted": ("认领已通过", "工作人员核实证明材料、绑定申请人时"),
    "binding_refused": ("认领未通过", "工作人员不予通过时；写明理由，补正后可重新认领"),
    "new_binding": ("有新的微信绑定了本单位", "新增绑定时，发给该单位其他已绑定的人"),
}
