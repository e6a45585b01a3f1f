"""Made-up certificates for previews and tests: every paper, with the shortest, usual and longest that it may say."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from chalicelib.rules.certificate_face import Face, MemberFace, QualificationFace, TrainingFace
from chalicelib.rules.vocabulary import Part

_COMMON: Mapping[str, Any] = {
    "valid_from": date(2026, 11, 24),
    "issued_on": date(2026, 11, 24),
    "association": "样例市卫生有害生物防制协会",
    "association_english": "Sample City Association of Sanitary Pest Control",
    "verify_url": "HTTPS://M.EXAMPLE.CN/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ23",
    "contact_line": "查验有疑问，请电 020-0000 0000",
    "test": True,
}
_ENTERPRISE: Mapping[str, Any] = {
    **_COMMON,
    "holder": "样例市洁康有害生物防治服务有限公司",
    "credit_code": "91440101MA0000000X",
}
_QUALIFICATION: Mapping[str, Any] = {
    **_ENTERPRISE,
    "number": "ZZ-2026-0001",
    "valid_to": date(2029, 11, 23),
    "legal_representative": "样甲一",
    "address": "样例市样例区样例大道 1 号样例大厦 2301、2302 室",
    "services": "灭鼠、灭蚊、灭蝇、灭蟑、消毒",
    "reviewed": "2027、2028",
}


def made_up_photo() -> bytes:
    """Nobody: a silhouette on white, 26 x 32 mm at 300 dpi, as JPEG."""
    width, height, fine = 307, 378, 3
    picture = Image.new("RGB", (width * fine, height * fine), "white")
    draw = ImageDraw.Draw(picture)
    for shape, box, colour in (
        ("ellipse", (60, 720, 861, 1650), (52, 66, 84)),
        ("polygon", (370, 750, 460, 900, 550, 750), (240, 240, 238)),
        ("rectangle", (382, 600, 538, 780), (222, 180, 152)),
        ("ellipse", (258, 195, 663, 720), (232, 192, 164)),
        ("pieslice", (240, 150, 681, 640), (40, 36, 34)),
    ):
        angles = {"start": 180, "end": 360} if shape == "pieslice" else {}
        getattr(draw, shape)(box, fill=colour, **angles)
    out = BytesIO()
    picture.resize((width, height), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()


PHOTO = made_up_photo()
MEMBER = MemberFace(**_ENTERPRISE, number="HY-2026-0001", valid_to=date(2026, 12, 31))
ORIGINAL = QualificationFace(part=Part.ORIGINAL, **_QUALIFICATION)
DUPLICATE = QualificationFace(part=Part.DUPLICATE, **_QUALIFICATION)
TRAINING = TrainingFace(
    **_COMMON, number="PX-2026-0001", valid_to=date(2029, 11, 23), holder="样甲一", sex="女",
    identity="44**************2X", employer=_ENTERPRISE["holder"], work="有害生物防制员（五级）",
    photo=hashlib.sha256(PHOTO).hexdigest(),
)  # fmt: skip

_SHORT: Mapping[str, Any] = {"holder": "甲", "number": "1", "association": "甲会", "association_english": "A"}
_LONG_NAME = (
    "样例市经济技术开发区洁净家园有害生物综合防治与环境卫生消毒"
    "科技服务（集团）股份有限公司华南区域第一分公司驻样例市高新区办事处"
)
_LONG_PERSON = "样甲·乙丙丁戊己庚辛壬癸·子丑寅卯辰巳午未申酉戌亥"
_LONG_ADDRESS = "样例省样例市样例区样例街道样例社区样例大道 1234 号样例国际科技产业园 A 区 12 栋 3 单元 4 层 5 号之一"
_LONG: Mapping[str, Any] = {
    "holder": _LONG_NAME,
    "number": "HY-2026-999999",
    "association": "样例市经济技术开发区卫生有害生物防制行业协会",
    "association_english": "Sanitary Pest Control Industry Association of the Sample City Economic and Technological "
    "Development Zone",
}
_SHORTEST: Mapping[str, Mapping[str, Any]] = {
    "member": _SHORT,
    "qualification": {**_SHORT, "legal_representative": "甲", "address": "甲", "services": "消毒", "reviewed": ""},
    "training": {**_SHORT, "employer": "甲", "work": "甲"},
}
_LONGEST: Mapping[str, Mapping[str, Any]] = {
    "member": _LONG,
    "qualification": {
        **_LONG,
        "legal_representative": _LONG_PERSON,
        "address": _LONG_ADDRESS * 3,
        "services": "灭鼠、灭蚊、灭蝇、灭蟑、白蚁防治、环境与物体表面消毒（含公共场所、交通工具）、" * 10 + "其他",
        "reviewed": "、".join(map(str, range(2027, 2047))),
    },
    "training": {
        **_LONG, "holder": _LONG_PERSON, "employer": _LONG_NAME,
        "work": "有害生物防制员（高级技师）· 白蚁防治与环境卫生消毒方向",
    },
}  # fmt: skip
# names as people bear them, of the main cut; then one of each Extension B, C, D, E, F, of the fallback
_RARE_NAME, RAREST = "䶮㛃𬭎𪟝𫖯", "𠀀𪜀𫝀𫠠𬺰"
_RARE: Mapping[str, Any] = {"holder": f"{_RARE_NAME}{RAREST}有害生物防治有限公司"}
_RAREST: Mapping[str, Mapping[str, Any]] = {
    "member": {**_RARE, "association": f"样例市{RAREST}协会"},
    "qualification": {
        **_RARE, "legal_representative": f"{_RARE_NAME[0]}{RAREST[:2]}", "address": f"样例市{RAREST}路 1 号",
        "services": f"灭鼠、灭{RAREST[2:]}",
    },
    "training": {
        "holder": f"{_RARE_NAME[:2]}{RAREST[:2]}", "employer": _RARE["holder"],
        "work": f"有害生物防制员（{RAREST[2:]}）",
    },
}  # fmt: skip


def faces() -> Iterator[tuple[str, Face]]:
    """Name of the file, and what is drawn into it; five of each paper, one after the other.

    Those that are called rare can be drawn only where set-up brought the fallback font.
    """
    for name, usual in (("member", MEMBER), ("original", ORIGINAL), ("duplicate", DUPLICATE), ("training", TRAINING)):
        kind = usual.kind.value
        yield f"{name}-shortest", replace(usual, **_SHORTEST[kind])
        yield f"{name}-usual", usual
        yield f"{name}-usual-live", replace(usual, test=False)
        yield f"{name}-longest", replace(usual, **_LONGEST[kind])
        yield f"{name}-rare", replace(usual, **_RAREST[kind])


def photos_of(face: Face) -> Mapping[str, bytes]:
    """The pictures on a face, by name."""
    return {"photo": PHOTO} if isinstance(face, TrainingFace) else {}
