"""A worker that meets a fault says where, and nothing of the people whose part it was handling."""

import re
import secrets
from dataclasses import replace

import structlog

from onething.ports import PartDelivery
from onething.sweeps import Sweep, sweep_due
from onething.worker import Worker
from tests.faults.installation import Clones, Installation


class BrokenDepartments:
    """Departments whose connector has a mistake, with a person in its words."""

    def deliver(self, delivery: PartDelivery) -> str:
        raise LookupError(f"cannot deliver {dict(delivery.facts)}")


def test_a_fault_while_delivering_is_logged_without_people(served: Installation, clones: Clones) -> None:
    [draft] = clones.make(1)
    served.county.submit(clones.session, {"id": draft}, secrets.token_hex(16))
    with structlog.testing.capture_logs() as lines:
        worker = Worker(replace(served.county.ports, departments=BrokenDepartments()), "broken")
        assert worker.work_once() >= 1
    failed = [line for line in lines if line["event"] == "job_failed"]
    assert failed
    for line in failed:
        assert (line["error"], line["log_level"]) == ("LookupError", "error")
        assert re.fullmatch(r"deliver:\d+", line["frames"][-1])
        # What would have the words of the exception and every variable printed.
        assert "exc_info" not in line
    mother = served.county.card("chen", "mother")
    assert not [word for word in (mother["name"], mother["id_number"]) if word in str(lines)]


def test_a_fault_while_sweeping_is_logged_without_people() -> None:
    def sweep() -> int:
        raise LookupError("陈冬梅")

    with structlog.testing.capture_logs() as lines:
        sweep_due([Sweep("broken", 0.0, sweep)])
    [line] = lines
    assert (line["event"], line["error"]) == ("sweep_failed", "LookupError")
    assert "exc_info" not in line
    assert "陈冬梅" not in str(line)
