"""The kiosk's settings: one TOML file, read once at start."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", re.ASCII)


class ConfigError(Exception):
    """The file is missing or wrong; the message says which line of it, in plain words."""

    reason = "bad_config"


@dataclass(frozen=True)
class DeviceUrls:
    """Where each device is; None when this kiosk has none of that kind."""

    id_card: str | None = None
    receipt_printer: str | None = None
    scanner: str | None = None
    qr: str | None = None
    a4_printer: str | None = None

    def by_kind(self) -> dict[str, str]:
        """The URLs of the kinds there are."""
        return {each.name: url for each in fields(self) if (url := getattr(self, each.name)) is not None}


@dataclass(frozen=True)
class LocalCommands:
    """What this machine runs to do what only it can, each as a program with its arguments.

    They come from this file alone, never from the server: a command of the server's only names one of them.
    """

    restart_browser: tuple[str, ...] = ()
    reboot: tuple[str, ...] = ()
    screenshot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Config:
    """What one kiosk knows from its file.

    The server's address and everything about the terminal may come by enrolling instead; what the server
    configures takes the place of what stands here.
    """

    server_url: str = ""
    terminal_id: str = ""
    key_file: Path = Path("kiosk.key")
    state_dir: Path = Path("state")
    hall_zh: str = "新县政务服务"
    hall_en: str = "Xin County Government Services"
    name_zh: str = "新县政务服务"
    name_en: str = "Xin County Government Services"
    columns: int = 48
    scan_dpi: int = 300
    ca_file: Path | None = None
    devices: DeviceUrls = field(default_factory=DeviceUrls)
    commands: LocalCommands = field(default_factory=LocalCommands)


@dataclass(frozen=True)
class DeskConfig:
    """What a clerk's desk must know: whose page it serves, and its devices."""

    console_origin: str
    columns: int = 48
    scan_dpi: int = 300
    devices: DeviceUrls = field(default_factory=DeviceUrls)


def read_config(path: Path) -> Config:
    """Read the settings. ConfigError when a name is unknown, missing or of the wrong kind."""
    return Config(**_read(path, Config))


def read_desk_config(path: Path) -> DeskConfig:
    """Read a desk's settings. ConfigError as above, and when the console's origin is none."""
    config = DeskConfig(**_read(path, DeskConfig))
    if not ORIGIN.fullmatch(config.console_origin):
        raise ConfigError(f"{path}: console_origin is a scheme and host such as https://console.example")
    return config


def _read(path: Path, kind: type[Config] | type[DeskConfig]) -> dict[str, Any]:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    kinds = get_type_hints(kind)
    settings = {name: _checked(path, kinds, name, value) for name, value in given.items()}
    for name in ("key_file", "state_dir"):
        if name in kinds:
            settings.setdefault(name, (path.parent / str(kind.__dataclass_fields__[name].default)).resolve())
    needed = {
        each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
    }
    missing = needed - set(settings)
    if missing:
        raise ConfigError(f"{path} does not say {', '.join(sorted(missing))}")
    return settings


def _checked(path: Path, kinds: Mapping[str, Any], name: str, value: Any) -> Any:
    if name not in kinds:
        raise ConfigError(f"{path} says {name}, which is no setting")
    if name == "devices":
        return _devices(path, value)
    if name == "commands":
        return _commands(path, value)
    if kinds[name] in (Path, Path | None) and isinstance(value, str):
        return (path.parent / value).resolve()
    if kinds[name] not in (str, int) or not isinstance(value, kinds[name]):
        raise ConfigError(f"{path}: {name} must be {'a number' if kinds[name] is int else 'a text'}")
    if name == "columns" and value not in (32, 48):
        raise ConfigError(f"{path}: columns must be 48 (80 mm paper) or 32 (58 mm paper)")
    return value


def _devices(path: Path, value: Any) -> DeviceUrls:
    known = get_type_hints(DeviceUrls)
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise ConfigError(f"{path}: [devices] may name {', '.join(known)}")
    if not all(isinstance(url, str) for url in value.values()):
        raise ConfigError(f"{path}: every device is a text such as receipt+tcp://10.0.0.9:9100")
    return DeviceUrls(**value)


def _commands(path: Path, value: Any) -> LocalCommands:
    known = get_type_hints(LocalCommands)
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise ConfigError(f"{path}: [commands] may name {', '.join(known)}")
    for words in value.values():
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            raise ConfigError(f'{path}: every command is a list such as ["systemctl", "reboot"]')
    return LocalCommands(**{name: tuple(words) for name, words in value.items()})
