"""The signed list of releases, and which of them a kiosk should have: rules only, no clock, no network."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from terminal_client.updating.refusals import UpdateRefused
from terminal_client.updating.version import BadVersion, order_of

LIST = "releases.json"
FORMAT = 1
CHANNELS = ("test", "early", "stable")
LIBRARIES = "onething-terminal-libraries"
PACKAGE = re.compile(r"([a-z0-9][a-z0-9.+-]+)_([A-Za-z0-9.+~-]+)_([a-z0-9]+)\.deb", re.ASCII)


@dataclass(frozen=True)
class Package:
    """One .deb of a release; its file's name says all of it."""

    name: str
    version: str
    file: str

    @classmethod
    def of(cls, file: str) -> "Package":
        """Read a file's name. UpdateRefused "unreadable" when it is no package's."""
        found = PACKAGE.fullmatch(file)
        if found is None:
            raise UpdateRefused("unreadable", f"{file!r} is no package")
        return cls(found[1], found[2], file)


@dataclass(frozen=True)
class Release:
    """One version of the terminal: its packages, and since when which kiosks may have it."""

    version: str
    packages: tuple[Package, ...]
    offered_at: Mapping[str, datetime]
    spread_minutes: int = 0
    recalled: str | None = None


def read_releases(text: bytes) -> list[Release]:
    """The list, oldest version first. UpdateRefused "unreadable"."""
    try:
        given = json.loads(text)
        if given["format"] != FORMAT:
            raise ValueError(f"format {given['format']}")
        found = [_read_release(each) for each in given["releases"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UpdateRefused("unreadable", f"{LIST}: {error}") from error
    return sorted(found, key=lambda release: order_of(release.version))


def choose_release(
    releases: Sequence[Release], *, installed: str, channel: str, machine: str, now_at: datetime
) -> Release | None:
    """What a kiosk of a channel should have instead of what it has; None when that is right.

    Never an older version, except when the installed one has been recalled. Within a channel the kiosks take
    their turns over the release's spread, each at a place drawn from its own machine's id, so that one hall
    is not without kiosks at once.
    """
    offered = [each for each in releases if _is_due(each, channel, machine, now_at)]
    if not offered:
        return None
    newest = offered[-1]
    if order_of(newest.version) > order_of(installed):
        return newest
    return newest if newest.version != installed and _is_recalled(releases, installed) else None


def check_release(releases: Sequence[Release], *, installed: str, wanted: str) -> Release:
    """The wanted release, when a kiosk with `installed` may have it: UpdateRefused "not_offered", "older"."""
    found = next((each for each in releases if each.version == wanted), None)
    if found is None or found.recalled is not None or not found.offered_at:
        raise UpdateRefused("not_offered", wanted)
    if order_of(wanted) <= order_of(installed) and not _is_recalled(releases, installed):
        raise UpdateRefused("older", f"{wanted} over {installed}")
    return found


def list_changing(release: Release, installed: Mapping[str, str]) -> list[Package]:
    """The packages to install here: those it has in another version, and the libraries they need."""
    return [
        each
        for each in release.packages
        if installed.get(each.name, "") != each.version and (each.name in installed or each.name == LIBRARIES)
    ]


def turn_of(release: Release, channel: str, machine: str) -> datetime | None:
    """When it is this machine's turn; the same however often asked; None when its channel has none."""
    since_at = release.offered_at.get(channel)
    if since_at is None or release.spread_minutes <= 0 or channel == "test":
        return since_at
    drawn = hashlib.sha256(f"{machine}:{release.version}".encode()).digest()
    return since_at + timedelta(seconds=int.from_bytes(drawn[:8]) % (release.spread_minutes * 60))


def _is_due(release: Release, channel: str, machine: str, now_at: datetime) -> bool:
    turn_at = turn_of(release, channel, machine)
    return release.recalled is None and turn_at is not None and turn_at <= now_at


def _is_recalled(releases: Sequence[Release], version: str) -> bool:
    return any(each.version == version and each.recalled is not None for each in releases)


def _read_release(given: Mapping[str, object]) -> Release:
    version, packages, channels = given["version"], given["packages"], given["channels"]
    spread, recalled = given.get("spread_minutes", 0), given.get("recalled")
    if not isinstance(version, str) or not isinstance(packages, list) or not isinstance(channels, dict):
        raise BadVersion("a release has version, packages and channels")
    if not isinstance(spread, int) or not isinstance(recalled, str | None):
        raise BadVersion("spread_minutes is a number, recalled a text")
    if not set(channels) <= set(CHANNELS):
        raise BadVersion(f"the channels are {', '.join(CHANNELS)}")
    order_of(version)
    offered_at = {name: datetime.fromisoformat(at) for name, at in channels.items()}
    if any(at.tzinfo is None for at in offered_at.values()):
        raise BadVersion("a time without its zone")
    return Release(version, tuple(Package.of(file) for file in packages), offered_at, spread, recalled)
