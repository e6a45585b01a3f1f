"""Draws what the platform issues with made-up data, shortest, usual and longest, as PDF and as a picture."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2

from chalicelib.documents import certificate
from chalicelib.memory.sealing import LocalSealer
from chalicelib.rules.certificate_face import MemberFace
from infra import authority

DPI = 150
SEALED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
USUAL = MemberFace(
    number="HY-2026-0001",
    holder="样例市洁康有害生物防治服务有限公司",
    credit_code="91440101MA0000000X",
    valid_from=date(2026, 11, 24),
    valid_to=date(2026, 12, 31),
    issued_on=date(2026, 11, 24),
    association="样例市卫生有害生物防制协会",
    association_english="Sample City Association of Sanitary Pest Control",
    verify_url="HTTPS://M.EXAMPLE.CN/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ23",
    contact_line="微信或相机扫码 · 电话 020-0000 0000",
    test=True,
)


def faces() -> Iterator[tuple[str, MemberFace]]:
    """Name of the file, and what is drawn into it."""
    yield "member-shortest", _changed(holder="甲", number="1", association="甲会", association_english="A")
    yield "member-usual", USUAL
    yield "member-usual-live", _changed(test=False)
    yield "member-longest", _changed(holder=_LONGEST, number="HY-2026-999999", **_LONG_ASSOCIATION)


_LONGEST = (
    "样例市经济技术开发区洁净家园有害生物综合防治与环境卫生消毒"
    "科技服务（集团）股份有限公司华南区域第一分公司驻样例市高新区办事处"
)
_LONG_ASSOCIATION = {
    "association": "样例市经济技术开发区卫生有害生物防制行业协会",
    "association_english": "Sanitary Pest Control Industry Association of the Sample City Economic and Technological "
    "Development Zone",
}


def _changed(**parts: str | bool) -> MemberFace:
    return MemberFace(**{**vars(USUAL), **parts})


def render(pdf: bytes, file: Path) -> None:
    """The first page with its seal as PNG."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    document[0].render(scale=DPI / 72, may_draw_forms=True).to_pil().save(file)
    document.close()


def preview(out: Path) -> Iterator[Path]:
    """Draw, seal (where the test key may) and render each; the files made."""
    authority.ensure(out / "authority")
    sealer = LocalSealer.from_directory(out / "authority")
    for name, face in faces():
        pdf = certificate.draw(face)
        if face.test:
            pdf = certificate.seal(face, pdf, sealer, SEALED_AT)
        (out / f"{name}.pdf").write_bytes(pdf)
        render(pdf, out / f"{name}.png")
        yield from (out / f"{name}.pdf", out / f"{name}.png")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0: all drawn; 1: not, with the reason."""
    parser = argparse.ArgumentParser(prog="python -m infra.preview", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/preview"), help="directory (default: %(default)s)")
    out = parser.parse_args(arguments).out
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file in preview(out):
            print(file)
    except (authority.HalfAnAuthorityError, OSError, ValueError) as trouble:
        print(f"nothing to look at: {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
