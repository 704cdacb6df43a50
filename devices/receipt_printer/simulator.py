"""The simulated receipt printer as a process: it speaks ESC/POS over the wire it is given, HTTP controls it.

    python -m devices.receipt_printer.simulator [--columns 48] [--wire tcp|serial|usb] [--link PATH]
        [--port 9100] [--with-parent]

Control: GET /slips, GET /slips/1.png, DELETE /slips, PUT /faults {faults}, GET /log, DELETE /log, and for a
serial or USB cable PUT /plug {"is_in": false}.
"""

import argparse
import socket
import threading
from pathlib import Path
from typing import Any

from devices.receipt_printer.fonts import find_font
from devices.receipt_printer.layout import DOTS_PER_COLUMN
from devices.receipt_printer.simulated_printer import PrinterFaults, SimulatedPrinter
from devices.receipt_printer.simulated_usb import UsbCable
from devices.receipt_printer.simulated_wires import SerialLine, serve_tcp
from devices.simulation import BadControl, ControlReply, ControlServer, run_until_ended

Cable = SerialLine | UsbCable


def _control(printer: SimulatedPrinter, cable: Cable | None) -> ControlServer:
    def get_slips(rest: str, _: Any) -> ControlReply:
        with printer.lock:
            slips = printer.paper.list_slips()
            if not rest:
                return ControlReply.of([slip.to_json() for slip in slips])
            number = int(rest.removeprefix("/").removesuffix(".png"))
            if not 0 < number <= len(slips):
                return ControlReply.of({"error": f"there is no slip {number}"}, 404)
            return ControlReply(200, slips[number - 1].to_png(printer.paper.dots), "image/png")

    def delete_slips(_: str, __: Any) -> ControlReply:
        with printer.lock:
            printer.paper.clear()
        return ControlReply()

    def put_faults(_: str, value: Any) -> ControlReply:
        printer.set_faults(PrinterFaults.from_json(value or {}))
        return ControlReply()

    def put_plug(_: str, value: Any) -> ControlReply:
        if cable is None:
            raise BadControl("a network has no plug here")
        (cable.put_in if value["is_in"] else cable.pull_out)()
        return ControlReply()

    def delete_log(_: str, __: Any) -> ControlReply:
        printer.log.clear()
        return ControlReply()

    return ControlServer(
        {
            ("GET", "/slips"): get_slips,
            ("DELETE", "/slips"): delete_slips,
            ("PUT", "/faults"): put_faults,
            ("PUT", "/plug"): put_plug,
            ("GET", "/log"): lambda _, __: ControlReply.of(printer.log),
            ("DELETE", "/log"): delete_log,
        }
    )


def _connect(printer: SimulatedPrinter, wire: str, link: Path | None, port: int) -> tuple[Cable | None, str]:
    """Put the printer's cable in; returns it, if it has a plug, and the device's URL."""
    if wire == "serial":
        line = SerialLine(printer, link)
        line.put_in()
        return line, f"receipt+serial:{link or line.path}?"
    if wire == "usb":
        usb = UsbCable(printer)
        usb.put_in()
        threading.Thread(target=usb.serve, daemon=True).start()
        return usb, f"receipt+usb:{usb.target}&"
    listener = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=serve_tcp, args=(printer, listener), daemon=True).start()
    return None, f"receipt+tcp://127.0.0.1:{listener.getsockname()[1]}?"


def main() -> None:
    """Open the wire and the control door, say where they are, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, default=48, choices=(32, 42, 48))
    parser.add_argument("--wire", default="tcp", choices=("tcp", "serial", "usb"))
    parser.add_argument("--link", type=Path, help="a symbolic link that always points at the serial line")
    parser.add_argument("--port", type=int, default=0, help="of TCP; 0 takes a free one")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    find_font("\U0003fffd")  # no font has it, so all are loaded now and not in the middle of a slip
    printer = SimulatedPrinter(options.columns * DOTS_PER_COLUMN)
    cable, url = _connect(printer, options.wire, options.link, options.port)
    control = _control(printer, cable)
    control.start()
    addresses = {"url": f"{url}columns={options.columns}", "control": control.url}
    run_until_ended(addresses, with_parent=options.with_parent)
    if cable:
        cable.pull_out()


if __name__ == "__main__":
    main()
