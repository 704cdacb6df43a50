"""Heartbeats: one row, replay refused, clones found, alerts opened and closed in time, and nothing grows."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onething.domain.fleet import AlertKind
from onething.domain.fleet_health import HealthWord
from onething.domain.listing import BadCursor
from onething.domain.terminals import TerminalState
from onething.ports.fleet import FleetFilters
from onething.services import fleet as lives
from onething.services.fleet_sweeping import watch_fleet
from onething.services.fleet_watching import (
    FleetSummary,
    HallCount,
    TerminalLine,
    get_terminal,
    list_fleet,
    mark_seen,
    summarise_fleet,
)
from onething.storage.schema import metadata
from tests.fleet.machine import TECHNICIAN, Fleet, Machine

Enrol = Callable[[], Machine]


def line_of(fleet: Fleet, machine: Machine) -> TerminalLine:
    return get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).line


def open_alerts(fleet: Fleet, machine: Machine) -> set[tuple[AlertKind, str]]:
    return {(each.kind, each.subject) for each in line_of(fleet, machine).alerts}


def rows(fleet: Fleet) -> dict[str, int]:
    records = fleet.ports.records
    with records.read() as uow:
        connection = uow.connection  # type: ignore[attr-defined]
        return {
            table.name: connection.exec_driver_sql(f'SELECT count(*) FROM "{table.name}"').scalar()
            for table in metadata.sorted_tables
        }


def pass_time(fleet: Fleet, **parts: float) -> None:
    fleet.clock.at += timedelta(**parts)


def test_a_well_terminal_is_well(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    answer = machine.beat().json
    assert (answer["state"], answer["configuration"], answer["commands"]) == ("active", 1, [])
    line = line_of(fleet, machine)
    assert line.health is not None
    assert (line.health.word, line.lost, line.alerts) == (HealthWord.OK, (), ())
    assert [tile.kind for tile in line.devices] == ["id_card", "receipt_printer", "scanner", "qr"]
    assert all(tile.is_usable for tile in line.devices)
    assert line.versions["agent"] == "1.0.0"


def test_a_thousand_heartbeats_leave_one_row(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat()
    before = rows(fleet)
    for _ in range(40):
        pass_time(fleet, seconds=30)
        assert machine.beat().status_code == 200
    assert rows(fleet) == before


def test_a_heartbeat_sent_again_by_somebody_changes_nothing(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.counter = 5
    created = int(fleet.clock.now().timestamp())
    old = machine.report(disk_free_mib=1)
    assert machine.ask("POST", "/terminal/heartbeats", old, created=created).status_code == 200
    pass_time(fleet, seconds=30)
    machine.beat()
    for _ in range(2):
        answer = machine.ask("POST", "/terminal/heartbeats", old, created=created)
        assert (answer.status_code, answer.json["reason"]) == (401, "nonce_replayed")
    line = line_of(fleet, machine)
    assert line.terminal.state is TerminalState.ACTIVE
    assert line.told["disk_free_mib"] == 4000


def test_a_lost_answer_is_asked_for_again(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat()
    pass_time(fleet, seconds=10)
    assert machine.ask("POST", "/terminal/heartbeats", machine.report()).status_code == 200
    assert line_of(fleet, machine).terminal.state is TerminalState.ACTIVE


def test_a_restart_is_no_clone(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    for _ in range(3):
        machine.beat()
        pass_time(fleet, seconds=30)
        machine.boot_id = secrets.token_hex(16)
    assert machine.beat().json["state"] == "active"
    kinds = [each.kind for each in get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).events]
    assert kinds.count("restarted") == 3


def test_two_machines_with_one_key_are_taken_out_of_service(fleet: Fleet, enrolled: Enrol) -> None:
    first = enrolled()
    first.beat()
    pass_time(fleet, seconds=30)
    # The disk was copied: same key, same counter; another machine, another start.
    second = replace(first, boot_id=secrets.token_hex(16))
    assert first.beat().json["state"] == "active"
    pass_time(fleet, seconds=10)
    assert second.beat().json["state"] == "suspended"
    assert first.ask("GET", "/things").json["reason"] == "terminal_suspended"
    assert (AlertKind.CLONE, "") in open_alerts(fleet, first)
    lives.resume(fleet.ports, TECHNICIAN, first.kiosk.id)
    pass_time(fleet, seconds=10)
    assert first.beat().json["state"] == "active"
    assert open_alerts(fleet, first) == set()


def test_clones_that_count_apart_are_found_by_their_starts(fleet: Fleet, enrolled: Enrol) -> None:
    first = enrolled()
    second = replace(first, boot_id=secrets.token_hex(16), counter=100)
    states = []
    for machine in (first, second, first):
        pass_time(fleet, seconds=15)
        machine.counter += 200
        states.append(machine.beat().json["state"])
    assert states[-1] == "suspended"


def test_a_restored_backup_is_seen(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.counter = 50
    machine.beat()
    pass_time(fleet, seconds=30)
    machine.counter = 20
    assert machine.beat().json["state"] == "suspended"


CONDITIONS: list[tuple[str, Callable[[Machine], dict[str, Any]], AlertKind, str, HealthWord, int]] = [
    (
        "reader pulled",
        lambda m: {"devices": m.with_device("id_card", state="absent", reason="gone")},
        AlertKind.DEVICE_DOWN,
        "id_card",
        HealthWord.DOWN,
        1,
    ),
    (
        "printer broken",
        lambda m: {"devices": m.with_device("receipt_printer", state="error", reason="cutter_jam")},
        AlertKind.DEVICE_DOWN,
        "receipt_printer",
        HealthWord.DEGRADED,
        1,
    ),
    (
        "paper out",
        lambda m: {"devices": m.with_device("receipt_printer", state="degraded", paper="out")},
        AlertKind.PAPER_OUT,
        "receipt_printer",
        HealthWord.DEGRADED,
        1,
    ),
    (
        "paper near its end",
        lambda m: {"devices": m.with_device("receipt_printer", state="degraded", paper="near_end")},
        AlertKind.PAPER_NEAR_END,
        "receipt_printer",
        HealthWord.DEGRADED,
        0,
    ),
    (
        "scanner not told of",
        lambda m: {"devices": {k: v for k, v in m.report()["devices"].items() if k != "scanner"}},
        AlertKind.DEVICE_DOWN,
        "scanner",
        HealthWord.DEGRADED,
        1,
    ),
    ("clock", lambda _: {"clock_offset_ms": -90_000}, AlertKind.CLOCK_WRONG, "", HealthWord.CLOCK_WRONG, 0),
    (
        "outbox",
        lambda _: {"outbox": {"depth": 2, "oldest_age_seconds": 4000}},
        AlertKind.OUTBOX_OLD,
        "",
        HealthWord.DEGRADED,
        0,
    ),
    ("disk", lambda _: {"disk_free_mib": 50}, AlertKind.DISK_LOW, "", HealthWord.DEGRADED, 0),
]


@pytest.mark.parametrize(("_name", "wrong", "kind", "subject", "word", "lost"), CONDITIONS)
def test_what_goes_wrong_is_an_alert_until_it_is_right_again(
    fleet: Fleet,
    enrolled: Enrol,
    _name: str,
    wrong: Callable[[Machine], dict[str, Any]],
    kind: AlertKind,
    subject: str,
    word: HealthWord,
    lost: int,
) -> None:
    machine = enrolled()
    machine.beat()
    pass_time(fleet, seconds=30)
    since = fleet.clock.now()
    for _ in range(2):
        assert machine.beat(**wrong(machine)).status_code == 200
        line = line_of(fleet, machine)
        assert line.health is not None
        assert (line.health.word, line.health.since_at) == (word, since)
        assert open_alerts(fleet, machine) == {(kind, subject)}
        assert len(line.lost) == lost
        pass_time(fleet, seconds=30)
    page = list_fleet(fleet.ports, TECHNICIAN, FleetFilters(alert=kind))
    assert machine.kiosk.id in {each.terminal.id for each in page.rows}
    machine.beat()
    assert open_alerts(fleet, machine) == set()
    [alert] = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).alerts
    assert (alert.opened_at, alert.closed_at) == (since, fleet.clock.now())


def test_silence_is_seen_within_ninety_seconds(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat()
    last = fleet.clock.now()
    watch_fleet(fleet.ports)
    assert open_alerts(fleet, machine) == set()
    while fleet.clock.now() - last < timedelta(seconds=90):
        pass_time(fleet, seconds=10)
        watch_fleet(fleet.ports)
        watch_fleet(fleet.ports)
    assert open_alerts(fleet, machine) == {(AlertKind.SILENT, "")}
    line = line_of(fleet, machine)
    assert line.health is not None
    assert (line.health.word, line.health.since_at) == (HealthWord.SILENT, last)
    assert len(line.lost) == 4
    machine.beat()
    assert open_alerts(fleet, machine) == set()
    alerts = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).alerts
    assert [each.kind for each in alerts] == [AlertKind.SILENT]


def test_the_county_at_a_glance_adds_up(fleet: Fleet, enrolled: Enrol, planned: Callable[[], str]) -> None:
    before = summarise_fleet(fleet.ports, TECHNICIAN)
    well, broken = enrolled(), enrolled()
    well.beat()
    broken.beat(devices=broken.with_device("id_card", state="error", reason="no_answer"))
    planned()
    after = summarise_fleet(fleet.ports, TECHNICIAN)
    was, now = _hall(before), _hall(after)
    assert now.total == was.total + 3
    assert now.unheard == was.unheard + 1
    assert now.by_health["ok"] == was.by_health.get("ok", 0) + 1
    assert now.by_health["down"] == was.by_health.get("down", 0) + 1
    assert after.states["active"] == before.states["active"] + 2
    assert after.open_alerts == before.open_alerts + 1
    assert after.agents["1.0.0"] == before.agents["1.0.0"] + 2
    page = list_fleet(fleet.ports, TECHNICIAN, FleetFilters(state="planned"), limit=200)
    assert {each.terminal.state for each in page.rows} == {TerminalState.PLANNED}


def _hall(summary: FleetSummary) -> HallCount:
    found = [each for each in summary.halls if each.hall == "政务服务大厅"]
    return found[0] if found else HallCount("政务服务大厅", {}, 0)


def test_one_out_of_service_is_not_missed(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat()
    lives.suspend(fleet.ports, TECHNICIAN, machine.kiosk.id, "moved")
    pass_time(fleet, minutes=5)
    watch_fleet(fleet.ports)
    assert open_alerts(fleet, machine) == set()


def test_updating_is_not_broken(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat(updating=True, devices={})
    line = line_of(fleet, machine)
    assert line.health is not None
    assert line.health.word is HealthWord.UPDATING


def test_a_stolen_one_is_gone_and_shouts(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat()
    lives.mark_stolen(fleet.ports, TECHNICIAN, machine.kiosk.id, "gone on Monday")
    assert machine.ask("GET", "/terminal/configuration").json["reason"] == "terminal_unknown"
    [alert] = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).line.alerts
    assert alert.kind is AlertKind.STOLEN
    mark_seen(fleet.ports, TECHNICIAN, alert.id)
    assert open_alerts(fleet, machine) == set()


def test_a_stolen_one_that_speaks_again_is_told_to_wipe_itself(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    lives.mark_stolen(fleet.ports, TECHNICIAN, machine.kiosk.id, "gone on Monday")
    first, second = machine.beat().json, machine.beat().json
    [order] = first["commands"]
    assert (first["state"], order["kind"]) == ("retired", "wipe")
    assert [each["id"] for each in second["commands"]] == [order["id"]]
    alerts = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).line.alerts
    assert {alert.kind for alert in alerts} == {AlertKind.STOLEN, AlertKind.HEARD_AGAIN}
    for alert in alerts:
        mark_seen(fleet.ports, TECHNICIAN, alert.id)
    assert open_alerts(fleet, machine) == set()
    done = {"command": order["id"], "outcome": "done"}
    assert machine.ask("POST", "/terminal/command-results", done).status_code == 200
    assert machine.beat().json["commands"] == []


def test_two_machines_that_speak_in_the_same_second(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat()
    twin = replace(machine, boot_id="f" * 32, counter=machine.counter - 1)
    assert twin.beat().json["state"] == "suspended"


def test_a_wrong_clock_learns_the_time_signed(fleet: Fleet, enrolled: Enrol) -> None:
    import base64

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    machine = enrolled()
    machine.offset_s = -3 * 365 * 86400
    answer = machine.beat()
    assert (answer.status_code, answer.json["reason"]) == (401, "signature_stale")
    said = answer.headers["Server-Time"]
    assert said == fleet.clock.now().isoformat()
    signature = base64.b64decode(answer.headers["Server-Time-Signature"])
    Ed25519PublicKey.from_public_bytes(machine.server_key).verify(signature, said.encode())
    machine.offset_s = 0
    assert machine.beat().status_code == 200


def test_pages_of_the_fleet_give_every_terminal_once(fleet: Fleet, enrolled: Enrol) -> None:
    mine = {enrolled().kiosk.id for _ in range(5)}
    seen: list[str] = []
    cursor = None
    while True:
        page = list_fleet(fleet.ports, TECHNICIAN, FleetFilters(), cursor, 2)
        seen += [each.terminal.id for each in page.rows]
        if (cursor := page.next) is None:
            break
    assert len(seen) == len(set(seen))
    assert mine <= set(seen)
    for wrong in ("\u00e9", "_w", "AA"):
        with pytest.raises(BadCursor):
            list_fleet(fleet.ports, TECHNICIAN, FleetFilters(), wrong)
