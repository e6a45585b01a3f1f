"""Reads the reference out of an OpenAPI 3.1 document.

Problem codes come from ``x-problem-codes`` of an operation or of one of its responses: codes, or objects with
``code``, ``message`` and, at the operation, ``status``; and from ``x-reason-codes`` for the whole document.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from chalicelib.pages.journeys import journey, server
from chalicelib.pages.reference import Answer, Content, Group, Operation, Parameter, Problem, Reference
from chalicelib.pages.schema_tables import Schemas, limits

METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"
KEY = "Idempotency-Key"
_NAMELESS = "其他"


def reference(openapi: Mapping[str, Any]) -> Reference:
    """Groups in the order of ``tags``, then by first use. Raises KeyError where a ``$ref`` leads nowhere."""
    info = openapi["info"]
    found = tuple(_operations(openapi))
    described = {tag["name"]: tag.get("description", "") for tag in openapi.get("tags", ())}
    names = dict.fromkeys((*described, *(tag for tag, _ in found)))
    groups = (
        Group(f"group-{n}", name, described.get(name, ""), tuple(each for tag, each in found if tag == name))
        for n, name in enumerate(names, 1)
    )
    filled = tuple(group for group in groups if group.operations)
    codes = tuple(_problem(each, "") for each in openapi.get("x-reason-codes", ()))
    story = journey(openapi, filled)
    return Reference(info["title"], info.get("version", ""), info.get("description", ""), filled, story, codes)


def _operations(openapi: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, item in openapi.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                tag = (item[method].get("tags") or (_NAMELESS,))[0]
                yield tag, _Reader(openapi, path, method, item).operation()


@dataclass(frozen=True)
class _Reader:
    """One operation where it stands in its document."""

    openapi: Mapping[str, Any]
    path: str
    method: str
    item: Mapping[str, Any]

    @property
    def written(self) -> Mapping[str, Any]:
        return self.item[self.method]  # type: ignore[no-any-return]  # JSON has no types

    @property
    def schemas(self) -> Schemas:
        return Schemas(self.openapi)

    def operation(self) -> Operation:
        return Operation(
            anchor=re.sub(r"[^a-z0-9]+", "-", f"{self.method}{self.path}".lower()).strip("-") or self.method,
            method=self.method.upper(),
            path=self.path,
            summary=self.written.get("summary", ""),
            description=self.written.get("description", ""),
            secured=self.secured,
            parameters=tuple(self._parameter(each) for each in self.parameters),
            bodies=tuple(self._contents(self.body)),
            answers=tuple(self._answers()),
            problems=tuple(self._problems()),
            curl=self._curl(),
        )

    @property
    def secured(self) -> bool:
        return bool(self.written.get("security", self.openapi.get("security", ())))

    @property
    def parameters(self) -> tuple[Mapping[str, Any], ...]:
        listed = (*self.item.get("parameters", ()), *self.written.get("parameters", ()))
        return tuple(self.schemas.resolved(each) for each in listed)

    @property
    def body(self) -> Mapping[str, Any]:
        return self.schemas.resolved(self.written.get("requestBody", {}))

    @property
    def responses(self) -> dict[str, Mapping[str, Any]]:
        written = self.written.get("responses", {})
        return {str(status): self.schemas.resolved(each) for status, each in written.items()}

    def _parameter(self, written: Mapping[str, Any]) -> Parameter:
        schema = self.schemas.resolved(written.get("schema", {}))
        said = written.get("description") or schema.get("description", "")
        kind, required = self.schemas.kind(schema), written.get("required", False)
        return Parameter(written["name"], kind, required, said, limits(schema), written["in"])

    def _contents(self, holder: Mapping[str, Any]) -> Iterator[Content]:
        for media, content in holder.get("content", {}).items():
            schema = content.get("schema", {})
            yield Content(media, self.schemas.kind(schema), self.schemas.rows(schema))

    def _answers(self) -> Iterator[Answer]:
        for status, written in self.responses.items():
            yield Answer(status, _phrase(status), written.get("description", ""), tuple(self._contents(written)))

    def _problems(self) -> Iterator[Problem]:
        yield from (_problem(each, "") for each in self.written.get("x-problem-codes", ()))
        for status, written in self.responses.items():
            yield from (_problem(each, status) for each in written.get("x-problem-codes", ()))

    def _curl(self) -> str:
        method = () if self.method == "get" else ("-X", self.method.upper())
        words = ["curl", *method, shlex.quote(server(self.openapi) + self._filled_path() + self._query())]
        return " \\\n  ".join((" ".join(words), *self._headers(), *self._data()))

    def _filled_path(self) -> str:
        """With the examples of its parts; a part without one stays in braces."""
        shown = {each["name"]: str(each["example"]) for each in self.parameters if "example" in each}
        return re.sub(r"{(\w+)}", lambda part: shown.get(part[1], part[0]), self.path)

    def _query(self) -> str:
        asked = (f"{each['name']}={self._value(each)}" for each in self._required("query"))
        return "?" + "&".join(asked) if self._required("query") else ""

    def _headers(self) -> Iterator[str]:
        if self.secured:
            yield '-H "Authorization: Bearer $TOKEN"'
        for each in self._required("header"):
            said = f"{each['name']}: {self._value(each)}"
            yield f"-H {shlex.quote(said)}"
        if self._sends_json():
            yield f"-H 'Content-Type: {JSON}'"

    def _data(self) -> Iterator[str]:
        if self._sends_json():
            content = self.body["content"][JSON]
            value = content.get("example", self.schemas.sample(content.get("schema", {})))
            yield f"-d {shlex.quote(json.dumps(value, ensure_ascii=False))}"

    def _sends_json(self) -> bool:
        return JSON in self.body.get("content", {})

    def _required(self, where: str) -> tuple[Mapping[str, Any], ...]:
        return tuple(each for each in self.parameters if each["in"] == where and each.get("required"))

    def _value(self, parameter: Mapping[str, Any]) -> Any:
        if parameter["name"] == KEY:  # another one for each example: a key is good for one submission
            return uuid5(NAMESPACE_URL, f"{self.method} {self.path}")
        return parameter.get("example", self.schemas.sample(parameter.get("schema", {})))


def _problem(written: str | Mapping[str, Any], status: str) -> Problem:
    if isinstance(written, str):
        return Problem(status, written, "")
    return Problem(str(written.get("status", status)), written["code"], written.get("message", ""))


def _phrase(status: str) -> str:
    return HTTPStatus(int(status)).phrase if status.isdigit() and int(status) in set(HTTPStatus) else ""
