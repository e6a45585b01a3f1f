"""An HTTP proxy that tells lies: everything passes unchanged, except the answers that a test wants to be wrong.

The checker is left as it is, and so is the system: a lie on the way between them is a system at fault, to the checker.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length", "accept-encoding"}

Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Lie:
    """Answers to a method and a path with its query, told otherwise. ``status`` None leaves the true one."""

    method: str
    path: str
    change: Change
    status: int | None = None

    def concerns(self, method: str, path: str) -> bool:
        return method == self.method and re.search(self.path, path) is not None


def in_json(change: Callable[[Any], Any]) -> Change:
    """A change of the JSON; a function that answers nothing has changed it in place."""

    def changed(body: bytes) -> bytes:
        told = json.loads(body)
        answered = change(told)
        return json.dumps(told if answered is None else answered, ensure_ascii=False).encode()

    return changed


@contextmanager
def proxy(lie: Lie) -> Iterator[str]:
    """The proxy's address, while it tells this lie."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), teller(lie))
    server.daemon_threads = False  # the end waits for what is still being told
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def teller(lie: Lie) -> type[BaseHTTPRequestHandler]:
    class Teller(BaseHTTPRequestHandler):
        timeout = 30

        def tell(self) -> None:
            wanted = urlsplit(self.path)
            path = wanted.path + (f"?{wanted.query}" if wanted.query else "")
            with closing(HTTPConnection(wanted.hostname or "", wanted.port or 80, timeout=30)) as onward:
                onward.request(self.command, path, self._body(), self._headers())
                answer = onward.getresponse()
                body, told = answer.read(), lie.concerns(self.command, path)
            self._pass_on(answer, lie.change(body) if told else body, lie.status if told else None)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = tell  # noqa: N815 - the base class's names

        def _body(self) -> bytes | None:
            return self.rfile.read(int(self.headers.get("Content-Length", 0))) or None

        def _headers(self) -> dict[str, str]:
            return {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}

        def _pass_on(self, answer: HTTPResponse, body: bytes, status: int | None) -> None:
            self.send_response_only(status or answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Silent."""

    return Teller
