"""Carriers that keep what they were given, and can be told to fail the next times."""

from collections import deque
from collections.abc import Mapping

from chalicelib.operations.carriers import Identity, Letter, LoginRefused, Notice
from chalicelib.rules.records import Work
from chalicelib.rules.vocabulary import Reason


class Troubles:
    """``fails_with(...)``: each call to come takes one of these as its outcome, then all is well again."""

    def __init__(self) -> None:
        self._coming: deque[Exception] = deque()

    def fails_with(self, *troubles: Exception) -> None:
        self._coming.extend(troubles)

    def strike(self) -> None:
        if self._coming:
            raise self._coming.popleft()


class PlainLetters:
    """Writes name and context out as they are."""

    def letter(self, name: str, context: Mapping[str, str]) -> tuple[str, str, str | None]:
        return name, _written(context), None

    def notice(self, name: str, context: Mapping[str, str]) -> Notice:
        return Notice(name, _written(context), dict(context))


class KeptPost(Troubles):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.strike()
        self.letters.append(letter)


class StandInWechat(Troubles):
    """Code ``code-for-NAME`` logs in the user with openid ``openid-of-NAME``, once, as WeChat's codes work once."""

    def __init__(self) -> None:
        super().__init__()
        self.notices: list[tuple[str, str, str, Mapping[str, str]]] = []
        self._used: set[str] = set()

    def login(self, code: str) -> Identity:
        self.strike()
        if code in self._used or not code.startswith("code-for-"):
            raise LoginRefused(Reason("wechat_code", "微信登录凭证无效或已使用。", "请在小程序中重新登录。", "code"))
        self._used.add(code)
        return Identity(f"openid-of-{code.removeprefix('code-for-')}")

    def notify(self, openid: str, template: str, page: str, data: Mapping[str, str]) -> None:
        self.strike()
        self.notices.append((openid, template, page, data))


class KeptQueues(Troubles):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[Work, str]] = []

    def send(self, work: Work, row: str, rounds: int = 0) -> None:
        del rounds  # nothing dies in memory
        self.strike()
        self.sent.append((work, row))


def _written(context: Mapping[str, str]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in context.items())
