"""Good pictures: as phones, scanners, screenshots, photo shops and chat programs make them."""

import struct

from PIL import Image, PngImagePlugin

from tests.documents.building import chunk, jpeg, picture, png, png_of, saved, with_jpeg_segment
from tests.documents.corpus.sample import good

_TURNED = 0x0112


def _exif(**tags: object) -> Image.Exif:
    exif = Image.Exif()
    for tag, content in tags.items():
        exif[int(tag.removeprefix("tag"))] = content
    return exif


def _turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[_TURNED] = orientation
    return jpeg(exif=exif)


def _many_pictures(kind: str) -> bytes:
    return saved(picture(), kind, save_all=True, append_images=[picture(mode="L").convert("RGB")])


def _interlaced() -> bytes:
    """Seven passes over 400 x 300, each row with its filter byte."""
    passes = ((50, 38), (50, 38), (100, 37), (100, 75), (200, 75), (200, 150), (400, 150))
    return png_of(400, 300, bytes(sum((3 * columns + 1) * rows for columns, rows in passes)), interlaced=1)


def _grey(depth: int) -> bytes:
    return png_of(400, 300, bytes(300 * (1 + 400 * depth // 8)), depth=depth, colour=0)


def _in_pieces() -> bytes:
    """The pixels in pieces of 1,000 bytes, as cameras' writers do."""
    data = png()
    start = data.index(b"IDAT") - 4
    length = struct.unpack(">I", data[start : start + 4])[0]
    body = data[start + 8 : start + 8 + length]
    pieces = b"".join(chunk(b"IDAT", body[at : at + 1000]) for at in range(0, length, 1000))
    return data[:start] + pieces + data[start + 12 + length :]


def _texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "made up")
    info.add_itxt("Title", "营业执照", "zh", "标题")
    info.add_text("Description", "long " * 500, zip=True)
    return info


def _with_chunk(name: bytes, body: bytes) -> bytes:
    return png_of(400, 300, bytes(300 * 1201), [chunk(name, body)])


_TRAILER = b"\0\0\xa1\x0aImage_UTC_Data1700000000SEFT"
_XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF/></x:xmpmeta>"

SAMPLES = (
    good("JPEG", jpeg, "照片.jpg"),
    good("JPEG, progressive", lambda: jpeg(progressive=True), "a.jpeg"),
    good("JPEG, best quality, no subsampling", lambda: jpeg(quality=100, subsampling=0)),
    good("JPEG, poor quality from a chat", lambda: jpeg(quality=20), "mmexport1700000000000.jpg"),
    good("JPEG, subsampled one way", lambda: jpeg(subsampling="4:2:2")),
    good("JPEG, optimised tables", lambda: jpeg(optimize=True)),
    good("JPEG, grayscale", lambda: saved(picture(mode="L"), "JPEG")),
    good("JPEG, grayscale and progressive", lambda: saved(picture(mode="L"), "JPEG", progressive=True)),
    good("JPEG, CMYK", lambda: saved(picture(mode="CMYK"), "JPEG")),
    good("JPEG, YCbCr written as such", lambda: saved(picture(mode="YCbCr"), "JPEG", quality=90)),
    good("JPEG, RGB kept as RGB", lambda: jpeg(keep_rgb=True)),
    good("JPEG, turned by EXIF", lambda: _turned(6)),
    good("JPEG, turned the other way", lambda: _turned(8)),
    good("JPEG, upside down", lambda: _turned(3)),
    good("JPEG, mirrored", lambda: _turned(2)),
    good("JPEG with camera and place", lambda: jpeg(exif=_exif(tag271="made up", tag272="P 40", tag306="2026:11:24"))),
    good("JPEG with a colour profile", lambda: jpeg(icc_profile=bytes(3000))),
    good("JPEG with a large colour profile in parts", lambda: jpeg(icc_profile=bytes(150_000))),
    good("JPEG with XMP", lambda: with_jpeg_segment(jpeg(), 0xE1, _XMP)),
    good("JPEG with a thumbnail", lambda: with_jpeg_segment(jpeg(), 0xE2, saved(picture(160, 120), "JPEG"))),
    good(
        "JPEG with Photoshop's notes",
        lambda: with_jpeg_segment(jpeg(), 0xED, b"Photoshop 3.0\x008BIM\x04\x04" + bytes(6)),
    ),
    good("JPEG with Adobe's mark", lambda: with_jpeg_segment(jpeg(), 0xEE, b"Adobe\0d\0\0\0\0\1")),
    good("JPEG with 300 dpi", lambda: jpeg(dpi=(300, 300))),
    good("JPEG with restart markers", lambda: jpeg(restart_marker_rows=1)),
    good("JPEG with comment", lambda: with_jpeg_segment(jpeg(), 0xFE, "扫描件".encode())),
    good("JPEG with fill bytes", lambda: jpeg()[:2] + b"\xff\xff\xff" + jpeg()[2:]),
    good("JPEG with a maker's trailer", lambda: jpeg() + _TRAILER),
    good("JPEG with NULs behind", lambda: jpeg() + bytes(3000)),
    good("JPEG with a film behind", lambda: jpeg() + b"\0\0\0\x18ftypmp42" + bytes(500), "IMG.jpg"),
    good("JPEG, two pictures from a phone", lambda: _many_pictures("MPO")),
    good("JPEG of 24 million pixels", lambda: saved(picture(6000, 4000), "JPEG")),
    good("JPEG of the least size", lambda: saved(picture(300, 300), "JPEG")),
    good("JPEG of a long screenshot", lambda: saved(picture(400, 12_000), "JPEG")),
    good("JPEG of a portrait", lambda: saved(picture(650, 800), "JPEG"), "一寸照.JPG"),
    good("JPEG called PNG", lambda: jpeg(quality=71), "a.png"),
    good("JPEG that kept its HEIC name", lambda: jpeg(quality=72), "IMG_0001.HEIC"),
    good("JPEG of an old browser's ending", lambda: jpeg(quality=73), "下载.jfif"),
    good("PNG", png, "截图.png"),
    good("PNG, palette", lambda: saved(picture(mode="P"), "PNG")),
    good("PNG, palette of four colours", lambda: saved(picture(mode="P"), "PNG", bits=2)),
    good("PNG, palette with a transparent colour", lambda: saved(picture(mode="P"), "PNG", transparency=0)),
    good("PNG, transparent", lambda: saved(picture(mode="RGBA"), "PNG")),
    good("PNG, grey with transparency", lambda: saved(picture(mode="LA"), "PNG")),
    good("PNG, grey", lambda: saved(picture(mode="L"), "PNG")),
    good("PNG, grey of four shades", lambda: _grey(2)),
    good("PNG, grey of sixteen shades", lambda: _grey(4)),
    good("PNG, black and white", lambda: saved(picture(mode="1"), "PNG")),
    good("PNG, 16 bit", lambda: saved(picture(mode="I;16"), "PNG")),
    good("PNG, 16 bit in colour", lambda: png_of(400, 300, bytes(300 * 2401), depth=16)),
    good("PNG, 16 bit in colour with transparency", lambda: png_of(400, 300, bytes(300 * 3201), depth=16, colour=6)),
    good("PNG, interlaced", _interlaced),
    good("PNG, not compressed", lambda: png(compress_level=0)),
    good("PNG in many pieces", _in_pieces),
    good("PNG with a title", lambda: _with_chunk(b"tEXt", b"Title\0x")),
    good("PNG with texts of every kind", lambda: png(pnginfo=_texts())),
    good("PNG by a Mac", lambda: _with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>Exif x</x:xmpmeta>")),
    good("PNG with 96 dpi", lambda: png(dpi=(96, 96))),
    good("PNG with the time", lambda: _with_chunk(b"tIME", struct.pack(">HBBBBB", 2026, 11, 24, 9, 0, 0))),
    good("PNG with a screenshot program's own chunk", lambda: _with_chunk(b"vpAg", bytes(9))),
    good("PNG with EXIF", lambda: png(exif=_exif(tag305="made up"))),
    good("PNG with colour profile", lambda: png(icc_profile=bytes(500))),
    good("PNG of one frame that could move", lambda: _with_chunk(b"acTL", struct.pack(">II", 1, 0))),
    good("PNG of 12 million pixels", lambda: png_of(4000, 3000, bytes(3000 * 501), depth=1, colour=0)),
    good("PNG called JPEG", lambda: png(compress_level=1), "微信图片.jpg"),
)
