"""Measure the autofill fan-out against its slowest healthy source; prints one JSON line of ratios.

Eight registers that take 150 ms each, in a sandbox process of their own; citizens are threads, as under
gunicorn's gthread. Run as ``python tests/connectors/measure_fan_out.py``.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from onething.connectors.exchange import Exchange
from onething.connectors.gateway import GatewayTokens
from onething.connectors.loop import BackgroundLoop
from onething.connectors.sources import SourceCalls
from onething.ports import Purpose, SourceCall
from sandbox.registers import REGISTERS
from sandbox.running import RunningSandbox, run_sandbox

SLOWEST_S = 0.15
CITIZENS = 50
EIGHT = list(REGISTERS)[:8]


def measure() -> dict[str, float]:
    """Ratios of wall time to the slowest source, and the CPU of one wave of eight calls in ms."""
    with tempfile.TemporaryDirectory() as folder, run_sandbox(Path(folder)) as sandbox:
        loop = BackgroundLoop()
        sources = SourceCalls(Exchange(sandbox.url, GatewayTokens.load(sandbox.token_file), loop))
        calls = _eight_calls(sandbox)
        sources.ask_all(calls)
        try:
            return _ratios(sandbox, lambda: sources.ask_all(calls))
        finally:
            loop.close()


def _eight_calls(sandbox: RunningSandbox) -> list[SourceCall]:
    number = sandbox.get_person("huang", "deceased")["card"]["id_number"]
    purpose = Purpose("draft", "P-AFTER-DEATH", (), "session", "测量")
    return [SourceCall(source, source, {"self.id_number": number}, purpose, 1.5) for source in EIGHT]


def _ratios(sandbox: RunningSandbox, ask: Callable[[], object]) -> dict[str, float]:
    cpu = time.process_time()
    for _ in range(50):
        ask()
    cpu_ms = (time.process_time() - cpu) / 50 * 1000
    for source in EIGHT:
        sandbox.put_mood(source, "slow", SLOWEST_S)
    one = _median(_timed(ask, 10))
    many = _median(_side_by_side(ask))
    sandbox.put_mood(EIGHT[0], "hang", 60)
    hung = _median(_side_by_side(ask))
    return {
        "wave_cpu_ms": round(cpu_ms, 2),
        "one_citizen": round(one / SLOWEST_S, 3),
        "fifty_citizens_p50": round(many / SLOWEST_S, 3),
        "fifty_citizens_one_hung_p50": round(hung / SLOWEST_S, 3),
    }


def _side_by_side(ask: Callable[[], object]) -> list[float]:
    with ThreadPoolExecutor(CITIZENS) as citizens:
        return [took for each in citizens.map(lambda _: _timed(ask, 10), range(CITIZENS)) for took in each]


def _timed(ask: Callable[[], object], times: int) -> list[float]:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        took.append(time.perf_counter() - start)
    return took


def _median(took: list[float]) -> float:
    return statistics.median(took)


if __name__ == "__main__":
    print(json.dumps(measure()))
