"""What staff read of work that came to nothing: why, and what to do next. A sentence for each kind of either.

No sentence holds anything of a message's own text: nobody knows what an unreadable one may contain.
"""

from collections.abc import Mapping

from chalicelib.rules.records import Work
from chalicelib.rules.vocabulary import Term


class Cause(Term):
    """Why work could not be done, as far as the machine can tell."""

    REFUSED = "refused", "对方拒收，或者地址、收件人不存在"
    MISCONFIGURED = "misconfigured", "微信模板或数据的配置有误"
    TOO_FAST = "too_fast", "对方要求放慢发送"
    NOT_TAKEN = "not_taken", "对方没有接收，或者连接中断"
    BUSY = "busy", "系统一直繁忙"
    OVERWRITTEN = "overwritten", "内容在处理时又被改动"
    MISSING = "missing", "所需的文件或记录不存在"
    BROKEN = "broken", "程序出错"
    UNKNOWN = "unknown", "没有留下原因，请查看日志"


class Oddity(Term):
    """Why nobody can read a message."""

    NO_JSON = "no_json", "内容不是 JSON"
    NO_OBJECT = "no_object", "内容不是 JSON 对象"
    OTHER_VERSION = "other_version", "格式不是本版本的任务消息"
    FOREIGN = "foreign", "既不是本系统的任务，也不是文件上传的通知"
    NO_ROW = "no_row", "所指的任务没有记录，可能早已过期或来自别的系统"


NEXT: Mapping[Work, str] = {
    Work.ISSUE: "请排除故障后重新执行；暂时无法排除的，由制证人员退回申请并写明理由。",
    Work.MAIL: "请核对收件地址和邮件服务器，再重新执行；不必再发的，请作废并写明理由。",
    Work.NOTICE: "申请人在“我的消息”里仍能看到这条通知。请核对微信设置，再重新执行；不必再发的，请作废并写明理由。",
    Work.CHECK_UPLOAD: "待检的文件只保存两天，请尽快排除故障后重新执行。作废须写明理由，上传人会看到须重新上传原文件。",
    Work.RENEW: "请排除故障后重新执行；续期以到期次日为准，晚执行不影响有效期。",
    Work.REMIND: "请排除故障后重新执行：届时仍未办理的才会提醒，已提醒过的不会重复。不必再提醒的，请作废并写明理由。",
    Work.ERASE: "申请人已删除的文件还留在存储中，他已看不到。请排除故障后重新执行；作废的话，文件会一直留在存储中。",
    Work.UNREADABLE: "内容没有保存，不能重新执行。请技术人员按消息编号查看日志，找到发送方并改正，再作废并写明理由。",
}


def failed(work: Work, cause: Cause, detail: str = "") -> str:
    """``detail``: a code or the name of an error, for those who know it; nothing of the message itself."""
    told = f"{cause.chinese}（{detail}）" if detail else cause.chinese
    return f"{work.chinese}没有完成：{told}。{NEXT[work]}"


def given_up(work: Work, queue: str, last: str | None) -> str:
    """``last``: what the last try said (``failed``), where it could still say it; ``queue``: where the message died."""
    return f"多次重试后放弃（队列 {queue}）。{last or failed(work, Cause.UNKNOWN)}"


def unreadable(oddity: Oddity, queue: str, length: int, fingerprint: str) -> str:
    """``length`` in characters; ``fingerprint``: equal messages have equal ones."""
    what = f"队列 {queue} 中有一条消息无法识别：{oddity.chinese}"
    return f"{what}（共 {length} 个字符，指纹 {fingerprint}）。{NEXT[Work.UNREADABLE]}"
