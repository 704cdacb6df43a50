"""Configuration from the environment only; every variable is described in deploy/environment.example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from onething.ports import Settings


class NotConfigured(Exception):
    """A setting is missing or cannot be right; the message says which and what to do."""


@dataclass(frozen=True)
class Configuration:
    """Where this installation keeps things and whom it reaches."""

    database_url: str
    files: Path
    keys: Path
    catalog: Path
    gateway_url: str | None
    gateway_tokens: Path | None
    clock_file: Path | None
    settings: Settings

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Configuration:
        """Read every ONETHING_* variable; missing ones take the embedded defaults."""
        tokens = environ.get("ONETHING_GATEWAY_TOKENS")
        clock = environ.get("ONETHING_CLOCK_FILE")
        return cls(
            database_url=environ.get("ONETHING_DATABASE_URL", "sqlite:///var/onething.sqlite"),
            files=Path(environ.get("ONETHING_FILES", "var/files")),
            keys=Path(environ.get("ONETHING_KEYS", "var/keys.json")),
            catalog=Path(environ.get("ONETHING_CATALOG", "catalog/xinxian")),
            gateway_url=environ.get("ONETHING_GATEWAY_URL") or None,
            gateway_tokens=Path(tokens) if tokens else None,
            clock_file=Path(clock) if clock else None,
            settings=Settings(
                division=environ.get("ONETHING_DIVISION", "411523"),
                public_url=environ.get("ONETHING_PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/"),
                window_accepts=_yes_or_no(environ, "ONETHING_WINDOW_ACCEPTS", default=True),
                without_system=_codes(environ, "ONETHING_DEPARTMENTS_WITHOUT_SYSTEM"),
                pulled=_codes(environ, "ONETHING_DEPARTMENTS_PULLED"),
                rating_names=_one_of(environ, "ONETHING_RATING_NAMES", "choice", "always", "never"),
                rectification_days=int(environ.get("ONETHING_RECTIFICATION_DAYS", "5")),
                dispute_days=int(environ.get("ONETHING_DISPUTE_DAYS", "10")),
                needs_default=_one_of(environ, "ONETHING_NEEDS_DEFAULT", "draft", "agreed"),
                track_seconds=int(environ.get("ONETHING_TRACK_SECONDS", "1800")),
                reports_to_province=_yes_or_no(environ, "ONETHING_REPORTS_TO_PROVINCE", default=False),
                code_minutes=int(environ.get("ONETHING_ENROLMENT_CODE_MINUTES", "10")),
                terminal_key_days=int(environ.get("ONETHING_TERMINAL_KEY_DAYS", "90")),
                activate_unseen=_yes_or_no(environ, "ONETHING_ACTIVATE_UNSEEN", default=False),
                draft_days=int(environ.get("ONETHING_DRAFT_DAYS", "90")),
                phone_binding_days=int(environ.get("ONETHING_PHONE_BINDING_DAYS", "180")),
                ca_pin=environ.get("ONETHING_CA_PIN", "").strip().lower(),
            ),
        )

    def get_gateway(self) -> tuple[str, Path]:
        """The gateway's address and token file; raises ``NotConfigured``."""
        if not self.gateway_url or not self.gateway_tokens:
            raise NotConfigured(
                "set ONETHING_GATEWAY_URL and ONETHING_GATEWAY_TOKENS: without the data-sharing gateway "
                "no register, e-licence or department can be reached"
            )
        return self.gateway_url, self.gateway_tokens


def _yes_or_no(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    said = environ.get(name, "yes" if default else "no").strip().lower()
    if said not in ("yes", "no"):
        raise NotConfigured(f"{name} is yes or no, not {said}")
    return said == "yes"


def _one_of(environ: Mapping[str, str], name: str, *words: str) -> str:
    """The first word is the default."""
    said = environ.get(name, words[0]).strip().lower()
    if said not in words:
        raise NotConfigured(f"{name} is one of {', '.join(words)}, not {said}")
    return said


def _codes(environ: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(environ.get(name, "").replace(",", " ").split())
