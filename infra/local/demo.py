"""`make demo`: a company joins, from the first look at the catalogue to a certificate that a stranger scans.

Unattended: the whole system is started here, and everybody has nothing but HTTP. What they saw stays in the output
directory with report.json; a checker that knows nothing of ours then looks at everything for itself.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic

from infra.local import demo_applying, demo_deciding, demo_holding, system
from infra.local.demo_report import Record, Step
from infra.local.demo_story import Story

CHECKER = Path(__file__).with_name("check_demo.py")
MADE_HERE = ("certificates", "forms", "mails", "system", "uploads")

STEPS: tuple[tuple[Step, Callable[[Story], str]], ...] = (
    (Step("catalogue", "游客看办事指南", "a visitor reads the catalogue"), demo_applying.looks_around),
    (Step("login", "微信登录", "he logs in with a WeChat code"), demo_applying.logs_in),
    (Step("profile", "填写姓名和手机号", "fills in name and mobile number"), demo_applying.fills_in_his_name),
    (Step("consents", "同意接收微信提醒", "consents to WeChat notices"), demo_applying.taps_consent),
    (Step("plan", "看现在能办什么", "reads what he may do now"), demo_applying.reads_his_plan),
    (Step("draft", "起草入会申请", "saves a draft"), demo_applying.drafts),
    (Step("too_early", "资料不齐就提交", "submits too early: every reason at once"), demo_applying.submits_too_early),
    (
        Step("trick", "上传伪装成照片的网页", "uploads a web page as a photo: told why not"),
        demo_applying.uploads_a_trick,
    ),
    (Step("materials", "上传盖章表格和执照", "uploads form and licence"), demo_applying.completes_and_uploads),
    (Step("submit", "提交（同一编号两次）", "submits, twice under one key"), demo_applying.submits_twice_under_one_key),
    (Step("review", "审核员登录并打开资料", "a reviewer signs in and opens the files"), demo_deciding.reviewer_reads),
    (Step("returned", "审核员打回", "returns it with a reason; a notice goes out"), demo_deciding.reviewer_returns),
    (Step("resubmitted", "修改后再提交", "corrected and submitted again"), demo_deciding.applicant_corrects),
    (Step("approved", "审核通过", "approved: the fee is due"), demo_deciding.reviewer_approves),
    (Step("short", "缴费金额不符", "pays too little; finance refuses"), demo_deciding.pays_too_little),
    (Step("paid", "补缴并核账", "pays in full; finance confirms"), demo_deciding.pays_in_full),
    (Step("issued", "系统自动制证", "the certificate is issued by itself"), demo_holding.certificate_comes_by_itself),
    (Step("own", "我的单位和证件", "sees enterprise and certificate as his own"), demo_holding.sees_his_own),
    (Step("download", "下载电子证书", "downloads the PDF"), demo_holding.downloads),
    (Step("mailed", "发送到邮箱", "has it mailed to an address typed in"), demo_holding.has_it_mailed),
    (Step("record", "服务记录", "the service record shows the whole history"), demo_holding.reads_the_record),
    (Step("scanned", "路人扫码查验", "a stranger scans the QR code"), demo_holding.stranger_scans),
    (Step("second", "第二家单位入会", "a second company joins: the next number"), demo_holding.second_company_joins),
    (Step("guessed", "路人猜地址", "unknown and malformed addresses answer alike"), demo_holding.strangers_guess),
    (Step("revoked", "管理员注销第二张证", "an admin revokes: the page says so"), demo_holding.admin_revokes),
    (Step("rest", "一切办结", "everything has come to rest"), demo_holding.all_comes_to_rest),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: every step held and the checker agrees; 1: not."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out"), help="where everything is kept (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port of the system (default: a free one)")
    parser.add_argument("--stay", action="store_true", help="keep the system running until the input ends")
    chosen = parser.parse_args(arguments)
    clear(chosen.out)
    started = monotonic()
    running = system.start(chosen.port, chosen.out / "system")
    try:
        return perform(running, chosen.out, started, stay=chosen.stay)
    finally:
        running.close()


def clear(out: Path) -> None:
    """What an earlier run left must not vouch for this one."""
    for name in MADE_HERE:
        shutil.rmtree(out / name, ignore_errors=True)
    (out / "report.json").unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)


def perform(running: system.System, out: Path, started: float, *, stay: bool) -> int:
    print(f"\n入会，从头到尾 · a company joins, end to end\n系统 {running.url}，{monotonic() - started:.1f} 秒启动\n")
    record = Record(out, running.url, running.wechat.url)
    shutil.copyfile(running.state / "authority" / "root.pem", out / "root.pem")
    story = Story.begun(running, record)
    for step, do in STEPS:
        record.take(step, partial(do, story))
    report = record.write()
    print(f"{report}，共 {monotonic() - started:.1f} 秒。另由独立的检查程序逐项复核：\n", flush=True)
    status = verdict(out)
    if stay:
        print(f"The system stays at {running.url} until the input ends.", flush=True)
        sys.stdin.read()
    return status


def verdict(out: Path) -> int:
    """The checker's own, in a process of its own: it also holds what the report says of its steps against it."""
    agreed = subprocess.run([sys.executable, CHECKER, out], check=False).returncode == 0
    print("\n演示成立 · every step held" if agreed else "\n演示不成立 · not every step held", flush=True)
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
