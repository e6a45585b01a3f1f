"""Which layout a face is drawn by, and the values that its {names} stand for. Loads nothing that draws."""

from collections.abc import Callable, Mapping

from chalicelib.documents import member, qualification
from chalicelib.documents.layout import Layout
from chalicelib.rules.certificate_face import Face

# the layout of a face's paper, by the template that the face names; a template that was ever issued stays
TEMPLATES: Mapping[str, Callable[[Face], Layout]] = {
    "member-1": member.layout,
    "qualification-1": qualification.layout,
}


def values(face: Face) -> dict[str, str]:
    """What the {names} of every template stand for on this face."""
    site, slash, token = face.verify_url.rpartition("/")
    return {**face.says(), "verify_site": site + slash, "verify_token": token}
