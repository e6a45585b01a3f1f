"""What a paper cannot hold is named before anybody depends on it, with as much of it as fits."""

import subprocess
import sys
from dataclasses import replace

import pytest

from chalicelib.documents import certificate
from chalicelib.documents.fitting import unfit
from chalicelib.documents.typesetting import TextOverflowError
from chalicelib.operations.ports import Unfit
from chalicelib.rules.certificate_face import Face

NAMES = {"association": "协", "association_english": "W", "contact_line": "话", "number": "9"}


def saying(face: Face, name: str, text: str) -> Face:
    return replace(face, **{name: text})  # type: ignore[arg-type]  # a text of the face


def test_a_face_that_can_be_drawn_has_nothing_unfit(face: Face) -> None:
    assert unfit(face) == ()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_too_long_is_named_with_its_longest_beginning_that_can_be_drawn(face: Face, name: str) -> None:
    too_long = saying(face, name, NAMES[name] * 400)
    with pytest.raises(TextOverflowError):
        certificate.draw(too_long)
    (found,) = unfit(too_long)
    assert (found.name, found.missing) == (name, "")
    assert found.fits
    assert unfit(saying(face, name, found.fits)) == ()
    assert unfit(saying(face, name, f"{found.fits}{NAMES[name]}")) != ()
    assert certificate.draw(saying(face, name, found.fits))


def test_what_no_font_has_is_named_and_told_apart_from_what_is_too_long(face: Face) -> None:
    strange = replace(face, association="\ue000协会\ue001", contact_line="话" * 400 + "\ue000")
    no_glyph, both = unfit(strange)
    assert no_glyph == Unfit("association", missing="\ue000\ue001")
    assert (both.name, both.missing) == ("contact_line", "\ue000")
    assert both.fits


def test_asking_loads_neither_what_draws_nor_what_signs() -> None:
    program = "import sys, chalicelib.documents.fitting; print({'fpdf', 'pyhanko', 'pypdfium2'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
