"""The kiosk's settings: one TOML file, read once at start."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
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


@dataclass(frozen=True)
class Config:
    """What one kiosk must know before it can serve anybody."""

    server_url: str
    terminal_id: str
    key_file: Path
    state_dir: Path
    hall_zh: str
    hall_en: str
    name_zh: str = "新县政务服务"
    name_en: str = "Xin County Government Services"
    columns: int = 48
    scan_dpi: int = 300
    devices: DeviceUrls = field(default_factory=DeviceUrls)


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
    needed = {
        each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
    }
    missing = needed - set(settings)
    if missing:
        raise ConfigError(f"{path} does not say {', '.join(sorted(missing))}")
    return settings


def _is_needed(setting: Field[Any]) -> bool:
    return setting.default is MISSING and setting.default_factory is MISSING


def _checked(path: Path, kinds: Mapping[str, Any], name: str, value: Any) -> Any:
    if name == "devices":
        return _devices(path, value)
    if name not in kinds:
        raise ConfigError(f"{path} says {name}, which is no setting")
    if kinds[name] is Path and isinstance(value, str):
        return (path.parent / value).resolve()
    if not isinstance(value, kinds[name]):
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
