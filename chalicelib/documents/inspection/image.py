"""Whether a picture can be read: measured from its header before anything is decoded, then decoded once.

Memory: JPEG is decoded at an eighth of its size, PNG in full, so at most 50 million pixels of four bytes.
"""

import warnings
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image

from chalicelib.documents.inspection.findings import BROKEN, Unreadable, hidden_content
from chalicelib.documents.inspection.outlines import MOST_PIXELS, Outline, outline_of_jpeg
from chalicelib.documents.inspection.png import outline_of_png
from chalicelib.documents.inspection.signatures import is_page, second_nature
from chalicelib.rules.uploads import FileRule, Kind, PhotoRule
from chalicelib.rules.vocabulary import Reason

LEAST_SIDE: Final = 300
_SIDEWAYS = (5, 6, 7, 8)


def look_at(data: bytes, kind: Kind, rule: FileRule) -> tuple[int, int]:
    """Width and height as seen upright. Raises Unreadable."""
    outline = (outline_of_jpeg if kind is Kind.JPEG else outline_of_png)(data)
    reason = _objection(data, outline)
    if reason:
        raise Unreadable(reason)
    width, height = _decode(data, kind, outline)
    reason = _too_small(width, height) if rule.photo is None else _no_portrait(width, height, rule.photo)
    if reason:
        raise Unreadable(reason)
    return width, height


def _objection(data: bytes, outline: Outline) -> Reason | None:
    if outline.pixels > MOST_PIXELS:
        return Reason(
            "too_many_pixels",
            f"图片尺寸过大（{outline.width}×{outline.height}像素，上限5000万像素）。",
            "请缩小图片尺寸后上传。",
        )
    if outline.frames > 1:
        return Reason("animated", "这是动态图片，只能接收静态图片。", "请截取其中清晰的一帧，另存为图片后上传。")
    hidden = second_nature(data, outline.end) or ("网页" if is_page(outline.notes) else None)
    if hidden or b"%PDF-" in data[:1029]:
        return hidden_content(hidden or "PDF")
    return None


def _decode(data: bytes, kind: Kind, outline: Outline) -> tuple[int, int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of a second picture it cannot read, which phones append
        with Image.open(BytesIO(data), formats=(kind.name,)) as image:
            if image.size != (outline.width, outline.height):
                raise Unreadable(BROKEN)
            sideways = image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
            image.draft(None, (max(1, outline.width // 8), max(1, outline.height // 8)))  # None keeps the mode
            image.load()
    return (outline.height, outline.width) if sideways else (outline.width, outline.height)


def _too_small(width: int, height: int) -> Reason | None:
    if min(width, height) >= LEAST_SIDE:
        return None
    return Reason(
        "too_small",
        f"图片太小（{width}×{height}像素），看不清内容。",
        f"请上传原图，短边不少于{LEAST_SIDE}像素；微信传图时请勾选“原图”。",
    )


def _no_portrait(width: int, height: int, photo: PhotoRule) -> Reason | None:
    size = f"{photo.height_mm}×{photo.width_mm}毫米"
    if not photo.fits(width, height):
        return Reason("photo_proportions", f"照片比例应为{size}（高×宽）。", f"请按{size}裁剪后上传。")
    if width < photo.least_width:
        return Reason(
            "too_small", f"照片太小，宽度应不少于{photo.least_width}像素。", "请上传照相馆提供的原始电子照片。"
        )
    return None
