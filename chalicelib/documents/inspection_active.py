"""What a PDF would do besides showing pages, told by the names in its objects."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from chalicelib.documents import inspection_findings as findings
from chalicelib.documents.inspection_objects import Meter, value
from chalicelib.rules.vocabulary import Reason

_MOST_PIXELS: Final = 400_000_000
_UNSAFE_LINK = re.compile(r"(?:javascript|vbscript|data|file|smb|ms-[a-z-]+):|\\\\", re.IGNORECASE)
_WHITE_OR_CONTROL = re.compile(r"[\0-\x20]")
_GOES_TO_A_PAGE = ("/GoTo", "/Named")

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
_SUBTYPES: dict[str, Reason] = dict.fromkeys(("/Movie", "/Sound", "/Screen", "/3D"), findings.MEDIA)


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
        elif isinstance(node, NameObject) and node in _NAMES:
            yield _NAMES[node]


def _objections_to(node: DictionaryObject) -> Iterator[Reason]:
    yield from (reason for key in node if (reason := _NAMES.get(key) or _KEYS.get(key)))
    yield from (reason for key in ("/Subtype", "/S") if (reason := _SUBTYPES.get(str(value(node, key)))))
    if _acts_on_opening(value(node, "/OpenAction")):
        yield findings.AUTOMATIC
    if isinstance(node, StreamObject) and "/F" in node:  # its content lies in another file
        yield findings.LAUNCH
    if _UNSAFE_LINK.match(_WHITE_OR_CONTROL.sub("", str(value(node, "/URI")))):
        yield findings.BAD_LINK
    if value(node, "/Subtype") == "/Image" and _pixels(node) > _MOST_PIXELS:
        yield findings.HUGE_PICTURE


def _acts_on_opening(action: object) -> bool:
    if not isinstance(action, DictionaryObject):
        return False  # an array is a place on a page
    return value(action, "/S") not in _GOES_TO_A_PAGE or "/Next" in action


def _pixels(node: DictionaryObject) -> int:
    width, height = value(node, "/Width"), value(node, "/Height")
    return width * height if isinstance(width, int) and isinstance(height, int) else 0
