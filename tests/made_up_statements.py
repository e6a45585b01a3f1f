"""Two made-up statements of 10,000 lines with the truth about each, as people really muddle it; nobody in it exists.

``python -m tests.made_up_statements`` prints how many proposals are right. What no evidence could tell apart is not in
it: a transfer of the enterprise's own, for the same amount, in the same days, for a matter it has not said anything
about, while the transfer it did speak of is missing.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

from chalicelib.rules.statement_layouts import LAYOUTS, Column, Layout
from chalicelib.rules.statement_matching import Certainty, Expected, Proposal, proposals
from chalicelib.rules.statements import StatementLine, read_lines

DUES, TRAINING, CHANGE = 120_000, 30_000, 20_000
_PLACES = ("广州市", "广州", "佛山市", "深圳", "东莞市", "广东", "广州市天河区", "")
_FIRST = "绿蓝金卫安康洁净恒新瑞宏佳美华盛兴旺福禄祥和顺平正大东南西北春夏秋冬天海江河山云雪松柏竹梅"
_SECOND = "盾鲸鹰士居民源洲达泰丰友邦城信诚义仁礼智勇力合众联益利通畅捷速优良善好程途路桥港湾岛峰岭谷"
_TRADES = (
    "有害生物防制",
    "环境",
    "白蚁防治",
    "消杀服务",
    "虫害控制",
    "环境科技",
    "有害生物防治",
    "生物科技",
    "清洁服务",
)
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "服务部", "有限公司")
_PEOPLE = "甲乙丙丁戊己庚辛壬癸"
_WHY = {
    "会费缴纳": ("会费", "{year}年会费", "年费"),
    "岗位培训": ("培训费", "上岗证培训"),
    "资质证变更": ("变更费", "资质变更"),
}
_COST = {"会费缴纳": DUES, "岗位培训": TRAINING, "资质证变更": CHANGE}
YEAR = 2026
JUDGED = ("right", "among others", "pays nothing", "wrong")


@dataclass(frozen=True)
class Entry:
    """A row to be: what the bank writes, and the payments it truly pays (none for strangers and mistakes)."""

    day: date
    amount: int
    payer: str
    serial: str
    remark: str
    truth: frozenset[str] = frozenset()
    bank: int = 0


@dataclass
class Town:
    """Everything made up by one seed."""

    chance: random.Random
    expected: list[Expected] = field(default_factory=list)
    decided: list[Expected] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    everybody: frozenset[str] = frozenset()
    serials: int = 70_000_000_000
    arrived: int = 0

    def enterprise(self) -> str:
        return self.names.pop()

    def serial(self) -> str:
        self.serials += self.chance.randint(1, 9)
        return str(self.serials)

    def day(self) -> date:
        return date(YEAR, 1, 5) + timedelta(days=self.chance.randrange(80))

    def service(self) -> str:
        return self.chance.choices(tuple(_COST), weights=(8, 2, 1))[0]

    def waits(self, enterprise: str, service: str, day: date, **said: object) -> Expected:
        """A payment as its applicant tells of it."""
        amount = _COST[service] * (self.chance.randint(1, 5) if service == "岗位培训" else 1)
        usual: dict[str, object] = {
            "due": amount, "declared": amount, "payer": enterprise, "paid_on": day,
            "services": (service, f"{YEAR}年") if service == "会费缴纳" else (service,),
        }  # fmt: skip
        one = Expected(id=f"p{len(self.expected):05d}", enterprise=enterprise, **usual | said)  # type: ignore[arg-type] # made from two dictionaries
        self.expected.append(one)
        return one

    def arrives(
        self, payer: str, amount: int, day: date, remark: str, *paid: Expected, serial: str | None = None
    ) -> Entry:
        truth = frozenset(each.id for each in paid)
        written_name, bank = written(self.chance, payer), self.chance.randrange(len(LAYOUTS))
        one = Entry(day, amount, written_name, serial or self.serial(), remark, truth, bank)
        self.arrived += 1
        self.entries.append(one)
        return one

    def remark(self, service: str, enterprise: str = "") -> str:
        """Right, empty, or muddled."""
        right = self.chance.choice(_WHY[service]).format(year=YEAR)
        way = self.chance.random()
        if way < 0.3:
            return right + enterprise
        if way < 0.5:
            return ""
        if way < 0.7:
            return self.chance.choice(("转账", "往来款", "货款", "网银转账", "手机银行转账", "缴费", "协会"))
        muddled = list(
            right + self.chance.choice((enterprise, short(self.chance, enterprise), "谢谢", "速办", "13900000000"))
        )
        self.chance.shuffle(muddled)
        return "".join(muddled)[: self.chance.randint(2, 16)]


def _names(chance: random.Random, how_many: int) -> list[str]:
    """No two alike; of those that begin with the same brand there are several."""
    every = list(product(_PLACES, _FIRST, _SECOND, _TRADES, sorted(set(_FORMS))))
    return ["".join(parts) for parts in chance.sample(every, how_many)]


def written(chance: random.Random, name: str) -> str:
    """The same name as another bank writes it."""
    way = chance.random()
    if way < 0.1:
        return name.replace("（", "(").replace("）", ")") + "　"
    return " ".join((name[:4], name[4:])) if way < 0.15 else name


def short(chance: random.Random, name: str) -> str:
    """A name cut off or abbreviated."""
    bare = name
    for place in sorted(_PLACES, key=len, reverse=True):
        bare = bare.removeprefix(place) if place else bare
    ways = (name[:8], bare[:2] + "公司", bare[:4], bare[:2] + bare[-4:], name.removesuffix("有限公司"), bare)
    return chance.choice(ways)


def person(chance: random.Random) -> str:
    return chance.choice("赵钱孙李周吴郑王") + "".join(chance.choices(_PEOPLE, k=chance.randint(1, 2)))


# --- what happens in the town -----------------------------------------------------------------------------------------


def plain(town: Town) -> None:
    name, service, day = town.enterprise(), town.service(), town.day()
    ours, theirs = town.serial(), town.chance.choice(("", "", str(town.chance.randrange(10**15, 10**16))))
    serial = ours if town.chance.random() < 0.3 else theirs
    arrived = day + timedelta(days=town.chance.choice((0, 0, 0, 1, 2, 3)))
    one = town.waits(name, service, day, serial=serial)
    town.arrives(name, one.due, arrived, town.remark(service, name), one, serial=ours)


def abbreviated(town: Town) -> None:
    name, service, day = town.enterprise(), town.service(), town.day()
    one = town.waits(name, service, day)
    town.arrives(short(town.chance, name), one.due, day, town.remark(service, name), one)


def by_a_person(town: Town) -> None:
    name, service, day, who = town.enterprise(), town.service(), town.day(), person(town.chance)
    one = town.waits(name, service, day, payer=town.chance.choice((name, who)))
    said = town.chance.choice((name, short(town.chance, name), ""))
    town.arrives(who, one.due, day, town.remark(service, said) + said, one)


def date_wrong(town: Town) -> None:
    name, service, day = town.enterprise(), town.service(), date(YEAR, 3, town.chance.randint(1, 12))
    typed = date(YEAR, day.day, day.month) if town.chance.random() < 0.6 else day - timedelta(days=30)
    one = town.waits(name, service, typed)
    town.arrives(name, one.due, day, town.remark(service, name), one)
    if town.chance.random() < 0.3:  # and something else came on the day that was typed
        town.arrives(name, one.due, typed, "")


def paid_twice(town: Town) -> None:
    """Only the first is the payment; with the serial number typed it can be told."""
    name, service, day, serial = town.enterprise(), town.service(), town.day(), town.serial()
    one = town.waits(name, service, day, serial=town.chance.choice(("", serial)))
    remark = town.remark(service, name)
    town.arrives(name, one.due, day, remark, one, serial=serial)
    town.arrives(name, one.due, day + timedelta(days=town.chance.randrange(3)), remark)


def stranger(town: Town) -> None:
    """Pays what everybody pays, under a name like somebody's who waits."""
    name, service, day = town.enterprise(), town.service(), town.day()
    one = town.waits(name, service, day) if town.chance.random() < 0.5 else None
    place, form = town.chance.choice(_PLACES), town.chance.choice(_FORMS)
    like = place + short(town.chance, name)[:2] + town.chance.choice(_TRADES) + form
    if like not in town.everybody:
        town.arrives(like, one.due if one else DUES, day, town.remark(service))


