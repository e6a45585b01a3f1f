"""What varies on a sheet, made ready at set-up: the curves of a border take longer to compute than a page to print.

A sheet is all that a layout may depend on. What lies in the folder is found under the hash of the sheet and of the code
that layouts and plates follow from; any other sheet is drawn up, and its plate looked for, when it is first needed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.documents import fonts, plates
from chalicelib.documents.layout import Align, Box, Code, Element, Layout, Photo, SealField, Text
from chalicelib.documents.plates import Plate
from chalicelib.documents.templates import TEMPLATES
from chalicelib.rules import certificate_face
from chalicelib.rules.certificate_face import Face
from chalicelib.rules.vocabulary import Part

FOLDER = fonts.KEPT / "sheets"
KINDS: Mapping[str, type[Element]] = {kind.__name__: kind for kind in (Text, Code, Photo, SealField)}
# whatever of this room a layout follows from, besides what plates do
_DRAWN_UP_BY = ("border", "card", "layout", "member", "ornaments", "qualification", "reviews", "seal", "sheets",
                "stationery", "table", "templates", "training", "first/border", "first/member", "first/ornaments",
                "first/qualification", "first/stationery", "first/table")  # fmt: skip


class Sheet(NamedTuple):
    """All that a layout may depend on; whatever else a face says stands in its values."""

    template: str
    part: Part
    test: bool
    silent: tuple[str, ...]  # the names of the texts that are empty


class Ready(NamedTuple):
    """A sheet ready to print: of its layout what varies, and its plate with all the rest."""

    layout: Layout
    plate: Plate


def sheet_of(face: Face) -> Sheet:
    silent = tuple(name for name, words in face.says().items() if not words)
    return Sheet(face.template, face.which, face.test, silent)


def layout_of(face: Face) -> Layout:
    """Raises KeyError for an unknown template."""
    return TEMPLATES[face.template](face)


def ready(face: Face, folder: Path = FOLDER, plates_in: Path = plates.FOLDER) -> Ready:
    """Raises KeyError for an unknown template, fonts.MissingGlyphError, typesetting.TextOverflowError."""
    file = folder / key(sheet_of(face))
    said = json.loads(file.read_bytes()) if file.is_file() else {}
    if said and (plate := plates_in / said["plate"]).is_file():
        return Ready(_layout(said["layout"]), plates.read(plate))
    whole = layout_of(face)
    return Ready(varying(whole), plates.plate_of(whole, plates_in))


def keep(face: Face, folder: Path = FOLDER) -> Path:
    """Make the sheet of a face ready now; the file."""
    whole, file = layout_of(face), folder / key(sheet_of(face))
    elements = [{"kind": type(each).__name__, **_plain(each)} for each in varying(whole).elements]
    told = {"plate": plates.key(whole), "layout": {**_plain(replace(whole, elements=())), "elements": elements}}
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return unfinished.replace(file)


def varying(whole: Layout) -> Layout:
    return replace(whole, elements=tuple(each for each in whole.elements if each not in whole.constant))


def _plain(record: Any) -> dict[str, Any]:
    if isinstance(record, Text):
        return {**asdict(replace(record, sample={})), "sample": dict(record.sample)}
    return asdict(record)


def _layout(said: dict[str, Any]) -> Layout:
    return Layout(**{**said, "elements": tuple(_element(**each) for each in said["elements"])})


def _element(*, kind: str, **said: Any) -> Element:
    said["box"] = Box(*said["box"])
    if "colour" in said:
        said["colour"] = tuple(said["colour"])
    if "align" in said:
        said["align"] = Align(said["align"])
    return KINDS[kind](**said)


def key(sheet: Sheet) -> str:
    """Hash of a sheet, and of the code and the cuts that what it looks like follows from."""
    return hashlib.sha256(f"{_code()} {tuple(sheet)}".encode()).hexdigest()[:32]


@cache
def _code() -> str:
    files = [Path(__file__).parent / f"{name}.py" for name in _DRAWN_UP_BY]
    code = b"".join(file.read_bytes() for file in (*files, Path(certificate_face.__file__)))
    return f"{hashlib.sha256(code).hexdigest()} {plates.makers()}"
