"""A stand-in for WeChat's server on one machine: the three calls we make, answered as WeChat answers them.

Beside them, under /stand-in/: what the phone would do (a fresh code, a tap of consent), ordered trouble, what was sent.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

from infra.local.wechat_rules import Json, Says, World

APPID, SECRET = "wx-stand-in", "stand-in-secret"
LONGEST_BODY = 1_000_000

Query = Mapping[str, str]
Answer = Json | list[Json]
ROUTES: Mapping[tuple[str, str], Callable[[World, Query, Json], Answer]] = {
    ("GET", "/sns/jscode2session"): lambda world, query, _: world.login(query),
    ("POST", "/cgi-bin/stable_token"): lambda world, _, body: world.stable_token(body),
    ("POST", "/cgi-bin/message/subscribe/send"): lambda world, query, body: world.send(
        query.get("access_token", ""), body
    ),
    ("POST", "/stand-in/codes"): lambda world, _, body: world.issue_code(body),
    ("POST", "/stand-in/consents"): lambda world, _, body: world.grant_consent(body),
    ("POST", "/stand-in/troubles"): lambda world, _, body: world.make_trouble(body),
    ("GET", "/stand-in/sent"): lambda world, _, __: list(world.sent),
}


@dataclass(frozen=True)
class Server:
    url: str
    world: World
    _http: ThreadingHTTPServer
    _thread: Thread

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def start(
    port: int = 0,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    appid: str = APPID,
    secret: str = SECRET,
) -> Server:
    """Serve on the loopback address; port 0 takes a free one. Ends with ``close()``."""
    world = World(clock, appid, secret)
    http = Front(("127.0.0.1", port), _door(world))
    http.daemon_threads = True
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name="stand-in WeChat")
    thread.start()
    return Server(f"http://127.0.0.1:{http.server_port}", world, http, thread)


class Front(ThreadingHTTPServer):
    request_queue_size = 64  # the base class turns the sixth away who comes at once


def respond(world: World, method: str, address: str, raw: bytes) -> tuple[int, Answer]:
    """HTTP status and answer. WeChat's own errors are 200; only the /stand-in/ side uses HTTP's."""
    where = urlsplit(address)
    route = ROUTES.get((method, where.path))
    if route is None:
        return 404, {"error": "no such path"}
    try:
        with world.lock:
            world.meet_trouble(where.path)
            return 200, route(world, dict(parse_qsl(where.query)), _body(raw))
    except Says as said:
        return 200, said.answer
    except (ValueError, KeyError, TypeError) as problem:
        return 400, {"error": str(problem)}


def _body(raw: bytes) -> Json:
    body = json.loads(raw or b"{}")
    if not isinstance(body, dict):
        raise TypeError("a JSON object is expected")
    return body


def _door(world: World) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        wbufsize = -1  # head and body leave in one packet

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            if not 0 <= length <= LONGEST_BODY:
                self.close_connection = True
                self._write(413, {"error": "too long"})
            else:
                self._answer(self.rfile.read(length))

        def _answer(self, raw: bytes) -> None:
            self._write(*respond(world, self.command, self.path, raw))

        def _write(self, status: int, answer: Answer) -> None:
            payload = json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Silent: request lines hold codes and secrets."""

    return Door


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.wechat", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="port on the loopback address (default: %(default)s)")
    parser.add_argument("--appid", default=APPID, help="the mini-program's id (default: %(default)s)")
    parser.add_argument("--secret", default=SECRET, help="its secret (default: %(default)s)")
    chosen = parser.parse_args()
    server = start(chosen.port, appid=chosen.appid, secret=chosen.secret)
    print(f"Stand-in WeChat at {server.url}. A login code for ming:")
    print(f"""  curl -s {server.url}/stand-in/codes -d '{{"name": "ming"}}'""")
    print("Ctrl-C ends it.")
    try:
        server._thread.join()  # noqa: SLF001 - main belongs to this module
    except KeyboardInterrupt:
        server.close()


if __name__ == "__main__":
    main()
