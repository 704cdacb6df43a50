"""The scanner's contract, against SANE's own test device."""

import io
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from devices.errors import DeviceError, Failed, Gone, NotReady, Refused, TimedOut
from devices.scanner.port import Scanner, ScanStopped
from devices.scanner.sane import SaneScanner, open_sane, sane_test_environment
from devices.scanner.sane_options import SaneOptions
from devices.states import DeviceState
from devices.url import DeviceUrl


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return sane_test_environment(tmp_path_factory.mktemp("sane"))


@pytest.fixture
def open_scanner(environment: dict[str, str]) -> Callable[..., SaneScanner]:
    def open_with(device: str = "test:0", **settings: str) -> SaneScanner:
        asked = "".join(f"&{name.replace('__', '.')}={value}" for name, value in settings.items())
        config = quote(environment["SANE_CONFIG_DIR"])
        return open_sane(DeviceUrl.parse(f"scanner+sane:{device}?config={config}{asked}"))

    return open_with


def _refused(scanner: Scanner, **how: object) -> DeviceError:
    asked = {"dpi": 75, "colour": False, "source": "flatbed", **how}
    with pytest.raises(DeviceError) as caught:
        scanner.scan(**asked)  # type: ignore[arg-type]
    assert caught.value.zh
    assert caught.value.en
    return caught.value


def test_the_driver_is_a_scanner(open_scanner: Callable[..., SaneScanner]) -> None:
    scanner = open_scanner()
    assert isinstance(scanner, Scanner)
    assert scanner.check().state is DeviceState.READY
    scanner.close()


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize(("name", "media_type"), [("jpeg", "image/jpeg"), ("png", "image/png")])
def test_a_page_on_the_glass(
    open_scanner: Callable[..., SaneScanner], colour: bool, name: str, media_type: str
) -> None:
    (page,) = open_scanner(format=name).scan(dpi=150, colour=colour, source="flatbed")
    assert (page.media_type, page.dpi) == (media_type, 150)
    picture = Image.open(io.BytesIO(page.image), formats=[name.upper()])
    assert picture.mode == ("RGB" if colour else "L")
    # the test device's glass is 200 mm square
    assert picture.size == (page.width, page.height)
    assert page.width == pytest.approx(200 / 25.4 * 150, abs=2)
    assert page.height == pytest.approx(200 / 25.4 * 150, abs=2)
    assert picture.convert("L").getextrema() != (0, 0)


def test_all_pages_in_the_feeder_in_order(open_scanner: Callable[..., SaneScanner]) -> None:
    pages = open_scanner().scan(dpi=75, colour=False, source="feeder")
    assert len(pages) == 10
    assert len({(page.width, page.height) for page in pages}) == 1


def test_a_resolution_the_device_has_not_is_the_nearest(open_scanner: Callable[..., SaneScanner]) -> None:
    (page,) = open_scanner().scan(dpi=0, colour=False, source="flatbed")
    assert page.dpi == 1
    assert page.width == pytest.approx(200 / 25.4, abs=1)


STATUSES = [
    ("SANE_STATUS_UNSUPPORTED", "setting_refused", Refused),
    ("SANE_STATUS_CANCELLED", "scan_cancelled", Failed),
    ("SANE_STATUS_DEVICE_BUSY", "scanner_busy", NotReady),
    ("SANE_STATUS_INVAL", "setting_refused", Refused),
    ("SANE_STATUS_EOF", "page_incomplete", Failed),
    ("SANE_STATUS_JAMMED", "paper_jam", Failed),
    ("SANE_STATUS_NO_DOCS", "no_documents", NotReady),
    ("SANE_STATUS_COVER_OPEN", "cover_open", NotReady),
    ("SANE_STATUS_IO_ERROR", "scanner_faulty", Failed),
    ("SANE_STATUS_NO_MEM", "scanner_faulty", Failed),
    ("SANE_STATUS_ACCESS_DENIED", "scanner_denied", Refused),
]


