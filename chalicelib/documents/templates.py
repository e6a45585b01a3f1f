"""The layout of a face's paper, by the template that the face names. A template that was ever issued stays."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from chalicelib.documents.layout import Layout
from chalicelib.rules.certificate_face import REVIEWS, Face

Template = Callable[[Face], Layout]
REVIEWED = "已年审"


def _drawn_up_in(module: str) -> Template:
    """The template of a module of this room. Its curves take time, so it is loaded when it is first asked for."""

    def layout(face: Face) -> Layout:
        return cast("Template", import_module(f"chalicelib.documents.{module}").layout)(face)

    return layout


TEMPLATES: Mapping[str, Template] = {
    "member-1": _drawn_up_in("first.member"),
    "member-2": _drawn_up_in("member"),
    "qualification-1": _drawn_up_in("first.qualification"),
    "qualification-2": _drawn_up_in("qualification"),
    "training-1": _drawn_up_in("training"),
}


def values(face: Face) -> dict[str, str]:
    """What the {names} of every template stand for on this face."""
    said = face.says()
    site, slash, token = face.verify_url.rpartition("/")
    return {**said, **fields_of_reviews(said), "verify_site": site + slash, "verify_token": token}


def fields_of_reviews(said: Mapping[str, str]) -> dict[str, str]:
    """What the fields for annual reviews say, ``year_1`` and ``mark_1`` and so on: nothing where no year is said."""
    years = {place: said.get(f"year_{place}", "") for place in range(1, REVIEWS + 1)}
    marks = {f"mark_{place}": REVIEWED if year else "" for place, year in years.items()}
    return {**{f"year_{place}": year for place, year in years.items()}, **marks}
