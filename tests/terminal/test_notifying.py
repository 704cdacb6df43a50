"""What systemd hears: a real datagram socket listens, as the service manager does."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from terminal_client.notifying import ServiceNotice


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def _notice(tmp_path: Path, **more: str) -> ServiceNotice:
    return ServiceNotice({"NOTIFY_SOCKET": str(tmp_path / "notify"), **more})


def test_ready_comes_with_a_status_on_one_line(tmp_path: Path, manager: socket.socket) -> None:
    _notice(tmp_path).say_ready("serving\nat 8090")
    assert manager.recv(4096) == b"READY=1\nSTATUS=serving at 8090"


def test_an_abstract_socket_is_a_socket_too(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{tmp_path}")
        listening.settimeout(5)
        ServiceNotice({"NOTIFY_SOCKET": f"@{tmp_path}"}).say_stopping()
        assert listening.recv(4096) == b"STOPPING=1"


def test_without_a_manager_nothing_is_said_and_nothing_breaks(tmp_path: Path) -> None:
    notice = ServiceNotice({})
    notice.say_ready("x")
    notice.beat_while(lambda: pytest.fail("nobody asked"))
    assert (notice.is_listened_to, notice.watchdog_seconds) == (False, None)
    # a manager that has gone is no reason to end either
    ServiceNotice({"NOTIFY_SOCKET": str(tmp_path / "gone")}).say_ready()


def test_it_beats_only_while_the_program_is_well(tmp_path: Path, manager: socket.socket) -> None:
    answers = [True, True, False]

    def is_well() -> bool:
        if not answers:
            raise RuntimeError("hung")
        return answers.pop(0)

    notice = _notice(tmp_path, WATCHDOG_USEC="60000")
    assert notice.watchdog_seconds == 0.06
    notice.beat_while(is_well)
    assert [manager.recv(64) for _ in range(2)] == [b"WATCHDOG=1"] * 2
    manager.settimeout(0.3)
    with pytest.raises(TimeoutError):
        manager.recv(64)
    notice.say_stopping()


def test_a_child_does_not_beat_for_its_parent(tmp_path: Path) -> None:
    assert _notice(tmp_path, WATCHDOG_USEC="60000", WATCHDOG_PID="1").watchdog_seconds is None
