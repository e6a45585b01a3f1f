"""How far compressed data grows, found out without ever holding it."""

import re
import zlib
from typing import Final

from pypdf import Configuration
from pypdf.generic import NameObject

from chalicelib.documents.inspection.findings import BOMB, TOO_COMPLEX, Unreadable

_MB: Final = 2**20
_PART: Final = 64 * 1024
MOST_IN_ONE_STREAM: Final = 64 * _MB
_MOST_IN_ALL_STREAMS: Final = 512 * _MB
_MOST_STREAMS: Final = 60_000
_STREAM = re.compile(rb"stream\r?\n")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_DICTIONARY_WITHIN: Final = 2048
_STRUCTURE = re.compile(rb"/(?:XRef|ObjStm)\b")
_ESCAPED_NAME = re.compile(rb"/[!-$&'*-.0-;=?-Z\\^-z|~]{0,40}#[!-$&'*-.0-;=?-Z\\^-z|~]{1,40}")
# A document of 200 pages has tens of them, at a hundred or two hundred objects each.
_MOST_STRUCTURES: Final = 400
_STRUCTURE_IN_ALL: Final = 32 * _MB


def inflated_size(data: bytes, place: int, most: int) -> int:
    """The size in bytes, counted no further than about ``most``; of broken data, up to where it breaks."""
    inflater, size = zlib.decompressobj(), 0
    while size < most and not inflater.eof:
        part = inflater.unconsumed_tail
        if not part:
            part, place = data[place : place + _PART], place + _PART
        try:
            size += len(inflater.decompress(part, _MB))
        except zlib.error:
            break
        if not part:
            break
    return size


def check_streams(pdf: bytes) -> None:
    """Refuse text and drawing that grow beyond all reason; pictures are bounded by their width and height.

    Raises Unreadable.
    """
    left = _MOST_IN_ALL_STREAMS
    for number, found in enumerate(_STREAM.finditer(pdf)):
        if number > _MOST_STREAMS:
            raise Unreadable(TOO_COMPLEX)
        start = max(0, found.start() - _DICTIONARY_WITHIN)
        if _PICTURE.search(pdf, max(pdf.rfind(b" obj", start, found.start()), start), found.start()):
            continue
        size = inflated_size(pdf, found.end(), min(left, MOST_IN_ONE_STREAM))
        left -= size
        if size >= MOST_IN_ONE_STREAM or left <= 0:
            raise Unreadable(BOMB)


def limits_for(pdf: bytes) -> Configuration:
    """Limits under which all object streams and tables of this file together stay small. Raises Unreadable.

    pypdf limits each stream and unpacks some of them in Python, so its limit is divided by how many there are.
    """
    number = len(_STRUCTURE.findall(pdf)) + sum(
        NameObject.unnumber(found[0]) in (b"/XRef", b"/ObjStm") for found in _ESCAPED_NAME.finditer(pdf)
    )
    if number > _MOST_STRUCTURES:
        raise Unreadable(TOO_COMPLEX)
    return Configuration(
        zlib_maximum_output_length=max(_MB // 8, min(4 * _MB, _STRUCTURE_IN_ALL // max(number, 1))),
        zlib_maximum_recovery_input_length=100_000,
        # Nobody writes structure this way; these two are unpacked byte by byte.
        lzw_maximum_output_length=_PART,
        run_length_maximum_output_length=_PART,
        stream_filters_maximum_length=4,
        stream_decoding_work_maximum_length=16 * _MB,
    )
