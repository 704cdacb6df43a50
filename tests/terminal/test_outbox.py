"""The outbox: sealed, in order, each once, and nothing acknowledged that would not survive."""

import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from terminal_client.outbox import store
from terminal_client.outbox.sealing import seal
from terminal_client.outbox.store import Outbox, OutboxFailed
from terminal_client.server_client import ServerAway

from .made_birth import MOTHER
from .made_terminal import made_terminal, make_terminal
from .stand_in_fleet import RunningFleet

INTAKE = {"thing": "P-NEWBORN", "mobile": "19900001234", "name": MOTHER["name"], "id": MOTHER["id_number"]}


def test_what_is_taken_arrives_in_order_and_once(tmp_path: Path, fleet: RunningFleet) -> None:
    with made_terminal(tmp_path, fleet) as made:
        taken = [made.outbox.put("intake", {**INTAKE, "n": n}) for n in range(4)]
        fleet.door.lost_answers = 2
        for _ in range(2):
            with pytest.raises(ServerAway):
                made.sender.send_next()
        while made.sender.send_next():
            pass
        assert [item["id"] for item in fleet.door.items] == taken
        assert [fleet.door.open_item(item)["n"] for item in fleet.door.items] == [0, 1, 2, 3]
        assert fleet.door.item_requests == 6
        assert made.outbox.list_all() == []


def test_it_is_kept_over_a_restart_and_the_line_being_down(tmp_path: Path, fleet: RunningFleet) -> None:
    made = make_terminal(tmp_path, fleet)
    taken = made.outbox.put("intake", INTAKE)
    fleet.door.is_down = True
    with pytest.raises(ServerAway):
        made.sender.send_next()
    fleet.door.is_down = False
    again = made.restart(fleet)
    assert again.sender.send_next()
    again.close()
    assert [item["id"] for item in fleet.door.items] == [taken]


def test_one_that_is_never_taken_does_not_hold_up_the_next(tmp_path: Path, fleet: RunningFleet) -> None:
    fleet.door.refused_kinds = {"odd"}
    with made_terminal(tmp_path, fleet) as made:
        odd, good = made.outbox.put("odd", {}), made.outbox.put("intake", INTAKE)
        while made.sender.send_next():
            pass
        assert [item["id"] for item in fleet.door.items] == [good]
        (parked,) = made.outbox.list_all()
        assert (parked.id, parked.is_parked, parked.reason, parked.tries) == (odd, True, "not_taken", 3)
        assert (made.outbox.measure().waiting, made.outbox.measure().parked) == (0, 1)
        fleet.door.refused_kinds = set()
        made.outbox.release(odd)
        assert made.sender.send_next()


def test_a_suspended_terminal_keeps_what_it_has(tmp_path: Path, fleet: RunningFleet) -> None:
    with made_terminal(tmp_path, fleet) as made:
        made.outbox.put("intake", INTAKE)
        fleet.door.terminal_key = None
        for _ in range(5):
            with pytest.raises(ServerAway):
                made.sender.send_next()
        assert made.outbox.measure().waiting == 1


def test_nothing_of_a_person_is_on_the_disk_before_or_after(tmp_path: Path, fleet: RunningFleet) -> None:
    with made_terminal(tmp_path, fleet) as made:
        made.outbox.put("intake", INTAKE)
        sealed = made.outbox.list_all()[0].sealed
        for personal in (MOTHER["id_number"], MOTHER["name"], "19900001234"):
            assert not any(str(personal).encode() in path.read_bytes() for path in tmp_path.rglob("*.*"))
        made.sender.send_next()
        assert not any(sealed[:40] in path.read_bytes() for path in tmp_path.rglob("*.*")), "not overwritten"


def test_an_item_is_bound_to_its_terminal_and_its_id() -> None:
    key = X25519PrivateKey.generate().public_key().public_bytes_raw()
    one, other = (seal(INTAKE, server_key=key, terminal="t", item="i") for _ in range(2))
    assert one[:44] != other[:44], "the same key or nonce twice"


def test_without_room_nothing_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = Outbox(tmp_path, bytes(32), "t")
    monkeypatch.setattr(store, "MOST_ITEMS", 0)
    with pytest.raises(OutboxFailed):
        outbox.put("intake", INTAKE)
    outbox.close()


def test_a_disk_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutboxFailed):
        Outbox(tmp_path / "nowhere", bytes(32), "t")


def test_the_database_is_as_a_power_cut_wants_it(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, bytes(32), "t")
    assert (tmp_path / store.RESERVE_FILE).stat().st_size == store.RESERVE_BYTES
    outbox.close()
    connection = sqlite3.connect(tmp_path / store.OUTBOX_FILE)
    assert connection.execute("pragma journal_mode").fetchone() != ("wal",)
    connection.close()
    assert (tmp_path / store.OUTBOX_FILE).stat().st_mode & 0o777 == 0o600
