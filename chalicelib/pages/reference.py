"""What ``/docs`` shows: groups of operations, each ready to be set in type."""

from dataclasses import dataclass

from chalicelib.pages.schema_tables import Row


@dataclass(frozen=True)
class Parameter(Row):
    where: str


@dataclass(frozen=True)
class Content:
    """A body: its media type and fields. ``kind`` is for a body that is no object."""

    media: str
    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Answer:
    status: str
    phrase: str
    description: str
    contents: tuple[Content, ...]


@dataclass(frozen=True)
class Problem:
    status: str
    code: str
    message: str


@dataclass(frozen=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    description: str
    secured: bool
    parameters: tuple[Parameter, ...]
    bodies: tuple[Content, ...]
    answers: tuple[Answer, ...]
    problems: tuple[Problem, ...]
    curl: str


@dataclass(frozen=True)
class Group:
    anchor: str
    name: str
    description: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Reference:
    title: str
    version: str
    description: str
    groups: tuple[Group, ...]