def something_else(town: Town) -> None:
    """Interest, rent, a deposit; a member's own says in its remark what it is."""
    member = town.chance.choice(town.names)
    payer = town.chance.choice(("利息", "某某物业管理有限公司", person(town.chance), member, ""))
    amount = town.chance.choice((town.chance.randrange(1, 90_000), DUES))
    remark = town.chance.choice(("结息", "房租", "押金") if payer == member else ("结息", "房租", "押金", ""))
    town.arrives(payer, amount, town.day(), remark)


def three_in_one(town: Town) -> None:
    name, day = town.enterprise(), town.day()
    services = town.chance.sample(tuple(_COST), town.chance.randint(2, 3))
    several = [town.waits(name, service, day) for service in services]
    remark = "、".join(services) if town.chance.random() < 0.5 else town.remark(services[0], name)
    payer = name if town.chance.random() < 0.8 else short(town.chance, name)
    town.arrives(payer, sum(each.due for each in several), day, remark, *several)


def two_alike(town: Town) -> None:
    name, day = town.enterprise(), town.day()
    for service in ("会费缴纳", "资质证变更"):
        one = town.waits(name, service, day, due=DUES, declared=DUES)
        town.arrives(name, DUES, day, town.remark(service, name), one)


def by_the_parent(town: Town) -> None:
    """Another company pays; now and then it waits for its own dues at the same time, and they have not come."""
    name, parent, day = town.enterprise(), town.enterprise(), town.day()
    one = town.waits(name, "会费缴纳", day, payer=town.chance.choice((name, parent)))
    if town.chance.random() < 0.5:
        town.waits(parent, "会费缴纳", day)
    told = town.chance.choice(
        (f"代{name}缴会费", f"{name}会费", f"代{short(town.chance, name)}付", short(town.chance, name))
    )
    town.arrives(parent, one.due, day, told, one)


