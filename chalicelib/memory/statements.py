"""Bank statements as plain CSV in UTF-8; the real reader takes what banks hand out."""

import csv
from io import StringIO

from chalicelib.rules.statements import Rows
from chalicelib.rules.vocabulary import Reason, Refused


class PlainStatements:
    def read_rows(self, data: bytes) -> Rows:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            told = "文件不是 CSV，或文字编码无法识别。"
            raise Refused(Reason("statement_encoding", told, "请另存为 CSV 后重新导入。", "file")) from None
        return tuple(tuple(row) for row in csv.reader(StringIO(text, newline="")))
