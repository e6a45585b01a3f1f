"""The characters of one page in one cut, and the font that is embedded for them."""

import zlib

from chalicelib.documents.file_parts import Growing, stream
from chalicelib.documents.fonts import Cut, typeface
from chalicelib.documents.glyphs import Glyph, cast_glyph
from chalicelib.documents.truetype import around, font_file

SYMBOLIC = 4  # flag of a descriptor: its characters are none of the standard Latin set's names
MOST_IN_A_BLOCK = 100  # entries of a ToUnicode map between one begin and its end
_MAP = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    "{blocks}\nendcmap CMapName currentdict /CMap defineresource pop end end"
)


class Subset(dict[str, str]):
    """From character to code in hex, in the order in which they were first asked for; code 0 is .notdef."""

    def __init__(self, cut: Cut) -> None:
        super().__init__()
        self.cut = cut
        self.glyphs: list[Glyph] = []

    def __missing__(self, character: str) -> str:
        self.glyphs.append(cast_glyph(self.cut, character))
        code = self[character] = f"{len(self.glyphs):04X}"
        return code

    @property
    def name(self) -> str:
        """Six letters that stand for this choice of characters, and the name of the cut (ISO 32000-1, 9.6.4)."""
        number, letters = zlib.crc32("".join(self).encode("utf-32")), []
        for _ in range(6):
            number, letter = divmod(number, 26)
            letters.append(chr(ord("A") + letter))
        return f"{''.join(letters)}+{self.cut}"


def embed(subset: Subset, file: Growing) -> int:
    """The number of the font, all of whose objects are now in the file."""
    name, face = subset.name, typeface(subset.cut)
    program = font_file(subset.cut, subset.glyphs)
    box = " ".join(str(edge * 1000 // face.em) for edge in around(subset.glyphs))
    described = file.add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags {SYMBOLIC} /FontBBox [{box}] /ItalicAngle 0"
        f" /Ascent {face.ascent} /Descent {face.descent} /CapHeight {face.ascent} /StemV 87"
        f" /FontFile2 {file.add(stream(program, b'/Length1 %d ' % len(program)))} 0 R >>".encode()
    )
    widths = " ".join([str(glyph.width) for glyph in subset.glyphs])
    descendant = file.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDToGIDMap /Identity /DW 0 /W [1 [{widths}]]"
        f" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /FontDescriptor {described} 0 R >>".encode()
    )
    return file.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H"
        f" /DescendantFonts [{descendant} 0 R] /ToUnicode {file.add(stream(_to_unicode(subset)))} 0 R >>".encode()
    )


def _to_unicode(subset: Subset) -> bytes:
    pairs = [f"<{code}> <{glyph.unicode}>" for code, glyph in zip(subset.values(), subset.glyphs, strict=True)]
    blocks = (pairs[start : start + MOST_IN_A_BLOCK] for start in range(0, len(pairs), MOST_IN_A_BLOCK))
    return _MAP.format(
        blocks="\n".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks)
    ).encode()
