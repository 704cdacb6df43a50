"""Which version runs where, since when: what a release's next batch is judged by."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from deploy.updates.batches import Gate, Report, find_objections
from onething.domain.staff import RoleMissing
from onething.services.fleet_releases import report_releases
from onething.services.fleet_watching import get_terminal
from tests.fleet.machine import CLERK, TECHNICIAN, Fleet, Machine

Enrol = Callable[[], Machine]
OLD, NEW = {"agent": "1.0.0", "configuration": 1}, {"agent": "1.1.0", "configuration": 1}


def of_machine(fleet: Fleet, machine: Machine) -> Report:
    number = get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).line.terminal.number
    told = json.loads(json.dumps(report_releases(fleet.ports, TECHNICIAN)))["terminals"]
    [line] = [each for each in told if each["terminal"] == number]
    return Report.of(line)


def test_a_version_counts_from_the_heartbeat_that_first_told_of_it(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat(versions=OLD)
    fleet.clock.at += timedelta(hours=1)
    changed_at: datetime = fleet.clock.at
    machine.beat(versions=NEW)
    fleet.clock.at += timedelta(hours=2)
    machine.beat(versions=NEW)
    report = of_machine(fleet, machine)
    assert (report.version, report.since_at, report.batch) == ("1.1.0", changed_at, "stable")
    kinds = [each.kind for each in get_terminal(fleet.ports, TECHNICIAN, machine.kiosk.id).events]
    assert kinds.count("version_changed") == 1


def test_one_that_went_back_holds_the_next_batch(fleet: Fleet, enrolled: Enrol) -> None:
    machine = enrolled()
    machine.beat(versions=OLD, given_up=["1.1.0"])
    report = of_machine(fleet, machine)
    assert report.given_up == ("1.1.0",)
    tried = Report(report.terminal, report.hall, "test", "1.0.0", report.since_at, "ok", report.given_up)
    objections = find_objections("1.1.0", "early", [tried], fleet.clock.at, Gate())
    assert any(report.terminal in each for each in objections)


def test_only_who_looks_after_terminals_is_told(fleet: Fleet) -> None:
    with pytest.raises(RoleMissing):
        report_releases(fleet.ports, CLERK)
