"""The compose file, read by docker-compose itself, and the image's recipe."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

ASKED = {
    "DATABASE_PASSWORD": "only-for-this-test",
    "ONETHING_GATEWAY_URL": "https://gateway.example.invalid",
    "ONETHING_PUBLIC_URL": "https://onething.example.invalid",
}


def _config(deploy: Path, tool, environment: dict[str, str]) -> tuple[int, str]:
    inherited = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    file = str(deploy / "compose/compose.yaml")
    return tool.run("docker-compose", "-f", file, "config", environment=inherited | environment)


@pytest.fixture(scope="module")
def composed(deploy: Path, tool) -> dict[str, Any]:
    code, said = _config(deploy, tool, ASKED)
    assert code == 0, said
    loaded = yaml.safe_load(said)
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("asked", sorted(ASKED))
def test_nothing_starts_with_a_guessed_value(deploy: Path, tool, asked: str) -> None:
    code, said = _config(deploy, tool, {name: value for name, value in ASKED.items() if name != asked})
    assert code != 0
    assert ASKED[asked] not in said


def test_only_nginx_is_reached_from_outside(composed: dict[str, Any]) -> None:
    assert [name for name, service in composed["services"].items() if service.get("ports")] == ["nginx"]
    assert composed["networks"]["inside"]["internal"] is True
    assert list(composed["services"]["database"]["networks"]) == ["inside"]


def test_tables_are_there_before_anyone_reads_them(composed: dict[str, Any]) -> None:
    for name in ("server", "heartbeats", "worker"):
        waits = composed["services"][name]["depends_on"]["migration"]
        assert waits["condition"] == "service_completed_successfully"


def test_our_programs_run_sealed_and_without_secrets_in_the_environment(composed: dict[str, Any]) -> None:
    for name in ("migration", "server", "heartbeats", "worker"):
        service = composed["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["environment"]["ONETHING_KEYS"].startswith("/run/secrets/")
        assert service["environment"]["ONETHING_GATEWAY_TOKENS"].startswith("/run/secrets/")


def test_the_image_takes_its_packages_from_the_one_list(deploy: Path) -> None:
    recipe = (deploy / "compose/Dockerfile").read_text("utf-8")
    assert "deploy/setup/system-packages.txt" in recipe
    assert "--verify-hashes --constraint requirements.lock" in recipe
    command = recipe.rsplit("CMD ", 1)[1]
    assert json.loads(command)[-1] == "server.wsgi:app"
    # The last USER is who runs it.
    assert recipe.rsplit("USER ", 1)[1].split()[0] == "onething"
