"""In which order heartbeats come, and what it says when they do not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from onething.domain.fleet import TerminalReport


class Arrival(StrEnum):
    """What a heartbeat is, next to the last one that was taken."""

    NEW = "new"
    RETRY = "retry"
    REPLAY = "replay"
    CLONE = "clone"


def judge_arrival(last: TerminalReport, boot_id: str, counter: int, signed_at: datetime) -> Arrival:
    """A counter that grows is new, unless it brings back a start that was left for another.

    One that does not grow is an old request come late or sent again by somebody (signed no later than the
    last), the same one signed anew because its answer was lost, or a second machine with the same key. Nobody
    starts twice within a second: another start signed in the same one is a second machine too.
    """
    if counter > last.counter:
        came_back = boot_id == last.left_boot_id and boot_id != last.boot_id
        return Arrival.CLONE if came_back else Arrival.NEW
    if signed_at == last.signed_at and boot_id not in (last.boot_id, last.left_boot_id):
        return Arrival.CLONE
    if signed_at <= last.signed_at:
        return Arrival.REPLAY
    if counter == last.counter and boot_id == last.boot_id:
        return Arrival.RETRY
    return Arrival.CLONE
