"""A whole installation in processes of its own: gunicorn, workers, the county's sandbox, a database."""

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from demo.processes import Process
from onething.domain.records import Session
from onething.services.signing_in import start_session
from sandbox.running import RunningSandbox
from tests.faults.failpoints import Failpoints
from tests.faults.kiosk import Door
from tests.http.world import enrol_kiosk
from tests.patience import Patience
from tests.services.county import County
from tests.siblings import with_another_child

TOP = Path(__file__).resolve().parents[2]
GUNICORN = ["--config", str(TOP / "deploy/gunicorn/gunicorn.conf.py"), "--chdir", str(TOP), "--preload"]
# One after the other, and results that go on: enough of every kind of act, and quick.
MATTERS = ["BIRTH-CERT", "HUKOU"]
DEPARTMENTS = ("WJ", "GA")
# As long as a program that is slow to start on a busy machine gets elsewhere.
LISTENS_WITHIN_SECONDS = 120.0


class Installation:
    """The county with its server and workers running; ``kill_at_random`` and failpoints end them."""

    def __init__(self, county: County, folder: Path, servers: int, workers: int) -> None:
        self.county = county
        self.folder = folder
        self.failpoints = Failpoints(folder / "failpoints")
        self.kiosk = enrol_kiosk(county.ports, "K-01")
        self._chance = random.Random(folder.name)
        self.masters: list[Process] = []
        """The processes that bear those who are killed."""
        try:
            self.masters.append(self._start_gunicorn(servers))
            self.port = self._listening_port()
            if workers:
                self.masters.append(self._start_nursery(workers))
        except BaseException:
            self.stop()
            raise

    def sign_in(self, family: str = "chen", role: str = "mother") -> Door:
        """The kiosk before the server's door, with somebody's card on its reader."""
        ports = self.county.ports
        with ports.records.read() as uow:
            terminal = uow.terminals.find(self.kiosk.id)
        assert terminal is not None
        session = start_session(ports, terminal, self.county.card(family, role))
        return Door(self.kiosk, self.port, session["token"])

    def list_deaths(self) -> list[str]:
        """How the masters' children ended so far, as their masters say: ``SIGKILL``, ``exit 1``."""
        said = "".join((self.folder / f"{name}.log").read_text("utf-8") for name in ("server", "workers"))
        return [line.split("was sent ")[1].split("!")[0] for line in said.splitlines() if "was sent " in line]

    def kill_at_random(self) -> None:
        """Kill one of the children, whatever it is doing."""
        children = [child for master in self.masters for child in _children_of(master.pid)]
        with suppress(ProcessLookupError, IndexError):
            os.kill(self._chance.choice(children), signal.SIGKILL)

    def stop(self) -> None:
        for master in reversed(self.masters):
            master.end()

    def _start_gunicorn(self, servers: int) -> Process:
        (self.folder / "workers.log").touch()
        command = [sys.executable, "-m", "gunicorn", *GUNICORN, "tests.faults.wsgi:app"]
        environment = self._environment() | {
            "ONETHING_BIND": "127.0.0.1:0",
            "ONETHING_WORKERS": str(servers),
            "ONETHING_LOG_LEVEL": "warning",
        }
        # gunicorn says where it listens at the level of info only; the sandbox keeps its lines open, and
        # gunicorn would wait for them to end.
        options = ["--log-level", "info", "--graceful-timeout", "1"]
        return Process("server", [*command, *options], environment, self.folder)

    def _start_nursery(self, workers: int) -> Process:
        environment = self._environment() | {"ONETHING_PUBLIC_URL": f"http://127.0.0.1:{self.port}"}
        command = [sys.executable, "-m", "tests.faults.nursery", str(workers)]
        nursery = Process("workers", command, environment | {"PYTHONPATH": str(TOP)}, self.folder)
        nursery.read_ready_line()
        return nursery

    def _environment(self) -> dict[str, str]:
        return {
            "ONETHING_DATABASE_URL": self.county.database_url,
            "ONETHING_FILES": str(self.folder / "files"),
            "ONETHING_KEYS": str(self.folder / "keys.json"),
            "ONETHING_GATEWAY_URL": self.county.sandbox.url,
            "ONETHING_GATEWAY_TOKENS": str(self.county.sandbox.token_file),
            "FAILPOINTS": str(self.folder / "failpoints"),
            "ONETHING_WINDOW_ACCEPTS": "no",
            "ONETHING_NEEDS_DEFAULT": "agreed",
        }

    def _listening_port(self) -> int:
        patience = Patience(LISTENS_WITHIN_SECONDS)
        while patience.lasts():
            self.masters[0].check_running()
            said = (self.folder / "server.log").read_text("utf-8")
            if "Booting worker" in said:
                return int(said.split("Listening at: http://127.0.0.1:")[1].split()[0])
            time.sleep(0.05)
        raise TimeoutError("gunicorn does not listen")


def _children_of(master: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


class Clones:
    """A ready birth, and as many like it as are wanted: the same mother, another child and draft each."""

    def __init__(self, county: County) -> None:
        self._county = county
        self.session: Session = county.sign_in()
        county.open(self.session, chosen=MATTERS)
        draft = county.ready_birth(self.session)
        assert draft["ready"], draft["missing"]
        with county.ports.records.read() as uow:
            found = uow.drafts.find(draft["id"])
            assert found is not None
            self._draft = found
            self._files = uow.files.list_of(draft["id"])

    def make(self, count: int) -> list[str]:
        """The new drafts' ids."""
        drafts = [
            replace(
                self._draft,
                id=uuid4().hex,
                subject=uuid4().hex[:16],
                version=0,
                values=with_another_child(self._draft.values),
            )
            for _ in range(count)
        ]
        with self._county.ports.records.act() as uow:
            for draft in drafts:
                uow.drafts.add(draft)
                for file in self._files:
                    uow.files.add(replace(file, id=uuid4().hex, owner=draft.id))
        return [draft.id for draft in drafts]


@contextmanager
def running(
    database_url: str, sandbox: RunningSandbox, folder: Path, *, servers: int = 2, workers: int = 2
) -> Iterator[Installation]:
    """An installation for one test."""
    with County(database_url, sandbox, folder) as county:
        for department in DEPARTMENTS:
            sandbox.put_department(department, decide="complete", after_seconds=0.0, tricks=[])
        installation = Installation(county, folder, servers, workers)
        try:
            yield installation
        finally:
            installation.stop()
