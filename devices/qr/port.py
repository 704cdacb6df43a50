"""What the kiosk needs of a QR reader."""

from typing import Protocol, runtime_checkable

from devices.states import Health


@runtime_checkable
class QrReader(Protocol):
    """Whatever shows QR codes to the kiosk. One caller at a time; drivers hold their own lock."""

    def check(self) -> Health:
        """Ask the reader how it is, never raising a DeviceError."""

    def read(self) -> list[str]:
        """Look for codes, at most for the time the driver was given, and return as soon as there is one.

        The texts as they stand, each once, in reading order; empty when none was shown. A text is never a
        guess, never half of one, and holds no control characters; what it means, and whether it is genuine,
        is for the caller to check. DeviceError (reasons in devices/qr/faults.py) when the reader is blind.
        """

    def clear(self) -> None:
        """Forget what was shown before now: the next person must not meet the last one's code."""

    def close(self) -> None:
        """Let the device go; the next use opens it again."""
