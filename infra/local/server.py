"""API Gateway on one machine: HTTP on the loopback address, through Chalice's own stand-in, one thread a request.

Where that stand-in is laxer than API Gateway, this is not: parts of a path are decoded, a body is bounded, and what
goes wrong outside the app is answered in JSON, with nothing about the inside.
"""

import json
import logging
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from chalice.app import Chalice, Response
from chalice.config import Config
from chalice.local import (
    CustomLocalChalice,
    ForbiddenError,
    LocalChalice,
    LocalGateway,
    LocalGatewayException,
    RouteMatcher,
)

from chalicelib.handlers import problems

LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own bound
IDLE_SECONDS = 30
FORMS = "/forms/"
JSON = ("Content-Type", "application/json")

log = logging.getLogger(__name__)


class Refusal(Exception):  # noqa: N818 - an answer of the gateway
    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Server:
    url: str
    _http: ThreadingHTTPServer
    _thread: Thread

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class Gateway(LocalGateway):
    def __init__(self, app: Chalice, config: Config) -> None:
        super().__init__(app, config)
        self._routes = RouteMatcher(list(app.routes))

    def _generate_lambda_event(self, method: str, path: str, headers: Any, body: bytes | None) -> dict[str, Any]:
        event: dict[str, Any] = super()._generate_lambda_event(method, path, headers, body)
        event["pathParameters"] = {name: unquote(value) for name, value in event["pathParameters"].items()}
        return event

    def route_of(self, path: str) -> str:
        """Raises ValueError."""
        found: str = self._routes.match_route(path).route
        return found


def start(app: Chalice, port: int, forms: Path) -> Server:
    """Serve the app, and beside it the blank forms in a directory, which stands for the association's web site.

    Port 0 takes a free one; raises OSError when the port is taken. Ends with ``close()``.
    """
    http = Doorway(("127.0.0.1", port), type("OurDoor", (Door,), {"gateway": gateway(app), "forms": forms}))
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name="HTTP")
    thread.start()
    return Server(f"http://127.0.0.1:{http.server_port}", http, thread)


class Doorway(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


def gateway(app: Chalice) -> Gateway:
    """Chalice keeps the current request on the app: under threads it has to lie with the thread."""
    if not isinstance(app, LocalChalice):
        CustomLocalChalice.__bases__ = (LocalChalice, app.__class__)
        app.__class__ = CustomLocalChalice
    return Gateway(app, Config(chalice_stage="live"))


def answered(gateway: Gateway, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
    try:
        return _written(gateway.handle_request(method, path, headers, body))
    except ForbiddenError:
        return _of(problems.no_such_path())  # as the GatewayResponse of infra/resources.yaml answers
    except LocalGatewayException as refused:
        extra = tuple((name, str(value)) for name, value in refused.headers.items())
        return Answer(refused.CODE, (JSON, *extra), refused.body or b"")
    except Exception:
        log.exception("the gateway itself failed")
        return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal server error")


def _of(response: Response) -> Answer:
    return _written(response.to_dict())


def _written(response: Mapping[str, Any]) -> Answer:
    body = response.get("body") or ""
    raw = b64decode(body) if response.get("isBase64Encoded") else body.encode() if isinstance(body, str) else body
    single = [(name, str(value)) for name, value in (response.get("headers") or {}).items()]
    multiple = (response.get("multiValueHeaders") or {}).items()
    headers = (*single, *((name, str(value)) for name, values in multiple for value in values))
    typed = any(name.lower() == "content-type" for name, _ in headers)
    return Answer(response["statusCode"], headers if typed else (*headers, JSON), raw)


def refusal(status: HTTPStatus, message: str) -> Answer:
    return Answer(status, (JSON,), json.dumps({"message": message}).encode())


class Door(BaseHTTPRequestHandler):
    """One connection. ``start`` makes a class of it that knows its gateway and forms."""

    gateway: Gateway
    forms: Path
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server_version = "local"
    sys_version = ""

    def answer(self) -> None:
        try:
            began, body = monotonic(), self._body()
            form = blank_form(self.forms, self.path) if self.command in ("GET", "HEAD") else None
            answer = form or answered(self.gateway, self.command, self.path, dict(self.headers), body)
            note(self.command, pattern(self.gateway, self.path), answer.status, monotonic() - began)
            self._write(answer)
        except Refusal as refused:
            self.close_connection = True
            self._write(refusal(refused.status, str(refused)))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815 - the base class's names

    def _body(self) -> bytes | None:
        if "Transfer-Encoding" in self.headers:
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "Length Required")
        told = self.headers.get("Content-Length", "0")
        if not told.isdecimal():
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request")
        if int(told) > LARGEST_BODY:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Too Long")
        return self.rfile.read(int(told)) or None

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Silent: addresses hold what is nobody's business."""


def note(method: str, route: str, status: int, seconds: float) -> None:
    """One line a request, without what its address or body held."""
    log.info("request", extra={"method": method, "route": route, "status": status, "ms": round(seconds * 1000)})


def pattern(gateway: Gateway, path: str) -> str:
    """The route as it was declared, with names in place of ids; what no route knows is not repeated."""
    try:
        return gateway.route_of(path)
    except ValueError:
        return "/forms/{form}" if urlsplit(path).path.startswith(FORMS) else "unknown"


def blank_form(forms: Path, path: str) -> Answer | None:
    name = urlsplit(path).path.removeprefix(FORMS)
    if name == path or name not in {file.name for file in forms.glob("*.pdf")}:
        return None
    return Answer(HTTPStatus.OK, (("Content-Type", "application/pdf"),), (forms / name).read_bytes())
