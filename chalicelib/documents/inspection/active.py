"""What a PDF would do besides showing pages, told by the names in its objects."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from chalicelib.documents.inspection import findings
from chalicelib.documents.inspection.parsing import STRINGS, Meter, value
from chalicelib.rules.vocabulary import Reason

_MOST_PIXELS: Final = 400_000_000
# What people link to; all else starts a program, opens a file or shares a password with whoever set the link.
_SAFE_LINK = re.compile(r"(?:https?|mailto|tel|sms|ftp):|(?![a-z][a-z0-9+-]*:|//|\\)", re.IGNORECASE)
_WHITE_OR_CONTROL = re.compile(r"[\0-\x20]")
_TURNS_PAGES = ("/NextPage", "/PrevPage", "/FirstPage", "/LastPage")
_NUMBERS_ONLY = ("/FontMatrix", "/FontBBox")

_NAMES: dict[str, Reason] = {
    "/JavaScript": findings.SCRIPT,
    "/Launch": findings.LAUNCH,
    "/SubmitForm": findings.LAUNCH,
    "/ImportData": findings.LAUNCH,
    "/GoToR": findings.LAUNCH,
    "/GoToE": findings.LAUNCH,
    "/EmbeddedFiles": findings.EMBEDDED,
    "/EmbeddedFile": findings.EMBEDDED,
    "/FileAttachment": findings.EMBEDDED,
    "/XFA": findings.XFA,
    "/RichMedia": findings.MEDIA,
    "/RichMediaContent": findings.MEDIA,
    "/RichMediaExecute": findings.MEDIA,
    "/Rendition": findings.MEDIA,
    "/GoTo3DView": findings.MEDIA,
}
# Too short or too common to be told from the name of a font or a glyph, except as keys.
_KEYS: dict[str, Reason] = {
    "/JS": findings.SCRIPT,
    "/AA": findings.AUTOMATIC,
    "/EF": findings.EMBEDDED,
    "/RF": findings.EMBEDDED,
    "/Collection": findings.EMBEDDED,
}
_SUBTYPES: dict[str, Reason] = {
    **dict.fromkeys(("/Movie", "/Sound", "/Screen", "/3D"), findings.MEDIA),
    "/PS": findings.POSTSCRIPT,
}
_SAYS_WHAT_IT_IS = ("/Type", "/Subtype", "/Subtype2", "/S")


def active_content(items: Iterable[object], meter: Meter) -> set[Reason]:
    """Every kind of activity found in the objects of a file. Raises Unreadable when the meter runs out."""
    return {reason for item in items for reason in _objections(item, meter)}


def _objections(item: object, meter: Meter) -> Iterator[Reason]:
    waiting = [item]
    while waiting:
        meter.spend(1)
        node = waiting.pop()
        if isinstance(node, DictionaryObject):
            yield from _objections_to(node)
            waiting.extend(dict.values(node))
        elif isinstance(node, ArrayObject):
            waiting.extend(list.__iter__(node))
        elif isinstance(node, NameObject) and (reason := _NAMES.get(_plain(node))):
            yield reason


def _objections_to(node: DictionaryObject) -> Iterator[Reason]:
    yield from (reason for key in map(_plain, node) if (reason := _NAMES.get(key) or _KEYS.get(key)))
    yield from (reason for key in _SAYS_WHAT_IT_IS if (reason := _SUBTYPES.get(_plain(str(value(node, key))))))
    if _acts_on_opening(value(node, "/OpenAction")):
        yield findings.AUTOMATIC
    if _lies_elsewhere(node):
        yield findings.LAUNCH
    if any(isinstance(part, STRINGS) for key in _NUMBERS_ONLY for part in _parts(value(node, key))):
        yield findings.SCRIPT  # CVE-2024-4367: a reader in a browser ran what stood there
    if any(_is_unsafe(value(node, key)) for key in ("/URI", "/Base")):
        yield findings.BAD_LINK
    if value(node, "/Subtype") == "/Image" and _pixels(node) > _MOST_PIXELS:
        yield findings.HUGE_PICTURE


def _acts_on_opening(action: object) -> bool:
    if not isinstance(action, DictionaryObject):
        return False  # an array is a place on a page
    turns = value(action, "/S") == "/Named" and value(action, "/N") in _TURNS_PAGES
    return not (turns or value(action, "/S") == "/GoTo") or "/Next" in action


def _plain(name: str) -> str:
    """A NUL is white space to the standard and part of a name to pypdf."""
    return name.partition("\0")[0]


def _lies_elsewhere(node: DictionaryObject) -> bool:
    """Content in another file, or a file named as such: nothing that only shows its pages needs one."""
    if (isinstance(node, StreamObject) and "/F" in node) or value(node, "/FS") == "/URL":
        return True
    return any(isinstance(value(node, key), STRINGS) for key in ("/F", "/UF"))


def _is_unsafe(address: object) -> bool:
    if not isinstance(address, STRINGS):
        return False
    text = _WHITE_OR_CONTROL.sub("", address if isinstance(address, str) else address.decode("latin-1"))
    return "<" in text or _SAFE_LINK.match(text) is None


def _parts(found: object) -> Iterator[object]:
    if isinstance(found, ArrayObject):
        yield from list.__iter__(found)


def _pixels(node: DictionaryObject) -> int:
    width, height = value(node, "/Width"), value(node, "/Height")
    return width * height if isinstance(width, int) and isinstance(height, int) else 0