def for_another_matter(town: Town) -> None:
    """The payment that waits has not come; the same amount came for something else, and the remark says so."""
    name, day = town.enterprise(), town.day()
    one = town.waits(name, "会费缴纳", day)
    remark = town.chance.choice(("培训费", f"{YEAR - 1}年会费", "年会会务费 退款误转", "岗位证续期", "资质年审资料费"))
    town.arrives(name, one.due, day, remark)


def before_it_comes(town: Town) -> None:
    """What waits has not come; a transfer of the same amount, silent about its matter, differs in one other thing."""
    name, day = town.enterprise(), town.day()
    way = town.chance.randrange(3)
    who, serial = (person(town.chance) if way == 0 else name), (town.serial() if way == 1 else "")
    town.waits(name, "会费缴纳", day, payer=who, serial=serial)
    town.arrives(name, DUES, day - timedelta(days=20 if way == 2 else 0), town.chance.choice(("", "往来款")))


def amount_wrong(town: Town) -> None:
    name, day = town.enterprise(), town.day()
    said = DUES - town.chance.choice((10_000, 20_000, 100))
    one = town.waits(name, "会费缴纳", day, declared=said)
    town.arrives(name, town.chance.choice((said, DUES)), day, town.remark("会费缴纳", name), one)


def sent_back(town: Town) -> None:
    """The bank returned it; half of them try again."""
    name, day = town.enterprise(), town.day()
    one = town.waits(name, "会费缴纳", day)
    first = town.arrives(name, DUES, day, "会费")
    back = Entry(day + timedelta(days=1), -DUES, first.payer, town.serial(), "退汇", bank=first.bank)
    town.entries.append(back)
    if town.chance.random() < 0.5:
        town.arrives(name, DUES, day + timedelta(days=2), "会费", one)


def borrowed_serial(town: Town) -> None:
    """Who has not paid types the number of somebody else's receipt, who mostly waits too."""
    name, other, day, serial = town.enterprise(), town.enterprise(), town.day(), town.serial()
    town.waits(name, "会费缴纳", day, serial=serial, payer=town.chance.choice((name, other)))
    one = town.waits(other, "会费缴纳", day, serial=town.chance.choice(("", serial)))
    town.arrives(other, DUES, day, town.remark("会费缴纳", other), one, serial=serial)


def number_of_an_earlier_one(town: Town) -> None:
    """What waits has not come. An earlier transfer of the same amount is on an open line, and its number typed."""
    name, day, serial = town.enterprise(), town.day(), town.serial()
    way, later = town.chance.randrange(4), day + timedelta(days=town.chance.randrange(3))
    earlier: tuple[Expected, ...] = ()
    if way == 0:  # confirmed from the bank's own page
        town.waits(name, "会费缴纳", day)
        town.decided.append(replace(town.expected.pop(), id=f"d{len(town.decided):05d}"))
    elif way == 1:
        earlier = (town.waits(name, "会费缴纳", day),)
    elif way == 2:  # which came short
        earlier = (town.waits(name, "会费缴纳", day, due=DUES + CHANGE, declared=DUES + CHANGE, serial=serial),)
    typed = "" if way == 2 else serial
    on = day + timedelta(days=30) if way == 3 else later
    town.waits(name, "会费缴纳", on, serial=typed)
    town.arrives(name, DUES, day, town.chance.choice(("会费", "", "往来款")), *earlier, serial=serial)


def not_yet_there(town: Town) -> None:
    town.waits(town.enterprise(), town.service(), town.day())


HAPPENINGS: Mapping[Callable[[Town], None], int] = {
    plain: 46, abbreviated: 13, by_a_person: 9, date_wrong: 4, paid_twice: 4, stranger: 12, something_else: 8,
    three_in_one: 5, two_alike: 2, by_the_parent: 4, for_another_matter: 3, before_it_comes: 2, amount_wrong: 2,
    sent_back: 1, borrowed_serial: 1, number_of_an_earlier_one: 2, not_yet_there: 5,
}  # fmt: skip


