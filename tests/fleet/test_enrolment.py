"""A machine comes with a code: once, in time, with the right secret; everything else is the same answer."""

import base64
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from onething.domain.enrolment_codes import TRIES_FOR_EACH_ADDRESS, TRIES_FOR_EACH_CODE
from onething.domain.terminals import IllegalTerminalMove, TerminalState
from onething.services import fleet as lives
from onething.services.fleet_sweeping import watch_fleet
from onething.services.fleet_watching import get_terminal
from onething.storage.schema import metadata
from tests.fleet.machine import TECHNICIAN, Fleet, Machine, make_fleet, thumbprint
from tests.http.kiosk_signing import Kiosk

Plan = Callable[[], str]


def state_of(fleet: Fleet, terminal: str) -> TerminalState:
    with fleet.ports.records.read() as uow:
        found = uow.terminals.find(terminal)
    assert found is not None
    return found.state


def code_for(fleet: Fleet, terminal: str) -> str:
    return lives.issue_code(fleet.ports, TECHNICIAN, terminal).code


def refused(machine: Machine, code: str, **more: object) -> tuple[int, str]:
    answer = machine.enrol(code, **more)  # type: ignore[arg-type]
    return answer.status_code, answer.json["reason"]


NOT_VALID = (404, "enrolment_not_valid")


def test_from_planned_to_active(fleet: Fleet, planned: Plan) -> None:
    terminal, machine = planned(), Machine(fleet)
    assert state_of(fleet, terminal) is TerminalState.PLANNED
    code = code_for(fleet, terminal)
    assert state_of(fleet, terminal) is TerminalState.CODE_ISSUED
    answer = machine.enrol(code, offline_secret=base64.b64encode(bytes(32)).decode())
    told = answer.json
    assert (answer.status_code, told["terminal"], told["state"]) == (201, terminal, "lobby")
    # Both screens: the kiosk's from the answer and its own key, the console's from the row.
    assert told["check_words"] == get_terminal(fleet.ports, TECHNICIAN, terminal).words
    assert machine.ask("GET", "/terminal").json["state"] == "lobby"
    assert machine.ask("GET", "/things").json["reason"] == "terminal_in_lobby"
    assert machine.beat().json["reason"] == "terminal_in_lobby"
    with pytest.raises(lives.WordsDiffer):
        lives.activate(fleet.ports, TECHNICIAN, terminal, "0000-0000")
    lives.activate(fleet.ports, TECHNICIAN, terminal, told["check_words"].lower())
    assert machine.ask("GET", "/terminal").json["state"] == "active"
    assert machine.beat().status_code == 200


def test_the_words_of_a_known_key_are_the_published_ones() -> None:
    from onething.domain.terminals import check_words

    assert check_words(bytes(32)) == "CSM7-NBFR"


def test_a_lost_answer_is_given_again_to_the_same_key_only(fleet: Fleet, planned: Plan) -> None:
    terminal, machine = planned(), Machine(fleet)
    code = code_for(fleet, terminal)
    first = machine.enrol(code).json
    again = machine.enrol(code)
    assert again.status_code == 201
    assert {**again.json, "server_time": ""} == {**first, "server_time": ""}
    assert refused(Machine(fleet), code) == NOT_VALID
    assert state_of(fleet, terminal) is TerminalState.LOBBY


def test_whatever_is_wrong_has_one_answer(fleet: Fleet, planned: Plan) -> None:
    terminal, machine = planned(), Machine(fleet)
    code = code_for(fleet, terminal)
    answers = [
        machine.enrol(code, secret="0" * 11),
        machine.enrol("ZZZZ" + code[4:]),
        machine.enrol(code, offline_secret="A" * 44),
    ]
    assert {(each.status_code, each.json["reason"], each.json["title"]) for each in answers} == {
        (404, "enrolment_not_valid", answers[0].json["title"])
    }
    assert state_of(fleet, terminal) is TerminalState.CODE_ISSUED
    assert machine.enrol(code).status_code == 201


def test_a_code_ends_after_ten_minutes(fleet: Fleet, planned: Plan) -> None:
    terminal = planned()
    code = code_for(fleet, terminal)
    fleet.clock.at += timedelta(minutes=10)
    assert refused(Machine(fleet), code) == NOT_VALID
    watch_fleet(fleet.ports)
    assert state_of(fleet, terminal) is TerminalState.PLANNED
    with fleet.ports.records.read() as uow:
        [kept] = uow.enrolment_codes.list_of(terminal)
    assert (kept.secret, kept.outcome) == (None, "expired")


