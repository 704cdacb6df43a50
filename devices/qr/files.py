"""The QR codes in files of pictures, one answer a file, whatever the file turns out to be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devices.errors import DeviceError
from devices.qr.image import decode_qr


@dataclass(frozen=True)
class DecodedFile:
    """The texts in one file; `reason` is empty when it could be looked at."""

    path: Path
    texts: tuple[str, ...] = ()
    reason: str = ""

    def to_json(self) -> dict[str, object]:
        """The fields for one line of output."""
        return {"file": str(self.path), "texts": list(self.texts), "reason": self.reason}


def decode_files(paths: Iterable[Path]) -> Iterator[DecodedFile]:
    """Look at one file after the other, each given out before the next is opened.

    The reason is file_unreadable when it cannot be opened, picture_unreadable when it is no JPEG or PNG.
    """
    for path in paths:
        try:
            yield DecodedFile(path, tuple(decode_qr(path.read_bytes())))
        except OSError:
            yield DecodedFile(path, reason="file_unreadable")
        except DeviceError as error:
            yield DecodedFile(path, reason=error.reason)
