"""The card reader on each of its wires, opened with time limits that suit a test."""

import os
from collections.abc import Callable

from devices.errors import DeviceError
from devices.id_card.card import IdCard
from devices.id_card.sam_v import SamVReader, open_serial, open_tcp, open_usb
from devices.simulator_process import SimulatorProcess
from devices.url import DeviceUrl

WIRES = {"serial": "url", "tcp": "tcp_url", "usb": "usb_url", "usb_pair": "usb_pair_url"}
_OPENERS = {"idcard+serial": open_serial, "idcard+tcp": open_tcp, "idcard+usb": open_usb}
# for answers that do come: a busy machine may be late with them
PATIENT = {"patience": "0.6", "gap_ms": "120"}
# for silence, which costs its whole time limit
HASTY = {"patience": "0.3", "gap_ms": "40"}
IS_ALL = os.environ.get("FAULTS") == "all"


def open_reader(simulator: SimulatorProcess, wire: str, options: dict[str, str] = PATIENT) -> SamVReader:
    """The driver on that wire."""
    return open_url(simulator.addresses[WIRES[wire]], options)


def open_url(text: str, options: dict[str, str] = PATIENT) -> SamVReader:
    """The driver that a device URL names, as the registry would open it."""
    url = DeviceUrl.parse(text)
    return _OPENERS[url.scheme](DeviceUrl(url.scheme, url.target, {**url.options, **options}))


def read_in_three(reader: SamVReader) -> IdCard:
    """Read as a person would let it be read: a hasty reader on a busy machine may need another try."""
    for _ in range(2):
        try:
            return reader.read()
        except DeviceError as error:
            if not error.retryable:
                raise
    return reader.read()


def answer_or_reason(ask: Callable[[], object]) -> object:
    """What the driver gives, or the reason it gives instead."""
    try:
        return ask()
    except DeviceError as error:
        return error.reason


def take_bytes(length: int, step: int = 97) -> list[int]:
    """Places in an answer of that length: every one with FAULTS=all, else each `step`th, first and last."""
    return sorted({*range(0, length, 1 if IS_ALL else step), length - 1})
