"""Letters and notices, declared by name: one file each in ``templates/``, its parts as blocks, filled from a context.

A context that lacks a key is an error: never a letter with a hole. Amounts and dates come in as people read them.
Nothing of any one association is written here or there.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from chalicelib.operations.carriers import Notice

ROOM = Path(__file__).parent / "templates"
Context = Mapping[str, object]


class Written(NamedTuple):
    """A letter's words; the address and the attachments come from who sends it."""

    subject: str
    text: str
    html: str


def letter(name: str, context: Context) -> Written:
    """Write the letter of this name. Raises jinja2.UndefinedError on a missing key, TemplateNotFound on the name."""
    plain, page = _template(f"letters/{name}.txt"), _template(f"letters/{name}.html")
    subject = " ".join(_part(plain, "subject", context).split())
    return Written(subject, _part(plain, "text", context) + "\n", page.render(context))


def notice(name: str, context: Context) -> Notice:
    """Write the notice of this name; ``wechat`` holds every block besides title and body. Raises as ``letter`` does."""
    template = _template(f"notices/{name}.txt")
    parts = {part: _part(template, part, context) for part in template.blocks}
    return Notice(parts.pop("title"), parts.pop("body"), parts)


def names(kind: str) -> tuple[str, ...]:
    """What is declared: "letters" or "notices"."""
    return tuple(sorted(path.stem for path in (ROOM / kind).glob("*.txt")))


def _part(template: Template, block: str, context: Context) -> str:
    return "".join(template.blocks[block](template.new_context(dict(context)))).strip()


def _template(path: str) -> Template:
    return _press().get_template(path)


@cache
def _press() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOM),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
