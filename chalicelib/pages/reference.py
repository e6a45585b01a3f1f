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
class Link:
    """To an operation on the page; ``anchor`` is empty where the document lacks it."""

    name: str
    anchor: str


@dataclass(frozen=True)
class Step:
    title: str
    links: tuple[Link, ...]
    description: str
    example: str


@dataclass(frozen=True)
class Journey:
    """How the operations follow one another."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Reference:
    title: str
    version: str
    description: str
    groups: tuple[Group, ...]
    journey: Journey | None = None
    codes: tuple[Problem, ...] = ()
