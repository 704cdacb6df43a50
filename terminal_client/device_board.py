"""How each device of the kiosk is now: gone only after misses, stale when it does not answer at all."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from devices.errors import DeviceError, Gone
from devices.registry import open_device
from devices.states import DeviceState, Health, HealthRecord
from devices.url import BadDeviceUrl
from terminal_client.config import Config
from terminal_client.status import find_status

LOOK_SECONDS = 10.0
STALE_SECONDS = 60.0
MISSES = 2

log = logging.getLogger(__name__)


class DeviceBoard:
    """A thread for each device, so that one that hangs delays no other.

    `find_device(kind)` gives the open device or raises DeviceError; whatever it is called on has `check()`.
    A device that worked counts as gone after `MISSES` looks in a row.
    """

    def __init__(
        self,
        find_device: Callable[[str], Any],
        kinds: Iterable[str],
        *,
        look_seconds: float = LOOK_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find_device = find_device
        self._look_seconds = look_seconds
        self._monotonic = monotonic
        self._records = {kind: HealthRecord() for kind in kinds}
        self._looked_at = dict.fromkeys(self._records, monotonic())
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to look; waits for no device."""
        for kind in self._records:
            threading.Thread(target=self._watch, args=(kind,), name=f"board-{kind}", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def list_health(self) -> dict[str, Health]:
        """How each device was at the last look, by kind."""
        return {kind: self._aged(kind, record.health) for kind, record in self._records.items()}

    def find_health(self, kind: str) -> Health | None:
        """How one device was at the last look; None for one that is not watched."""
        record = self._records.get(kind)
        return self._aged(kind, record.health) if record is not None else None

    def look(self, kind: str) -> Health:
        """Look at one device now."""
        health = self._check(kind)
        self._looked_at[kind] = self._monotonic()
        record = self._records[kind]
        return record.observe(health.state, health.reason, health.zh, health.en)

    def _watch(self, kind: str) -> None:
        missed = 0
        while not self._ended.is_set():
            health = self._check(kind)
            self._looked_at[kind] = self._monotonic()
            record = self._records[kind]
            missed = 0 if health.is_usable else missed + 1
            if health.is_usable or missed >= MISSES or not record.health.is_usable:
                _tell(kind, record.health, health)
                record.observe(health.state, health.reason, health.zh, health.en)
            self._ended.wait(self._look_seconds if not missed else min(self._look_seconds, 3.0))

    def _check(self, kind: str) -> Health:
        return _look(kind, lambda: self._find_device(kind))

    def _aged(self, kind: str, health: Health) -> Health:
        age = self._monotonic() - self._looked_at[kind]
        if age < STALE_SECONDS:
            return health
        return replace(
            health, state=DeviceState.STALE, reason="not_looked_at", zh="设备没有应答", en="No answer."
        )


def _tell(kind: str, before: Health, after: Health) -> None:
    if (before.state, before.reason) != (after.state, after.reason):
        log.info("%s is %s %s", kind, after.state.value, after.reason)


def look_from_outside(config: Config, kind: str, url: str) -> Health:
    """How a device is, for whoever looks beside the running program.

    While that runs it holds the devices, so what it says of them counts; else the device is opened.
    """
    status = find_status(config.state_dir)
    said = status.devices.get(kind) if status is not None and status.is_fresh else None
    if said is None:
        return look_once(url)
    since_at = datetime.fromisoformat(said["since_at"])
    return Health(DeviceState(said["state"]), since_at, said["reason"], said["zh"], said["en"])


def look_once(url: str) -> Health:
    """How the device at a URL is now; it is let go again."""
    opened: list[Any] = []

    def find() -> Any:
        opened.append(open_device(url))
        return opened[0]

    try:
        return _look(url.partition("+")[0], find)
    finally:
        for device in opened:
            device.close()


def _look(kind: str, find: Callable[[], Any]) -> Health:
    record = HealthRecord()
    try:
        health: Health = find().check()
    except DeviceError as error:
        state = DeviceState.ABSENT if isinstance(error, Gone) else DeviceState.ERROR
        return record.observe(state, error.reason, error.zh, error.en)
    except BadDeviceUrl as error:
        return record.observe(DeviceState.ABSENT, error.reason, "设备地址写错了", str(error))
    except Exception as error:
        # a driver of another maker may fail in ways we do not know
        log.warning("the driver of %s failed: %s", kind, type(error).__name__)
        return record.observe(DeviceState.ERROR, "driver_failed", "设备驱动出错", "The driver failed.")
    return health
