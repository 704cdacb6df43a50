"""Whether the kiosk may serve anybody now, and if not, why."""

import threading
from collections.abc import Callable

from terminal_client.journey.state import Sentence

DISK_FULL = Sentence(
    "这台机器的存储空间已满，请使用其他机器", "This kiosk's disk is full. Please use another."
)
TECHNICIAN = Sentence("这台机器正在维护，请使用其他机器", "This kiosk is being serviced. Please use another.")
OUT_OF_HOURS = Sentence("现在不是办理时间", "The hall is closed at this hour.")
SUSPENDED = Sentence("这台机器已停用，请使用其他机器", "This kiosk is suspended. Please use another.")

RANK = ("state", "technician", "updating", "disk_full", "hours")


def _weight(reason: str) -> int:
    return RANK.index(reason) if reason in RANK else len(RANK)


def waiting_for_activation(words: str) -> Sentence:
    """What a kiosk in the lobby shows: the letters that the console must show as well."""
    return Sentence(f"请在控制台核对后启用：{words}", f"Compare with the console, then activate: {words}")


class Opening:
    """The reasons for which the kiosk is closed; open when there is none. For any thread."""

    def __init__(self) -> None:
        self._reasons: dict[str, Sentence] = {}
        self._lock = threading.Lock()
        self._told: list[Callable[[], None]] = []

    def listen(self, told: Callable[[], None]) -> None:
        """Be told, in the thread that changes it, when it opens or closes."""
        self._told.append(told)

    def close(self, reason: str, sentence: Sentence) -> None:
        """Serve nobody for this reason, until it is lifted."""
        self._change(reason, sentence)

    def lift(self, reason: str) -> None:
        """This reason is gone."""
        self._change(reason, None)

    def set(self, reason: str, sentence: Sentence, *, is_closed: bool) -> None:
        """Close for a reason or lift it."""
        self._change(reason, sentence if is_closed else None)

    def find_reason(self) -> Sentence | None:
        """Why nobody is served, the weightiest reason first; None when the kiosk is open."""
        with self._lock:
            reason = min(self._reasons, key=_weight, default=None)
            return self._reasons[reason] if reason is not None else None

    def _change(self, reason: str, sentence: Sentence | None) -> None:
        with self._lock:
            if self._reasons.get(reason) == sentence:
                return
            self._reasons.pop(reason, None)
            if sentence is not None:
                self._reasons[reason] = sentence
        for told in self._told:
            told()
