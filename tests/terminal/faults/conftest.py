"""A kiosk's own program for the rows of the fault table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..kiosk_process import KioskProcess
from ..stand_in_fleet import RunningFleet


@pytest.fixture
def kiosk(tmp_path: Path, fleet: RunningFleet) -> Iterator[KioskProcess]:
    """A kiosk that is enrolled and not begun."""
    process = KioskProcess(tmp_path, fleet.url)
    process.enrol()
    yield process
    process.end()
