"""What was taken in while the server was away arrives sealed, once, and is settled at a window."""

import json
import secrets
from collections.abc import Callable

import pytest

from onething.services.fleet_intakes import IntakeSettled, get_intake, list_intakes, settle_intake
from onething.storage.schema import metadata
from onething.worker import Worker
from tests.fleet.machine import CLERK, Fleet, Machine

Enrol = Callable[[], Machine]
MOBILE = "19900007788"


def send(machine: Machine, item: str, sealed: str) -> int:
    body = {"id": item, "kind": "intake", "sealed": sealed}
    return machine.ask("POST", "/outbox-items", body, key=item).status_code


def content() -> bytes:
    said = {"thing": "P-NEWBORN", "phone": MOBILE, "taken_at": "2026-11-23T08:00:00Z", "number": "L-17"}
    return json.dumps(said).encode()


def work(fleet: Fleet) -> None:
    worker = Worker(fleet.ports, "test")
    while worker.work_once():
        pass


def test_an_intake_is_opened_listed_and_settled_once(fleet: Fleet, enrolled: Enrol) -> None:
    machine, item = enrolled(), secrets.token_hex(16)
    sealed = machine.seal(item, content())
    assert [send(machine, item, sealed) for _ in range(2)] == [201, 201]
    work(fleet)
    [line] = [each for each in list_intakes(fleet.ports, CLERK) if each.thing == "P-NEWBORN"]
    assert (line.masked_mobile, line.state) == ("199****7788", "opened")
    whole = get_intake(fleet.ports, CLERK, line.intake)
    assert whole.content is not None
    assert (whole.content["phone"], whole.content["number"]) == (MOBILE, "L-17")
    assert holds(fleet, MOBILE) == []
    settle_intake(fleet.ports, CLERK, line.intake, "registered", "XX-261123-89D-JV2Q")
    assert line.intake not in {each.intake for each in list_intakes(fleet.ports, CLERK)}
    with pytest.raises(IntakeSettled):
        settle_intake(fleet.ports, CLERK, line.intake, "dismissed", "twice")
    assert get_intake(fleet.ports, CLERK, line.intake).content is None


def test_one_that_cannot_be_opened_is_shown_and_kept(fleet: Fleet, enrolled: Enrol) -> None:
    machine, other, item = enrolled(), enrolled(), secrets.token_hex(16)
    assert send(machine, item, other.seal(item, content())) == 201
    assert send(machine, secrets.token_hex(16), "AAAA") == 201
    work(fleet)
    assert {each.state for each in list_intakes(fleet.ports, CLERK)} == {"unreadable"}


def test_what_is_not_an_intake_is_unreadable(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    for said in (b"[]", b"\xff", b'{"thing": 3, "phone": "x", "taken_at": "y"}'):
        item = secrets.token_hex(16)
        assert send(machine, item, machine.seal(item, said)) == 201
    work(fleet)
    assert "opened" not in {each.state for each in list_intakes(fleet.ports, CLERK)}


def holds(fleet: Fleet, text: str) -> list[str]:
    """The tables in which a text can be read by whoever has the database."""
    found = []
    with fleet.ports.records.read() as uow:
        for table in metadata.sorted_tables:
            rows = uow.connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')  # type: ignore[attr-defined]
            if any(text in str(row) for row in rows):
                found.append(table.name)
    return found
