"""The story of ``x-journey``: which operations follow one another, each step with its links and what to type."""

from collections.abc import Mapping
from typing import Any

from chalicelib.pages.reference import Group, Journey, Link, Step


def journey(openapi: Mapping[str, Any], groups: tuple[Group, ...]) -> Journey | None:
    """None where the document tells none. ``{server}`` in an example stands for the document's address."""
    told = openapi.get("x-journey")
    if told is None:
        return None
    anchors = {f"{each.method} {each.path}": each.anchor for group in groups for each in group.operations}
    return Journey(told["title"], tuple(_step(each, anchors, server(openapi)) for each in told["steps"]))


def _step(told: Mapping[str, Any], anchors: Mapping[str, str], address: str) -> Step:
    links = tuple(Link(name, anchors.get(name, "")) for name in told.get("operations", ()))
    example = told.get("example", "").replace("{server}", address).strip()
    return Step(told["title"], links, told.get("description", ""), example)


def server(openapi: Mapping[str, Any]) -> str:
    """Where the API is served, without a slash at the end."""
    return str((openapi.get("servers") or ({"url": ""},))[0]["url"]).rstrip("/")
