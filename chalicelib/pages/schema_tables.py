"""JSON Schema, as OpenAPI 3.1 carries it, turned into rows a person can read and into an example a person can send."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

DEEPEST = 5
_ALTERNATIVES = ("anyOf", "oneOf")
_LIMITS = {
    "minLength": "至少 {} 字",
    "maxLength": "最多 {} 字",
    "pattern": "格式 `{}`",
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "exclusiveMinimum": "> {}",
    "exclusiveMaximum": "< {}",
    "minItems": "至少 {} 项",
    "maxItems": "最多 {} 项",
    "default": "默认 {}",
}
_SAMPLES: Mapping[str, Any] = {"string": "…", "integer": 1, "number": 1.0, "boolean": True, "null": None}
_SAMPLES_BY_FORMAT = {"date": "2026-01-31", "date-time": "2026-01-31T09:00:00+08:00", "email": "name@example.com"}


@dataclass(frozen=True)
class Row:
    """One field: its path from the top, such as ``reasons[].code``."""

    name: str
    kind: str
    required: bool
    description: str
    limits: tuple[str, ...]


@dataclass(frozen=True)
class Schemas:
    """The named schemas of one document, to which ``$ref`` points."""

    document: Mapping[str, Any]

    def resolved(self, schema: Schema) -> Schema:
        """The schema behind ``$ref`` and a single ``allOf``. Raises KeyError where the reference leads nowhere."""
        if "$ref" in schema:
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            return {**self.resolved(self._pointed_at(schema["$ref"])), **beside}
        if len(schema.get("allOf", ())) == 1:
            beside = {key: value for key, value in schema.items() if key != "allOf"}
            return {**self.resolved(schema["allOf"][0]), **beside}
        return schema

    def rows(self, schema: Schema) -> tuple[Row, ...]:
        """Every field in reading order, nested ones after their parent; a schema within itself is named, not opened."""
        return tuple(self._fields(schema, "", frozenset()))

    def kind(self, schema: Schema) -> str:
        """What a value is, in one line: ``string (date)``, ``array of integer``, ``"a" | "b"``, ``string | null``."""
        schema = self.resolved(schema)
        alternatives = _alternatives(schema)
        if alternatives:
            return " | ".join(dict.fromkeys(self.kind(each) for each in alternatives))
        if "enum" in schema or "const" in schema:
            return " | ".join(f'"{value}"' for value in schema.get("enum", (schema.get("const"),)))
        if schema.get("type") == "array":
            return f"array of {self.kind(schema.get('items', {}))}"
        return _plain_kind(schema)

    def sample(self, schema: Schema, depth: int = 0) -> Any:
        """A value of this shape: the schema's own example where it has one."""
        schema = self.resolved(schema)
        for given in (schema.get("example"), *schema.get("examples", ()), schema.get("default"), schema.get("const")):
            if given is not None:
                return given
        return self._made_up(schema, depth)

    def _made_up(self, schema: Schema, depth: int) -> Any:
        alternatives = _alternatives(schema)
        if alternatives:
            return self.sample(alternatives[0], depth + 1)
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("type") == "array":
            return [self.sample(schema.get("items", {}), depth + 1)] if depth < DEEPEST else []
        if "properties" in schema or schema.get("type") == "object":
            return self._sample_object(schema, depth)
        return _SAMPLES_BY_FORMAT.get(schema.get("format", ""), _SAMPLES.get(schema.get("type", "string"), "…"))

    def _sample_object(self, schema: Schema, depth: int) -> dict[str, Any]:
        if depth >= DEEPEST:
            return {}
        wanted = schema.get("required", ()) or tuple(schema.get("properties", ()))
        fields = schema.get("properties", {})
        return {name: self.sample(fields[name], depth + 1) for name in wanted if name in fields}

    def _fields(self, schema: Schema, prefix: str, opened: frozenset[str]) -> Iterator[Row]:
        name = schema.get("$ref", "")
        if name in opened:
            return
        opened, schema = opened | {name} - {""}, self.resolved(schema)
        for part in (*_alternatives(schema), *schema.get("allOf", ())):
            yield from self._fields(part, prefix, opened)
        if schema.get("type") == "array":
            yield from self._fields(schema.get("items", {}), f"{prefix}[]", opened)
        for field, inner in schema.get("properties", {}).items():
            path = f"{prefix}.{field}" if prefix else field
            yield self._row(path, inner, required=field in schema.get("required", ()))
            yield from self._fields(inner, path, opened)

    def _row(self, path: str, field: Schema, *, required: bool) -> Row:
        whole = self.resolved(field)
        return Row(path, self.kind(field), required, whole.get("description", ""), limits(whole))

    def _pointed_at(self, pointer: str) -> Schema:
        found: Any = self.document
        for step in pointer.removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        return found  # type: ignore[no-any-return]  # JSON has no types


def limits(schema: Schema) -> tuple[str, ...]:
    """What a value must keep to, in Chinese; of "X or null" the limits of X."""
    parts = (schema, *_alternatives(schema))
    return tuple(
        said.format(part[key]) for part in parts for key, said in _LIMITS.items() if part.get(key) not in (None, "")
    )


def _alternatives(schema: Schema) -> tuple[Schema, ...]:
    return tuple(each for key in _ALTERNATIVES for each in schema.get(key, ()))


def _plain_kind(schema: Schema) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "any")
    named = " | ".join(kind) if isinstance(kind, list) else kind
    return f"{named} ({schema['format']})" if "format" in schema else named
