"""What S3 holds a form upload to and the emulator does not: its signature, its time, every condition of its policy.

A policy is signed as a whole and names every field a form may carry: so a form is good for its one key, a caller adds
no type, access or metadata of his own, and nothing of it is good once its time is over.
"""

import hmac
import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment
from xml.sax.saxutils import escape

import boto3
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Request, Response

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

ERROR = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
UNJUDGED = frozenset({"policy", "x-amz-signature", "bucket"})  # a bucket is told by the address
DENIED = "Invalid according to Policy: "
TOO_LARGE = "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
TOO_SMALL = "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"


class Refused(Exception):  # noqa: N818 - the bucket's answer
    def __init__(self, status: int, code: str, message: str) -> None:
        self.answer = Response(ERROR.format(code=code, message=escape(message)), status, content_type="application/xml")
        super().__init__(code)


@dataclass(frozen=True)
class Form:
    """A form as it was sent: every value of every field by its name in lower case, and the file's size in bytes."""

    bucket: str
    fields: Mapping[str, list[str]]
    size: int

    def one(self, name: str) -> str:
        values = self.fields.get(name, [])
        return values[0] if len(values) == 1 else ""


def _real_time() -> datetime:
    return datetime.now(UTC)


def _our_secret() -> str:
    """Of the keys that this process signs with: what asks the emulator runs beside it."""
    keys = (boto3.DEFAULT_SESSION or boto3.Session()).get_credentials()
    return keys.secret_key or "" if keys else ""


def held_to(
    application: Application, secret: Callable[[], str] = _our_secret, now: Callable[[], datetime] = _real_time
) -> Application:
    """The same application, which no longer sees uploads outside of their policy."""

    def serve(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            if _is_form_upload(environment):
                _judge(_read(environment), secret(), now())
        except Refused as refused:
            return refused.answer(environment, start_response)
        return application(environment, start_response)

    return serve


def _is_form_upload(environment: WSGIEnvironment) -> bool:
    kind = str(environment.get("CONTENT_TYPE", ""))
    return environment["REQUEST_METHOD"] == "POST" and kind.startswith("multipart/form-data")


def _read(environment: WSGIEnvironment) -> Form:
    """Reads the body, and puts it back for whoever comes next."""
    body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
    environment["wsgi.input"] = BytesIO(body)
    with Request({**environment, "wsgi.input": BytesIO(body)}) as request:  # closes what it has spooled
        files = [file for _, file in request.files.items(multi=True)]
        if len(files) != 1:
            raise Refused(400, "InvalidArgument", "POST requires exactly one file upload per request.")
        fields: dict[str, list[str]] = {}
        for name, values in request.form.lists():
            fields.setdefault(name.lower(), []).extend(values)
        return Form(request.path.strip("/"), fields, _size(files[0]))


def _size(file: FileStorage) -> int:
    return file.stream.seek(0, 2)


# --- judging, in the bucket's own order -------------------------------------------------------------------------------


def _judge(form: Form, secret: str, now: datetime) -> None:
    if not hmac.compare_digest(_signature(form, secret), form.one("x-amz-signature")):
        raise Refused(403, "SignatureDoesNotMatch", "The signature does not match the policy of the form.")
    policy = json.loads(b64decode(form.one("policy")))
    if datetime.fromisoformat(policy["expiration"]) <= now:
        raise Refused(403, "AccessDenied", f"{DENIED}Policy expired.")
    conditions = list(_conditions(policy))
    for operator, name, wanted in conditions:
        _hold(form, operator, name, wanted)
    _refuse_more(form, {name for _, name, _ in conditions})
    _measure(form, policy)


def _signature(form: Form, secret: str) -> str:
    """Signature Version 4 over the policy as it was sent. A field that is missing or there twice signs nothing."""
    _, *scope = form.one("x-amz-credential").split("/")
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), sha256)
    return hmac.digest(key, form.one("policy").encode(), sha256).hex()


def _conditions(policy: Any) -> Iterator[tuple[str, str, str]]:
    """Of {"name": "value"}, ["eq", "$name", "value"] and ["starts-with", "$name", "value"]: all three alike."""
    for condition in policy["conditions"]:
        match condition:
            case ["content-length-range", *_]:
                pass
            case [operator, name, wanted]:
                yield operator, name.removeprefix("$").lower(), wanted
            case _:
                yield from (("eq", name.lower(), wanted) for name, wanted in condition.items())


def _hold(form: Form, operator: str, name: str, wanted: str) -> None:
    given = [form.bucket] if name == "bucket" else form.fields.get(name, [])
    fits = str.startswith if operator == "starts-with" else str.__eq__
    if len(given) != 1 or not fits(given[0], wanted):
        raise Refused(403, "AccessDenied", f'{DENIED}Policy Condition failed: ["{operator}", "${name}", "{wanted}"]')


def _refuse_more(form: Form, named: set[str]) -> None:
    more = [each for each in form.fields if each not in named | UNJUDGED and not each.startswith("x-ignore-")]
    if more:
        raise Refused(403, "AccessDenied", f"{DENIED}Extra input fields: {', '.join(more)}")


def _measure(form: Form, policy: Any) -> None:
    for condition in policy["conditions"]:
        match condition:
            case ["content-length-range", _, most] if form.size > most:
                raise Refused(400, *TOO_LARGE)
            case ["content-length-range", least, _] if form.size < least:
                raise Refused(400, *TOO_SMALL)
