"""PostgreSQL is stopped, frozen or locked under a real server: said soon, and well again by itself."""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path

import pytest

from sandbox.running import RunningSandbox
from tests.faults.cluster import Cluster
from tests.faults.history import wait_until_settled
from tests.faults.installation import Clones, Installation, running
from tests.faults.kiosk import Answer, Door, exchange
from tests.patience import Patience

SOON_SECONDS = 3.0
WELL_WITHIN_SECONDS = 15.0

Away = Callable[[Cluster], AbstractContextManager[None]]

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    # Its socket's path must be short, and its account must be able to walk there.
    with tempfile.TemporaryDirectory(prefix="onething-pg-") as folder:
        cluster = Cluster(Path(folder))
        cluster.start()
        yield cluster
        cluster.stop_at_once()


@pytest.fixture(scope="module")
def installation(
    cluster: Cluster, sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("away")
    with running(cluster.url, sandbox, folder, servers=1, workers=1) as made:
        yield made


@pytest.fixture(scope="module")
def drafts(installation: Installation) -> Iterator[str]:
    """Ready drafts, made while the database is there."""
    return iter(Clones(installation.county).make(20))


@pytest.fixture(scope="module")
def door(installation: Installation) -> Door:
    return installation.sign_in()


@contextmanager
def stopped(cluster: Cluster) -> Iterator[None]:
    cluster.stop_at_once()
    try:
        yield
    finally:
        cluster.start()


@contextmanager
def frozen(cluster: Cluster) -> Iterator[None]:
    cluster.freeze()
    try:
        yield
    finally:
        cluster.thaw()


@contextmanager
def locked(cluster: Cluster) -> Iterator[None]:
    with cluster.connect() as other:
        other.execute("LOCK TABLE cases, idempotency_keys")
        yield
        other.rollback()


def _get(installation: Installation, path: str) -> Answer:
    return exchange(installation.port, "GET", path, b"", {})


def _said_soon(door: Door, draft: str, key: str) -> None:
    began = time.monotonic()
    answer = door.submit(draft, key)
    assert time.monotonic() - began < SOON_SECONDS
    assert (answer.status, answer.body["reason"]) == (503, "server_away")
    assert int(answer.headers["Retry-After"]) > 0


def _submitted_again(door: Door, draft: str, key: str) -> str:
    patience = Patience(WELL_WITHIN_SECONDS)
    while (answer := door.submit(draft, key)).status == 503 and patience.lasts():
        time.sleep(0.2)
    assert answer.status == 201, answer.text
    return str(answer.body["case_number"])


@pytest.mark.parametrize("away", [stopped, frozen])
def test_a_database_that_is_away_is_said_and_found_again(
    away: Away, door: Door, installation: Installation, drafts: Iterator[str], cluster: Cluster
) -> None:
    draft, key = next(drafts), secrets.token_urlsafe(24)
    assert _get(installation, "/ready").status == 200
    with away(cluster):
        for _ in range(2):
            _said_soon(door, draft, key)
        began = time.monotonic()
        not_ready = _get(installation, "/ready")
        assert (not_ready.status, not_ready.body["reason"]) == (503, "server_away")
        assert time.monotonic() - began < SOON_SECONDS
        assert _get(installation, "/live").status == 200
    _submitted_again(door, draft, key)
    assert _get(installation, "/ready").status == 200
    wait_until_settled(installation.county.ports)
    assert installation.list_deaths() == []


def test_a_table_that_is_locked_is_said_and_waited_for_by_the_client(
    door: Door, installation: Installation, drafts: Iterator[str], cluster: Cluster
) -> None:
    draft, key = next(drafts), secrets.token_urlsafe(24)
    with locked(cluster):
        _said_soon(door, draft, key)
        assert _get(installation, "/live").status == 200
    _submitted_again(door, draft, key)
    wait_until_settled(installation.county.ports)


def test_a_database_restarted_while_workers_deliver_strands_nothing(
    door: Door, installation: Installation, drafts: Iterator[str], cluster: Cluster, sandbox: RunningSandbox
) -> None:
    keys = {draft: secrets.token_urlsafe(24) for draft in islice(drafts, 12)}
    sandbox.put_mood("WJ", "slow", 0.2)
    for draft in islice(keys, 6):
        _submitted_again(door, draft, keys[draft])
    assert _count_jobs(cluster) > 0
    with stopped(cluster):
        time.sleep(0.5)
    numbers = {_submitted_again(door, draft, keys[draft]) for draft in keys}
    assert len(numbers) == len(keys)
    assert _count_jobs(cluster) > 0
    with stopped(cluster):
        sandbox.put_mood("WJ", "ok")
    wait_until_settled(installation.county.ports)
    assert installation.list_deaths() == []


def _count_jobs(cluster: Cluster) -> int:
    with cluster.connect() as session:
        [[count]] = session.execute("SELECT count(*) FROM jobs").fetchall()
    return int(str(count))
