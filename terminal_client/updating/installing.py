"""The privileged half: believe nothing that was fetched, install between two sittings, prove it or undo it.

Every step that a power cut could part in two is written down first. Whoever finds such a note at the next
start asks whether the kiosk is well in the new version, and goes back to the one before when it is not.
"""

import json
import logging
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from terminal_client.durable import remove_durably, write_durably
from terminal_client.updating.fetching import PROGRAM, READY
from terminal_client.updating.health import prove_health
from terminal_client.updating.packages import finish_interrupted, install_packages, list_installed
from terminal_client.updating.progress import write_progress
from terminal_client.updating.refusals import UpdateRefused
from terminal_client.updating.releases import Package, check_release, list_changing
from terminal_client.updating.settings import Settings
from terminal_client.updating.sitting_lock import SittingLock
from terminal_client.updating.trust import FolderFetcher, Repository

NOTE = "installing.json"
SITTING_PAUSE_SECONDS = 1.0
COMMAND_SECONDS = 60

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """What is being done: from one version to another, by which packages, and by which to go back."""

    version: str
    before: str
    packages: tuple[str, ...]
    back: tuple[str, ...]


def install_update(settings: Settings) -> str:
    """Do what lies ready; the version that runs afterwards. UpdateRefused, after everything was put back.

    Waits as long as somebody uses the kiosk.
    """
    lock = SittingLock(settings.sitting_lock)
    if (settings.folder / NOTE).exists():
        _wait_for_quiet(lock)
        try:
            return _resume(settings, _read_note(settings))
        finally:
            lock.let_go()
    if not (settings.fetched / READY).exists():
        return list_installed().get(PROGRAM, "")
    try:
        change = _verify(settings)
        write_progress(settings.folder, "waiting", change.version)
        _wait_for_quiet(lock)
        return _carry_out(settings, change)
    finally:
        lock.let_go()
        # whatever came of it, the same fetch is not tried in a circle
        remove_durably(settings.fetched / READY)


def keep_packages(settings: Settings, files: Sequence[Path]) -> list[str]:
    """Keep the packages of what runs here now as those to go back to. UpdateRefused "other_version"."""
    installed = list_installed()
    named = [Package.of(file.name) for file in files]
    foreign = [each.file for each in named if installed.get(each.name) != each.version]
    if foreign:
        raise UpdateRefused("other_version", ", ".join(foreign))
    settings.kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [str(shutil.copy(file, settings.kept / file.name)) for file in files]


def _verify(settings: Settings) -> Change:
    wanted = _read_order(settings)
    try:
        return _believe(settings, wanted)
    except UpdateRefused as refused:
        log.warning("%s is not installed: %s", wanted, refused)
        write_progress(settings.folder, "refused", wanted, refused.reason)
        raise


def _believe(settings: Settings, wanted: str) -> Change:
    """Verify what was fetched from the root up, into a folder that only root writes. UpdateRefused."""
    fetcher = FolderFetcher(settings.repository, settings.fetched / "mirror")
    repository = Repository(settings.repository, settings.trusted / "believed", settings.root, fetcher)
    packages = settings.trusted / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    installed = list_installed()
    releases = repository.read_releases(packages)
    release = check_release(releases, installed=installed.get(PROGRAM, "0.0.0"), wanted=wanted)
    changing = list_changing(release, installed)
    for each in changing:
        repository.get_file(each.file, packages)
    return Change(
        release.version,
        installed.get(PROGRAM, ""),
        tuple(each.file for each in changing),
        _find_way_back(settings, changing, installed),
    )


def _find_way_back(
    settings: Settings, changing: Sequence[Package], installed: Mapping[str, str]
) -> tuple[str, ...]:
    """The kept packages that undo the change. UpdateRefused "no_way_back" when one is missing."""
    kept = {file.name: Package.of(file.name) for file in settings.kept.glob("*.deb")}
    back = []
    for each in changing:
        before = installed.get(each.name)
        if before is None:
            continue
        found = [file for file, one in kept.items() if (one.name, one.version) == (each.name, before)]
        if not found:
            raise UpdateRefused("no_way_back", f"{each.name} {before}")
        back += found
    return tuple(back)


