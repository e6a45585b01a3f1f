"""Reads a page as a browser would, and says what is wrong with it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

INLINE = {"a", "b", "code", "span", "strong", "time"}
VOID = {"meta", "input", "br", "link", "img", "hr"}
ADDRESSES = {"href", "src", "action", "srcset", "data", "poster", "formaction", "xlink:href"}


@dataclass
class Markup:
    """``troubles`` lists unbalanced tags, doubled ids and attributes; ``texts`` joins the text of each kind of tag."""

    troubles: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def addresses(self) -> list[str]:
        return [value or "" for _, attributes in self.tags for name, value in attributes.items() if name in ADDRESSES]

    def text(self, tag: str) -> str:
        return " ".join("".join(self.texts.get(tag, [])).split())

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def read(page: str) -> Markup:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    reader.found.troubles.extend(f"<{tag}> is never closed" for tag in reader.open)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Markup()
        self.open: list[str] = []
        self.ids: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.found.tags.append((tag, attributes))
        if len(attributes) < len(attrs):
            self.found.troubles.append(f"<{tag}> has an attribute twice")
        if attributes.get("id") in self.ids:
            self.found.troubles.append(f"id {attributes['id']} is there twice")
        self.ids.update({attributes["id"]} if "id" in attributes else ())
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.troubles.append(f"</{tag}> closes nothing")
        if tag not in INLINE:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.found.texts.setdefault(tag, []).append(data)
