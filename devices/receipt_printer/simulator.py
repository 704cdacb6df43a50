"""The simulated receipt printer as a process: a TCP port speaks ESC/POS, HTTP controls it.

    python -m devices.receipt_printer.simulator [--columns 48] [--with-parent]

Control: GET /slips, GET /slips/1.png, DELETE /slips, PUT /faults {faults}, GET /log, DELETE /log.
"""

import argparse
import contextlib
import select
import socket
import threading
from typing import Any

from devices.receipt_printer.fonts import find_font
from devices.receipt_printer.layout import DOTS_PER_COLUMN
from devices.receipt_printer.simulated_printer import Died, PrinterFaults, SimulatedPrinter
from devices.simulation import ControlReply, ControlServer, run_until_ended

_TICK_S = 0.01


def _serve(printer: SimulatedPrinter, listener: socket.socket) -> None:
    """One connection at a time, as printers do; the printer goes on printing between them."""
    while True:
        ready, _, _ = select.select([listener], [], [], _TICK_S)
        with contextlib.suppress(OSError):
            try:
                if ready:
                    connection, _ = listener.accept()
                    with connection:
                        _converse(printer, connection)
                    printer.hang_up()
                else:
                    printer.work()
            except Died:
                printer.lose_power()


def _converse(printer: SimulatedPrinter, connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        readers = [connection] if printer.has_room else []
        ready, _, _ = select.select(readers, [], [], _TICK_S)
        if ready:
            data = connection.recv(4096)
            if not data:
                return
            connection.sendall(printer.receive(data))
        connection.sendall(printer.work())


def _control(printer: SimulatedPrinter) -> ControlServer:
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

    def delete_log(_: str, __: Any) -> ControlReply:
        printer.log.clear()
        return ControlReply()

    return ControlServer(
        {
            ("GET", "/slips"): get_slips,
            ("DELETE", "/slips"): delete_slips,
            ("PUT", "/faults"): put_faults,
            ("GET", "/log"): lambda _, __: ControlReply.of(printer.log),
            ("DELETE", "/log"): delete_log,
        }
    )


def main() -> None:
    """Open the port and the control door, say where they are, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, default=48, choices=(32, 42, 48))
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    find_font("\U0003fffd")  # no font has it, so all are loaded now and not in the middle of a slip
    printer = SimulatedPrinter(options.columns * DOTS_PER_COLUMN)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(printer, listener), daemon=True).start()
    control = _control(printer)
    control.start()
    url = f"receipt+tcp://127.0.0.1:{listener.getsockname()[1]}?columns={options.columns}"
    run_until_ended({"url": url, "control": control.url}, with_parent=options.with_parent)


if __name__ == "__main__":
    main()
