"""The updater's settings: where versions come from, and which folders and commands are this machine's."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PLACE = Path("/etc/onething-terminal/update.toml")


class BadSettings(Exception):
    """The file is missing or wrong; the message says what of it."""

    reason = "bad_update_settings"


@dataclass(frozen=True)
class Settings:
    """What the updater must know. Every path has the place the package gives it."""

    repository: str
    channel: str = "stable"
    root: Path = Path("/etc/onething-terminal/updates-root.json")
    folder: Path = Path("/var/lib/onething-update")
    channel_file: Path = Path("/var/lib/onething-terminal/update_channel")
    machine_id: Path = Path("/etc/machine-id")
    sitting_lock: Path = Path("/run/onething-terminal/sitting.lock")
    pages: str = "http://127.0.0.1:8090"
    stop: tuple[str, ...] = ("systemctl", "stop", "onething-terminal.service")
    start: tuple[str, ...] = ("systemctl", "start", "--no-block", "onething-terminal.service")
    health_seconds: float = 120.0
    settle_seconds: float = 30.0

    @property
    def fetched(self) -> Path:
        """What the program fetched; nothing in it is believed."""
        return self.folder / "fetched"

    @property
    def trusted(self) -> Path:
        """What the installer verified; nobody else may write there."""
        return self.folder / "trusted"

    @property
    def kept(self) -> Path:
        """The packages of this version and the one before."""
        return self.folder / "kept"

    def read_channel(self) -> str:
        """The channel the server gave this kiosk, or the file's."""
        try:
            return self.channel_file.read_text("ascii").strip() or self.channel
        except (OSError, UnicodeDecodeError):
            return self.channel

    def read_machine(self) -> str:
        """What the turns are drawn from; empty when the machine has no id."""
        try:
            return self.machine_id.read_text("ascii").strip()
        except OSError:
            return ""


def read_settings(path: Path = PLACE) -> Settings:
    """Read the file. BadSettings."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings(f"{path}: {error}") from error
    known = {each.name: each.default for each in fields(Settings)}
    unknown = set(given) - set(known)
    if unknown or not isinstance(given.get("repository"), str):
        raise BadSettings(f"{path}: repository is needed; no setting: {', '.join(sorted(unknown)) or '-'}")
    try:
        return Settings(**{name: _as(known[name], value) for name, value in given.items()})
    except (TypeError, ValueError) as error:
        raise BadSettings(f"{path}: {error}") from error


def _as(default: Any, value: Any) -> Any:
    match default:
        case Path():
            return Path(value)
        case tuple():
            return tuple(str(word) for word in value)
        case float():
            return float(value)
        case _:
            return str(value).rstrip("/")
