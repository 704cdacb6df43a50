"""What the kiosk needs of a page scanner."""

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from devices.errors import DeviceError
from devices.pages.page import ScannedPage
from devices.states import Health

__all__ = ["ScanSource", "ScanStopped", "ScannedPage", "Scanner"]

ScanSource = Literal["flatbed", "feeder", "duplex"]


class ScanStopped(DeviceError):
    """The feeder stopped in the middle; `pages` are the whole ones before it, in order.

    The page it stopped at is the one after them and must be laid in again. Everything else is as the error
    it came from.
    """

    def __init__(self, error: DeviceError, pages: Sequence[ScannedPage]) -> None:
        super().__init__(
            device=error.device,
            reason=error.reason,
            raw_status=error.raw_status,
            retryable=error.retryable,
            mender=error.mender,
            zh=f"第{len(pages) + 1}页没有扫好：{error.zh}",
            en=f"Page {len(pages) + 1} was not scanned. {error.en}",
        )
        self.pages = tuple(pages)


@runtime_checkable
class Scanner(Protocol):
    """A flatbed, a feeder, or both. One scan at a time; drivers hold their own lock."""

    def check(self) -> Health:
        """Ask the scanner how it is, never raising a DeviceError."""

    def scan(self, *, dpi: int, colour: bool, source: ScanSource) -> list[ScannedPage]:
        """Scan the page on the glass, or all pages in the feeder (at least one; `duplex`: both sides).

        Only whole pages come back, all with the `scan_id` of this scan. DeviceError (reasons in
        devices/scanner/faults.py); ScanStopped when a feeder stopped after some whole pages.
        """

    def clear(self) -> None:
        """Make the scanner forget what it may still hold of an earlier person: jobs, buffered pages.

        To be called when a sitting begins. DeviceError when it is not known to have forgotten.
        """

    def close(self) -> None:
        """Let the device go; the next use opens it again."""
