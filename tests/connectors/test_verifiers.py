"""The comparison of faces over real HTTP: whose face it is, used evidence, moods; and verifiers by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onething.connectors.exchange import Exchange
from onething.connectors.gateway import GatewayTokens
from onething.connectors.loop import BackgroundLoop
from onething.connectors.verifiers.check import check
from onething.connectors.verifiers.configured import find_verifiers
from onething.connectors.verifiers.faces import GatewayFaces
from onething.domain.stepping_up import VerifierUnavailable
from sandbox.running import RunningSandbox, run_sandbox

WIDOW = "huang.widow"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="module")
def exchange(sandbox: RunningSandbox) -> Iterator[Exchange]:
    loop = BackgroundLoop()
    yield Exchange(sandbox.url, GatewayTokens.load(Path(sandbox.token_file)), loop)
    loop.close()


@pytest.fixture
def faces(sandbox: RunningSandbox, exchange: Exchange) -> Iterator[GatewayFaces]:
    yield GatewayFaces(exchange)
    sandbox.put_mood("verifiers", "ok")


def card(sandbox: RunningSandbox, person: str = WIDOW) -> dict[str, Any]:
    return dict(sandbox.get_person(*person.split("."))["card"])


def test_a_face_proves_its_own_person_once(sandbox: RunningSandbox, faces: GatewayFaces) -> None:
    evidence = sandbox.look_at(WIDOW)
    assert faces.has_proven(card(sandbox), evidence)
    assert not faces.has_proven(card(sandbox), evidence)


def test_another_face_and_a_made_up_evidence_prove_nothing(
    sandbox: RunningSandbox, faces: GatewayFaces
) -> None:
    assert not faces.has_proven(card(sandbox), sandbox.look_at("stranger.woman"))
    assert not faces.has_proven(card(sandbox), "made up")


@pytest.mark.parametrize("mood", ["down", "wrong_json", "wrong_person", "error_text"])
def test_a_service_that_is_not_well_proves_nothing(
    sandbox: RunningSandbox, faces: GatewayFaces, mood: str
) -> None:
    evidence = sandbox.look_at(WIDOW)
    sandbox.put_mood("verifiers", mood)
    with pytest.raises(VerifierUnavailable):
        faces.has_proven(card(sandbox), evidence)


def test_verifiers_are_found_by_name(exchange: Exchange) -> None:
    assert find_verifiers({}, exchange) == {}
    found = find_verifiers({"ONETHING_VERIFIERS": " face "}, exchange)
    assert [(name, each.label.zh) for name, each in found.items()] == [("face", "人脸核验")]
    with pytest.raises(ValueError, match="'iris'"):
        find_verifiers({"ONETHING_VERIFIERS": "face,iris"}, exchange)


def test_the_check_compares_nobody(sandbox: RunningSandbox, exchange: Exchange) -> None:
    assert check(exchange).ok
    sandbox.put_mood("verifiers", "down")
    assert not check(exchange).ok
    sandbox.put_mood("verifiers", "ok")
