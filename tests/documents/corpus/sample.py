"""One file of the corpus, and what many of them carry: built when asked for, never stored."""

from collections.abc import Callable
from dataclasses import dataclass

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PHP = b"<?php system($_GET[0]); ?>"
JAVASCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
MADE_UP_PROGRAM = b"MZ\x90\0" + bytes(60) + b"PE\0\0"

Build = Callable[[], bytes]


@dataclass(frozen=True)
class Sample:
    """``why`` is None for a file that must be accepted, else the code of the reason it must be refused with."""

    name: str
    file_name: str
    build: Build
    why: str | None = None

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def good(name: str, build: Build, file_name: str | None = None) -> Sample:
    """The name begins with the kind: PDF, JPEG or PNG."""
    return Sample(name, file_name or _usual_name(name), build)


def bad(why: str, name: str, build: Build, file_name: str | None = None) -> Sample:
    return Sample(name, file_name or _usual_name(name), build, why)


def _usual_name(name: str) -> str:
    return {"JPEG": "a.jpg", "PNG": "a.png"}.get(name.split(maxsplit=1)[0].rstrip(","), "a.pdf")
