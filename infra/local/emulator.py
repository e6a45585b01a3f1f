"""AWS on one machine: moto on the loopback address, holding the very resources of infra/resources.yaml.

moto's DynamoDB loses transactions when several run at once, so one lock serves the requests one after the other; its
S3 takes uploads of any length, so they are held to their policy before.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any
from urllib.request import Request, urlopen
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from infra.local import making, mending
from infra.local.post_policy import held_to


@dataclass(frozen=True)
class Emulator:
    """``names`` leads from a logical name to what AWS's Ref gives: a table's or bucket's name, a queue's address."""

    url: str
    names: Mapping[str, str]
    _http: BaseWSGIServer
    _thread: Thread

    def client(self, service: str) -> Any:
        return making.client(self.url, service)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def start() -> Emulator:
    """A new, empty one on a free port, with every resource made. Ends with ``close()``."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    mending.mend()
    http = make_server(
        "127.0.0.1",
        0,
        held_to(one_at_a_time(DomainDispatcherApplication(create_backend_app))),
        threaded=True,
        request_handler=Quiet,
    )
    http.daemon_threads = True  # type: ignore[attr-defined]  # a threaded server has it
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name="emulated AWS")
    thread.start()
    url = f"http://127.0.0.1:{http.server_port}"
    urlopen(Request(f"{url}/moto-api/reset", method="POST"), timeout=5).close()  # noqa: S310 - moto's state is the process's; this is loopback
    return Emulator(url, making.make_all(url), http, thread)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # a connection for each request would double the time

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        del type, message, args


def one_at_a_time(application: Any) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    lock = Lock()

    def serve(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with lock:
            return [b"".join(application(environment, start_response))]

    return serve
