"""Two devices with one draft: what was typed later stands, and what it replaced is kept to be asked about.

A device types over what it has seen. What it has not seen is not lost: it is put beside the new value until
the person says which of them stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.values import Replaced, Value

# Where a draft's progress says who has last typed what: key -> [version, sitting, moment, channel].
TYPED_BY = "typed_by"
# Names of acts in it, which no fact can have.
CHOICE = "*choice"
MOST_REPLACED = 5


def count_key(role: str) -> str:
    """The name under which saying how many people a role has is noted."""
    return f"*count:{role}"


@dataclass(frozen=True)
class Seen:
    """What a device has seen when it types: its sitting and channel, and the draft's version on its screen.

    A device that does not say a version has seen what was there when its sitting began.
    """

    sitting: str
    since_at: datetime
    version: int | None = None
    channel: str | None = None

    def knows(self, noted: Mapping[str, Any], key: str) -> bool:
        """Whether the last to type this was the same sitting, or was seen by it."""
        last = noted.get(key)
        if last is None or last[1] == self.sitting:
            return True
        if self.version is not None:
            return bool(last[0] <= self.version)
        return datetime.fromisoformat(last[2]) <= self.since_at


def typed_where(noted: Mapping[str, Any], key: str) -> tuple[str | None, str | None]:
    """On which channel, and at which moment, a field was last typed; None for what was not noted."""
    _, _, at, channel = (*noted.get(key, (None, None, None)), None)[:4]
    return channel, at


def merge(
    there: Value | None,
    typed: Value | None,
    *,
    known: bool,
    where: tuple[str | None, str | None] = (None, None),
) -> Value | None:
    """What stands after one value is typed over another; None for a field that stays empty.

    ``known`` says that the device has seen what is there: then there is no question. Otherwise a field that
    is emptied keeps what the other device has typed, and a value that is typed keeps the other beside it,
    with ``where`` that was typed.
    """
    if there is None or known:
        return None if typed is None else replace(typed, replaced=())
    if typed is None:
        return there
    if typed.value == there.value:
        return replace(typed, replaced=without(there.replaced, typed.value))
    beside = (Replaced(there.value, *where), *without(there.replaced, there.value))
    return replace(typed, replaced=without(beside, typed.value)[:MOST_REPLACED])


def without(replaced: tuple[Replaced, ...], one: Any) -> tuple[Replaced, ...]:
    """What was replaced but for one value, each value once, in their order."""
    kept: list[Replaced] = []
    for each in replaced:
        if each.value != one and each.value not in [other.value for other in kept]:
            kept.append(each)
    return tuple(kept)


def note(progress: Mapping[str, Any], keys: Iterable[str], version: int, seen: Seen, at: datetime) -> Any:
    """The progress's note of who typed what, with these keys typed by this sitting just now.

    ``version`` is the one that the draft has when this is saved.
    """
    typed = [version, seen.sitting, at.isoformat(), seen.channel]
    return {**progress.get(TYPED_BY, {}), **dict.fromkeys(keys, typed)}


class DraftMovedOn(Refusal):
    """Another device has changed what this one is about to change, and this one has not seen it."""

    reason = "draft_moved_on"
    status_hint = "conflict"
    text = Label(
        "您在另一台设备上刚改过这一项，请看一看再选",
        "This was just changed on another of your devices; please look again and choose",
    )