def test_a_new_code_ends_the_old_one(fleet: Fleet, planned: Plan) -> None:
    terminal = planned()
    old, new = code_for(fleet, terminal), code_for(fleet, terminal)
    assert refused(Machine(fleet), old) == NOT_VALID
    assert Machine(fleet).enrol(new).status_code == 201


def test_five_guesses_and_the_code_is_dead_even_for_the_right_one(fleet: Fleet, planned: Plan) -> None:
    terminal, machine = planned(), Machine(fleet)
    code = code_for(fleet, terminal)
    for _ in range(TRIES_FOR_EACH_CODE):
        assert refused(machine, code, secret="0" * 11) == NOT_VALID
    assert refused(machine, code) == NOT_VALID
    kinds = [each.kind for each in get_terminal(fleet.ports, TECHNICIAN, terminal).events]
    assert kinds.count("code_guessed") == 1


def test_an_address_has_its_limit_and_others_do_not_suffer(fleet: Fleet, planned: Plan) -> None:
    terminal = planned()
    code = code_for(fleet, terminal)
    guesser = Machine(fleet, address="10.9.8.7")
    for _ in range(TRIES_FOR_EACH_ADDRESS):
        assert refused(guesser, "ZZZZ" + code[4:]) == NOT_VALID
    assert refused(guesser, code) == NOT_VALID
    assert Machine(fleet).enrol(code).status_code == 201
    fleet.clock.at += timedelta(minutes=1)
    other = planned()
    assert guesser.enrol(code_for(fleet, other)).status_code == 201


def test_a_stranger_cannot_choose_the_address_it_is_counted_under(fleet: Fleet, planned: Plan) -> None:
    code = code_for(fleet, planned())
    stranger = Machine(fleet, address="10.9.8.6")
    for number in range(TRIES_FOR_EACH_ADDRESS + 1):
        body = {"code_id": "ZZZZ", "versions": {}, "serials": {}, "boot_id": "x" * 16}
        body["public_key"] = base64.b64encode(stranger.kiosk.public_key).decode()
        forged = {"Enrolment-Proof": "0" * 64, "X-Forwarded-For": f"10.1.1.{number}"}
        keyid = thumbprint(stranger.kiosk)
        stranger.ask("POST", "/enrolments", body, headers=forged, tag="kiosk-enrol", keyid=keyid)
    assert refused(stranger, code) == NOT_VALID


def test_the_wrong_answer_takes_as_long_whatever_is_wrong(
    fleet: Fleet, planned: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = replace(fleet.ports.settings, enrolment_answer_seconds=0.4)
    monkeypatch.setitem(fleet.app.extensions, "onething.ports", replace(fleet.ports, settings=slow))
    code = code_for(fleet, planned())
    for guess in ("ZZZZ" + code[4:], code[:4] + "0" * 12):
        started = time.monotonic()
        assert refused(Machine(fleet), guess) == NOT_VALID
        assert time.monotonic() - started >= 0.4


def test_only_the_key_in_the_body_may_sign(fleet: Fleet, planned: Plan) -> None:
    machine, thief = Machine(fleet), Kiosk("")
    code = code_for(fleet, planned())
    machine.kiosk = replace(machine.kiosk, key=thief.key)
    body_of_another = base64.b64encode(Kiosk("").public_key).decode()
    assert machine.enrol(code, public_key=body_of_another).status_code == 401
    answer = machine.ask("GET", "/terminal", tag="kiosk-enrol", keyid=thumbprint(machine.kiosk))
    assert answer.status_code == 401


def test_a_key_of_another_terminal_is_no_second_one(
    fleet: Fleet, planned: Plan, enrolled: Callable[[], Machine]
) -> None:
    known, code = enrolled(), code_for(fleet, planned())
    copy = Machine(fleet, kiosk=Kiosk("", key=known.kiosk.key))
    assert refused(copy, code) == NOT_VALID


def test_four_workers_share_the_count(fleet: Fleet, planned: Plan) -> None:
    terminal = planned()
    code = code_for(fleet, terminal)
    servers = [make_fleet(fleet.environ, fleet.clock) for _ in range(4)]

    def guess(number: int) -> int:
        machine = Machine(servers[number % 4], address=f"10.2.0.{number}")
        return machine.enrol(code, secret="0" * 11).status_code

    with ThreadPoolExecutor(4) as workers:
        assert set(workers.map(guess, range(12))) == {404}
    for server in servers:
        server.ports.close()
    with fleet.ports.records.read() as uow:
        [kept] = uow.enrolment_codes.list_of(terminal)
    assert kept.attempts == TRIES_FOR_EACH_CODE


def test_two_machines_race_for_one_code(fleet: Fleet, planned: Plan) -> None:
    code = code_for(fleet, planned())
    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(lambda _: Machine(fleet).enrol(code).status_code, range(4)))
    assert sorted(answers) == [201, 404, 404, 404]


