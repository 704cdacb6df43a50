"""An ID card from the tap to its data, against the time its bytes take on a wire of 115200 baud."""

import statistics
import time

from devices.id_card.sam_v import SamVReader
from devices.id_card.wire import SerialWire
from devices.simulator_process import SimulatorProcess
from devices.url import DeviceUrl

from ..devices.conftest import RESIDENT
from .rows import Row

BAUD = 115200
BITS_PER_BYTE = 10
BOUND = 1.15


class _CountingWire(SerialWire):
    """The serial wire; counts what comes over it."""

    received = 0

    def receive(self, into: memoryview, limit_s: float) -> int:
        count = super().receive(into, limit_s)
        self.received += count
        return count


def measure() -> Row:
    """Wall time of finding, selecting and reading; the simulator sends as slowly as a real reader."""
    simulator = SimulatorProcess("devices.id_card.simulator")
    try:
        simulator.put("/faults", {"baud": BAUD})
        wire = _CountingWire(DeviceUrl.parse(simulator.url).target, BAUD)
        reader = SamVReader(lambda: wire)
        rounds = [_read_once(simulator, reader, wire) for _ in range(9)][1:]
        reader.close()
    finally:
        simulator.end()
    ratio = statistics.median(taken / on_wire for taken, on_wire in rounds)
    taken, on_wire = (statistics.median(each) * 1000 for each in zip(*rounds, strict=True))
    note = f"{taken:.0f} ms against {on_wire:.0f} ms for the answers' bytes alone"
    return Row("an ID card, tap to data", BOUND, round(ratio, 3), "x the wire", note)


def _read_once(simulator: SimulatorProcess, reader: SamVReader, wire: _CountingWire) -> tuple[float, float]:
    """Seconds taken, and seconds the bytes that came need at this speed."""
    simulator.delete("/card")
    reader.is_card_present()
    simulator.put("/card", RESIDENT.to_json())
    wire.received = 0
    begun = time.perf_counter()
    if not reader.is_card_present() or reader.read() != RESIDENT:
        raise ValueError("the card was not read right, its time says nothing")
    return time.perf_counter() - begun, wire.received * BITS_PER_BYTE / BAUD
