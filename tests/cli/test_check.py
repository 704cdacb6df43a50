"""``onething check`` says in plain words what is missing or unsafe."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.command_line import run_onething as onething

TEXTS = Path(__file__).resolve().parents[2] / "catalog/messages/xinxian.toml"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def test_from_nothing_to_ready(tmp_path: Path, sandbox: RunningSandbox) -> None:
    environment = {
        "ONETHING_DATABASE_URL": f"sqlite:///{tmp_path / 'onething.sqlite'}",
        "ONETHING_FILES": str(tmp_path / "files"),
        "ONETHING_KEYS": str(tmp_path / "keys.json"),
    }
    said = onething(environment, "check")
    assert said.returncode == 1
    for words in ("onething keys make", "onething migrate", "ONETHING_GATEWAY_URL"):
        assert words in said.stdout
    environment["ONETHING_GATEWAY_URL"] = sandbox.url
    environment["ONETHING_GATEWAY_TOKENS"] = str(sandbox.token_file)
    assert onething(environment, "keys", "make").returncode == 0
    assert onething(environment, "migrate").returncode == 0
    said = onething(environment, "check", "--connections")
    assert said.returncode == 0
    assert "only a window can hand in P-AFTER-DEATH PENSION-ACCT" in said.stdout
    environment["ONETHING_MESSAGE_TEMPLATES"] = str(TEXTS)
    said = onething(environment, "check", "--connections")
    assert (said.returncode, said.stdout) == (0, "nothing is missing\n")
    (tmp_path / "keys.json").chmod(0o644)
    said = onething(environment, "check")
    assert said.returncode == 1
    assert "can be read by others" in said.stdout


def test_a_silent_register_is_named_and_keeps_nobody_from_starting(
    tmp_path: Path, sandbox: RunningSandbox
) -> None:
    environment = {
        "ONETHING_DATABASE_URL": f"sqlite:///{tmp_path / 'onething.sqlite'}",
        "ONETHING_FILES": str(tmp_path / "files"),
        "ONETHING_KEYS": str(tmp_path / "keys.json"),
        "ONETHING_GATEWAY_URL": sandbox.url,
        "ONETHING_GATEWAY_TOKENS": str(sandbox.token_file),
        "ONETHING_PUBLIC_URL": "http://county.example.invalid",
    }
    onething(environment, "keys", "make")
    onething(environment, "migrate")
    sandbox.put_mood("birth_register", "down")
    try:
        said = onething(environment, "check", "--connections")
    finally:
        sandbox.put_mood("birth_register", "ok")
    assert said.returncode == 0
    assert "registers/birth_register" in said.stdout
    assert "https://" in said.stdout