def test_nothing_that_was_shown_is_kept(fleet: Fleet, planned: Plan) -> None:
    code = code_for(fleet, planned()).replace("-", "")
    records = fleet.ports.records
    with records.read() as uow:
        for table in metadata.sorted_tables:
            rows = uow.connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')  # type: ignore[attr-defined]
            for row in rows:
                assert code[4:15] not in str(row), table.name


def test_the_acts_of_a_life_follow_the_table(fleet: Fleet, enrolled: Callable[[], Machine]) -> None:
    machine = enrolled()
    terminal = machine.kiosk.id
    with pytest.raises(IllegalTerminalMove):
        lives.issue_code(fleet.ports, TECHNICIAN, terminal)
    lives.suspend(fleet.ports, TECHNICIAN, terminal, "being moved")
    assert machine.ask("GET", "/things").json["reason"] == "terminal_suspended"
    assert machine.beat().json["state"] == "suspended"
    lives.resume(fleet.ports, TECHNICIAN, terminal)
    assert machine.beat().json["state"] == "active"
    lives.retire(fleet.ports, TECHNICIAN, terminal, "ten years old")
    answer = machine.beat()
    assert (answer.status_code, answer.json["reason"]) == (401, "terminal_unknown")
    with pytest.raises(IllegalTerminalMove):
        lives.resume(fleet.ports, TECHNICIAN, terminal)
    kinds = {each.kind for each in get_terminal(fleet.ports, TECHNICIAN, terminal).events}
    assert {"planned", "issue_code", "claim", "activate", "suspend", "resume", "retire"} <= kinds


def test_a_replacement_takes_over_when_it_is_active(fleet: Fleet, enrolled: Callable[[], Machine]) -> None:
    old = enrolled()
    number = f"K-{secrets.token_hex(4)}"
    new = lives.replace_terminal(fleet.ports, TECHNICIAN, old.kiosk.id, number)
    assert old.beat().status_code == 200
    machine = Machine(fleet)
    words = machine.enrol(code_for(fleet, new.id)).json["check_words"]
    assert old.beat().status_code == 200
    lives.activate(fleet.ports, TECHNICIAN, new.id, words)
    assert old.beat().status_code == 401
    gone = get_terminal(fleet.ports, TECHNICIAN, old.kiosk.id).line.terminal
    assert (gone.state, gone.replaced_by) == (TerminalState.RETIRED, new.id)


def test_a_broken_disk_is_enrolled_again_under_its_old_number(
    fleet: Fleet, enrolled: Callable[[], Machine]
) -> None:
    old = enrolled()
    terminal = old.kiosk.id
    old.beat()
    lives.suspend(fleet.ports, TECHNICIAN, terminal, "disk broke")
    machine = Machine(fleet)
    words = machine.enrol(code_for(fleet, terminal)).json["check_words"]
    lives.activate(fleet.ports, TECHNICIAN, terminal, words)
    assert machine.kiosk.id == terminal
    assert machine.beat().json["state"] == "active"
    assert old.beat().status_code == 401


def test_what_the_technician_is_not_told_to_do_is_refused(fleet: Fleet, planned: Plan) -> None:
    from onething.domain.actors import Actor
    from onething.domain.errors import NotFound
    from onething.domain.staff import RoleMissing

    terminal = planned()
    clerk = Actor("c", "staff", roles=frozenset({"clerk"}))
    with pytest.raises(RoleMissing):
        lives.issue_code(fleet.ports, clerk, terminal)
    elsewhere = replace(TECHNICIAN, division="411599")
    with pytest.raises(NotFound):
        lives.issue_code(fleet.ports, elsewhere, terminal)
