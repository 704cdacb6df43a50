"""The card reader's simulator by itself, judged by the published bytes."""

import socket
from collections.abc import Callable

import pytest

from devices.id_card.card import IdCard
from devices.id_card.frames import FrameParser, build_frame
from devices.simulator_process import SimulatorProcess


@pytest.fixture
def placed(reader_simulator: SimulatorProcess, resident_card: IdCard) -> IdCard:
    reader_simulator.put("/card", resident_card.to_json())
    return resident_card


@pytest.mark.parametrize(
    ("request_hex", "reply_hex"),
    [
        ("000310FFEC", "000400009094"),
        ("000311FFED", "000400009094"),
        ("0003200122", "000800009F0000000097"),
        ("0003200221", "000C00009000000000000000009C"),
    ],
)
def test_the_simulator_answers_the_published_bytes(
    reader_simulator: SimulatorProcess, placed: IdCard, request_hex: str, reply_hex: str
) -> None:
    preamble = bytes.fromhex("AAAAAA9669")
    with _raw(reader_simulator) as wire:
        if "2002" in request_hex:
            wire.sendall(build_frame(bytes.fromhex("2001")))
            assert len(wire.recv(100)) == 15
        wire.sendall(preamble + bytes.fromhex(request_hex))
        assert wire.recv(100) == preamble + bytes.fromhex(reply_hex)


@pytest.mark.parametrize(
    ("request_hex", "reply_hex"),
    [("0003200122", "000400008084"), ("0003200221", "000400008185"), ("0003300132", "000400004145")],
)
def test_the_simulator_without_a_card_answers_the_published_bytes(
    reader_simulator: SimulatorProcess, request_hex: str, reply_hex: str
) -> None:
    preamble = bytes.fromhex("AAAAAA9669")
    with _raw(reader_simulator) as wire:
        wire.sendall(preamble + bytes.fromhex(request_hex))
        assert wire.recv(100) == preamble + bytes.fromhex(reply_hex)


def test_the_simulator_ignores_requests_with_a_wrong_checksum(reader_simulator: SimulatorProcess) -> None:
    with _raw(reader_simulator) as wire:
        wire.sendall(bytes.fromhex("AAAAAA966900031100FF") + build_frame(bytes.fromhex("11FF")))
        assert FrameParser().feed(wire.recv(100)) == [bytes.fromhex("000090")]


def test_the_simulator_ends_with_its_parent(start_simulator: Callable[..., SimulatorProcess]) -> None:
    simulator = start_simulator("devices.id_card.simulator")
    assert simulator.process.stdin
    simulator.process.stdin.close()
    assert simulator.process.wait(5) == 0


def test_the_simulator_ends_on_sigterm(start_simulator: Callable[..., SimulatorProcess]) -> None:
    assert start_simulator("devices.id_card.simulator").end() == 0


def _raw(simulator: SimulatorProcess) -> socket.socket:
    host, _, port = simulator.addresses["tcp_url"].removeprefix("idcard+tcp://").partition(":")
    return socket.create_connection((host, int(port)), timeout=5)
