"""What a person reads where a page cannot be drawn just now: the store is busy, or something of ours has broken.

Nothing of the association is on it, since nothing could be read.
"""

from collections.abc import Mapping

from chalicelib.pages.press import printed
from chalicelib.rules.vocabulary import Reason

ENGLISH: Mapping[str, str] = {"busy": "Busy", "unexpected": "Something went wrong"}


def trouble_page(reason: Reason, depth: int) -> str:
    """``depth``: how many levels below the root the page stands, for its links."""
    english = ENGLISH.get(reason.code, ENGLISH["unexpected"])
    return printed("trouble.html", reason=reason, english=english, root="../" * depth)
