"""The page ``/docs``: the API for the people who program against it, printed from its own OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from chalicelib.pages.openapi_reading import reference
from chalicelib.pages.press import printed


def docs_page(openapi: Mapping[str, Any]) -> str:
    """``openapi`` is an OpenAPI 3.1 document. Raises KeyError where one of its references leads nowhere."""
    return printed("docs.html", reference=reference(openapi), root="")
