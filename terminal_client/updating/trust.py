"""The signed repository as The Update Framework reads it (TUF 1.0), and its errors in our words."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from tuf.api import exceptions
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater

from terminal_client.updating.refusals import UpdateRefused
from terminal_client.updating.releases import LIST, Release, read_releases

CHUNK_BYTES = 256 * 1024
# Our lists are small; an attacker's have no need to be.
CONFIG = UpdaterConfig(
    max_root_rotations=32, snapshot_max_length=64_000, targets_max_length=512_000, app_user_agent="onething"
)
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.ExpiredMetadataError, "expired"),
    (exceptions.BadVersionNumberError, "rolled_back_metadata"),
    (exceptions.EqualVersionNumberError, "rolled_back_metadata"),
    (exceptions.LengthOrHashMismatchError, "tampered"),
    (exceptions.UnsignedMetadataError, "unsigned"),
    (exceptions.DownloadLengthMismatchError, "too_long"),
    (exceptions.RepositoryError, "unreadable"),
    (exceptions.DownloadError, "unreachable"),
)


class Repository:
    """A repository at an address, checked against what was believed before.

    What is believed lies in `believed`: a root that is given once, and the newest lists seen since. Only
    newer ones, signed by enough of the right keys and not yet out of date, take their place.
    """

    def __init__(self, url: str, believed: Path, root: Path, fetcher: FetcherInterface) -> None:
        """UpdateRefused "no_root" when the root cannot be read, "unsigned" when it is none."""
        believed.mkdir(parents=True, exist_ok=True)
        try:
            first = (believed / "root.json") if (believed / "root.json").is_file() else root
            bootstrap = first.read_bytes()
        except OSError as error:
            raise UpdateRefused("no_root", str(error)) from error
        with in_our_words():
            self._updater = Updater(
                str(believed),
                f"{url}/metadata/",
                target_base_url=f"{url}/targets/",
                fetcher=fetcher,
                config=CONFIG,
                bootstrap=bootstrap,
            )

    def read_releases(self, folder: Path) -> list[Release]:
        """The newest list of releases. UpdateRefused."""
        with in_our_words():
            self._updater.refresh()
        return read_releases(self.get_file(LIST, folder).read_bytes())

    def get_file(self, name: str, folder: Path) -> Path:
        """A signed file, in that folder, fetched unless it lies there already and is right. UpdateRefused."""
        place = str(folder / name)
        with in_our_words():
            signed = self._updater.get_targetinfo(name)
            if signed is None:
                raise UpdateRefused("not_offered", name)
            found = self._updater.find_cached_target(signed, place)
            return Path(found or self._updater.download_target(signed, place))


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turn what TUF and the disk raise into UpdateRefused."""
    try:
        yield
    except (exceptions.RepositoryError, exceptions.DownloadError) as error:
        reason = next(name for kind, name in REASONS if isinstance(error, kind))
        # what a silent server raises has no text of its own
        raise UpdateRefused(reason, str(error) or type(error).__name__) from error
    except OSError as error:
        raise UpdateRefused("disk_full", str(error)) from error


class RecordingFetcher(FetcherInterface):
    """Fetches by another fetcher and lays every file down as it came, below one folder."""

    def __init__(self, inner: FetcherInterface, url: str, folder: Path) -> None:
        self._inner = inner
        self._base = urlsplit(url).path
        self._folder = folder
        self.recorded: set[Path] = set()

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """One file, of at most so many bytes; laid down only when it came whole."""
        with self._inner.download_file(url, max_length) as file:
            self._record(url, file)
            file.seek(0)
            yield file

    def _fetch(self, url: str) -> Iterator[bytes]:
        return self._inner.fetch(url)

    def _record(self, url: str, file: IO[bytes]) -> None:
        place = self._folder / _path_below(url, self._base)
        place.parent.mkdir(parents=True, exist_ok=True)
        arriving = place.with_name(place.name + ".part")
        try:
            with arriving.open("wb") as copy:
                shutil.copyfileobj(file, copy, CHUNK_BYTES)
            arriving.replace(place)
        finally:
            arriving.unlink(missing_ok=True)
        self.recorded.add(place)


class FolderFetcher(FetcherInterface):
    """Reads what a RecordingFetcher laid down: the same repository, with no network at all."""

    def __init__(self, url: str, folder: Path) -> None:
        self._base = urlsplit(url).path
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        place = self._folder / _path_below(url, self._base)
        if not place.is_file() or place.is_symlink():
            raise exceptions.DownloadHTTPError(f"{place.name} was not fetched", 404)
        with place.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk


def _path_below(url: str, base: str) -> Path:
    path = Path(unquote(urlsplit(url).path.removeprefix(base)).lstrip("/"))
    if ".." in path.parts or path.is_absolute():
        raise exceptions.DownloadError(f"{url} leads out of the repository")
    return path
