"""How each bank writes its statements (对账单): the headings of its columns, its dates, its notes. A new bank is a row.

The two banks are made up; the association's own replace them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.rules.vocabulary import Term

_TIME = r"(?:[ T].*)?"
ISO = re.compile(rf"(\d{{4}})-(\d\d?)-(\d\d?){_TIME}", re.ASCII)
SLASHES = re.compile(rf"(\d{{4}})/(\d\d?)/(\d\d?){_TIME}", re.ASCII)
CHINESE = re.compile(rf"(\d{{4}})年(\d\d?)月(\d\d?)日{_TIME}", re.ASCII)
COMPACT = re.compile(rf"(\d{{4}})(\d\d)(\d\d)(?:\d{{6}})?{_TIME}", re.ASCII)


class Column(Term):
    """What a column says. ``AMOUNT`` is what came in, unless ``DIRECTION`` or its sign says otherwise."""

    DATE = "date", "日期"
    AMOUNT = "amount", "金额"
    OUTGOING = "outgoing", "支出金额"
    DIRECTION = "direction", "借贷标志"
    PAYER = "payer", "付款人"
    SERIAL = "serial", "流水号"
    REMARK = "remark", "备注"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How one bank writes its statements.

    ``columns``: for each column the names its heading may have; of ``REMARK`` every one that is there is read, of the
    others the first. All of them must be there, because the identity of a line rests on them. ``notes`` begin the
    rows that are no lines: totals, balances, remarks of the bank. ``account`` stands before the number of the account.
    """

    code: str
    name: str
    columns: Mapping[Column, tuple[str, ...]]
    dates: tuple[re.Pattern[str], ...]
    encodings: tuple[str, ...] = ("utf-8-sig", "gb18030")
    incoming: frozenset[str] = frozenset()
    outgoing: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    account: tuple[str, ...] = ("账号",)


LAYOUTS = (
    Layout(
        code="example",
        name="示例银行",
        columns={
            Column.DATE: ("交易日期", "记账日期"),
            Column.AMOUNT: ("收入金额", "收入金额(元)"),
            Column.OUTGOING: ("支出金额", "支出金额(元)"),
            Column.PAYER: ("对方户名",),
            Column.SERIAL: ("交易流水号",),
            Column.REMARK: ("摘要", "附言"),
        },
        dates=(COMPACT, ISO),
        notes=("合计", "本页小计", "期初余额", "期末余额", "注"),
        account=("账号", "查询账号"),
    ),
    Layout(
        code="model",
        name="样板银行",
        columns={
            Column.DATE: ("入账时间",),
            Column.AMOUNT: ("发生额",),
            Column.DIRECTION: ("借贷标志", "借/贷"),
            Column.PAYER: ("付款人名称",),
            Column.SERIAL: ("业务编号",),
            Column.REMARK: ("用途", "备注"),
        },
        dates=(ISO, SLASHES, CHINESE),
        incoming=frozenset({"贷", "贷方", "C"}),
        outgoing=frozenset({"借", "借方", "D"}),
        notes=("总计", "贷方总计", "借方总计", "温馨提示"),
        account=("本方账号", "账号"),
    ),
)