@pytest.mark.parametrize("picture_format", ["jpeg", "png"])
@pytest.mark.parametrize(("status", "reason", "kind"), STATUSES)
def test_every_status_of_sane_has_its_reason(
    open_scanner: Callable[..., SaneScanner],
    status: str,
    reason: str,
    kind: type[DeviceError],
    picture_format: str,
) -> None:
    error = _refused(open_scanner(format=picture_format, **{"option.read-return-value": status}))
    assert error.reason == reason
    assert isinstance(error, kind)


@pytest.mark.parametrize(
    ("status", "state"),
    [("SANE_STATUS_NO_DOCS", DeviceState.READY), ("SANE_STATUS_IO_ERROR", DeviceState.ERROR)],
)
def test_what_the_citizen_can_mend_is_no_fault_of_the_scanner(
    open_scanner: Callable[..., SaneScanner], status: str, state: DeviceState
) -> None:
    scanner = open_scanner(**{"option.read-return-value": status})
    _refused(scanner)
    assert scanner._health.health.state is state


def test_a_device_that_is_not_there_is_gone(open_scanner: Callable[..., SaneScanner]) -> None:
    scanner = open_scanner("test:7")
    error = _refused(scanner)
    assert isinstance(error, Gone)
    assert error.reason == "scanner_gone"
    assert scanner.check().state is DeviceState.ABSENT


