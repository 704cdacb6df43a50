"""What a technician is offered to choose from."""

from pathlib import Path

from devices.id_card.attached import list_attached
from devices.id_card.card import IdCard
from devices.simulated_usb import SimulatedUsbBus, SimulatedUsbDevice, UsbShape
from devices.simulator_process import SimulatorProcess
from devices.url import DeviceUrl

from .id_card_wires import open_url


def _nothing(_endpoint: int, _data: bytes) -> None:
    """A device that does not answer."""


def test_every_offered_usb_reader_opens_by_its_url(
    reader_simulator: SimulatorProcess, resident_card: IdCard, tmp_path: Path
) -> None:
    reader_simulator.put("/card", resident_card.to_json())
    bus = DeviceUrl.parse(reader_simulator.addresses["usb_url"]).options["bus"]
    offered = list_attached(bus=bus, serial_lines=tmp_path)
    assert {each.url for each in offered} == {
        reader_simulator.addresses["usb_url"],
        reader_simulator.addresses["usb_pair_url"],
    }
    for each in offered:
        assert each.is_sure
        assert each.about == "simulated card reader"
        reader = open_url(each.url)
        assert reader.read() == resident_card
        reader.close()


def test_what_is_no_card_reader_is_not_offered(tmp_path: Path) -> None:
    bus = SimulatedUsbBus()
    bus.plug_in(SimulatedUsbDevice(UsbShape(0x04B8, 0x0202, "P-1", "printer", (0x01, 0x82)), _nothing))
    bus.plug_in(SimulatedUsbDevice(UsbShape(0x0400, 0xC35A, "", "", (0x02, 0x06, 0x81, 0x85)), _nothing))
    offered = list_attached(bus=bus.address, serial_lines=tmp_path)
    assert [each.url for each in offered] == [f"idcard+usb://0400:C35A?bus={bus.address}"]


def test_serial_lines_are_offered_by_their_serial_numbers(tmp_path: Path) -> None:
    (tmp_path / "usb-Maker_Reader_0001-if00-port0").touch()
    # no simulator answers there: a machine without USB
    offered = list_attached(bus="127.0.0.1:1", serial_lines=tmp_path)
    assert [each.url for each in offered] == [f"idcard+serial:{tmp_path}/usb-Maker_Reader_0001-if00-port0"]
    assert not offered[0].is_sure
    assert list_attached(bus="127.0.0.1:1", serial_lines=tmp_path / "none") == []
