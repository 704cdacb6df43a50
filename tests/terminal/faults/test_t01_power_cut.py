"""T1: the power fails behind every single write, sync and rename of a real process on a real file system.

The file system (power_cut.py, FUSE) records what would be on the disk behind each operation; every one of
these disks is laid down and the program begun on it. It does not model pages that are torn in the middle.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from terminal_client.agent.journal import Journal
from terminal_client.keys import read_key
from terminal_client.outbox.store import Outbox
from tests.patience import Patience

from .taking import INTAKES, SERVER_KEY

TOP = Path(__file__).resolve().parents[3]
SHARE = 1 if os.environ.get("FAULTS") == "all" else 3


@dataclass(frozen=True)
class Cut:
    """The disk behind one operation, and what the process had told by then."""

    after: str
    disk: dict[str, str]
    told: list[str]

    def lay_down(self, folder: Path) -> None:
        for name, content in self.disk.items():
            (folder / name).write_bytes(bytes.fromhex(content))
            (folder / name).chmod(0o600)

    def told_of(self, what: str) -> list[str]:
        return [each.removeprefix(f"{what}-") for each in self.told if each.startswith(f"{what}-")]


@pytest.fixture(scope="module")
def cuts(tmp_path_factory: pytest.TempPathFactory) -> list[Cut]:
    folder = tmp_path_factory.mktemp("cut")
    mountpoint, record = folder / "disk", folder / "record"
    mountpoint.mkdir()
    disk = subprocess.Popen(
        [sys.executable, "-m", "tests.terminal.faults.power_cut", str(mountpoint), str(record)], cwd=TOP
    )
    try:
        patience = Patience(20)
        while not mountpoint.is_mount():
            assert patience.lasts(), "the disk is not there"
            assert disk.poll() is None
            time.sleep(0.02)
        command = [sys.executable, "-m", "tests.terminal.faults.taking", str(mountpoint)]
        subprocess.run(command, cwd=TOP, check=True, timeout=60)
    finally:
        subprocess.run(["fusermount3", "-u", str(mountpoint)], check=False)
        disk.wait(10)
    return list(read_cuts(record))


def read_cuts(record: Path) -> Iterator[Cut]:
    told: list[str] = []
    for line in record.read_text("ascii").splitlines():
        after, disk = json.loads(line)
        kept = {name: content for name, content in disk.items() if not name.startswith("told-")}
        yield Cut(after, kept, list(told))
        if after.startswith("create /told-"):
            told.append(after.removeprefix("create /told-"))


def choose(cuts: list[Cut]) -> list[Cut]:
    """Every cut, or a share of those behind plain writes and all behind the others."""
    return [cut for number, cut in enumerate(cuts) if cut.after != "write" or number % SHARE == 0]


def test_t01_what_was_acknowledged_is_there_once_and_nothing_else(
    cuts: list[Cut], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert len(cuts) > 150
    assert len(cuts[-1].told_of("taken")) == INTAKES
    for number, cut in enumerate(choose(cuts)):
        folder = tmp_path_factory.mktemp(f"after{number}")
        cut.lay_down(folder)
        outbox = Outbox(folder, SERVER_KEY, "t")
        there = [item.id for item in outbox.list_all()]
        outbox.close()
        owed = [each for each in cut.told_of("taken") if each not in cut.told_of("sent")]
        assert set(owed) <= set(there), f"an acknowledged intake is lost behind {cut.after}"
        assert len(there) == len(set(there))
        # one that is being taken, or one that is being struck off, may be there or not
        assert len(set(there) - set(owed)) <= 1, cut.after


def test_t01_a_command_that_was_begun_is_never_begun_again(
    cuts: list[Cut], tmp_path_factory: pytest.TempPathFactory
) -> None:
    for number, cut in enumerate(choose(cuts)):
        if not cut.told_of("begun"):
            continue
        folder = tmp_path_factory.mktemp(f"journal{number}")
        cut.lay_down(folder)
        journal = Journal(folder)
        again = [command for command in cut.told_of("begun") if journal.begin(command, "reboot")]
        journal.close()
        assert not again, cut.after


def test_t01_key_and_configuration_are_the_old_or_the_new_and_always_whole(
    cuts: list[Cut], tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen = set()
    for number, cut in enumerate(cuts):
        revision = 0
        if "configuration.json" in cut.disk:
            revision = json.loads(bytes.fromhex(cut.disk["configuration.json"]))["revision"]
        seen.add(revision)
        assert revision >= max(map(int, cut.told_of("configured")), default=0), cut.after
        if "key" in cut.told and number % 20 == 0:
            folder = tmp_path_factory.mktemp(f"key{number}")
            cut.lay_down(folder)
            read_key(folder / "kiosk.key")
    assert seen == {0, 1, 2}
