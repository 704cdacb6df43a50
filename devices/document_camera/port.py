"""What the kiosk needs of a document camera."""

from typing import Protocol, runtime_checkable

from devices.pages.page import ScannedPage
from devices.states import Health


@runtime_checkable
class DocumentCamera(Protocol):
    """A camera over a table. It scans like a scanner that has a glass and no feeder.

    One caller at a time; drivers hold their own lock.
    """

    def check(self) -> Health:
        """Ask the camera how it is, never raising a DeviceError."""

    def scan(self, *, dpi: int, colour: bool, source: str = "flatbed") -> list[ScannedPage]:
        """Take the sheet that lies there, cut out and upright; `dpi` is what is wished for at most.

        Only a sheet that lies still, whole and in light is taken, and only as it lay after this call.
        DeviceError (reasons in devices/document_camera/faults.py).
        """

    def preview(self) -> bytes:
        """What the camera sees now, as a small JPEG, with the edge of the sheet that it has found."""

    def clear(self) -> None:
        """Forget what was seen before now."""

    def close(self) -> None:
        """Let the device go; the next use opens it again."""
