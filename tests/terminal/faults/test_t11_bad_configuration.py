"""T11: a configuration that breaks the printer's address is taken back by the kiosk alone."""

from pathlib import Path

from devices.simulator_process import SimulatorProcess

from ..kiosk_process import KioskProcess, wait_for
from ..stand_in_fleet import RunningFleet


def test_t11_a_printer_lost_by_a_configuration_comes_back_by_itself(
    tmp_path: Path, fleet: RunningFleet
) -> None:
    printer = SimulatorProcess("devices.receipt_printer.simulator")
    kiosk = KioskProcess(tmp_path, fleet.url)
    kiosk.enrol()

    def last(name: str) -> object:
        return fleet.door.heartbeats[-1][name] if fleet.door.heartbeats else None

    def printer_state() -> str:
        return str((last("devices") or {}).get("receipt_printer", {}).get("state"))  # type: ignore[attr-defined]

    try:
        fleet.door.configure(1, devices={"receipt_printer": printer.url})
        kiosk.start("--trial-seconds", "2.5")
        wait_for(lambda: ("confirmed", 1) in outcomes(fleet), 30)
        wait_for(lambda: printer_state() == "ready")
        fleet.door.configure(2, devices={"receipt_printer": "receipt+tcp://127.0.0.1:1"})
        wait_for(lambda: ("applied", 2) in outcomes(fleet))
        wait_for(lambda: printer_state() in ("absent", "error"))
        wait_for(lambda: ("rolled_back", 2) in outcomes(fleet), 30)
        wait_for(lambda: printer_state() == "ready")
        assert (last("versions") or {})["configuration"] == 1  # type: ignore[index]
    finally:
        kiosk.end()
        printer.end()


def outcomes(fleet: RunningFleet) -> list[tuple[str, int]]:
    return [(each["outcome"], each["revision"]) for each in fleet.door.reports]
