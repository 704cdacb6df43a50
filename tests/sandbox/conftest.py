"""Sandboxes in processes of their own, and our side of the gateway, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.sandbox.far_side import Caller, Listener


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RunningSandbox]:
    """A sandbox of this test's own, whose clock, habits and parts nobody else touches."""
    with run_sandbox(tmp_path) as running:
        yield running


@pytest.fixture
def caller(own: RunningSandbox) -> Caller:
    return Caller(own)


@pytest.fixture
def listener(own: RunningSandbox) -> Iterator[Listener]:
    listener = Listener(own)
    yield listener
    listener.close()
