"""How a terminal is: a pure function of its last heartbeat and the time, in one word with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.fleet import AlertKind, Condition, TerminalReport

# Two heartbeats may be lost, and half of a third's time.
SILENT_AFTER = timedelta(seconds=75)
CLOCK_MAY_BE_OFF_MS = 60_000
OUTBOX_OLD_AFTER_SECONDS = 600
DISK_LOW_MIB = 200
_USABLE = frozenset({"ready", "busy", "degraded", "connecting"})


class HealthWord(StrEnum):
    """A terminal's health."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    SILENT = "silent"
    CLOCK_WRONG = "clock_wrong"
    UPDATING = "updating"


HEALTH_WORDS: Mapping[HealthWord, Label] = MappingProxyType(
    {
        HealthWord.OK: Label("正常", "Well"),
        HealthWord.DEGRADED: Label("部分可用", "Partly usable"),
        HealthWord.DOWN: Label("不可用", "Not usable"),
        HealthWord.SILENT: Label("失去联系", "No sign of life"),
        HealthWord.CLOCK_WRONG: Label("时钟不准", "Clock is wrong"),
        HealthWord.UPDATING: Label("正在更新", "Updating"),
    }
)
DEVICE_STATE_WORDS: Mapping[str, Label] = MappingProxyType(
    {
        "absent": Label("未连接", "Not there"),
        "connecting": Label("正在连接", "Connecting"),
        "ready": Label("就绪", "Ready"),
        "busy": Label("使用中", "In use"),
        "degraded": Label("可用但需处理", "Usable, needs care"),
        "stale": Label("久未应答", "Not heard of lately"),
        "error": Label("故障", "Broken"),
    }
)
DEVICE_WORDS: Mapping[str, Label] = MappingProxyType(
    {
        "id_card": Label("身份证读卡器", "Card reader"),
        "receipt_printer": Label("凭条打印机", "Receipt printer"),
        "scanner": Label("扫描仪", "Scanner"),
        "qr": Label("扫码器", "Code reader"),
        "a4_printer": Label("A4打印机", "A4 printer"),
        "document_camera": Label("高拍仪", "Document camera"),
    }
)
_LOST: Mapping[str, Label] = MappingProxyType(
    {
        "id_card": Label("刷身份证开始办理", "Begin with an ID card"),
        "receipt_printer": Label("打印凭条", "Get a printed receipt"),
        "scanner": Label("扫描提交材料", "Hand in papers by scanning"),
        "qr": Label("扫码取号、查询", "Use a code on a phone or paper"),
        "a4_printer": Label("打印申请表和结果", "Print forms and results"),
        "document_camera": Label("拍照提交材料", "Hand in papers by camera"),
    }
)


@dataclass(frozen=True)
class Health:
    """A word, why, and since when (aware UTC)."""

    word: HealthWord
    reason: str
    since_at: datetime


def conditions_of(
    body: Mapping[str, Any], expected: Iterable[str], configuration: int
) -> tuple[Condition, ...]:
    """What is wrong by a heartbeat, in a fixed order.

    ``expected`` are the devices that should be there, ``configuration`` is the revision last made for it.
    """
    found = [*_of_devices(body.get("devices", {}), expected), *_of_the_machine(body)]
    if configuration_in_use(body) > configuration:
        found.append(Condition(AlertKind.AHEAD_OF_SERVER, "", "ahead_of_server"))
    return tuple(sorted(found, key=lambda each: (each.kind, each.subject)))


def configuration_in_use(body: Mapping[str, Any]) -> int:
    """The revision of its settings that a terminal says it works with; 0 when it works with none."""
    return int(body.get("versions", {}).get("configuration", 0))


def judge(body: Mapping[str, Any], conditions: Sequence[Condition]) -> tuple[HealthWord, str]:
    """The word for a terminal that is heard, and its reason."""
    if body.get("updating"):
        return HealthWord.UPDATING, "updating"
    kinds = {each.kind for each in conditions}
    if AlertKind.CLOCK_WRONG in kinds:
        return HealthWord.CLOCK_WRONG, "clock_offset"
    for each in conditions:
        # Without the reader nobody can begin: everything else is worth little then.
        if each.kind is AlertKind.DEVICE_DOWN and each.subject == "id_card":
            return HealthWord.DOWN, f"id_card:{each.reason}"
    if conditions:
        first = min(conditions, key=lambda each: _GRAVITY.index(each.kind))
        return HealthWord.DEGRADED, f"{first.subject}:{first.reason}" if first.subject else first.reason
    return HealthWord.OK, ""


def health_at(report: TerminalReport, now: datetime) -> Health:
    """The health as it is read at a moment: silence is found by time alone."""
    if now - report.heard_at > SILENT_AFTER:
        return Health(HealthWord.SILENT, "no_heartbeat", report.heard_at)
    return Health(HealthWord(report.health), report.health_reason, report.health_since_at)


def lost_abilities(body: Mapping[str, Any], expected: Iterable[str], *, is_heard: bool) -> tuple[Label, ...]:
    """What citizens can NOT do at this terminal now; everything while it is not heard."""
    devices = body.get("devices", {})
    wanted = list(dict.fromkeys([*expected, *devices]))
    return tuple(
        _LOST[kind]
        for kind in wanted
        if kind in _LOST and (not is_heard or not is_usable(devices.get(kind, {})))
    )


def is_usable(device: Mapping[str, Any]) -> bool:
    """Whether a citizen can be served with a device as a heartbeat tells of it."""
    return device.get("state") in _USABLE and device.get("paper") != "out"


# What matters most is said first.
_GRAVITY = (
    AlertKind.DEVICE_DOWN,
    AlertKind.PAPER_OUT,
    AlertKind.CLOCK_WRONG,
    AlertKind.OUTBOX_OLD,
    AlertKind.DISK_LOW,
    AlertKind.AHEAD_OF_SERVER,
    AlertKind.PAPER_NEAR_END,
)
_PAPER = {"out": AlertKind.PAPER_OUT, "near_end": AlertKind.PAPER_NEAR_END}


def _of_devices(devices: Mapping[str, Any], expected: Iterable[str]) -> Iterator[Condition]:
    for kind in dict.fromkeys([*expected, *devices]):
        device = devices.get(kind)
        if device is None:
            yield Condition(AlertKind.DEVICE_DOWN, kind, "not_reported")
        elif device["state"] not in _USABLE:
            yield Condition(AlertKind.DEVICE_DOWN, kind, device.get("reason") or device["state"])
        elif device.get("paper") in _PAPER:
            yield Condition(_PAPER[device["paper"]], kind, f"paper_{device['paper']}")


def _of_the_machine(body: Mapping[str, Any]) -> Iterator[Condition]:
    if abs(body.get("clock_offset_ms", 0)) > CLOCK_MAY_BE_OFF_MS:
        yield Condition(AlertKind.CLOCK_WRONG, "", "clock_offset")
    if body.get("outbox", {}).get("oldest_age_seconds", 0) > OUTBOX_OLD_AFTER_SECONDS:
        yield Condition(AlertKind.OUTBOX_OLD, "", "outbox_old")
    free = body.get("disk_free_mib")
    if free is not None and free < DISK_LOW_MIB:
        yield Condition(AlertKind.DISK_LOW, "", "disk_low")
