"""The county's repository of terminal releases, made and signed as The Update Framework says (TUF 1.0)."""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

LIST = "releases.json"
# Two of three people who keep a root key must agree before anybody else's signature is believed.
ROOT_KEYS, ROOT_THRESHOLD = 3, 2
# How long what is signed is believed. The last two are signed anew by a machine, every day.
LIVES = {"root": 365, "targets": 180, "snapshot": 7, "timestamp": 3}
ONLINE = ("snapshot", "timestamp")


class NotPossible(Exception):
    """What was asked of the repository cannot be done; the message says why."""


def make_keys(folder: Path) -> None:
    """A new key pair for each role, in files for their owner alone. NotPossible when there are some.

    Root keys and the targets' key are kept offline, each on a medium of its own; snapshot and timestamp lie
    on the machine that signs daily.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.glob("*.pem")):
        raise NotPossible(f"there are keys in {folder} already")
    names = [f"root-{number}" for number in range(1, ROOT_KEYS + 1)] + ["targets", *ONLINE]
    for name in names:
        handle = os.open(folder / f"{name}.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(CryptoSigner.generate_ed25519().private_bytes)


class ReleaseRepository:
    """A folder to be served over HTTP as it is: metadata/ and targets/."""

    def __init__(self, folder: Path, keys: Path) -> None:
        """Nothing is read yet; a key is asked for by the act that needs it."""
        self._metadata = folder / "metadata"
        self._targets = folder / "targets"
        self._keys = keys

    def begin(self) -> Path:
        """An empty repository; returns the root that every kiosk is given. NotPossible when there is one."""
        if self._metadata.exists():
            raise NotPossible(f"there is a repository in {self._metadata.parent} already")
        self._metadata.mkdir(parents=True)
        self._targets.mkdir()
        root = Root(expires=_in_days("root"), consistent_snapshot=True)
        for number in range(1, ROOT_KEYS + 1):
            root.add_key(self._signer(f"root-{number}").public_key, "root")
        for role in ("targets", *ONLINE):
            root.add_key(self._signer(role).public_key, role)
        root.roles["root"].threshold = ROOT_THRESHOLD
        self._write(Metadata(root), "root", [f"root-{number}" for number in range(1, ROOT_THRESHOLD + 1)])
        self._publish_list([], Targets(expires=_in_days("targets")))
        return self._metadata / "1.root.json"

    def list_releases(self) -> list[dict[str, Any]]:
        """The releases as they are published now, in the order they were added."""
        name = self._read_targets().targets[LIST].hashes["sha256"]
        given: dict[str, Any] = json.loads((self._targets / f"{name}.{LIST}").read_bytes())
        releases: list[dict[str, Any]] = given["releases"]
        return releases

    def add(self, version: str, packages: Sequence[Path], spread_minutes: int, now_at: datetime) -> None:
        """Add a release for the test kiosks. NotPossible when that version was published before."""
        releases = self.list_releases()
        if any(each["version"] == version for each in releases):
            raise NotPossible(f"{version} was published before: what is signed is not changed")
        targets = self._read_targets()
        for package in packages:
            target = TargetFile.from_file(package.name, str(package))
            targets.targets[package.name] = target
            shutil.copy(package, self._targets / f"{target.hashes['sha256']}.{package.name}")
        release = {
            "version": version,
            "packages": [package.name for package in packages],
            "channels": {"test": _text(now_at)},
            "spread_minutes": spread_minutes,
        }
        self._publish_list([*releases, release], targets)

    def widen(self, version: str, channel: str, now_at: datetime) -> None:
        """Offer a release to the kiosks of one more channel. NotPossible when it is not there or recalled."""
        releases = self.list_releases()
        release = _find(releases, version)
        if release.get("recalled"):
            raise NotPossible(f"{version} was recalled")
        release["channels"].setdefault(channel, _text(now_at))
        self._publish_list(releases, self._read_targets())

    def recall(self, version: str, reason: str) -> None:
        """Take a release back: no kiosk gets it, and those that have it go to the newest other one."""
        releases = self.list_releases()
        _find(releases, version)["recalled"] = reason
        self._publish_list(releases, self._read_targets())

    def refresh(self) -> None:
        """Sign the short-lived lists anew; done daily, or every kiosk will hold them back for old."""
        self._publish_snapshot(self._read_snapshot())

    def _publish_list(self, releases: list[dict[str, Any]], targets: Targets) -> None:
        text = json.dumps({"format": 1, "releases": releases}, ensure_ascii=False, indent=1).encode()
        (self._targets / f"{hashlib.sha256(text).hexdigest()}.{LIST}").write_bytes(text)
        is_first = LIST not in targets.targets
        targets.targets[LIST] = TargetFile.from_data(LIST, text, ["sha256"])
        targets.version += 0 if is_first else 1
        targets.expires = _in_days("targets")
        self._write(Metadata(targets), "targets", ["targets"])
        snapshot = Snapshot() if is_first else self._read_snapshot()
        snapshot.meta["targets.json"] = MetaFile(targets.version)
        self._publish_snapshot(snapshot)

    def _publish_snapshot(self, snapshot: Snapshot) -> None:
        before = self._metadata / "timestamp.json"
        timestamp = Metadata[Timestamp].from_file(str(before)).signed if before.exists() else Timestamp()
        if before.exists():
            snapshot.version += 1
            timestamp.version += 1
        snapshot.expires, timestamp.expires = _in_days("snapshot"), _in_days("timestamp")
        timestamp.snapshot_meta = MetaFile(snapshot.version)
        self._write(Metadata(snapshot), "snapshot", ["snapshot"])
        self._write(Metadata(timestamp), "timestamp", ["timestamp"])

    def _read_snapshot(self) -> Snapshot:
        return Metadata[Snapshot].from_file(str(self._newest("snapshot"))).signed

    def _read_targets(self) -> Targets:
        return Metadata[Targets].from_file(str(self._newest("targets"))).signed

    def _newest(self, role: str) -> Path:
        found = sorted(self._metadata.glob(f"*.{role}.json"), key=lambda path: int(path.name.split(".")[0]))
        if not found:
            raise NotPossible(f"there is no repository in {self._metadata.parent}")
        return found[-1]

    def _write(self, metadata: Metadata[Any], role: str, signers: Sequence[str]) -> None:
        for name in signers:
            metadata.sign(self._signer(name), append=True)
        name = "timestamp.json" if role == "timestamp" else f"{metadata.signed.version}.{role}.json"
        # in place as a whole: a kiosk may ask in this very moment
        new = self._metadata / f"{name}.new"
        metadata.to_file(str(new), JSONSerializer(compact=False))
        new.replace(self._metadata / name)

    def _signer(self, name: str) -> CryptoSigner:
        try:
            key = load_pem_private_key((self._keys / f"{name}.pem").read_bytes(), None)
        except OSError as error:
            raise NotPossible(f"the key {name} is not here: {error.strerror}") from error
        return CryptoSigner(key)


def _find(releases: list[dict[str, Any]], version: str) -> dict[str, Any]:
    for each in releases:
        if each["version"] == version:
            return each
    raise NotPossible(f"there is no release {version}")


def _in_days(role: str) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=LIVES[role])


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
