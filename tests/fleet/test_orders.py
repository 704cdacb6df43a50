"""Configurations and commands are signed, handed out, done at most once and reported; keys are renewed."""

import base64
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onething.domain.errors import NotFound
from onething.domain.fleet import AlertKind, CommandKind, CommandRefused, CommandState, Outcome
from onething.domain.terminal_settings import BadSettings, usual_settings
from onething.domain.terminals import TerminalState
from onething.services import fleet as lives
from onething.services.fleet_commands import command, get_attachment
from onething.services.fleet_configuring import configure
from onething.services.fleet_sweeping import tidy_fleet, watch_fleet
from onething.services.fleet_watching import get_terminal
from tests.fleet.machine import TECHNICIAN, Fleet, Machine
from tests.http.kiosk_signing import Kiosk

Enrol = Callable[[], Machine]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def settings(**changes: Any) -> dict[str, Any]:
    devices = {"id_card": "idcard+serial:/dev/onething/id_card?baud=115200"}
    return {**usual_settings("政务服务大厅", "Service hall"), "devices": devices, **changes}


def report(machine: Machine, revision: int, outcome: str, reason: str = "") -> int:
    body = {"revision": revision, "outcome": outcome, "reason": reason, "detail": "…"}
    key = f"config:{revision}:{outcome}"
    return machine.ask("POST", "/terminal/configuration-reports", body, key=key).status_code


