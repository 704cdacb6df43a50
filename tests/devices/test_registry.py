"""From a URL to a driver, our own and other makers'."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from devices import registry
from devices.a4_printer.faults import FAULTS as A4_FAULTS
from devices.document_camera.faults import FAULTS as DOCUMENT_CAMERA_FAULTS
from devices.errors import FaultTable
from devices.id_card.faults import FAULTS as CARD_FAULTS
from devices.qr.faults import FAULTS as QR_FAULTS
from devices.receipt_printer.faults import FAULTS as PRINTER_FAULTS
from devices.registry import UnknownDriver, list_schemes, open_device
from devices.scanner.faults import FAULTS as SCANNER_FAULTS
from devices.url import BadDeviceUrl, DeviceUrl

ROOT = Path(__file__).parents[2]
OURS = {
    "idcard+serial:/dev/no-such-port?baud=9600": "devices.id_card.sam_v",
    "idcard+tcp://127.0.0.1:4001": "devices.id_card.sam_v",
    "idcard+usb://0400:C35A:SIM-0001": "devices.id_card.sam_v",
    "receipt+tcp://127.0.0.1:9100?columns=32": "devices.receipt_printer.escpos",
    "receipt+serial:/dev/no-such-port?profile=58mm": "devices.receipt_printer.escpos",
    "receipt+usb:04b8:0e15:NO-SUCH": "devices.receipt_printer.escpos",
    "receipt+cups://127.0.0.1:1/printers/receipt": "devices.receipt_printer.cups",
    "a4+ipp://127.0.0.1:1/ipp/print": "devices.a4_printer.ipp",
    "a4+ipps://127.0.0.1:1/ipp/print": "devices.a4_printer.ipp",
    "scanner+sane:test:0": "devices.scanner.sane",
    "qr+image:/no/such/picture.png": "devices.qr.image",
    "qr+serial:/dev/no-such-port?dialect=newland": "devices.qr.serial_scanner",
    "qr+evdev:/dev/input/no-such-keyboard": "devices.qr.wedge",
    "documentcamera+camera:/dev/no-such-camera": "devices.document_camera.camera",
    "scanner+escl://127.0.0.1:1/eSCL": "devices.scanner.escl",
    "qr+camera:/dev/no-such-camera": "devices.qr.camera",
}


@pytest.mark.parametrize(("url", "module"), OURS.items())
def test_each_of_our_drivers_opens_without_its_device(url: str, module: str) -> None:
    device = open_device(url)
    assert type(device).__module__ == module
    assert device.check().since_at.tzinfo is not None
    device.close()


def test_every_declared_driver_is_tried_here() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][registry.GROUP]
    assert sorted(declared) == sorted(DeviceUrl.parse(url).scheme for url in OURS)
    assert set(declared) <= set(list_schemes())


MAKER = """
class Reader:
    def __init__(self, url): self.url = url
def open_maker(url): return Reader(url)
"""


@pytest.fixture
def other_maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver of another maker, installed as a package of its own."""
    (tmp_path / "maker_driver.py").write_text(MAKER)
    info = tmp_path / "maker_driver-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: maker-driver\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[onething.devices]\nidcard+maker = maker_driver:open_maker\n")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("other_maker")
def test_a_driver_of_another_maker_is_found() -> None:
    assert "idcard+maker" in list_schemes()
    reader = open_device("IDCARD+maker:usb-1?light=on&pin=%20x")
    assert reader.url == DeviceUrl("idcard+maker", "usb-1", {"light": "on", "pin": " x"})


@pytest.mark.usefixtures("other_maker")
def test_an_unknown_scheme_says_what_there_is() -> None:
    with pytest.raises(UnknownDriver, match=r"idcard\+parallel.*installed are: .*idcard\+maker"):
        open_device("idcard+parallel:1")


@pytest.mark.parametrize("text", ["", "nothing", "idcard+serial:", ":/dev/x", "idcard+tcp://"])
def test_a_text_that_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(BadDeviceUrl):
        open_device(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("receipt+tcp://10.0.0.9:9101", ("10.0.0.9", 9101)),
        ("receipt+tcp://printer", ("printer", 9100)),
        ("receipt+tcp://[::1]:9100?columns=48", ("::1", 9100)),
    ],
)
def test_network_addresses(text: str, address: tuple[str, int]) -> None:
    assert DeviceUrl.parse(text).host_and_port(9100) == address


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "９１００"])
def test_impossible_ports_are_refused(port: str) -> None:
    with pytest.raises(BadDeviceUrl):
        DeviceUrl.parse(f"receipt+tcp://host:{port}").host_and_port(9100)


@pytest.mark.parametrize(
    "table",
    [CARD_FAULTS, PRINTER_FAULTS, A4_FAULTS, SCANNER_FAULTS, QR_FAULTS, DOCUMENT_CAMERA_FAULTS],
    ids=lambda t: t.device,
)
def test_every_reason_has_a_sentence_in_both_languages(table: FaultTable) -> None:
    for reason in table.faults:
        error = table.error(reason, "raw")
        assert (error.device, error.reason, error.raw_status) == (table.device, reason, "raw")
        assert error.mender in ("citizen", "attendant", "technician")
        assert error.zh.endswith("。")
        assert error.en.endswith(".")
        assert any("\u4e00" <= char <= "\u9fff" for char in error.zh)


KINDS = ["id_card", "receipt_printer", "a4_printer", "scanner", "qr", "document_camera"]


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_independent_of_each_other_and_of_the_server(kind: str) -> None:
    modules = [f"devices.{kind}.{path.stem}" for path in (ROOT / "devices" / kind).glob("*.py")]
    code = f"import sys\nfor name in {modules!r}: __import__(name)\nprint(*sorted(sys.modules))"
    asked = [sys.executable, "-c", code]
    loaded = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    others = [f"devices.{other}" for other in KINDS if other != kind]
    strangers = [*others, "onething", "web", "terminal_client", "sandbox", "flask", "sqlalchemy"]
    assert not [name for name in loaded if name.split(".")[0] in strangers or name in strangers]


def test_the_simulators_are_importable_modules() -> None:
    for kind in ("id_card", "receipt_printer", "scanner", "qr", "camera"):
        assert callable(import_module(f"devices.{kind}.simulator").main)
