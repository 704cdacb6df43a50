"""What a technician wants to know of a kiosk: which part works, and in plain words why another does not."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.errors import DeviceError
from devices.registry import open_device
from terminal_client.config import Config
from terminal_client.keys import KeyFileError, read_key
from terminal_client.pinyin import open_decoder
from terminal_client.server_client import Request, ServerAway, ServerClient, ServerRefused
from terminal_client.voice import VoiceError, speak


@dataclass(frozen=True)
class Finding:
    """One part of the kiosk and how it is."""

    what: str
    is_well: bool
    said: str


def examine_kiosk(config: Config) -> list[Finding]:
    """Try every part once; nothing is changed and nothing is printed."""
    return [
        _key(config),
        _tried("front-end packages", _vendored),
        _server(config),
        _card_reader(config),
        _printer(config),
        _tried("pinyin", lambda: "ready" if open_decoder().is_there else _missing("libgooglepinyin0")),
        _tried("voice", lambda: f"{len(speak('您好', 'zh'))} bytes of sound"),
    ]


def _vendored() -> str:
    licences = Path(__file__).parent / "static" / "vendor" / "LICENCES.txt"
    if not licences.is_file():
        raise ValueError("not there: run `npm ci`, then `python deploy/setup/vendor.py`")
    return ", ".join(line.rsplit(" ", 1)[0] for line in licences.read_text("utf-8").splitlines())


def _missing(package: str) -> str:
    raise VoiceError(f"{package} is not installed: only the lexicon's words can be typed")


def _tried(what: str, act: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, act())
    except (DeviceError, ServerAway, ServerRefused, KeyFileError, VoiceError, ValueError) as error:
        return Finding(what, False, str(error))


def _key(config: Config) -> Finding:
    def act() -> str:
        read_key(config.key_file)
        return "only this user can read it"

    return _tried("key", act)


def _server(config: Config) -> Finding:
    def act() -> str:
        client = ServerClient(config.server_url, config.terminal_id, read_key(config.key_file))
        return f"{len(client.ask(Request('GET', '/things'))['things'])} things on offer"

    return _tried("server", act)


def _card_reader(config: Config) -> Finding:
    return _device("card reader", config.devices.id_card)


def _printer(config: Config) -> Finding:
    return _device("receipt printer", config.devices.receipt_printer)


def _device(what: str, url: str | None) -> Finding:
    if url is None:
        return Finding(what, False, "not configured")

    def act() -> str:
        device = open_device(url)
        try:
            health = device.check()
        finally:
            device.close()
        if not health.is_usable:
            raise ValueError(health.en or health.reason or health.state)
        return str(health.state)

    return _tried(what, act)
