"""Prints what varies onto a plate: texts with the few glyphs they need, the code, the photo, and what the file says.

fpdf2 draws the same page a hundred times slower; a test holds the pixels of both against each other.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time
from functools import lru_cache

from chalicelib.documents import archive, fonts, qr
from chalicelib.documents.file_parts import (
    CATALOG,
    CONTENT,
    FONTS,
    INFORMATION,
    METADATA,
    PICTURE,
    Growing,
    instant,
    stream,
    table,
    text,
)
from chalicelib.documents.fonts import Cut
from chalicelib.documents.imprint import PRODUCER, Imprint
from chalicelib.documents.layout import NO_PHOTOS, Code, Colour, Layout, Photo, Photos, Text
from chalicelib.documents.photographs import picture
from chalicelib.documents.plates import Plate
from chalicelib.documents.subsets import Subset, embed
from chalicelib.documents.typesetting import SetLine, set_words

# a run of characters of one cut, behind the operators that bring them to their place
Piece = tuple[Cut, str, str]
Setting = Callable[[str], tuple[Piece, ...]]
KEPT_SETTINGS = 64  # of one text: names of associations and days come back, names of holders do not


class Press:
    """A layout made ready to print: its plate, and how each of its texts is set. Only what varies is asked of it."""

    def __init__(self, layout: Layout, plate: Plate) -> None:
        self.layout = layout
        self.plate = plate
        texts = [each for each in layout.elements if isinstance(each, Text) and each.varies]
        self._texts: list[tuple[str, Setting]] = [(each.text, _setting(each, layout.height)) for each in texts]
        self._others = [each for each in layout.elements if isinstance(each, Code | Photo)]

    def print(self, values: Mapping[str, str], imprint: Imprint, photos: Photos = NO_PHOTOS) -> bytes:
        """The whole file, its seal field still empty. Same layout, values, imprint and photos, same bytes.

        Raises fonts.MissingGlyphError, typesetting.TextOverflowError.
        """
        subsets: dict[Cut, Subset] = {cut: Subset(cut) for cut in Cut}
        file = Growing(len(self.plate.head), self.plate.offsets)
        others = [self._other(each, values) for each in self._others]
        file.add(stream("\n".join(["2 J", *others, *self._lines(values, subsets)]).encode()), CONTENT)
        file.add(b"<< %s%s>>" % (self.plate.fonts, _embedded(subsets, file)), FONTS)
        file.add(picture(next(iter(photos.values()))) if photos else b"null", PICTURE)
        file.add(stream(archive.metadata(imprint), b"/Type /Metadata /Subtype /XML "), METADATA)
        file.add(_information(imprint), INFORMATION)
        start = file.length
        file.append(table(file.offsets))
        file.append(_trailer(len(file.offsets) + 1, imprint.identity.upper().encode(), start))
        return self.plate.head + file.content()

    def _lines(self, values: Mapping[str, str], subsets: Mapping[Cut, Subset]) -> Iterator[str]:
        for words, setting in self._texts:
            for cut, characters, before in setting(words.format_map(values)):
                codes = subsets[cut]
                yield f"{before}<{''.join([codes[character] for character in characters])}> Tj ET"

    def _other(self, element: Code | Photo, values: Mapping[str, str]) -> str:
        x, y, w, h = (edge / fonts.POINT for edge in element.box)
        top = self.layout.height / fonts.POINT - y
        if isinstance(element, Photo):
            return f"q {w:.3f} 0 0 {h:.3f} {x:.3f} {top - h:.3f} cm /Photo Do Q"
        side, path = _code(values[element.name])
        return f"{_colour(element.colour)} rg q {w / side:.5f} 0 0 {-h / side:.5f} {x:.3f} {top:.3f} cm\n{path}\nf Q"


@lru_cache(maxsize=8)
def _code(address: str) -> tuple[int, str]:
    """Modules per side, and the dark ones as one path in modules from the upper left."""
    side, dark = qr.runs(address)
    return side, "\n".join([f"{x} {y} {length} 1 re" for y, x, length in dark])


def _setting(element: Text, height: float) -> Setting:
    @lru_cache(maxsize=KEPT_SETTINGS)
    def pieces(words: str) -> tuple[Piece, ...]:
        return tuple(piece for line in set_words(element, words) for piece in _pieces(element, line, height))

    return pieces


def _pieces(element: Text, line: SetLine, height: float) -> Iterator[Piece]:
    colour = _colour(element.colour)
    tracking, y = line.tracking / fonts.POINT, (height - line.baseline) / fonts.POINT
    for cut, characters, x, weight in line.runs:
        stroke = f"{colour} RG 2 Tr {weight:.2f} w" if weight else "0 Tr"
        font = f"/{cut.name} {line.size:.2f} Tf {tracking:.2f} Tc"
        yield cut, characters, f"{colour} rg {stroke} BT {font} {x / fonts.POINT:.2f} {y:.2f} Td "


def _colour(colour: Colour) -> str:
    return " ".join([f"{channel / 255:.4f}" for channel in colour])


def _embedded(subsets: Mapping[Cut, Subset], file: Growing) -> bytes:
    used = [subset for subset in subsets.values() if subset]
    return b"".join([b"/%s %d 0 R " % (subset.cut.name.encode(), embed(subset, file)) for subset in used])


def _information(imprint: Imprint) -> bytes:
    made = instant(datetime.combine(imprint.made_on, time(), UTC))
    says = {"Title": imprint.title, "Subject": imprint.subject, "Author": imprint.author}
    texts = b"".join([b"/%s %s " % (name.encode(), text(words)) for name, words in says.items()])
    maker = PRODUCER.encode()
    return b"<< %s/Creator (%s) /Producer (%s) /CreationDate %s /ModDate %s >>" % (texts, maker, maker, made, made)


def _trailer(size: int, identity: bytes, start: int) -> bytes:
    entries = b"/Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]" % (size, CATALOG, INFORMATION, identity, identity)
    return b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (entries, start)
