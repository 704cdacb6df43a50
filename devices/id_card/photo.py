"""The photo on a card: 1024 bytes of WLT, which only makers' own software unpacks, in a process of its own.

A maker's package offers, under the entry-point group `onething.card_photo`, a function from those 1024 bytes
to the bytes of a BMP, PNG or JPEG. It runs in `photo_child` with limits on time, memory and files, knows
nothing of the card but the photo, and a crash of it is a reason, not a crash of the kiosk.
"""

import contextlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, Literal

GROUP = "onething.card_photo"
WLT_LENGTH = 1024
LONGEST_PICTURE = 1 << 20
LIMIT_S = 5.0
NOT_A_PICTURE = 3
_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_SIDE = 1024
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a photo may not reach a disk, not even as a maker's scratch file

Reason = Literal["", "no_photo", "no_plug_in", "plug_in_failed", "plug_in_late", "not_a_picture"]

_SAID: dict[Reason, tuple[str, str]] = {
    "": ("", ""),
    "no_photo": ("证件里没有照片。", "The card holds no photo."),
    "no_plug_in": (
        "没有安装读卡器厂家的照片解码组件，不显示照片。",
        "No photo decoder of the reader's maker is installed, so no photo is shown.",
    ),
    "plug_in_failed": ("厂家的照片解码组件出错。", "The maker's photo decoder failed."),
    "plug_in_late": ("厂家的照片解码组件没有按时完成。", "The maker's photo decoder took too long."),
    "not_a_picture": (
        "厂家的照片解码组件给出的不是照片。",
        "What the maker's photo decoder gave is no picture.",
    ),
}


@dataclass(frozen=True)
class CardPhoto:
    """A PNG (empty when there is none) and, without one, why."""

    png: bytes = field(default=b"", repr=False)
    reason: Reason = ""

    @property
    def zh(self) -> str:
        """The reason as a sentence in Chinese."""
        return _SAID[self.reason][0]

    @property
    def en(self) -> str:
        """The reason as a sentence in English."""
        return _SAID[self.reason][1]


def unpack_photo(wlt: bytes, *, limit_s: float = LIMIT_S) -> CardPhoto:
    """The picture in a card's WLT bytes, by the first installed plug-in; never raises."""
    if len(wlt) != WLT_LENGTH or not any(wlt):
        return CardPhoto(reason="no_photo")
    plug_in = find_plug_in()
    if plug_in is None:
        return CardPhoto(reason="no_plug_in")
    try:
        with _scratch_folder() as folder:
            return _ask_child(plug_in, wlt, folder, limit_s)
    except OSError:
        return CardPhoto(reason="plug_in_failed")


def find_plug_in() -> str | None:
    """`module:function` of the first installed plug-in by name, None when there is none."""
    found = sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))
    return found[0].value if found else None


def _ask_child(plug_in: str, wlt: bytes, folder: Path, limit_s: float) -> CardPhoto:
    answer = folder / "answer"
    # a file and not a pipe: the child's own limit bounds it
    with answer.open("wb") as written:
        code = _run_child(plug_in, wlt, folder, written, limit_s)
    if code is None:
        return CardPhoto(reason="plug_in_late")
    if code == NOT_A_PICTURE:
        return CardPhoto(reason="not_a_picture")
    if code:
        return CardPhoto(reason="plug_in_failed")
    png = answer.read_bytes()
    return CardPhoto(png) if _is_sound_png(png) else CardPhoto(reason="not_a_picture")


def _run_child(plug_in: str, wlt: bytes, folder: Path, written: IO[bytes], limit_s: float) -> int | None:
    """The child's exit code, None when it had to be ended."""
    child = subprocess.Popen(
        [sys.executable, "-m", "devices.id_card.photo_child", plug_in],
        stdin=subprocess.PIPE,
        stdout=written,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )
    try:
        child.communicate(wlt, limit_s)
        return child.returncode
    except subprocess.TimeoutExpired:
        return None
    finally:
        # whatever it has started goes with it
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def _environment(folder: Path) -> dict[str, str]:
    """What the plug-in may know of this machine: where Python's packages are."""
    path = os.pathsep.join(each for each in sys.path if each)
    return {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(folder), "LANG": "C.UTF-8"}


@contextlib.contextmanager
def _scratch_folder() -> Iterator[Path]:
    """A folder of the child's own, in memory, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="onething-photo-", dir=_IN_MEMORY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_sound_png(png: bytes) -> bool:
    """Whether the head is a PNG's (ISO/IEC 15948) and the picture of a size that a photo has."""
    if len(png) > LONGEST_PICTURE or png[: len(_PNG)] != _PNG or png[12:16] != b"IHDR" or len(png) < 24:
        return False
    width, height = struct.unpack(">II", png[16:24])
    return bool(0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE)
