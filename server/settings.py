"""The doors' settings from the environment; deploy/environment.example describes each variable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from web.settings import LOOPBACK, DoorSettings


class SettingsWrong(Exception):
    """The environment does not say what the doors need; the message says what to mend."""

    reason = "settings_wrong"


def read_door_settings(environ: Mapping[str, str]) -> DoorSettings:
    """Hosts from ONETHING_PUBLIC_URL and ONETHING_HOSTS, partners' tokens from ONETHING_GATEWAY_TOKENS,
    the clerks' desk program from ONETHING_DESK_URL."""
    return DoorSettings(
        hosts=_read_hosts(environ),
        partner_tokens=_read_partner_tokens(environ.get("ONETHING_GATEWAY_TOKENS", "")),
        log_level=environ.get("ONETHING_LOG_LEVEL", "info"),
        proxies=_read_proxies(environ.get("ONETHING_FORWARDED_ALLOW_IPS", "127.0.0.1,::1")),
        desk_url=environ.get("ONETHING_DESK_URL", DoorSettings.desk_url).rstrip("/"),
    )


def _read_hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    public = urlsplit(environ.get("ONETHING_PUBLIC_URL", "")).hostname
    named = (host.strip() for host in environ.get("ONETHING_HOSTS", "").split(","))
    return tuple(dict.fromkeys(host for host in (*LOOPBACK, public, *named) if host))


def _read_proxies(listed: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in listed.split(",") if each.strip())


def _read_partner_tokens(file: str) -> Mapping[str, str]:
    if not file:
        return {}
    try:
        tokens = json.loads(Path(file).read_text("utf-8"))["departments"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsWrong(f"ONETHING_GATEWAY_TOKENS={file} cannot be used: {error!r}") from error
    if not isinstance(tokens, dict) or not all(isinstance(each, str) and each for each in tokens.values()):
        raise SettingsWrong(f"ONETHING_GATEWAY_TOKENS={file}: every department's token is a text")
    return tokens