def test_a_slow_device_is_ended_in_time_and_leaves_nothing(
    open_scanner: Callable[..., SaneScanner], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    slow = {"option.read-delay": "yes", "option.read-delay-duration": "200000"}
    scanner = open_scanner(limit_s="0.5", **slow)
    begun = time.monotonic()
    error = _refused(scanner, dpi=600)
    assert isinstance(error, TimedOut)
    assert error.reason == "scanner_silent"
    assert time.monotonic() - begun < 4
    assert list(tmp_path.iterdir()) == []
    assert not _children_named("scanimage")


JAMMING = """#!/bin/sh
case "$*" in *--batch-count=50*) ;; *) exec {scanimage} "$@" ;; esac
{scanimage} $(echo "$@" | sed 's/--batch-count=50/--batch-count=3/;s/--source=[^-]*//') || exit
: > page-4.part
echo "Scanned page 4. (scanner status = 6)" >&2
exit 6
"""


def test_the_whole_pages_before_a_jam_are_kept(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SANE's test device jams at once or never: three real pages, then the end scanimage makes of a jam
    jamming = tmp_path / "scanimage"
    jamming.write_text(JAMMING.format(scanimage=shutil.which("scanimage")))
    jamming.chmod(jamming.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    error = _refused(SaneScanner("test:0", environment=environment), source="feeder")
    assert isinstance(error, ScanStopped)
    assert (error.reason, error.mender, error.retryable) == ("paper_jam", "attendant", True)
    assert len(error.pages) == 3
    assert error.zh.startswith("第4页没有扫好")


def test_a_scanner_program_that_ignores_the_end_is_killed(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn = tmp_path / "scanimage"
    stubborn.write_text("#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n")
    stubborn.chmod(stubborn.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("devices.scanner.sane._OPEN_LIMIT_S", 0.2)
    monkeypatch.setattr("devices.scanner.sane._END_LIMIT_S", 0.3)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert _refused(SaneScanner("test:0", environment=environment)).reason == "scanner_silent"
    assert not _children_named("scanimage")


def _children_named(name: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)
        except OSError:
            continue
        if fields[0].endswith(f"({name}") and fields[1].split()[1] == str(os.getpid()):
            found.append(folder.name)
    return found


LISTING = """
All options specific to device `maker:one':
  Scan Mode:
    --mode Lineart|Gray|Color [Lineart]
        Selects the scan mode.
    --resolution 75|150|300|600dpi [75]
    --source Flatbed|ADF|ADF Duplex [inactive]
    --depth 8 [inactive]
  Geometry:
    -x 0..215.9mm [215.9]
    -y 0..355.6mm (in steps of 0.1) [297]
"""


def test_options_of_other_makers() -> None:
    options = SaneOptions.parse(LISTING)
    common = ["--resolution=300", "-x", "210", "-y", "297"]
    assert options.choose(dpi=300, colour=True, feeder=False) == ["--mode=Color", *common]
    assert options.choose(dpi=300, colour=True, feeder=True) is None
    with_feeder = SaneOptions.parse(LISTING.replace("Duplex [inactive]", "Duplex [Flatbed]"))
    assert with_feeder.choose(dpi=300, colour=False, feeder=True) == ["--source=ADF", "--mode=Gray", *common]
    duplex = SaneOptions({"source": "ADF Front|ADF Duplex"})
    assert duplex.choose(dpi=75, colour=False, feeder=True) == ["--source=ADF Front", "--resolution=75"]
    assert duplex.choose(dpi=75, colour=False, feeder=False) is None


def test_both_sides_where_a_source_or_a_mode_has_them() -> None:
    source = SaneOptions({"source": "Flatbed|ADF Front|ADF Back|ADF Duplex"})
    asked = {"dpi": 75, "colour": False, "feeder": True, "duplex": True}
    assert source.choose(**asked) == ["--source=ADF Duplex", "--resolution=75"]  # type: ignore[arg-type]
    mode = SaneOptions({"source": "Flatbed|Automatic Document Feeder", "adf-mode": "Simplex|Duplex"})
    wanted = ["--source=Automatic Document Feeder", "--resolution=75", "--adf-mode=Duplex"]
    assert mode.choose(**asked) == wanted  # type: ignore[arg-type]
    assert SaneOptions({"source": "Flatbed|ADF"}).choose(**asked) is None  # type: ignore[arg-type]


def test_a_scan_has_an_id_of_its_own(open_scanner: Callable[..., SaneScanner]) -> None:
    scanner = open_scanner()
    first = scanner.scan(dpi=75, colour=False, source="feeder")
    (second,) = scanner.scan(dpi=75, colour=False, source="flatbed")
    assert len({page.scan_id for page in first}) == 1
    assert second.scan_id not in {first[0].scan_id, ""}


@pytest.mark.parametrize("purge", ["feeder", "flatbed"])
def test_a_purge_feeds_what_nobody_sees(open_scanner: Callable[..., SaneScanner], purge: str) -> None:
    open_scanner().clear()
    open_scanner(purge=purge).clear()
    with pytest.raises(DeviceError, match="paper_jam"):
        open_scanner(purge=purge, **{"option.read-return-value": "SANE_STATUS_JAMMED"}).clear()
    open_scanner(purge=purge, **{"option.read-return-value": "SANE_STATUS_NO_DOCS"}).clear()


OVER_THE_NET = """
ip link set lo up
SANE_CONFIG_DIR=$1/far saned -l -b 127.0.0.1 2> /dev/null & daemon=$!
trap 'kill $daemon' EXIT
for _ in $(seq 50); do ss -ltn 2> /dev/null | grep -q :6566 && break; sleep 0.1; done
SANE_CONFIG_DIR=$1/near "$2" -c '
from devices.scanner.sane import SaneScanner
scanner = SaneScanner("net:127.0.0.1:test:0")
(page,) = scanner.scan(dpi=75, colour=True, source="flatbed")
pages = scanner.scan(dpi=75, colour=False, source="feeder")
print(page.width, page.height, len(pages))
'
"""


def test_a_scanner_at_another_machine(tmp_path: Path) -> None:
    # saned has one port only, so it gets a network of its own
    sane_test_environment(tmp_path / "far")
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "dll.conf").write_text("net\n")
    (tmp_path / "near" / "net.conf").write_text("127.0.0.1\n")
    command = ["unshare", "-rn", "sh", "-e", "-c", OVER_THE_NET, "sh", str(tmp_path), sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == ["590", "590", "10"], done.stderr


@pytest.mark.parametrize(("name", "value"), [("format", "gif"), ("purge", "glass")])
def test_a_wrong_setting_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        open_sane(DeviceUrl.parse(f"scanner+sane:test:0?{name}={value}"))