def test_a_configuration_is_signed_for_this_terminal(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    configure(fleet.ports, TECHNICIAN, machine.kiosk.id, settings(idle_seconds=90))
    assert machine.beat().json["configuration"] == 2
    answer = machine.ask("GET", "/terminal/configuration")
    told = answer.json
    assert (told["revision"], told["settings"]["idle_seconds"]) == (2, 90)
    signed = {"terminal": machine.kiosk.id, "revision": 2, "settings": told["settings"]}
    assert machine.is_signed_by_server(signed, told["signature"])
    same = machine.ask("GET", "/terminal/configuration", headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304


def test_one_that_does_not_hold_is_an_alert_until_another_does(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    terminal = machine.kiosk.id
    configure(fleet.ports, TECHNICIAN, terminal, settings(columns=32))
    assert report(machine, 2, "applied") == 200
    for _ in range(2):
        assert report(machine, 2, "rolled_back", "self_test_failed") == 200
    assert report(machine, 2, "applied") == 200
    view = get_terminal(fleet.ports, TECHNICIAN, terminal)
    assert [each.kind for each in view.line.alerts] == [AlertKind.CONFIGURATION_ROLLED_BACK]
    assert (view.configurations[0].outcome, view.configurations[0].reason) == (
        Outcome.ROLLED_BACK,
        "self_test_failed",
    )
    configure(fleet.ports, TECHNICIAN, terminal, settings())
    assert report(machine, 3, "confirmed") == 200
    assert not get_terminal(fleet.ports, TECHNICIAN, terminal).line.alerts
    assert report(machine, 9, "confirmed") == 404


def test_a_hall_s_name_is_the_terminal_s(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    configure(fleet.ports, TECHNICIAN, machine.kiosk.id, settings(hall_zh="东大厅", hall_en="East hall"))
    assert machine.ask("GET", "/terminal").json["hall_zh"] == "东大厅"


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": 400},
        {"columns": True},
        {"idle_seconds": 1},
        {"devices": {"id_card": "javascript:alert(1)"}},
        {"devices": {"toaster": "idcard+serial:/dev/x"}},
        {"opening_hours": [{"weekday": 0, "from": "17:00", "to": "09:00"}]},
        {"expected_devices": ["id_card", "id_card"]},
        {"expected_devices": [{}]},
        {"update_channel": "nightly"},
        {"surprise": 1},
    ],
)
def test_settings_that_cannot_be_right_are_refused(
    fleet: Fleet, enrolled: Enrol, wrong: dict[str, Any]
) -> None:
    machine = enrolled()
    with pytest.raises(BadSettings) as refused:
        configure(fleet.ports, TECHNICIAN, machine.kiosk.id, settings(**wrong))
    assert [each.field for each in refused.value.fields] == list(wrong)
    assert machine.beat().json["configuration"] == 1


def test_a_command_is_told_until_it_is_reported(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    order = command(
        fleet.ports, TECHNICIAN, machine.kiosk.id, CommandKind.UPLOAD_LOGS, "slow screen", {"hours": 2}
    )
    with pytest.raises(CommandRefused):
        command(fleet.ports, TECHNICIAN, machine.kiosk.id, CommandKind.UPLOAD_LOGS, "once more")
    for _ in range(2):
        [told] = machine.beat().json["commands"]
        signature = told.pop("signature")
        assert machine.is_signed_by_server({**told, "terminal": machine.kiosk.id}, signature)
    assert (told["id"], told["arguments"]) == (order.id, {"hours": 2})
    log = base64.b64encode(b"2026-11-23 started\n").decode()
    body = {"command": order.id, "outcome": "done", "detail": "sent", "attachment": log}
    for sent in (body, {**body, "outcome": "failed"}):
        assert machine.ask("POST", "/terminal/command-results", sent).json == {"received": True}
    assert machine.beat().json["commands"] == []
    [kept] = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).commands
    assert (kept.state, kept.detail) == (CommandState.DONE, "sent")
    data, media_type = get_attachment(fleet.ports, TECHNICIAN, order.id)
    assert (data, media_type) == (b"2026-11-23 started\n", "text/plain; charset=utf-8")


def test_a_picture_is_a_picture(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    order = command(fleet.ports, TECHNICIAN, machine.kiosk.id, CommandKind.SCREENSHOT, "what is shown?")
    body = {"command": order.id, "outcome": "done", "attachment": base64.b64encode(PNG).decode()}
    machine.ask("POST", "/terminal/command-results", body)
    assert get_attachment(fleet.ports, TECHNICIAN, order.id) == (PNG, "image/png")
    fleet.clock.at += timedelta(days=29)
    tidy_fleet(fleet.ports)
    assert get_attachment(fleet.ports, TECHNICIAN, order.id)[0] == PNG
    fleet.clock.at += timedelta(days=2)
    assert tidy_fleet(fleet.ports) >= 1
    with pytest.raises(NotFound):
        get_attachment(fleet.ports, TECHNICIAN, order.id)
    huge = {**body, "attachment": base64.b64encode(bytes(257 * 1024)).decode()}
    assert machine.ask("POST", "/terminal/command-results", huge).status_code == 422


def test_a_command_lapses_and_a_late_result_is_still_taken(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    order = command(fleet.ports, TECHNICIAN, machine.kiosk.id, CommandKind.REBOOT, "stuck", within_minutes=5)
    machine.beat()
    fleet.clock.at += timedelta(minutes=5)
    assert machine.beat().json["commands"] == []
    watch_fleet(fleet.ports)
    [kept] = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).commands
    assert kept.state is CommandState.EXPIRED
    machine.ask("POST", "/terminal/command-results", {"command": order.id, "outcome": "done"})
    [kept] = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).commands
    assert kept.state is CommandState.DONE


def test_anothers_command_is_not_there(fleet: Fleet, enrolled: Enrol) -> None:
    mine, other = enrolled(), enrolled()
    order = command(fleet.ports, TECHNICIAN, mine.kiosk.id, CommandKind.SELF_TEST, "weekly")
    assert other.beat().json["commands"] == []
    answer = other.ask("POST", "/terminal/command-results", {"command": order.id, "outcome": "done"})
    nowhere = other.ask("POST", "/terminal/command-results", {"command": "0" * 32, "outcome": "done"})
    assert answer.status_code == nowhere.status_code == 404
    assert answer.json["title"] == nowhere.json["title"]


def test_a_suspended_terminal_still_hears_and_answers_commands(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    lives.suspend(fleet.ports, TECHNICIAN, machine.kiosk.id, "lost")
    order = command(fleet.ports, TECHNICIAN, machine.kiosk.id, CommandKind.WIPE, "lost")
    answer = machine.beat().json
    assert (answer["state"], [each["id"] for each in answer["commands"]]) == ("suspended", [order.id])
    body = {"command": order.id, "outcome": "done"}
    assert machine.ask("POST", "/terminal/command-results", body).status_code == 200
    assert machine.ask("GET", "/terminal/configuration").status_code == 403


def renew(machine: Machine, new: Kiosk, *, prover: Ed25519PrivateKey | None = None) -> tuple[int, str]:
    told = base64.b64encode(new.public_key).decode()
    said = f"onething-renew:{machine.kiosk.id}:{told}".encode()
    proof = base64.b64encode((prover or new.key).sign(said)).decode()
    body = {"public_key": told, "proof": proof}
    answer = machine.ask("POST", "/terminal/keys", body, key=secrets.token_hex(32))
    return answer.status_code, answer.json.get("reason", "")


def test_a_key_is_renewed_without_a_dead_end(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    assert machine.beat().json["renew_key"] is False
    fleet.clock.at += timedelta(days=68)
    assert machine.beat().json["renew_key"] is True
    new = Kiosk(machine.kiosk.id)
    assert [renew(machine, new) for _ in range(2)] == [(200, "")] * 2
    assert machine.beat().json["renew_key"] is False
    old, machine.kiosk = machine.kiosk, new
    assert machine.beat().status_code == 200
    machine.kiosk = old
    assert machine.beat().json["reason"] == "signature_wrong"
    machine.kiosk = new
    assert renew(machine, new) == (200, "")
    fleet.clock.at += timedelta(days=80)
    assert machine.beat().json["state"] == "active"


def test_a_key_must_prove_itself_and_be_its_own(fleet: Fleet, enrolled: Enrol) -> None:
    machine, other = enrolled(), enrolled()
    assert renew(machine, Kiosk(""), prover=Ed25519PrivateKey.generate()) == (422, "bad_key_proof")
    assert renew(machine, other.kiosk) == (409, "terminal_key_in_use")


def test_half_a_year_in_a_cupboard_ends_in_the_lobby(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat()
    fleet.clock.at += timedelta(days=85)
    watch_fleet(fleet.ports)
    kinds = {each.kind for each in get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).line.alerts}
    assert AlertKind.KEY_EXPIRING in kinds
    fleet.clock.at += timedelta(days=100)
    watch_fleet(fleet.ports)
    answer = machine.ask("GET", "/terminal").json
    assert answer["state"] == "lobby"
    lives.activate(fleet.ports, TECHNICIAN, machine.kiosk.id, answer["check_words"])
    told = machine.beat().json
    assert (told["state"], told["renew_key"]) == ("active", True)
    watch_fleet(fleet.ports)
    view = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id)
    assert view.line.terminal.state is TerminalState.ACTIVE


def test_an_offline_code_is_the_one_the_terminal_reckons(fleet: Fleet, enrolled: Enrol) -> None:
    import hashlib
    import hmac

    secret = secrets.token_bytes(32)
    terminal = lives.plan_terminal(fleet.ports, TECHNICIAN, f"K-{secrets.token_hex(4)}", "大厅").id
    code = lives.issue_code(fleet.ports, TECHNICIAN, terminal).code
    Machine(fleet).enrol(code, offline_secret=base64.b64encode(secret).decode())
    for number in (1, 2):
        given = lives.give_offline_code(fleet.ports, TECHNICIAN, terminal)
        hour = int(fleet.clock.now().timestamp()) // 3600
        message = number.to_bytes(8, "big") + hour.to_bytes(8, "big")
        digest = hmac.new(secret, message, hashlib.sha256).digest()
        cut = digest[-1] & 0xF
        value = int.from_bytes(digest[cut : cut + 4], "big") & 0x7FFFFFFF
        assert (given.code, given.number) == (f"{value % 10**8:08d}", number)
