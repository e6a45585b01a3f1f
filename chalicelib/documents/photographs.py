"""A photograph on a certificate: its JPEG goes into the file as it is, nothing is decoded."""

from collections.abc import Iterator

from chalicelib.documents.file_parts import stream

_SPACES = {1: b"/DeviceGray", 3: b"/DeviceRGB"}
# start of frame; C4, C8 and CC among them mean something else (ITU-T T.81, table B.1)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def picture(jpeg: bytes) -> bytes:
    """The image object. Raises ValueError for what is no JPEG in grey or in red, green and blue."""
    width, height, components = next(_frames(jpeg), (0, 0, 0))
    if components not in _SPACES:
        raise ValueError("the photo of a certificate is a JPEG in grey or in RGB")
    shape = b"/Width %d /Height %d /BitsPerComponent 8 /ColorSpace %s" % (width, height, _SPACES[components])
    return stream(jpeg, b"/Type /XObject /Subtype /Image %s /Filter /DCTDecode " % shape)


def _frames(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """Width, height and components of each frame among the segments before the scan."""
    at = 2
    while jpeg[:2] == b"\xff\xd8" and jpeg[at : at + 1] == b"\xff":
        if jpeg[at + 1] in _FRAMES:
            high, wide = jpeg[at + 5 : at + 7], jpeg[at + 7 : at + 9]
            yield int.from_bytes(wide, "big"), int.from_bytes(high, "big"), jpeg[at + 9]
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
