"""Yesterday's backup is put back: what was lost shows, kiosks ahead of it keep what they have, and go on."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from onething.domain.fleet import AlertKind
from onething.domain.records import StoredFile
from onething.services import fleet as lives
from onething.services.fleet_configuring import configure
from onething.services.fleet_watching import get_terminal
from onething.storage.audit_chain import AuditHead, find_broken, find_head, seal_audit
from onething.storage.file_store import FolderFileStore
from onething.storage.lost_files import LostFile, find_lost
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords
from tests.databases import address, database_beside
from tests.fleet.conftest import environment
from tests.fleet.machine import TECHNICIAN, HandClock, Machine, make_fleet
from tests.fleet.test_orders import settings

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/bin"))
Restore = Callable[[], str]


class Installation:
    """A server with one kiosk whose database can be kept and put back, beside files that stay."""

    def __init__(self, folder: Path, url: str, beside: str) -> None:
        migrate(url)
        self.folder, self.url, self.beside = folder, url, beside
        self.environ = environment(folder, url)
        self.clock = HandClock()
        self.fleet = make_fleet(self.environ, self.clock)

    def keep(self) -> Path:
        """A backup of the database while it is in use."""
        kept = self.folder / "kept"
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(make_url(self.url).database or "")) as used:
                used.execute("VACUUM INTO ?", (str(kept),))
            return kept
        dump = [str(PROGRAMS / "pg_dump"), "--format=custom", f"--file={kept}", address(self.url)]
        subprocess.run(dump, check=True)
        return kept

    def put_back(self, kept: Path) -> None:
        """Begin again with the database as it was kept."""
        self.fleet.ports.close()
        if self.beside.startswith("sqlite"):
            shutil.copy(kept, make_url(self.beside).database or "")
        else:
            put = [str(PROGRAMS / "pg_restore"), "--exit-on-error", f"--dbname={address(self.beside)}"]
            subprocess.run([*put, str(kept)], check=True)
        self.fleet = make_fleet({**self.environ, "ONETHING_DATABASE_URL": self.beside}, self.clock)

    @property
    def records(self) -> DatabaseRecords:
        records = self.fleet.ports.records
        assert isinstance(records, DatabaseRecords)
        return records

    def list_files(self) -> list[LostFile | None]:
        files = self.fleet.ports.files
        assert isinstance(files, FolderFileStore)
        return list(find_lost(self.records, files))

    def add_file(self, name: str) -> None:
        data = name.encode()
        self.fleet.ports.files.put(name, data)
        row = StoredFile(
            name, "draft-1", "photo", sha256(data).hexdigest(), "image/png", len(data), 1, 1, self.clock.now()
        )
        with self.records.act() as uow:
            uow.files.add(row)

    def seal(self) -> AuditHead:
        while seal_audit(self.records):
            pass
        return find_head(self.records)

    def enrol(self) -> Machine:
        terminal = lives.plan_terminal(self.fleet.ports, TECHNICIAN, "K-1", "政务服务大厅", "Service hall").id
        machine = Machine(self.fleet)
        self.come_with_a_code(machine, terminal)
        return machine

    def come_with_a_code(self, machine: Machine, terminal: str) -> None:
        machine.fleet = self.fleet
        answer = machine.enrol(lives.issue_code(self.fleet.ports, TECHNICIAN, terminal).code)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        lives.activate(self.fleet.ports, TECHNICIAN, terminal, answer.json["check_words"])

    def configure(self, machine: Machine, idle_seconds: int) -> None:
        configure(self.fleet.ports, TECHNICIAN, machine.kiosk.id, settings(idle_seconds=idle_seconds))

    def beat(self, machine: Machine, configuration: int) -> dict[str, object]:
        """A heartbeat of a machine that works with this revision."""
        self.clock.at += timedelta(seconds=30)
        machine.fleet = self.fleet
        versions = {"agent": "1.0.0", "configuration": configuration, "catalog": 3}
        told: dict[str, object] = machine.beat(versions=versions).json
        return told

    def alerts_of(self, machine: Machine) -> set[AlertKind]:
        line = get_terminal(self.fleet.ports, TECHNICIAN, machine.kiosk.id).line
        return {each.kind for each in line.alerts}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    if request.param == "sqlite":
        made = Installation(
            tmp_path, f"sqlite:///{tmp_path}/used.sqlite", f"sqlite:///{tmp_path}/beside.sqlite"
        )
        yield made
        made.fleet.ports.close()
        return
    cluster = request.getfixturevalue("postgres_url")
    with database_beside(cluster) as url, database_beside(cluster) as beside:
        made = Installation(tmp_path, url, beside)
        yield made
        made.fleet.ports.close()


def test_a_kiosk_ahead_of_the_backup_keeps_its_settings_and_takes_the_next(made: Installation) -> None:
    machine = made.enrol()
    kept = made.keep()
    for idle_seconds in (90, 100):
        made.configure(machine, idle_seconds)
    assert made.beat(machine, 3)["configuration"] == 3
    made.put_back(kept)
    assert made.beat(machine, 3)["state"] == "active"
    assert made.alerts_of(machine) == {AlertKind.AHEAD_OF_SERVER}
    made.configure(machine, 120)
    assert made.beat(machine, 3)["configuration"] == 4, "a number the kiosk has had would never reach it"
    assert made.beat(machine, 4)["state"] == "active"
    assert made.alerts_of(machine) == set()


def test_a_kiosk_enrolled_since_the_backup_comes_again_and_keeps_its_number(made: Installation) -> None:
    terminal = lives.plan_terminal(made.fleet.ports, TECHNICIAN, "K-1", "政务服务大厅", "Service hall").id
    kept = made.keep()
    machine = Machine(made.fleet)
    made.come_with_a_code(machine, terminal)
    made.put_back(kept)
    machine.fleet = made.fleet
    assert machine.ask("GET", "/things").status_code == 401
    made.come_with_a_code(machine, terminal)
    assert machine.kiosk.id == terminal
    assert made.beat(machine, 1)["state"] == "active"


def test_what_was_lost_shows_against_the_head_kept_outside(made: Installation) -> None:
    machine = made.enrol()
    at_backup = made.seal()
    kept = made.keep()
    made.configure(machine, 90)
    last = made.seal()
    made.put_back(kept)
    assert find_broken(made.records, at_backup) is None
    cut = find_broken(made.records, last)
    assert cut is not None
    assert (cut.reason, cut.position) == ("cut", at_backup.position + 1)


def test_files_that_were_not_put_back_are_named(made: Installation) -> None:
    for name in ("page-one", "page-two", "page-three"):
        made.add_file(name)
    kept = made.keep()
    made.put_back(kept)
    assert made.list_files() == [None, None, None]
    folder = made.folder / "files"
    (folder / "pa" / "page-one").unlink()
    sealed = folder / "pa" / "page-two"
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"?")
    lost = [each for each in made.list_files() if each]
    assert [(each.id, each.reason) for each in lost] == [("page-one", "missing"), ("page-two", "broken")]
    assert {each.owner for each in lost} == {"draft-1"}
