"""A maker's photo decoder as a plug-in: what it gives, and every way in which it may fail."""

import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from devices.id_card.photo import unpack_photo

WLT = bytes(range(256)) * 4
# WLT is secret: these decoders are the test's own and make a picture of the size that makers' decoders make
HEAD = "import io, os, sys, time\nfrom PIL import Image\n"
PAINT = """
def paint(wlt, kind):
    picture = Image.new("RGB", (102, 126), tuple(wlt[1:4]))
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()
"""


Install = Callable[[str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a plug-in whose function `decode` has this body, as a package of its own."""

    def install(body: str) -> None:
        (tmp_path / "maker_photo.py").write_text(HEAD + PAINT + f"def decode(wlt):\n    {body}\n")
        info = tmp_path / "maker_photo-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: maker-photo\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[onething.card_photo]\nmaker = maker_photo:decode\n")
        monkeypatch.syspath_prepend(str(tmp_path))

    return install


def test_without_a_plug_in_there_is_no_photo_and_a_reason() -> None:
    photo = unpack_photo(WLT)
    assert (photo.png, photo.reason) == (b"", "no_plug_in")
    assert photo.zh
    assert photo.en


@pytest.mark.parametrize("wlt", [b"", bytes(1024), WLT[:-1]])
def test_a_card_without_a_photo_says_so(wlt: bytes, install: Install) -> None:
    install("return paint(wlt, 'PNG')")
    assert unpack_photo(wlt).reason == "no_photo"


@pytest.mark.parametrize("kind", ["BMP", "PNG", "JPEG"])
def test_what_the_plug_in_paints_comes_back_as_a_png(kind: str, install: Install) -> None:
    install(f"print('noise on stdout'); os.write(1, b'more'); return paint(wlt, {kind!r})")
    photo = unpack_photo(WLT)
    assert photo.reason == ""
    with Image.open(io.BytesIO(photo.png), formats=["PNG"]) as picture:
        assert picture.size == (102, 126)
        seen = picture.getpixel((50, 60))
    assert isinstance(seen, tuple)
    assert all(abs(a - b) < 8 for a, b in zip(seen, WLT[1:4], strict=True))
    assert photo.png.hex() not in repr(photo)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise ValueError('no')", "plug_in_failed"),
        ("os.abort()", "plug_in_failed"),
        ("os._exit(0)", "not_a_picture"),
        ("return bytes(2 << 30)", "plug_in_failed"),
        ("return None", "not_a_picture"),
        ("return b'GIF89a' + bytes(100)", "not_a_picture"),
        ("return paint(wlt, 'PNG')[:-200]", "not_a_picture"),
        ("return paint(wlt, 'GIF')", "not_a_picture"),
        ("return paint(wlt, 'PNG') + bytes(2 << 20)", "not_a_picture"),
        ("[os.write(fd, bytes(1 << 20)) for fd in range(3, 9) for _ in range(9)]", "plug_in_failed"),
    ],
)
def test_a_plug_in_that_fails_is_a_reason(body: str, reason: str, install: Install) -> None:
    install(body)
    photo = unpack_photo(WLT)
    assert (photo.png, photo.reason) == (b"", reason)
    assert photo.zh
    assert photo.en


def test_a_plug_in_that_hangs_is_ended_with_all_it_started(tmp_path: Path, install: Install) -> None:
    told = tmp_path / "pid"
    install(
        "import subprocess; child = subprocess.Popen(['sleep', '60']);"
        f" open({str(told)!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )
    begun = time.monotonic()
    photo = unpack_photo(WLT, limit_s=2.0)
    assert photo.reason == "plug_in_late"
    assert time.monotonic() - begun < 10
    assert not _is_alive(int(told.read_text()))


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_a_scratch_file_stays_in_memory_and_goes(tmp_path: Path, install: Install) -> None:
    told = tmp_path / "where"
    install(
        "open('zp.bmp', 'wb').write(wlt);"
        f" open({str(told)!r}, 'w').write(os.getcwd() + ' ' + ' '.join(sorted(os.environ)));"
        " return paint(wlt, 'BMP')"
    )
    assert unpack_photo(WLT).reason == ""
    where, *known = told.read_text().split()
    assert where.startswith("/dev/shm/")
    assert not Path(where).exists()
    assert set(known) <= {"LANG", "LC_CTYPE", "PWD", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "TMPDIR"}


def test_the_kiosks_environment_is_not_the_plug_ins(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONETHING_A_SECRET", "x")
    install("assert 'ONETHING_A_SECRET' not in os.environ; return paint(wlt, 'PNG')")
    assert "ONETHING_A_SECRET" in os.environ
    assert unpack_photo(WLT).reason == ""
