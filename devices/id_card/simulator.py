"""The simulated card reader as a process: a pty, a TCP port and a USB bus speak SAM-V, HTTP controls it.

    python -m devices.id_card.simulator [--link PATH] [--with-parent]

Control: PUT /card {card}, DELETE /card, PUT /faults {faults}, PUT /plug {"is_in": false, "wire": "serial"}
(or "usb", "usb_pair"), PUT and DELETE /neighbour (a second USB reader of the same make, silent), GET /log,
DELETE /log.
"""

import argparse
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.id_card.card import IdCard
from devices.id_card.simulated_reader import ReaderFaults, SimulatedReader
from devices.id_card.simulated_wires import (
    PAIR_ENDPOINTS,
    SPLIT_ENDPOINTS,
    SerialPlug,
    UsbPlug,
    serve_tcp,
)
from devices.simulated_usb import SimulatedUsbBus, SimulatedUsbDevice, UsbShape
from devices.simulation import ControlReply, ControlServer, Route, run_until_ended

_SPLIT = UsbShape(0x0400, 0xC35A, "SIM-0001", "simulated card reader", SPLIT_ENDPOINTS)
_PAIR = UsbShape(0x10C4, 0x8A1B, "SIM-0002", "simulated card reader", PAIR_ENDPOINTS)
_NEIGHBOUR = UsbShape(0x0400, 0xC35A, "SIM-0003", "another card reader", SPLIT_ENDPOINTS)


def _card_routes(reader: SimulatedReader) -> dict[tuple[str, str], Route]:
    def put_card(_: str, value: Any) -> ControlReply:
        reader.place(IdCard.from_json(value))
        return ControlReply()

    def delete_card(_: str, __: Any) -> ControlReply:
        reader.lift()
        return ControlReply()

    def put_faults(_: str, value: Any) -> ControlReply:
        reader.set_faults(ReaderFaults.from_json(value or {}))
        return ControlReply()

    def delete_log(_: str, __: Any) -> ControlReply:
        reader.log.clear()
        return ControlReply()

    return {
        ("DELETE", "/log"): delete_log,
        ("PUT", "/card"): put_card,
        ("DELETE", "/card"): delete_card,
        ("PUT", "/faults"): put_faults,
        ("GET", "/log"): lambda _, __: ControlReply.of(reader.log[-200:]),
    }


def _cable_routes(
    plugs: Mapping[str, SerialPlug | UsbPlug], bus: SimulatedUsbBus
) -> dict[tuple[str, str], Route]:
    neighbour = SimulatedUsbDevice(_NEIGHBOUR, lambda _endpoint, _data: None)

    def put_plug(_: str, value: Any) -> ControlReply:
        plug = plugs[value.get("wire", "serial")]
        (plug.put_in if value["is_in"] else plug.pull_out)()
        return ControlReply.of({"path": plug.path} if isinstance(plug, SerialPlug) else {})

    def put_neighbour(_: str, __: Any) -> ControlReply:
        bus.plug_in(neighbour)
        return ControlReply()

    def delete_neighbour(_: str, __: Any) -> ControlReply:
        bus.pull_out(neighbour)
        return ControlReply()

    return {
        ("PUT", "/plug"): put_plug,
        ("PUT", "/neighbour"): put_neighbour,
        ("DELETE", "/neighbour"): delete_neighbour,
    }


def main() -> None:
    """Start the wires and the control door, say where they are, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--link", type=Path, help="a symbolic link that always points at the pty")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    reader, bus = SimulatedReader(), SimulatedUsbBus()
    serial = SerialPlug(reader, options.link)
    split, pair = UsbPlug(reader, bus, _SPLIT), UsbPlug(reader, bus, _PAIR)
    for plug in (serial, split, pair):
        plug.put_in()
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve_tcp, args=(reader, listener), daemon=True).start()
    plugs: dict[str, SerialPlug | UsbPlug] = {"serial": serial, "usb": split, "usb_pair": pair}
    control = ControlServer(_card_routes(reader) | _cable_routes(plugs, bus))
    control.start()
    addresses = {
        "url": f"idcard+serial:{options.link or serial.path}?baud=115200",
        "tcp_url": f"idcard+tcp://127.0.0.1:{listener.getsockname()[1]}",
        "usb_url": split.url,
        "usb_pair_url": pair.url,
        "control": control.url,
    }
    run_until_ended(addresses, with_parent=options.with_parent)
    serial.pull_out()


if __name__ == "__main__":
    main()
