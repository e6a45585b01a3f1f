"""Buckets in memory: one dictionary where uploads arrive, one where what was accepted or issued is kept."""

from datetime import datetime
from hashlib import sha256
from threading import RLock
from urllib.parse import quote

from chalicelib.operations.ports import Conflict, Uploaded, UploadForm
from chalicelib.rules.uploads import FileRule

HOUSE = "https://files.example.invalid"


class MemoryFiles:
    def __init__(self) -> None:
        self.quarantine: dict[str, bytes] = {}
        self.kept: dict[str, bytes] = {}
        self._lock = RLock()

    def arrives(self, file: str, data: bytes) -> None:
        """What the phone does with an upload form; a second time it overwrites, as a bucket lets it."""
        with self._lock:
            self.quarantine[file] = data

    def upload_form(self, file: str, rule: FileRule, expires_at: datetime) -> UploadForm:
        fields = {"key": f"quarantine/{file}", "most": str(rule.max_bytes), "success_action_status": "201"}
        return UploadForm(f"{HOUSE}/", fields, expires_at, rule)

    def uploaded(self, file: str, most: int) -> Uploaded | None:
        data = self.quarantine.get(file)
        return None if data is None else Uploaded(data[: most + 1], _tag(data))

    def keep(self, file: str, tag: str, place: str) -> None:
        with self._lock:
            data = self.quarantine.get(file)
            if data is None or _tag(data) != tag:
                raise Conflict
            self.kept[place] = data

    def has_arrived(self, file: str) -> bool:
        return file in self.quarantine

    def erase(self, place: str) -> None:
        with self._lock:
            self.kept.pop(place, None)

    def store(self, place: str, data: bytes, media_type: str) -> None:
        del media_type
        with self._lock:
            self.kept[place] = data

    def read(self, place: str) -> bytes | None:
        return self.kept.get(place)

    def link(self, place: str, seconds: int, name: str) -> str:
        return f"{HOUSE}/{quote(place)}?seconds={seconds}&name={quote(name)}"

    def ready(self) -> None:
        """Memory is always there."""


def _tag(data: bytes) -> str:
    return sha256(data).hexdigest()
