"""What each command of the server's does on this kiosk."""

import base64
import subprocess
from collections.abc import Callable, Mapping
from typing import Protocol

from devices.states import Health
from terminal_client.agent.commands import Act, Command, CommandRefused, Done
from terminal_client.agent.redaction import LogTail
from terminal_client.config import LocalCommands

LOCAL_SECONDS = 20.0
LARGEST_PICTURE = 256 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


class ServedKiosk(Protocol):
    """The kiosk as far as commands touch it."""

    def print_again(self) -> bool:
        """Print the present person's receipt again; False when there is none."""


def make_acts(
    *,
    kiosk: ServedKiosk,
    commands: LocalCommands,
    log_tail: LogTail,
    list_health: Callable[[], Mapping[str, Health]],
    rotate_key: Callable[[], None],
    suspend: Callable[[], None],
    wipe: Callable[[], None],
    before_reboot: Callable[[], None],
) -> dict[str, Act]:
    """Every kind of command with what does it."""

    def reboot(_command: Command) -> Done:
        _must_be_set_up(commands.reboot)
        before_reboot()
        return _run(commands.reboot)

    return {
        "self_test": lambda _command: _self_test(list_health()),
        "reprint_last": lambda _command: _print_again(kiosk),
        "restart_browser": lambda _command: _run(commands.restart_browser),
        "reboot": reboot,
        "upload_logs": lambda _command: Done(attachment=_base64(log_tail.read().encode())),
        "screenshot": lambda _command: _screenshot(commands.screenshot),
        "rotate_key": lambda _command: _then(rotate_key, "the new key is used from now on"),
        "suspend": lambda _command: _then(suspend, "closed"),
        "wipe": lambda _command: _then(wipe, "wiped"),
    }


def _self_test(health: Mapping[str, Health]) -> Done:
    lines = [f"{kind}: {each.state.value} {each.reason}".rstrip() for kind, each in sorted(health.items())]
    return Done("\n".join(lines) or "no device is configured")


def _print_again(kiosk: ServedKiosk) -> Done:
    if not kiosk.print_again():
        raise CommandRefused("nothing of the last person is kept once they have gone")
    return Done("printing")


def _screenshot(words: tuple[str, ...]) -> Done:
    _must_be_set_up(words)
    shot = subprocess.run(words, capture_output=True, timeout=LOCAL_SECONDS, check=True).stdout
    if not shot.startswith(PNG) or len(shot) > LARGEST_PICTURE:
        raise CommandRefused(f"no picture, or one of more than {LARGEST_PICTURE // 1024} KiB")
    return Done(attachment=_base64(shot))


def _run(words: tuple[str, ...]) -> Done:
    _must_be_set_up(words)
    subprocess.run(words, capture_output=True, timeout=LOCAL_SECONDS, check=True)
    return Done()


def _must_be_set_up(words: tuple[str, ...]) -> None:
    if not words:
        raise CommandRefused("not set up on this machine: [commands] in its settings does not name it")


def _then(act: Callable[[], None], said: str) -> Done:
    act()
    return Done(said)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
