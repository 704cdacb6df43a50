"""Benches for the rows of the fault table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.simulator_process import SimulatorProcess
from tests.devices.printing import WIRES, Bench, open_printer


def _bench(wire: str, columns: int, folder: Path) -> Iterator[Bench]:
    link = ["--link", str(folder / "receipt_printer")] if wire == "serial" else []
    arguments = ["--wire", wire, "--columns", str(columns), *link]
    simulator = SimulatorProcess("devices.receipt_printer.simulator", *arguments)
    yield Bench(wire, columns, simulator, open_printer(simulator, "&stall_s=2"))
    simulator.end()


@pytest.fixture(scope="session", params=WIRES)
def any_printer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A printer of 58 mm on each wire in turn."""
    yield from _bench(request.param, 32, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session")
def network_printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A printer of 58 mm on the network, for what is tried at every byte."""
    yield from _bench("tcp", 32, tmp_path_factory.mktemp("tcp"))
