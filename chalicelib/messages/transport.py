"""How requests reach WeChat: one attempt each, within a time limit. The queue tries again, never this."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from json import dumps, loads
from typing import Any, Protocol
from urllib.parse import urlencode

from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import HTTPError

from chalicelib.messages.wechat_answers import Busy

Json = Mapping[str, Any]


class Transport(Protocol):
    """One request, one attempt; answers the JSON object of the reply. Raises Busy when there is no usable reply."""

    def request(
        self, method: str, url: str, params: Mapping[str, str] | None, json: Json | None, timeout: float
    ) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Https:
    """The ordinary transport. ``timeout`` is in seconds, for connecting and for each read."""

    pool: PoolManager = field(default_factory=lambda: PoolManager(retries=False))

    def __post_init__(self) -> None:
        # At DEBUG urllib3 logs whole URLs, and WeChat wants our secret and the user's code in them.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

    def request(
        self, method: str, url: str, params: Mapping[str, str] | None, json: Json | None, timeout: float
    ) -> dict[str, Any]:
        try:
            reply = self._ask(method, f"{url}?{urlencode(params)}" if params else url, json, timeout)
        except HTTPError as problem:
            # "from None": the chained error could carry the URL with the secret into a log.
            raise Busy(type(problem).__name__) from None
        return _object(reply)

    def _ask(self, method: str, url: str, json: Json | None, timeout: float) -> BaseHTTPResponse:
        # WeChat shows \\uXXXX escapes literally in some places, so Chinese goes out as itself.
        body = None if json is None else dumps(json, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"} if body else {}
        return self.pool.request(method, url, body=body, headers=headers, timeout=timeout, redirect=False)


def _object(reply: BaseHTTPResponse) -> dict[str, Any]:
    """WeChat answers 200 with an object, whatever happened; anything else comes from something in between."""
    if reply.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise Busy(f"HTTP {reply.status}", f"HTTP {reply.status}")
    try:
        answer = loads(reply.data)
    except ValueError:
        raise Busy("no JSON") from None
    if not isinstance(answer, dict):
        raise Busy("no JSON object")
    return answer
