"""The agent: what it tells, and what it lets the server have done; over a real line to a small server."""

import base64
import logging
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from terminal_client.agent.journal import INTERRUPTED, Journal
from terminal_client.agent.redaction import LogTail, redact
from terminal_client.keys import read_key
from terminal_client.server_client import ServerAway

from .made_terminal import MadeTerminal, make_terminal
from .stand_in_fleet import CODE, RunningFleet


@pytest.fixture
def made(tmp_path: Path, fleet: RunningFleet) -> Iterator[MadeTerminal]:
    terminal = make_terminal(tmp_path, fleet)
    yield terminal
    terminal.close()


def said(made: MadeTerminal) -> str:
    """Why the kiosk is closed, in Chinese; empty when it is open."""
    reason = made.opening.find_reason()
    return reason.zh if reason else ""


def test_a_heartbeat_tells_how_everything_is(made: MadeTerminal, fleet: RunningFleet) -> None:
    made.devices.say("id_card", "ready")
    made.devices.say("receipt_printer", "degraded", "paper_near_end")
    made.devices.say("a4_printer", "error", "paper_out")
    made.outbox.put("intake", {"thing": "P-NEWBORN"})
    made.agent.beat()
    made.agent.beat()
    first, second = fleet.door.heartbeats
    assert first["versions"] == {"agent": first["versions"]["agent"], "configuration": 0, "catalog": 7}
    assert second["counter"] == first["counter"] + 1
    assert first["outbox"] == {"depth": 1, "oldest_age_seconds": 0}
    assert first["devices"]["receipt_printer"]["paper"] == "near_end"
    assert (first["devices"]["a4_printer"]["paper"], first["devices"]["id_card"]["paper"]) == (
        "out",
        "unknown",
    )
    assert abs(first["clock_offset_ms"]) < 2000
    assert first["disk_free_mib"] > 0
    assert first["boot_id"] == Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    assert first["last_session_ended_at"] is first["last_proven_print_at"] is None


def test_its_counter_only_grows_whenever_the_power_fails(made: MadeTerminal, fleet: RunningFleet) -> None:
    counters = [made.journal.next_counter() for _ in range(3)]
    for _ in range(3):
        made = made.restart(fleet)
        counters += [made.journal.next_counter() for _ in range(2)]
    assert counters == sorted(set(counters))


@pytest.mark.parametrize(
    ("state", "shown"), [("lobby", "核对"), ("suspended", "停用"), ("active", ""), ("retired", "停用")]
)
def test_the_kiosk_serves_only_when_the_server_says_so(
    made: MadeTerminal, fleet: RunningFleet, state: str, shown: str
) -> None:
    fleet.door.state = state
    made.agent.beat()
    assert shown in said(made)
    assert bool(shown) is bool(said(made))


def test_a_revoked_key_closes_the_kiosk_and_a_good_one_opens_it(
    made: MadeTerminal, fleet: RunningFleet
) -> None:
    key, fleet.door.terminal_key = fleet.door.terminal_key, None
    for _ in range(3):
        made.agent.beat()
    assert "停用" in said(made)
    fleet.door.terminal_key = key
    made.agent.beat()
    assert said(made) == ""


def test_a_server_that_is_away_changes_nothing(made: MadeTerminal, fleet: RunningFleet) -> None:
    fleet.door.is_down = True
    made.agent.beat()
    assert "away" in made.agent.last_trouble
    assert said(made) == ""


def test_a_wrong_clock_is_carried_as_an_offset(made: MadeTerminal, fleet: RunningFleet) -> None:
    fleet.door.clock_ahead = timedelta(days=1100)
    made.agent.beat()
    assert made.agent.clock_offset_ms == pytest.approx(-1100 * 86_400_000, abs=5000)
    made.agent.beat()
    told = fleet.door.heartbeats[-1]["clock_offset_ms"]
    assert told == pytest.approx(made.agent.clock_offset_ms, abs=1000)
    assert abs((made.parts.client.clock.now() - fleet.door.now).total_seconds()) < 5


