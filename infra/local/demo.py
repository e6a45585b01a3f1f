"""`make demo`: a company joins and lives through its year: dues, qualification, review, changes, and their money.

Unattended: the whole system is started here, and everybody has nothing but HTTP. What they saw stays in the output
directory with report.json; a checker that knows nothing of ours then looks at everything for itself.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import monotonic

from chalicelib.rules.certificate_face import chinese_date
from infra.local import system
from infra.local.demo_chapters import CHAPTERS, Chapter
from infra.local.demo_report import Record
from infra.local.demo_story import Story

CHECKER = Path(__file__).with_name("check_demo.py")
MADE_HERE = ("certificates", "forms", "mails", "pages", "system", "uploads")


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
    report = told(running, out, started)
    print(f"{report}，共 {monotonic() - started:.1f} 秒。另由独立的检查程序逐项复核：\n", flush=True)
    status = verdict(out)
    if stay:
        print(f"The system stays at {running.url} until the input ends.", flush=True)
        sys.stdin.read()
    return status


def told(running: system.System, out: Path, started: float) -> Path:
    """All chapters, one after the other; answers where the report of them lies."""
    print(f"\n会员单位的一年 · a company's year\n系统 {running.url}，{monotonic() - started:.1f} 秒启动")
    print("以下日期均为虚构：演示拨快了本机系统的钟 · every date below is made up: the system's clock is set forward\n")
    record = Record(out, running.url, running.wechat.url)
    shutil.copyfile(running.state / "authority" / "root.pem", out / "root.pem")
    story = Story.begun(running, record)
    for chapter in CHAPTERS:
        tell(chapter, story)
    return record.write()


def tell(chapter: Chapter, story: Story) -> None:
    """Its first step begins with the clock set forward: a day that does not come fails that step."""
    day = chapter.on(story.year)
    print(f"—— {chinese_date(day)} · {chapter.chinese} · {chapter.english} ({day}) ——\n", flush=True)
    for number, (step, do) in enumerate(chapter.steps):
        story.record.take(step, partial(_on, day, do, story) if number == 0 else partial(do, story), day)


def _on(day: date, do: Callable[[Story], str], story: Story) -> str:
    story.goes_on(day)
    return do(story)


def verdict(out: Path) -> int:
    """The checker's own, in a process of its own: it also holds what the report says of its steps against it."""
    agreed = subprocess.run([sys.executable, CHECKER, out], check=False).returncode == 0
    print("\n演示成立 · every step held" if agreed else "\n演示不成立 · not every step held", flush=True)
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
