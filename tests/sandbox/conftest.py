"""One sandbox in its own process for the tests of this folder."""

from collections.abc import Iterator

import pytest

from sandbox.running import RunningSandbox, run_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running
