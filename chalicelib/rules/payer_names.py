"""Who a bank says has paid: the one way a name is compared, what looks like an organisation, what is short for what."""

import re
from functools import lru_cache

from chalicelib.rules.folding import Malformed, fold
from chalicelib.rules.identifiers import enterprise_name

# How names of organisations end. What ends otherwise is taken for a person: the careful side.
_ENDINGS = (
    "公司", "集团", "企业", "合伙", "合作社", "事务所", "研究所", "研究院", "服务部", "经营部", "服务站", "服务队",
    "中心", "学校", "学院", "医院", "协会", "学会", "商行", "商店", "门市部", "工厂", "工作室", "管理处", "管理局",
)  # fmt: skip
_SHORT_ENDINGS = ("站", "所", "院", "局", "店", "厂", "部", "馆", "场", "社", "行", "会")
_SHORTEST_ORGANISATION, _SHORTEST_WITH_SHORT_ENDING = 4, 6
_LEGAL_FORMS = re.compile(r"(?:股份|有限|责任|集团|总|分)*公司$|集团$|（[^（）]*）")
# Where a name says no more than where its bearer sits; a short form leaves it out.
_PLACES = re.compile(
    r"^(?:中国|(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    r"|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|广州|深圳|佛山|东莞|珠海|中山|惠州|江门|肇庆|南京|杭州|武汉"
    r"|成都|西安|长沙|郑州|厦门|青岛|苏州|宁波)(?:省|市|自治区|特别行政区)?|[\u4e00-\u9fff]{2}[市区县])+"
)
SHORTEST_CORE = 2


@lru_cache(maxsize=65_536)
def folded_name(text: str) -> str:
    """A name as it is compared, alike however it is written (``identifiers.same_name``); empty when it is none."""
    try:
        return fold(enterprise_name(text))
    except Malformed:
        return ""


def is_organisation(folded: str) -> bool:
    bare = re.sub(r"（[^（）]*）$", "", folded)
    if "·" in bare:  # as in the names of many peoples
        return False
    short = len(bare) >= _SHORTEST_WITH_SHORT_ENDING and bare.endswith(_SHORT_ENDINGS)
    return short or (len(bare) >= _SHORTEST_ORGANISATION and bare.endswith(_ENDINGS))


@lru_cache(maxsize=65_536)
def core(folded: str) -> str:
    """What is left of a folded name without its place, what stands in brackets, and its legal form."""
    bare = _LEGAL_FORMS.sub("", folded)
    bare = _LEGAL_FORMS.sub("", bare)
    return _PLACES.sub("", bare)


def may_be_short_for(one: str, other: str) -> bool:
    """Whether of two cores one leaves characters of the other out, but neither begins otherwise."""
    short, long = sorted((one, other), key=len)
    if len(short) < SHORTEST_CORE or short[:SHORTEST_CORE] != long[:SHORTEST_CORE]:
        return False
    rest = iter(long)
    return all(character in rest for character in short)
