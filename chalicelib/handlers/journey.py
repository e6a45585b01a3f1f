"""入会从头到尾，其余业务不同之处: how a mini-program meets the operations, told step by step for `/docs`.

Printed into the OpenAPI document as `x-journey`; operations are listed by it too.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.handlers.schemas.examples import APPLICATION

UPLOADING = """curl -sS -X POST "$API/uploads" -H "Authorization: Bearer $TOKEN" \\
  -H 'Idempotency-Key: 7d0f3c52-91be-4a06-8c1d-52f7e6a9b310' -H 'Content-Type: application/json' \\
  -d '{"application": "%s", "slot": "licence", "file_name": "营业执照.pdf"}' > upload.json
python3 -c 'import json
for name, value in json.load(open("upload.json"))["fields"].items():
    print("form-string = " + json.dumps(name + "=" + value))' > upload.conf
curl -i -K upload.conf -F 'file=@营业执照.pdf;type=application/pdf' \\
  "$(python3 -c 'import json; print(json.load(open("upload.json"))["url"])')"
"""
LOGGING_IN = """API={server}
TOKEN=$(curl -sS "$API/login" -H 'Content-Type: application/json' -d '{"code": "0f3xYz1w3qJ8aB0l9c2w3"}' \\
  | python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
"""


@dataclass(frozen=True)
class Step:
    """One step: its operations as method and path; ``{server}`` in the example is the address of the API."""

    title: str
    operations: tuple[str, ...]
    description: str
    example: str = ""


STEPS = (
    Step(
        "登录", ("POST /login",),
        "用 wx.login 得到的 code 换登录令牌，有效 2 小时，放在以后每个请求的 Authorization 中。", LOGGING_IN,
    ),
    Step(
        "填写姓名和手机", ("GET /me", "PUT /me"), "首次使用时补上真实姓名和手机号码。",
    ),
    Step(
        "看现在能办什么", ("GET /plan", "GET /services/{code}"),
        "`open` 为 true 即可办理；不能办的，`reasons` 说明原因和先办什么。"
        "要填的字段、要交的资料、费用都在这里，不要写死在小程序里。",
    ),
    Step("新建拟稿", ("POST /applications",), "答复 201，记下 `id` 和 `version`。"),
    Step(
        "填写申请表", ("PATCH /applications/{application}",),
        "可分多次保存，每次带上最近看到的 `version`。填错也能保存，`missing` 逐项说明还缺什么、错什么。",
    ),
    Step(
        "上传资料", ("POST /uploads", "GET /applications/{application}"),
        "先取得上传地址，再以 multipart/form-data 直接上传：`fields` 原样在前，`file` 在最后，返回 201 即已送达。"
        "检查需要几秒，随后读取业务详情，直到该文件的 `status.code` 为 `accepted`；"
        "为 `refused` 时，`reasons` 说明原因。入会须有 `application_form` 和 `licence` 两项。",
        UPLOADING % APPLICATION,
    ),
    Step(
        "提交", ("POST /applications/{application}/submit",),
        "`missing` 为空、必交资料都已接收后提交，状态变为 `in_review`。打回后回到 `draft`，改好再提交。",
    ),
    Step(
        "缴费", ("GET /payment-instructions", "POST /uploads", "POST /payments"),
        "审核通过后状态为 `to_be_paid`，`amount_due` 为应缴的分。"
        "转账后上传回单（`slot` 为 `bank_receipt`），再提交缴费凭证，状态变为 `payment_being_checked`。",
    ),
    Step(
        "领取会员证", ("GET /certificates", "GET /certificates/{root}/pdf"),
        "核账通过后自动制证，状态变为 `completed`，微信自动绑定该单位。PDF 的下载地址短时有效。",
    ),
    Step("发送到邮箱", ("POST /certificates/{root}/mail",), "答复 202，随后寄出。"),
    Step(
        "公开查验", ("GET /V/{token}", "GET /verify"),
        "任何人扫描二维码，或按编号查询；浏览器得到网页，`Accept: application/json` 得到 JSON。",
    ),
    Step(
        "会费缴纳、会费缴纳＋变更", ("GET /plan", "POST /applications", "POST /uploads", "POST /payments"),
        "已是会员的，先绑定（`POST /me/binding`）。`service` 为 `dues` 或 `dues_with_changes`；"
        "缴费凭证随申请一并提交：传好资料和回单后直接 `POST /payments`，即为提交，不用再调 submit。"
        "无应缴费用的（年度会费已缴、只办变更），直接 submit。",
    ),
    Step(
        "资质证申办、资质证年审",
        ("GET /practitioners", "PUT /applications/{application}/persons", "POST /applications/{application}/submit"),
        "`service` 为 `qualification` 或 `annual_review`：填表、上传资料，"
        "再从 `GET /practitioners` 选至少六名持证人员；"
        "审核、缴费（有收费的）与入会相同。申办的纸质资料另到协会递交，登记收到后才制证。",
    ),
    Step(
        "资质证变更", ("POST /applications", "PATCH /applications/{application}"),
        "`service` 为 `qualification_change`：`changes` 写变更事项，`new_` 开头的字段写变更后的内容；"
        "答复的 `changes` 并列新旧内容。其余与入会相同，办结后证书换发新版。",
    ),
    Step(
        "开票、消息、余下的", ("POST /invoices", "GET /messages", "GET /applications"),
        "已完成、有缴费的业务可以申请开票；每一步的通知都在消息列表；打回、退回补缴后按 `reason` 改好再提交。",
    ),
)  # fmt: skip
# The rest of the order in which pages of a mini-program are met; what is named nowhere follows, by address.
FIRST = (
    "/services", "/services/{code}", "/forms", "/payment-instructions", "/contact", "/verify", "/V/{token}",
    "/v/{token}", "/login", "/me", "/plan", "/applications", "/applications/{application}", "/uploads",
    "/applications/{application}/files/{file}", "/applications/{application}/submit",
    "/applications/{application}/withdraw", "/payments", "/payments/{payment}", "/certificates", "/certificates/{root}",
    "/certificates/{root}/pdf", "/certificates/{root}/mail", "/messages", "/me/consents", "/me/enterprise",
    "/me/binding", "/logout", "/staff/login", "/staff/me", "/staff/logout",
)  # fmt: skip


def met(path: str) -> tuple[int, str]:
    """Sorts addresses in the order in which they are met."""
    return (FIRST.index(path) if path in FIRST else len(FIRST), path)


def told() -> dict[str, Any]:
    """The value of `x-journey`."""
    return {"title": "一宗入会从头到尾，其余业务不同之处", "steps": [_written(step) for step in STEPS]}


def _written(step: Step) -> dict[str, Any]:
    shown = {"example": step.example} if step.example else {}
    return {"title": step.title, "operations": list(step.operations), "description": step.description, **shown}
