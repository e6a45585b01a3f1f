"""Every reason code that the source names, with its sentence: read from the calls themselves, so none is forgotten."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOMS = ("rules", "operations", "handlers", "pages")
SOURCE = Path(__file__).parents[1]
REFUSALS = ("Reason", "Malformed")
LEAST = 2  # a code and its sentence


@cache
def reason_codes() -> tuple[Mapping[str, str], ...]:
    """By code; "…" stands for what is filled in."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for module in sorted((SOURCE / room).rglob("*.py")):
            for code, message in _named_in(ast.parse(module.read_text("utf-8"))):
                found[code] = found.get(code) or message
    return tuple({"code": code, "message": found[code]} for code in sorted(found))


def _named_in(module: ast.Module) -> Iterator[tuple[str, str]]:
    said = _sentences(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _called(node) in REFUSALS and len(node.args) >= LEAST:
            code, message = node.args[:LEAST]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value, _text(message, said, node.lineno)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _sentences(module: ast.Module) -> list[tuple[int, str, ast.expr]]:
    """Sentences that were given a name before they were used: line, name, value."""
    assigned = (node for node in ast.walk(module) if isinstance(node, ast.Assign))
    targets = ((node, target) for node in assigned for target in node.targets)
    named = [(node.lineno, target.id, node.value) for node, target in targets if isinstance(target, ast.Name)]
    return sorted(named, key=lambda each: each[0])


def _text(node: ast.expr, said: list[tuple[int, str, ast.expr]], before: int) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.IfExp(body=first):
            return _text(first, said, before)
        case ast.Name(id=name):
            values = [value for line, known, value in said if known == name and line < before]
            return _text(values[-1], said, 0) if values else ""
        case ast.Call(func=ast.Attribute(value=ast.Name() as held, attr="format")):
            return _text(held, said, before)
    return ""
