"""A font as fpdf2 wants it: the same glyphs as everywhere, with names and a map of characters around them."""

from collections.abc import Iterable
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont

from chalicelib.documents.fonts import Cut, typeface
from chalicelib.documents.glyphs import cast_glyph
from chalicelib.documents.truetype import font_file


def complete_font(cut: Cut, characters: Iterable[str]) -> bytes:
    """A whole font of these characters, all of which the cut can draw. The same characters give the same bytes."""
    ordered = sorted({*characters, " "})
    font = TTFont(BytesIO(font_file(cut, [cast_glyph(cut, each) for each in ordered])))
    names = font.getGlyphOrder()
    builder = FontBuilder(font=font)
    builder.setupCharacterMap({ord(each): names[index + 1] for index, each in enumerate(ordered)})
    builder.setupNameTable({"familyName": cut, "styleName": "Regular", "fullName": cut, "psName": cut})
    builder.setupOS2(sTypoAscender=typeface(cut).ascent, sTypoDescender=typeface(cut).descent)
    builder.setupPost(keepGlyphNames=False)
    font.recalcTimestamp = False
    file = BytesIO()
    font.save(file)
    return file.getvalue()
