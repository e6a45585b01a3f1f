"""What was decided about several applications in one go, in the words of the one notice that tells it.

Finance decides a payment as a whole: whoever it concerns hears once, matter by matter (domain §5).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.rules.payments import yuan
from chalicelib.rules.records import Application
from chalicelib.rules.vocabulary import State
from chalicelib.rules.workflow import Decision

REFUSED = "payment_refused"
SEVERAL_REASONS = "各项原因不同，请点开查看"


@dataclass(frozen=True)
class Summary:
    """``notice``: whose words and whose consent it takes; ``application``: the one it leads to first; ``words``: what
    its template says of all of them, beside what it says of that one.
    """

    notice: str
    application: Application
    words: Mapping[str, str]


def summed_up(decisions: Sequence[Decision], *, short: bool = False) -> Summary | None:
    """None where nothing of it is told. A refusal comes before everything else, for it wants something to be done.

    ``short``: what was sent back lacks only money, and what came is kept.
    """
    told = [each for each in decisions if each.notice is not None]
    if not told:
        return None
    chief = min(told, key=lambda each: each.notice != REFUSED)
    alike = [each for each in told if each.notice == chief.notice]
    words = _words(alike, decisions, short=short) if len(decisions) > 1 else {}
    return Summary(chief.notice or "", chief.application, words)


def _words(alike: Sequence[Decision], decisions: Sequence[Decision], *, short: bool) -> Mapping[str, str]:
    """``service``: as a title and WeChat's twenty characters hold it; ``matters``: every one of them, line by line."""
    reasons = dict.fromkeys(each.entry.reason or "" for each in alike)
    service = alike[0].application.service.chinese
    return {
        "service": f"{service}等 {len(alike)} 项" if len(alike) > 1 else service,
        "amount": yuan(sum(each.before.still_due for each in alike)),
        "reason": next(iter(reasons)) if len(reasons) == 1 else SEVERAL_REASONS,
        "matters": "\n\n".join(_parts(decisions, short=short)),
    }


def _parts(decisions: Iterable[Decision], *, short: bool) -> Iterable[str]:
    """What ended alike stands together: its matters, the reason, the next step. What was refused comes first."""
    parts: dict[tuple[str | None, State, str], list[Decision]] = {}
    for each in sorted(decisions, key=lambda each: each.notice != REFUSED):
        parts.setdefault((each.notice, each.application.state, each.entry.reason or ""), []).append(each)
    for (notice, state, reason), alike in parts.items():
        sent_back = "款项不足" if short else "未通过核账"
        outcome = sent_back if notice == REFUSED else "已核账"
        why, following = [f"原因：{reason}"] if reason else [], _next(notice, state, len(alike), short=short)
        yield "\n".join((f"{outcome}（{len(alike)} 项）：", *map(_matter, alike), *why, f"下一步：{following}"))


def _matter(decision: Decision) -> str:
    application = decision.before
    asked = application.submitted_at
    on = f"（{asked.month}月{asked.day}日提交）" if asked else ""
    return f"· {application.service.chinese}{on}，应缴 {yuan(application.still_due)}"


def _next(notice: str | None, state: State, matters: int, *, short: bool) -> str:
    if notice == REFUSED:
        which = "这些办理" if matters > 1 else "此项办理"
        again = "，再次提交。" if state is State.DRAFT else "。"
        wanted = "补缴差额后，" if short else ""
        receipt = "上传补缴的银行回单" if short else "重新上传银行回单"
        return f"请{wanted}在小程序“我的”—“服务记录”中打开{which}，{receipt}{again}"
    if notice == "bring_paper":
        return "请携带全部申办资料的纸质版一套到协会现场递交，须带原件核对；递交后制证。"
    return "无需操作，办理进度可在“服务记录”中查看。"
