"""What S3 holds a form upload to and the emulator does not: the bounds of length in the signed policy."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Request, Response

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
    "<ProposedSize>{size}</ProposedSize></Error>"
)
TOO_LARGE = "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
TOO_SMALL = "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"


def held_to(application: Application) -> Application:
    """The same application, which no longer sees uploads outside of their policy."""

    def serve(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        refused = _refusal(environment) if _is_form_upload(environment) else None
        return (refused or application)(environment, start_response)

    return serve


def _is_form_upload(environment: WSGIEnvironment) -> bool:
    kind = str(environment.get("CONTENT_TYPE", ""))
    return environment["REQUEST_METHOD"] == "POST" and kind.startswith("multipart/form-data")


def _refusal(environment: WSGIEnvironment) -> Response | None:
    """Reads the body, and puts it back for whoever comes next."""
    body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
    environment["wsgi.input"] = BytesIO(body)
    with Request({**environment, "wsgi.input": BytesIO(body)}) as request:  # closes what it has spooled
        policy, file = request.form.get("policy"), request.files.get("file")
        return _outside(json.loads(b64decode(policy)), _size(file)) if policy and file is not None else None


def _size(file: FileStorage) -> int:
    return file.stream.seek(0, 2)


def _outside(policy: Any, size: int) -> Response | None:
    for condition in policy["conditions"]:
        match condition:
            case ["content-length-range", _, most] if size > most:
                return _answer(*TOO_LARGE, size)
            case ["content-length-range", least, _] if size < least:
                return _answer(*TOO_SMALL, size)
    return None


def _answer(code: str, message: str, size: int) -> Response:
    return Response(ERROR.format(code=code, message=message, size=size), 400, content_type="application/xml")
