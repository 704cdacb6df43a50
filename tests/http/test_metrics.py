"""What Prometheus is told: all processes together, ids of nobody, and only on this machine."""

import re

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.http.running_server import Server
from tests.http.world import World


def _numbers(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture(scope="module")
def told(server: Server) -> str:
    """After twenty requests over connections of their own, answered by whichever process was free."""
    for _ in range(20):
        requests.get(f"{server.url}/live", timeout=5)
    requests.get(f"{server.url}/kiosk/v1/drafts/somebody-s", timeout=5)
    answer = requests.get(f"{server.url}/metrics", timeout=5)
    assert (answer.status_code, answer.headers["content-type"][:10]) == (200, "text/plain")
    return answer.text


def test_every_process_is_counted(told: str) -> None:
    numbers = _numbers(told)
    asked = ("onething_requests_total", (("method", "GET"), ("route", "/live"), ("status", "200")))
    assert numbers[asked] >= 20
    assert numbers["onething_request_seconds_count", (("route", "/live"),)] >= 20


def test_work_and_terminals_are_told(told: str) -> None:
    numbers = _numbers(told)
    assert numbers["onething_catalog_revision", ()] >= 1
    assert ("onething_terminals", (("health", "silent"),)) in numbers
    assert ("onething_alerts_open", ()) in numbers


def test_no_path_and_no_id_is_told(told: str) -> None:
    assert "somebody-s" not in told
    labels = {value for _, given in _numbers(told) for _, value in given}
    assert not [value for value in labels if re.search(r"[0-9]{6}", value)]


def test_work_that_waits_is_counted_by_kind(world: World) -> None:
    from onething.domain.records import Job
    from onething.services.metering import measure

    now = world.ports.clock.now()
    with world.ports.records.act() as uow:
        uow.jobs.add(Job("job-metered", "metered", {}, now))
    [queue] = [each for each in measure(world.ports).queues if each.kind == "metered"]
    assert (queue.state, queue.number, queue.due_at) == ("waiting", 1, now)
    with world.ports.records.act() as uow:
        [due] = [each for each in uow.jobs.claim("test", now, 0, 10_000) if each.id == "job-metered"]
        uow.jobs.finish(due.id, "test")
    assert "metered" not in {each.kind for each in measure(world.ports).queues}
