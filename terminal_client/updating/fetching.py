"""The unprivileged half: look for a newer version, fetch all of it, and lay it ready for the installer."""

import json
import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path

from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher

from terminal_client.durable import write_durably
from terminal_client.updating.packages import list_installed
from terminal_client.updating.progress import read_progress
from terminal_client.updating.refusals import UpdateRefused
from terminal_client.updating.releases import Release, choose_release, list_changing
from terminal_client.updating.settings import Settings
from terminal_client.updating.trust import RecordingFetcher, Repository

ANSWER_SECONDS = 30
READY = "ready"
PROGRAM = "onething-terminal"

log = logging.getLogger(__name__)


def fetch_update(settings: Settings, fetcher: FetcherInterface | None = None) -> Release | None:
    """Fetch what this kiosk should have; None when nothing is to be done. UpdateRefused.

    What is fetched lies below `fetched/mirror` exactly as the repository serves it, so that the installer can
    verify all of it anew without a network; `fetched/ready` comes last, when everything is there.
    """
    if (settings.fetched / READY).exists():
        return None
    mirror = settings.fetched / "mirror"
    recorder = RecordingFetcher(
        fetcher or Urllib3Fetcher(socket_timeout=ANSWER_SECONDS), settings.repository, mirror
    )
    repository = Repository(settings.repository, settings.fetched / "believed", settings.root, recorder)
    # fetched anew each time: what lies in the mirror must be what was verified now
    unpacked = settings.fetched / "unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    unpacked.mkdir()
    wanted = _choose(settings, repository.read_releases(unpacked))
    if wanted is None:
        _tidy(mirror, keep=recorder.recorded)
        return None
    for package in list_changing(wanted, list_installed()):
        log.info("fetching %s", package.file)
        repository.get_file(package.file, unpacked)
    shutil.rmtree(unpacked)
    _tidy(mirror, keep=recorder.recorded)
    _lay_ready(settings, wanted)
    return wanted


def _choose(settings: Settings, releases: list[Release]) -> Release | None:
    given_up = read_progress(settings.folder).given_up
    return choose_release(
        [each for each in releases if each.version not in given_up],
        installed=_get_running(),
        channel=settings.read_channel(),
        machine=settings.read_machine(),
        now_at=datetime.now(UTC),
    )


def _get_running() -> str:
    running = list_installed().get(PROGRAM)
    if running is None:
        raise UpdateRefused("not_installed", f"{PROGRAM} is not here as a package")
    return running


def _lay_ready(settings: Settings, release: Release) -> None:
    order = json.dumps({"version": release.version}).encode()
    write_durably(settings.fetched / READY, order, mode=0o644)
    log.info("%s is ready to be installed", release.version)


def _tidy(mirror: Path, *, keep: set[Path]) -> None:
    # the roots are a chain: an installer that believes an older one needs every one since
    for file in mirror.rglob("*"):
        if file.is_file() and file not in keep and not file.name.endswith(".root.json"):
            file.unlink()
