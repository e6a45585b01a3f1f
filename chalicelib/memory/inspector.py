"""A check of uploads that goes by the first bytes alone; the real one looks inside."""

from hashlib import sha256

from chalicelib.rules.uploads import Accepted, FileRule, Kind, Unacceptable, Verdict
from chalicelib.rules.vocabulary import Reason

FIRST_BYTES = {
    Kind.PDF: b"%PDF-", Kind.JPEG: b"\xff\xd8\xff", Kind.PNG: b"\x89PNG\r\n\x1a\n", Kind.OFD: b"PK\x03\x04",
}  # fmt: skip


class PlainInspector:
    def inspect(self, data: bytes, rule: FileRule, claimed_name: str) -> Verdict:
        del claimed_name
        kind = next((kind for kind in rule.kinds if data.startswith(FIRST_BYTES[kind])), None)
        if kind is None:
            told = "文件不是可接收的类型。"
            return Unacceptable((Reason("file_type", told, f"请上传 {rule.wanted} 文件。"),))
        if len(data) > rule.max_bytes:
            return Unacceptable((Reason("file_too_large", "文件太大。", "请压缩后重新上传。"),))
        return Accepted(kind, sha256(data).hexdigest(), len(data), pages=1)
