"""The fan-out to eight registers of 150 ms each, against the slowest of them."""

from ..connectors.measure_fan_out import measure as measure_fan_out
from .rows import Row

UNIT = "x slowest source"


def measure() -> list[Row]:
    """One citizen, fifty at once, and fifty while one register hangs; wall time."""
    measured = measure_fan_out()
    cpu = f"{measured['wave_cpu_ms']} ms of processor time a wave"
    return [
        Row("autofill, 8 sources of 150 ms", 1.1, measured["one_citizen"], UNIT, cpu),
        Row("autofill, 50 citizens at once, p50", None, measured["fifty_citizens_p50"], UNIT, ""),
        Row(
            "autofill, 50 citizens, one source hung, p50",
            1.5,
            measured["fifty_citizens_one_hung_p50"],
            UNIT,
            "after the breaker has opened",
        ),
    ]
