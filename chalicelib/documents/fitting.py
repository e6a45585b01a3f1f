"""What of a face its paper cannot show: characters without a glyph, texts too long for their place.

Asked where a text is set, long before it is drawn; so it loads neither what draws nor what signs.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from chalicelib.documents import fonts
from chalicelib.documents.layout import Text
from chalicelib.documents.templates import TEMPLATES, values
from chalicelib.documents.typesetting import TextOverflowError, set_text
from chalicelib.operations.ports import Unfit
from chalicelib.rules.certificate_face import Face


def unfit(face: Face) -> tuple[Unfit, ...]:
    """Each text of the face that cannot be printed, in the order of ``face.says()``. Raises KeyError: no such template.

    Of what has no glyph the rest is measured, so that both troubles of a text are told at once.
    """
    missing = {name: fonts.missing_glyphs(text) for name, text in face.says().items()}
    said = {name: text.translate(dict.fromkeys(map(ord, missing.get(name, "")))) for name, text in values(face).items()}
    return tuple(_found(face, said, missing))


def _found(face: Face, said: Mapping[str, str], missing: Mapping[str, str]) -> Iterator[Unfit]:
    texts = [each for each in TEMPLATES[face.template](face).elements if isinstance(each, Text)]
    for name in face.says():
        fits = _longest(name, said, [each for each in texts if f"{{{name}}}" in each.text])
        if missing[name] or fits is not None:
            yield Unfit(name, missing[name], fits)


def _longest(name: str, said: Mapping[str, str], texts: list[Text]) -> str | None:
    """The longest beginning that every text holds that says it; None where the whole fits."""
    whole = said[name]

    def overflows(length: int) -> bool:
        return not all(_fits(each, {**said, name: whole[:length]}) for each in texts)

    if not overflows(len(whole)):
        return None
    # the first length that overflows, by halves: what does not fit does not fit with more of it either
    return whole[: bisect_left(range(len(whole)), True, key=overflows) - 1]


def _fits(text: Text, said: Mapping[str, str]) -> bool:
    try:
        set_text(text, said)
    except TextOverflowError:
        return False
    return True