def _carry_out(settings: Settings, change: Change) -> str:
    _write_note(settings, change)
    write_progress(settings.folder, "installing", change.version)
    log.info("installing %s over %s", change.version, change.before)
    try:
        _exchange(settings, [settings.trusted / "packages" / file for file in change.packages])
        _prove(settings, change.version)
    except UpdateRefused as refused:
        _go_back(settings, change, refused.reason)
        raise
    return _confirm(settings, change)


def _resume(settings: Settings, change: Change) -> str:
    """After a power cut in the middle: keep the new version if it is whole and well, else go back."""
    finish_interrupted()
    installed = list_installed()
    whole = all(installed.get(one.name) == one.version for one in map(Package.of, change.packages))
    if not whole:
        _go_back(settings, change, "not_installed")
        raise UpdateRefused("not_installed", "the power went while it was being installed")
    try:
        _run(settings.start)
        _prove(settings, change.version)
    except UpdateRefused as refused:
        _go_back(settings, change, refused.reason)
        raise
    return _confirm(settings, change)


def _exchange(settings: Settings, packages: Sequence[Path]) -> None:
    _run(settings.stop)
    try:
        install_packages(packages)
    finally:
        _run(settings.start)


def _prove(settings: Settings, version: str) -> None:
    write_progress(settings.folder, "proving", version)
    prove_health(
        settings.pages,
        version,
        within_seconds=settings.health_seconds,
        settle_seconds=settings.settle_seconds,
    )


def _confirm(settings: Settings, change: Change) -> str:
    for file in change.packages:
        # the packages of this version are the way back from the next
        shutil.copy(settings.trusted / "packages" / file, settings.kept / file)
    keep = {*change.packages, *change.back}
    current = set(list_installed().items())
    for kept in settings.kept.glob("*.deb"):
        one = Package.of(kept.name)
        if kept.name not in keep and (one.name, one.version) not in current:
            kept.unlink()
    write_progress(settings.folder, "confirmed", change.version)
    _forget(settings)
    return change.version


def _go_back(settings: Settings, change: Change, reason: str) -> None:
    log.warning("going back from %s to %s: %s", change.version, change.before, reason)
    finish_interrupted()
    _exchange(settings, [settings.kept / file for file in change.back])
    write_progress(settings.folder, "rolled_back", change.version, reason)
    _forget(settings)


def _wait_for_quiet(lock: SittingLock) -> None:
    while not lock.hold():
        time.sleep(SITTING_PAUSE_SECONDS)


def _read_order(settings: Settings) -> str:
    try:
        version = json.loads((settings.fetched / READY).read_bytes())["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UpdateRefused("incomplete", str(error)) from error
    return str(version)


def _write_note(settings: Settings, change: Change) -> None:
    write_durably(settings.folder / NOTE, json.dumps(asdict(change)).encode(), mode=0o644)


def _read_note(settings: Settings) -> Change:
    given = json.loads((settings.folder / NOTE).read_bytes())
    return Change(given["version"], given["before"], tuple(given["packages"]), tuple(given["back"]))


def _forget(settings: Settings) -> None:
    remove_durably(settings.folder / NOTE)
    shutil.rmtree(settings.trusted / "packages", ignore_errors=True)


def _run(command: Sequence[str]) -> None:
    """Stop or start the program; whether it helped is found out by asking the program itself."""
    try:
        done = subprocess.run(
            list(command), stdin=subprocess.DEVNULL, timeout=COMMAND_SECONDS, check=False, capture_output=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("%s: %s", " ".join(command), error)
        return
    if done.returncode != 0:
        log.warning("%s ended with %s", " ".join(command), done.returncode)
