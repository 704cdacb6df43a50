"""One taxonomy of what goes wrong with a device, whatever its kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Mender = Literal["citizen", "attendant", "technician"]


class DeviceError(Exception):
    """Something a device could not do.

    `device` names the kind ("id_card"), `reason` is stable snake_case for programs, `raw_status` is what
    the wire said (never personal data), `zh` and `en` are one sentence for the citizen.
    """

    def __init__(
        self,
        *,
        device: str,
        reason: str,
        raw_status: str = "",
        retryable: bool = False,
        mender: Mender = "technician",
        zh: str,
        en: str,
    ) -> None:
        super().__init__(f"{device}: {reason}" + (f" ({raw_status})" if raw_status else ""))
        self.device = device
        self.reason = reason
        self.raw_status = raw_status
        self.retryable = retryable
        self.mender = mender
        self.zh = zh
        self.en = en


class NotReady(DeviceError):
    """The device is there and well, but cannot do it now: no card, no paper, cover open, busy."""


class Refused(DeviceError):
    """The device or the card said no, and would say it again."""


class Failed(DeviceError):
    """It was begun and went wrong; nothing of the half-done is kept."""


class Gone(DeviceError):
    """The device is not there: never plugged in, unplugged, switched off, not configured."""


class TimedOut(DeviceError):
    """The device is there and says nothing."""


@dataclass(frozen=True)
class Fault:
    """What one reason means, the same wherever it arises."""

    error: type[DeviceError]
    mender: Mender
    zh: str
    en: str
    retryable: bool = False


class FaultTable:
    """Every reason one kind of device can give."""

    def __init__(self, device: str, faults: Mapping[str, Fault]) -> None:
        self.device = device
        self.faults = dict(faults)

    def error(self, reason: str, raw_status: str = "") -> DeviceError:
        """The error for a reason, to be raised. KeyError when the table does not know the reason."""
        fault = self.faults[reason]
        return fault.error(
            device=self.device,
            reason=reason,
            raw_status=raw_status,
            retryable=fault.retryable,
            mender=fault.mender,
            zh=fault.zh,
            en=fault.en,
        )
