"""Draws what the platform issues with made-up data, shortest, usual and longest, as PDF and as a picture."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdfium2

from chalicelib.documents import certificate
from chalicelib.memory.sealing import LocalSealer
from chalicelib.rules.certificate_face import Face, MemberFace, QualificationFace
from chalicelib.rules.vocabulary import Part
from infra import authority

DPI = 150
SEALED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_USUAL: Mapping[str, Any] = {
    "number": "HY-2026-0001",
    "holder": "样例市洁康有害生物防治服务有限公司",
    "credit_code": "91440101MA0000000X",
    "valid_from": date(2026, 11, 24),
    "valid_to": date(2026, 12, 31),
    "issued_on": date(2026, 11, 24),
    "association": "样例市卫生有害生物防制协会",
    "association_english": "Sample City Association of Sanitary Pest Control",
    "verify_url": "HTTPS://M.EXAMPLE.CN/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ23",
    "contact_line": "微信或相机扫码 · 电话 020-0000 0000",
    "test": True,
}
_USUAL_QUALIFICATION: Mapping[str, Any] = {
    **_USUAL,
    "number": "ZZ-2026-0001",
    "valid_to": date(2029, 11, 23),
    "legal_representative": "样甲一",
    "address": "样例市样例区样例大道 1 号样例大厦 2301、2302 室",
    "services": "灭鼠、灭蚊、灭蝇、灭蟑、消毒",
    "reviewed": "2027、2028",
}
USUAL = MemberFace(**_USUAL)
ORIGINAL = QualificationFace(part=Part.ORIGINAL, **_USUAL_QUALIFICATION)
DUPLICATE = QualificationFace(part=Part.DUPLICATE, **_USUAL_QUALIFICATION)

_SHORTEST: Mapping[str, Any] = {"holder": "甲", "number": "1", "association": "甲会", "association_english": "A"}
_SHORTEST_QUALIFICATION: Mapping[str, Any] = {
    "legal_representative": "甲", "address": "甲", "services": "消毒", "reviewed": "",
}  # fmt: skip
_LONGEST: Mapping[str, Any] = {
    "holder": "样例市经济技术开发区洁净家园有害生物综合防治与环境卫生消毒"
    "科技服务（集团）股份有限公司华南区域第一分公司驻样例市高新区办事处",
    "number": "HY-2026-999999",
    "association": "样例市经济技术开发区卫生有害生物防制行业协会",
    "association_english": "Sanitary Pest Control Industry Association of the Sample City Economic and Technological "
    "Development Zone",
}
_LONGEST_QUALIFICATION: Mapping[str, Any] = {
    "legal_representative": "样甲·乙丙丁戊己庚辛壬癸·子丑寅卯辰巳午未申酉戌亥",
    "address": "样例省样例市样例区样例街道样例社区样例大道 1234 号样例国际科技产业园 A 区 12 栋 3 单元 4 层 5 号之一"
    * 3,
    "services": "灭鼠、灭蚊、灭蝇、灭蟑、白蚁防治、消毒、其他",
    "reviewed": "、".join(map(str, range(2027, 2047))),
}


def faces() -> Iterator[tuple[str, Face]]:
    """Name of the file, and what is drawn into it."""
    yield "member-shortest", replace(USUAL, **_SHORTEST)
    yield "member-usual", USUAL
    yield "member-usual-live", replace(USUAL, test=False)
    yield "member-longest", replace(USUAL, **_LONGEST)
    for usual in (ORIGINAL, DUPLICATE):
        yield f"qualification-{usual.part}-shortest", replace(usual, **_SHORTEST, **_SHORTEST_QUALIFICATION)
        yield f"qualification-{usual.part}-usual", usual
        yield f"qualification-{usual.part}-usual-live", replace(usual, test=False)
        yield f"qualification-{usual.part}-longest", replace(usual, **_LONGEST, **_LONGEST_QUALIFICATION)


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
