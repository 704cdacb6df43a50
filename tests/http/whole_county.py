"""A whole county for one module of tests: server, departments and records, with a window that accepts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from werkzeug.test import EnvironBuilder, TestResponse

from onething.bootstrap import build_ports
from onething.domain.records import Case
from onething.ports import Ports
from onething.worker import Worker
from sandbox.running import RunningSandbox, run_sandbox
from tests.http.kiosk_signing import Kiosk
from tests.http.running_server import Server, start_server
from tests.http.world import Sitting, enrol_kiosk, environment, set_up
from tests.patience import Patience

SENT_WITHIN_SECONDS = 20
DONE_WITHIN_SECONDS = 120


@dataclass(frozen=True)
class SocketClient:
    """Stands where the application's own test client would, with a socket and gunicorn in between."""

    server: Server

    def test_client(self) -> SocketClient:
        return self

    def open(self, target: str, *, method: str, data: bytes, headers: Mapping[str, str]) -> TestResponse:
        # The kiosk signs for the name that it was given, as it does behind a proxy.
        sent = {**headers, "host": "localhost"}
        answer = requests.request(
            method, self.server.url + target, data=data, headers=sent, timeout=SENT_WITHIN_SECONDS
        )
        asked = EnvironBuilder(target, method=method).get_request()
        status = f"{answer.status_code} {answer.reason}"
        return TestResponse([answer.content], status, list(answer.headers.items()), asked)  # type: ignore[arg-type]


@dataclass
class WholeCounty:
    """gunicorn, the outside world, the records, and the one kiosk; the worker works when it is told to."""

    server: Server
    sandbox: RunningSandbox
    ports: Ports
    kiosk: Kiosk
    cards: Mapping[str, dict[str, Any]]

    def sit_down(self, person: str) -> Sitting:
        """``family.role`` at the kiosk, signed in with their card."""
        sitting = Sitting(SocketClient(self.server), self.kiosk)
        sitting.sign_in(self.cards[person])
        return sitting

    def deliver(self) -> None:
        """Everything that is due now goes out."""
        while Worker(self.ports, "county").work_once():
            pass

    def find(self, number: str) -> Case:
        with self.ports.records.read() as uow:
            case = uow.cases.find_by_number(number)
        assert case is not None
        return case

    def work_until_closed(self, number: str) -> Case:
        """Deliver what becomes due while departments call back, until every part has ended."""
        patience = Patience(DONE_WITHIN_SECONDS)
        while (case := self.find(number)).state != "closed":
            assert patience.lasts(), [(part.matter, part.state) for part in case.parts]
            time.sleep(0.03)
            self.deliver()
        return case


@contextmanager
def whole_county(folder: Path, database_url: str) -> Iterator[WholeCounty]:
    """Set one up by the commands people use, and take it down."""
    with run_sandbox(folder) as sandbox:
        sandbox.put_department("*", after_seconds=0.02)
        environ = environment(folder, database_url, sandbox.url, sandbox.token_file)
        environ["ONETHING_WINDOW_ACCEPTS"] = "yes"
        set_up(environ)
        server = start_server(environ, folder / "gunicorn.log")
        ports = build_ports({**environ, "ONETHING_PUBLIC_URL": server.url})
        try:
            kiosk = enrol_kiosk(ports, "K-01")
            yield WholeCounty(server, sandbox, ports, kiosk, _cards(sandbox))
        finally:
            ports.close()
            server.stop()


def _cards(sandbox: RunningSandbox) -> dict[str, dict[str, Any]]:
    """Everybody's card as a reader gives it, without its photo."""
    return {
        f"{person['family']}.{person['role']}": {k: v for k, v in person["card"].items() if k != "photo"}
        for person in sandbox.list_people()
        if person.get("card")
    }