def town(seed: int, lines: int) -> Town:
    chance = random.Random(seed)
    names = _names(chance, 2 * lines)
    made = Town(chance, names=names, everybody=frozenset(names))
    while made.arrived < lines:
        chance.choices(tuple(HAPPENINGS), weights=tuple(HAPPENINGS.values()))[0](made)
    chance.shuffle(made.entries)
    return made


# --- as the banks write it --------------------------------------------------------------------------------------------


def rows(layout: Layout, entries: list[Entry]) -> list[list[str]]:
    """Preamble, heading, lines, totals, as the two layouts have them."""
    headings = [name for names in layout.columns.values() for name in names[:1]]
    body = [_cells(layout, entry) for entry in entries]
    total = sum(entry.amount for entry in entries if entry.amount > 0)
    return [
        [f"{layout.name} 账户明细"], ["账号：", "4400 0000 0000 0001"], [], headings, *body, [],
        [layout.notes[0], "", f"{total / 100:,.2f}"], [f"{layout.notes[-1]}：本明细仅供核对。"],
    ]  # fmt: skip


def _cells(layout: Layout, entry: Entry) -> list[str]:
    written = f"{abs(entry.amount) / 100:,.2f}"
    comes_in = entry.amount > 0
    said = {
        Column.DATE: f"{entry.day:%Y%m%d}" if layout.code == "example" else f"{entry.day:%Y-%m-%d} 10:20:30",
        Column.AMOUNT: written if comes_in or Column.DIRECTION in layout.columns else "",
        Column.OUTGOING: "" if comes_in else written,
        Column.DIRECTION: "贷" if comes_in else "借",
        Column.PAYER: entry.payer, Column.SERIAL: entry.serial, Column.REMARK: entry.remark,
    }  # fmt: skip
    return [said[column] for column in layout.columns]


@dataclass(frozen=True)
class Outcome:
    """The proposals, the truth by identity, and how many seconds of a processor reading and matching took."""

    proposals: tuple[Proposal, ...]
    truth: Mapping[str, frozenset[str]]
    reading: float
    matching: float

    def counted(self) -> Counter[str]:
        counts = Counter[str](lines=len(self.proposals), payable=sum(map(bool, self.truth.values())))
        for each in self.proposals:
            counts[f"{each.certainty.value} {self._judged(each)}"] += 1
        return counts

    def _judged(self, each: Proposal) -> str:
        truth = self.truth[each.line.identity]
        if frozenset(each.payments) == truth:
            return "right"
        if not truth:
            return "pays nothing"
        return "among others" if truth in map(frozenset, each.others) else "wrong"

    def false_sure(self) -> list[Proposal]:
        return [e for e in self.proposals if e.certainty is Certainty.SURE and self._judged(e) != "right"]


def outcome(seed: int = 20_261_124, lines: int = 10_000) -> Outcome:
    made = town(seed, lines)
    apart = [[entry for entry in made.entries if entry.bank == bank] for bank in range(len(LAYOUTS))]
    sheets = [(layout, entries, rows(layout, entries)) for layout, entries in zip(LAYOUTS, apart, strict=True)]
    began = time.process_time()
    read: list[StatementLine] = []
    truth: dict[str, frozenset[str]] = {}
    for layout, entries, sheet in sheets:
        lines_read = read_lines(layout, sheet).lines
        read.extend(lines_read)
        truth |= {line.identity: entries[line.number - 5].truth for line in lines_read}
    between = time.process_time()
    found = proposals(read, made.expected, made.decided)
    return Outcome(found, truth, between - began, time.process_time() - between)


def table(result: Outcome) -> str:
    counts = result.counted()
    rows = [
        f"lines of money coming in            {counts['lines']:>6,}",
        f"of these pay something that waits   {counts['payable']:>6,}",
        f"{'proposal':<10}{'all':>8}" + "".join(f"{how:>14}" for how in JUDGED) + f"{'share right':>14}",
    ]
    for certainty in Certainty:
        judged = [counts[f"{certainty.value} {how}"] for how in JUDGED]
        share = f"{judged[0] / max(sum(judged), 1):.1%}"
        rows.append(f"{certainty.value:<10}{sum(judged):>8,}" + "".join(f"{n:>14,}" for n in judged) + f"{share:>14}")
    sure, likely = counts["sure right"], counts["likely right"]
    rows += [
        f"payable lines surely and rightly proposed   {sure / counts['payable']:>7.1%}",
        f"payable lines rightly proposed at all       {(sure + likely) / counts['payable']:>7.1%}",
        f"read in {result.reading:.2f} s, matched in {result.matching:.2f} s",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(table(outcome()) + "\n")
