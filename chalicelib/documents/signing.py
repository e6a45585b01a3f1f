"""Seals a PDF: a PAdES-B-B signature (ETSI EN 319 142-1) whose visible appearance is the association's chop.

It is appended as an update, so what was drawn stands untouched in front of it. The key stays behind the port, so the
same code serves KMS and a file.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from chalicelib.documents import cms
from chalicelib.documents.file_parts import CATALOG, INFORMATION, PAGE, Growing, deflated, instant, stream, table, text
from chalicelib.documents.plates import Plate
from chalicelib.documents.seal import Appearance
from chalicelib.operations.sealer import Sealer

FIELD = b"Seal"
HIDDEN_NEVER = 4 | 128  # flags of an annotation: printed, locked
_TAIL = 300  # bytes in which the trailer of a file from the press ends
_TRAILER = re.compile(rb"/Size (\d+) .*/ID \[<([0-9A-F]+)> .*startxref\n(\d+)\n%%EOF\n$", re.DOTALL)
_RANGE = b"[0 %010d %010d %010d]"
# no later change is permitted, except the data for long-term validation that ETSI EN 319 142-1 lets one append
_CERTIFIES = (
    b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP"
    b" /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]"
)

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """Where the seal shows on the page (left, bottom, right, top in points), what it looks like, and why."""

    place: Rectangle
    appearance: Appearance
    signatory: str
    reason: str


def sign(pdf: bytes, plate: Plate, sealer: Sealer, at: datetime, mark: Mark) -> bytes:
    """The PDF, which the press made from that plate, with one signature over all of it. `at` is the claimed time.

    Raises ValueError for a file that the press did not make.
    """
    if not (trailer := _TRAILER.search(pdf[-_TAIL:])) or not pdf.startswith(plate.head):
        raise ValueError("only what the press printed from this plate can be sealed")
    size, identity, before = int(trailer[1]), trailer[2], int(trailer[3])
    envelope = cms.envelope(sealer.certificate, tuple(sealer.chain))
    update = Growing(len(pdf), {size - 1: 0})
    gap = _add_objects(update, plate, mark, at, envelope)
    places = {number: offset for number, offset in update.offsets.items() if offset}
    start = update.length
    update.append(table(places))
    update.append(_trailer(max(places) + 1, identity, at, before, start))
    return _closed(pdf, update.content(), gap, envelope, sealer)


def _add_objects(update: Growing, plate: Plate, mark: Mark, at: datetime, envelope: cms.Envelope) -> int:
    """Where in the file the signature will stand, its brackets included."""
    chop = update.add(_chop(mark.appearance))
    look = update.add(_look(mark.appearance, chop))
    begin = update.length
    body = _signature(mark, at, 2 * len(envelope.whole))
    signature = update.add(body)
    gap = begin + len(b"%d 0 obj\n" % signature) + body.index(b"<0")
    field = update.add(_field(mark, signature, look))
    allowed = b"/Perms << /DocMDP %d 0 R >>" % signature
    update.add(b"%s /AcroForm << /Fields [%d 0 R] /SigFlags 3 >> %s >>" % (plate.catalog, field, allowed), CATALOG)
    update.add(b"%s /Annots [%d 0 R] >>" % (plate.page, field), PAGE)
    return gap


def _signature(mark: Mark, at: datetime, hex_digits: int) -> bytes:
    names = b"/Name %s /Reason %s /M %s" % (text(mark.signatory), text(mark.reason), instant(at))
    head = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
    covered = b"/ByteRange %s" % (_RANGE % (0, 0, 0))
    return b"%s %s %s %s /Contents <%s> >>" % (head, names, _CERTIFIES, covered, b"0" * hex_digits)


def _field(mark: Mark, signature: int, look: int) -> bytes:
    place = b" ".join(b"%.2f" % edge for edge in mark.place)
    shown = b"/Type /Annot /Subtype /Widget /P %d 0 R /Rect [%s] /F %d /AP << /N %d 0 R >>"
    meant = b"/FT /Sig /T (%s) /TU %s /V %d 0 R" % (FIELD, text(mark.reason), signature)
    return b"<< %s %s >>" % (shown % (PAGE, place, HIDDEN_NEVER, look), meant)


@lru_cache(maxsize=8)
def _chop(appearance: Appearance) -> bytes:
    box = b"/Type /XObject /Subtype /Form /BBox [0 0 %.3f %.3f] " % (appearance.side, appearance.side)
    return deflated(appearance.content, box + b"/Resources << >> /Group << /S /Transparency >> ")


def _look(appearance: Appearance, chop: int) -> bytes:
    """Ink lies over ink, so the chop is multiplied onto the page and what lies beneath stays legible.

    It is painted as one group: multiplied stroke by stroke, its own outlines would show darker where they overlap.
    """
    box = b"/Type /XObject /Subtype /Form /BBox [0 0 %.3f %.3f] " % (appearance.side, appearance.side)
    uses = b"/Resources << /ExtGState << /Ink << /BM /Multiply >> >> /XObject << /Chop %d 0 R >> >> " % chop
    return stream(b"/Ink gs /Chop Do", box + uses)


def _trailer(size: int, identity: bytes, at: datetime, before: int, start: int) -> bytes:
    changed = sha256(identity + instant(at)).hexdigest()[:32].upper().encode()
    entries = b"/Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]" % (size, CATALOG, INFORMATION, identity, changed)
    return b"trailer\n<< %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (entries, before, start)


def _closed(pdf: bytes, update: bytes, gap: int, envelope: cms.Envelope, sealer: Sealer) -> bytes:
    """The file with its signature: over everything but the gap in which it stands, from `<` to `>`."""
    place, length = gap - len(pdf), 2 * len(envelope.whole) + 2
    after = place + length
    ranges = _RANGE % (gap, gap + length, len(update) - after)
    front = update[:place].replace(_RANGE % (0, 0, 0), ranges)
    digest = sha256(pdf)
    digest.update(front)
    digest.update(update[after:])
    told = digest.digest()
    container = envelope.closed(told, sealer.sign(envelope.to_sign(told)))
    return b"".join([pdf, front, b"<", container.hex().encode(), b">", update[after:]])
