"""The simulated A4 printer as a process: it speaks IPP over HTTP, and a second door controls it.

    python -m devices.a4_printer.simulator [--with-parent]

Control: PUT /faults {faults}, GET /jobs, GET /documents/1, GET /sheets, DELETE /sheets (and all jobs).
"""

import argparse
import threading
import time
from typing import Any

from devices.a4_printer.simulated_printer import RAW, A4Faults, SimulatedA4Printer
from devices.simulated_ipp import IppServer
from devices.simulation import ControlReply, ControlServer, run_until_ended


def _print_for_ever(printer: SimulatedA4Printer) -> None:
    while True:
        time.sleep(printer.faults.page_s)
        printer.work()


def _control(printer: SimulatedA4Printer) -> ControlServer:
    def put_faults(_: str, value: Any) -> ControlReply:
        with printer.lock:
            printer.faults = A4Faults.from_json(value or {})
        return ControlReply()

    def delete_sheets(_: str, __: Any) -> ControlReply:
        with printer.lock:
            printer.sheets.clear()
            printer.jobs.clear()
        return ControlReply()

    def get_document(rest: str, _: Any) -> ControlReply:
        return ControlReply(200, printer.jobs[int(rest.removeprefix("/"))].document, RAW)

    return ControlServer(
        {
            ("PUT", "/faults"): put_faults,
            ("GET", "/jobs"): lambda _, __: ControlReply.of([job.to_json() for job in printer.jobs.values()]),
            ("GET", "/documents"): get_document,
            ("GET", "/sheets"): lambda _, __: ControlReply.of(printer.sheets),
            ("DELETE", "/sheets"): delete_sheets,
        }
    )


def main() -> None:
    """Open both doors, say where they are, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    printer = SimulatedA4Printer()
    server = IppServer(printer.answer, printer.cut_after)
    printer.uri = f"ipp://{server.address}/ipp/print"
    server.start()
    threading.Thread(target=_print_for_ever, args=(printer,), daemon=True).start()
    control = _control(printer)
    control.start()
    addresses = {"url": f"a4+ipp://{server.address}/ipp/print", "control": control.url}
    run_until_ended(addresses, with_parent=options.with_parent)


if __name__ == "__main__":
    main()
