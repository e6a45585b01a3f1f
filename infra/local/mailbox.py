"""A mail box on one machine: takes every mail, keeps it as NNNN.eml in a directory, and lists them for people.

Plain SMTP on the loopback address, for development only; nothing leaves the machine.
"""

import argparse
import re
from asyncio import Server
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL
from html import escape
from pathlib import Path
from threading import Event, Lock
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 40_000_000  # bytes
HEADS = "".join(
    f"<th>{chinese} <small>{english}</small></th>"
    for chinese, english in (
        ("文件", "file"), ("发件人", "from"), ("收件人", "to"), ("主题", "subject"), ("附件", "attachments"),
        ("内容", "text"),
    )
)  # fmt: skip
ABOUT = (
    "本机演示邮箱：邮件都留在这里，没有一封真正寄出；刷新可见新邮件。<br>"
    "Every mail stays on this machine; reload to see new ones."
)
EMPTY = '<tr><td colspan="6">还没有邮件 · no mail yet</td></tr>'
STYLE = (
    "body{font:15px/1.6 'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif;max-width:75em;margin:2.5em auto;"
    "padding:0 1em;color:#222;background:#fafaf8}h1{font-weight:500;color:#7a1f1f}small,p{color:#666}"
    "table{width:100%;border-collapse:collapse;background:#fff}th{font-weight:500;border-bottom:2px solid #d8cfb8}"
    "td{border-bottom:1px solid #eee}td,th{padding:.5em .8em;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;font:inherit;margin:.5em 0}summary{cursor:pointer}a{color:#7a1f1f}"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One mail as the list shows it."""

    file: str
    sender: str
    to: str
    subject: str
    attachments: tuple[str, ...]
    text: str

    def line(self) -> str:
        attached = ", ".join(self.attachments) or "-"
        return f"{self.file}  {self.sender} → {self.to}  {self.subject}  [{attached}]"

    def row(self) -> str:
        cells = (escape(cell) for cell in (self.sender, self.to, self.subject, ", ".join(self.attachments)))
        columns = "".join(f"<td>{cell}</td>" for cell in cells)
        letter = f"<details><summary>正文 read</summary><pre>{escape(self.text)}</pre></details>"
        return f'<tr><td><a href="{self.file}">{self.file}</a></td>{columns}<td>{letter}</td></tr>'


class Sink:
    """Keeps each mail and rewrites the lists; the directory may already hold mails of an earlier run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.lock = Lock()
        directory.mkdir(parents=True, exist_ok=True)
        self.kept = [read(path) for path in sorted(directory.glob("*.eml"))]
        self.last = max((int(path.stem) for path in directory.glob("*.eml") if path.stem.isdigit()), default=0)
        self._list()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        del server, session
        self.keep(bytes(envelope.original_content or b""))
        return "250 kept"

    def keep(self, raw: bytes) -> None:
        with self.lock:
            self.last += 1
            path = self.directory / f"{self.last:04}.eml"
            replace_whole(path, raw)
            self.kept.append(read(path))
            self._list()

    def _list(self) -> None:
        replace_whole(self.directory / "index.txt", plain_list(self.kept).encode())
        replace_whole(self.directory / "index.html", html_list(self.kept).encode())


@dataclass(frozen=True)
class Mailbox:
    host: str
    port: int
    directory: Path
    _controller: Controller

    def close(self) -> None:
        self._controller.stop()


def start(directory: Path, port: int = 0) -> Mailbox:
    """Take mail on the loopback address into ``directory``; port 0 takes a free one. Ends with ``close()``."""
    controller = Loopback(
        Sink(directory), hostname="127.0.0.1", port=port, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True
    )
    controller.start()
    return Mailbox("127.0.0.1", controller.port, directory, controller)


def emptied(directory: Path) -> Path:
    """The mails of an earlier run go: they speak of records that ended with it."""
    for old in directory.glob("*.eml"):
        old.unlink()
    return directory


class Loopback(Controller):
    """aiosmtpd knocks at the port it was given to see whether it works; given 0 it must first learn which it got."""

    def _trigger_server(self) -> None:
        if isinstance(self.server, Server):
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd is half typed


def read(path: Path) -> Kept:
    message: Any = message_from_bytes(path.read_bytes(), policy=MAIL)
    names = tuple(part.get_filename() or part.get_content_type() for part in message.iter_attachments())
    sender, to, subject = (_header(message, name) for name in ("From", "To", "Subject"))
    return Kept(path.name, sender, to, subject, names, _text(message))


def _header(message: EmailMessage, name: str) -> str:
    return re.sub(r"\s+", " ", str(message.get(name, "-")))


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    return str(body.get_content()) if body is not None else ""


def plain_list(kept: Iterable[Kept]) -> str:
    return "".join(f"{mail.line()}\n" for mail in kept) or "no mail yet\n"


def html_list(kept: Iterable[Kept]) -> str:
    """Newest first; loads nothing, runs nothing."""
    rows = "\n".join(mail.row() for mail in reversed(list(kept))) or EMPTY
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>邮箱 Mail box</title><style>{STYLE}</style>'
        f"<h1>邮箱 <small>Mail box</small></h1>\n<p>{ABOUT}</p>\n<table><tr>{HEADS}</tr>\n{rows}\n</table></html>\n"
    )


def replace_whole(path: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, never half of one."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.write_bytes(content)
    draft.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.mailbox", description=__doc__)
    parser.add_argument("directory", type=Path, help="where the mails are kept")
    parser.add_argument("--port", type=int, default=8025, help="port on the loopback address (default: %(default)s)")
    chosen = parser.parse_args()
    mailbox = start(chosen.directory, chosen.port)
    print(f"Mail box at {mailbox.host}:{mailbox.port}, kept in {chosen.directory}/index.html. Ctrl-C ends it.")
    try:
        Event().wait()
    except KeyboardInterrupt:
        mailbox.close()


if __name__ == "__main__":
    main()
