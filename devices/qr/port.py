"""What the kiosk needs of a QR reader."""

from typing import Protocol, runtime_checkable

from devices.states import Health


@runtime_checkable
class QrReader(Protocol):
    """Whatever shows QR codes to the kiosk."""

    def check(self) -> Health:
        """Ask the reader how it is, never raising a DeviceError."""

    def read(self) -> list[str]:
        """The texts of the codes before it now; empty when there is none. DeviceError when it is blind."""

    def close(self) -> None:
        """Let the device go; the next use opens it again."""
