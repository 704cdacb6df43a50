"""Our words as the province's numbers, and nowhere else.

Code sets of GB/T 39046-2020 (A.4 applicants, A.5 channels, A.6 case types, A.7 special procedures), the
statuses of live intake systems, and the rating exchange, whose satisfaction runs **the other way round**
than GB/T 39046 A.8: there 1 is very satisfied, in the exchange 5 is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from onething.domain.province_steps import Procedure, StepStatus
from onething.domain.ratings import Channel, Ground, Level, reasons_by_level
from onething.domain.working_days import SHANGHAI

STATUS: Mapping[StepStatus, str] = MappingProxyType(
    {
        StepStatus.RECEIVED: "02",
        StepStatus.ACCEPTED: "05",
        StepStatus.SUPPLEMENT: "06",
        StepStatus.REJECTED: "07",
        StepStatus.COMPLETED: "10",
        StepStatus.SUSPENDED: "11",
        StepStatus.IN_HANDLING: "12",
        StepStatus.RETURNED: "13",
    }
)
PROCEDURE: Mapping[Procedure, str] = MappingProxyType({Procedure.EXTENSION: "1", Procedure.OTHER: "2"})
_APPLICANTS = {"person": "1", "enterprise": "2"}
# A.5 has no kiosk: other. Where a case came in by a window, a phone or a computer it has.
_CASE_CHANNELS = {"window": "1", "computer": "2", "phone": "3"}
_OTHER_CHANNEL = "9"
_ON_THE_SPOT, _PROMISED = "1", "2"

SATISFACTION_GB: Mapping[Level, str] = MappingProxyType(
    {level: str(number) for number, level in enumerate(Level, 1)}
)
SATISFACTION_EXCHANGE: Mapping[Level, str] = MappingProxyType(
    {level: str(6 - number) for number, level in enumerate(Level, 1)}
)
_RATING_CHANNELS = {
    Channel.COMPUTER: "1",
    Channel.PHONE: "2",
    Channel.QR: "3",
    Channel.WINDOW: "4",
    Channel.KIOSK: "5",
    Channel.CALL: "6",
    Channel.MESSAGE: "7",
}
GROUND: Mapping[Ground, str] = MappingProxyType({Ground.MALICIOUS: "1", Ground.MISTAKEN: "2"})


def moment(at: datetime) -> str:
    """YYYYMMDDThhmmss in China's time."""
    return f"{at.astimezone(SHANGHAI):%Y%m%dT%H%M%S}"


def applicant_type(audience: str) -> str:
    """GB/T 39046 A.4: a person or an enterprise."""
    return _APPLICANTS[audience]


def case_channel(channel: str) -> str:
    """GB/T 39046 A.5."""
    return _CASE_CHANNELS.get(channel, _OTHER_CHANNEL)


def case_type(promise_days: int) -> str:
    """GB/T 39046 A.6: on the spot, or within a promised time."""
    return _PROMISED if promise_days else _ON_THE_SPOT


def rating_channel(channel: Channel) -> str:
    """The exchange's ``pf``."""
    return _RATING_CHANNELS[channel]


def options(level: Level, reasons: tuple[str, ...]) -> list[str]:
    """The exchange's ``evalDetail``: the satisfaction's digit and the reason's two-digit place."""
    places = {reason.code: reason.number for reason in reasons_by_level()[level]}
    return [f"{SATISFACTION_EXCHANGE[level]}{places[code]:02d}" for code in reasons]