def test_nobody_else_may_tell_the_time(made: MadeTerminal) -> None:
    assert not made.parts.client.clock.learn(
        "2020-01-01T00:00:00+00:00", base64.b64encode(bytes(64)).decode()
    )
    assert made.parts.client.clock.now().year > 2020


class TestCommands:
    """Verified, at most once, never under a citizen's session, reported once."""

    def results(self, fleet: RunningFleet) -> list[tuple[str, str]]:
        return [(each["outcome"], each["detail"]) for each in fleet.door.results]

    def test_one_is_done_once_however_often_it_is_told(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        fleet.door.command("suspend")
        for _ in range(3):
            made.agent.beat()
        assert made.done == ["suspend"]
        made = made.restart(fleet)
        made.agent.beat()
        assert made.done == []
        assert self.results(fleet) == [("done", "closed")]

    @pytest.mark.parametrize(
        "change", [{"kind": "wipe"}, {"arguments": {"x": 1}}, {"signature": "AAAA"}, {"expires_at": "soon"}]
    )
    def test_a_forged_one_is_not_done(
        self, made: MadeTerminal, fleet: RunningFleet, change: dict[str, object]
    ) -> None:
        fleet.door.command("suspend").update(change)
        made.agent.beat()
        assert made.done == []
        assert self.results(fleet) == [("refused", "bad signature")]

    def test_another_terminals_command_is_not_done(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        command = fleet.door.command("suspend")
        members = {name: value for name, value in command.items() if name != "signature"}
        command["signature"] = fleet.door.sign({**members, "terminal": "terminal-other"})
        made.agent.beat()
        assert made.done == []

    def test_one_that_came_too_late_has_expired(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        fleet.door.command("suspend", expires_in=-1)
        made.agent.beat()
        assert (made.done, self.results(fleet)) == ([], [("expired", "")])

    def test_a_reboot_waits_for_the_citizen_and_says_so_first(
        self, tmp_path: Path, fleet: RunningFleet
    ) -> None:
        flag = tmp_path / "rebooted"
        made = make_terminal(tmp_path, fleet, reboot=(sys.executable, "-c", f"open({str(flag)!r}, 'x')"))
        made.kiosk.is_free = False
        fleet.door.command("reboot")
        made.agent.beat()
        made.agent.step()
        assert not flag.exists()
        made.kiosk.is_free = True
        made.agent.step()
        assert flag.exists()
        assert made.done == ["before reboot"]
        made.agent.beat()
        made.close()
        assert [outcome for outcome, _ in self.results(fleet)] == ["done"]

    def test_one_that_waits_past_its_time_is_dropped(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        made.kiosk.is_free = False
        fleet.door.command("restart_browser", expires_in=0.3)
        made.agent.beat()
        os.sched_yield()
        made.parts.client.clock.learn(*signed_time(fleet, ahead=2))
        made.kiosk.is_free = True
        made.agent.step()
        made.agent.beat()
        assert self.results(fleet) == [("expired", "")]

    def test_what_the_machine_is_not_set_up_for_is_refused(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        for kind in ("reboot", "restart_browser", "screenshot", "reprint_last", "dance"):
            fleet.door.command(kind)
        made.agent.beat()
        assert {outcome for outcome, _ in self.results(fleet)} == {"refused"}

    def test_one_begun_before_the_power_failed_is_not_begun_again(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        command = fleet.door.command("suspend")
        made.journal.begin(command["id"], "suspend")
        made = made.restart(fleet)
        made.agent.beat()
        assert (made.done, self.results(fleet)) == ([], [("failed", INTERRUPTED)])

    def test_a_result_the_line_lost_is_told_again(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        made.journal.begin("c1" * 16, "self_test")
        made.journal.close_interrupted()
        fleet.door.lost_answers = 1
        with pytest.raises(ServerAway):
            made.agent.report()
        made.agent.beat()
        assert len(fleet.door.results) == 2, "told once, lost, and told again"
        assert made.journal.list_unreported() == []

    def test_a_self_test_and_the_log_come_back(self, made: MadeTerminal, fleet: RunningFleet) -> None:
        made.devices.say("scanner", "error", "jammed")
        fleet.door.command("self_test")
        fleet.door.command("upload_logs")
        made.agent.beat()
        assert self.results(fleet)[0] == ("done", "scanner: error jammed")
        assert fleet.door.results[1]["attachment"] is not None


def signed_time(fleet: RunningFleet, *, ahead: float) -> tuple[str, str]:
    text = (fleet.door.now + timedelta(seconds=ahead)).isoformat()
    return text, base64.b64encode(fleet.door.server_key.sign(text.encode())).decode()


class TestRenewal:
    """A new key with no moment at which neither is good."""

    def test_the_new_key_takes_the_old_ones_place_at_its_first_use(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        old = read_key(made.config.key_file).public_key()
        fleet.door.renew_key = True
        made.agent.beat()
        assert read_key(made.config.key_file).public_key() == old
        fleet.door.renew_key = False
        made.agent.beat()
        assert read_key(made.config.key_file).public_key() == fleet.door.terminal_key != old
        assert not (made.config.key_file.parent / "kiosk.key.next").exists()

    @pytest.mark.parametrize("lost", [1, 2, 3])
    def test_it_comes_through_lost_answers_and_restarts(
        self, made: MadeTerminal, fleet: RunningFleet, lost: int
    ) -> None:
        old = read_key(made.config.key_file).public_key()
        fleet.door.renew_key = True
        fleet.door.lost_answers = 0
        made.agent.beat()
        fleet.door.lost_answers = lost
        for _ in range(lost + 2):
            made.agent.beat()
        fleet.door.renew_key = False
        made.parts.client.close()
        made.agent.beat()
        assert fleet.door.terminal_key != old
        assert read_key(made.config.key_file).public_key() == fleet.door.terminal_key

    def test_a_next_key_the_server_never_heard_of_is_told_again(
        self, made: MadeTerminal, fleet: RunningFleet
    ) -> None:
        fleet.door.renew_key = True
        made.agent.beat()
        fleet.door.next_key, fleet.door.renew_key = None, False
        for _ in range(4):
            made.agent.beat()
        assert read_key(made.config.key_file).public_key() == fleet.door.terminal_key
        assert made.agent.last_trouble == ""


def test_a_log_that_is_sent_names_nobody() -> None:
    # an invented person: 411599 is the code of no county
    line = "read 41159919900307861X of 陈秀梅, 19900001234, token=abcdef123456 at 新县 91411523MA9K7XYQ1T"
    assert redact(line) == "read [hidden] of [hidden], [hidden], [hidden] at [hidden] [hidden]"


def test_the_log_keeps_the_kind_of_an_error_and_not_its_words() -> None:
    tail = LogTail()
    log = logging.getLogger("tried")
    log.propagate = False
    log.addHandler(tail)
    try:
        raise ValueError("41159919900307861X")
    except ValueError:
        log.exception("it failed")
    log.removeHandler(tail)
    assert "ValueError" in tail.read()
    assert "4115" not in tail.read()


def test_the_journal_forgets_old_commands_and_keeps_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("terminal_client.agent.journal.KEPT_COMMANDS", 5)
    journal = Journal(tmp_path)
    for number in range(8):
        journal.begin(f"c{number}", "self_test")
    journal.close_interrupted()
    for result in journal.list_unreported():
        journal.note_reported(result.command)
    assert not journal.begin("c7", "self_test")
    assert journal.begin("c0", "self_test")
    journal.close()


def test_no_secret_of_the_code_is_on_the_disk(made: MadeTerminal) -> None:
    for path in made.config.state_dir.parent.rglob("*"):
        if path.is_file():
            assert CODE[4:].encode() not in path.read_bytes()
