"""Turns the outline of a character into TrueType's curves: a millisecond each, so it is done once and kept."""

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from chalicelib.documents.fonts import Cut, typeface
from chalicelib.documents.truetype import MOST_CONTOURS, MOST_POINTS
from chalicelib.documents.typecase import MAX_DEVIATION, Piece, padded


def piece(cut: Cut, character: str) -> Piece:
    """Its advance and its entry in the table glyf."""
    font = typeface(cut).font
    glyph = font.get_nominal_glyph(ord(character))
    pen = TTGlyphPen(None)
    font.draw_glyph_with_pen(glyph, Cu2QuPen(pen, MAX_DEVIATION, reverse_direction=True))
    drawn = pen.glyph()
    drawn.recalcBounds(None)
    assert drawn.numberOfContours <= MOST_CONTOURS
    if not drawn.numberOfContours:
        return int(font.get_glyph_h_advance(glyph)), b""
    assert len(drawn.coordinates) <= MOST_POINTS
    return int(font.get_glyph_h_advance(glyph)), padded(drawn.compile(None))
