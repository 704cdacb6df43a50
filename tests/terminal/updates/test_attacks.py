"""What hostile servers do to updates, done for real: each is refused by its name, and nothing is believed."""

import gc
import shutil
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher

from terminal_client.updating.refusals import UpdateRefused
from terminal_client.updating.trust import FolderFetcher, RecordingFetcher, Repository

from .served import ReleaseTool, Server

DEB = "onething-terminal_1.1.0_all.deb"
CONTENT = b"a package" * 4000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one release, to be copied."""
    folder = tmp_path_factory.mktemp("county")
    (folder / DEB).write_bytes(CONTENT)
    ReleaseTool(folder).run("add", "1.1.0", str(folder / DEB))
    return folder


@pytest.fixture
def tool(tmp_path: Path, made: Path) -> ReleaseTool:
    shutil.copytree(made, tmp_path / "county")
    return ReleaseTool(tmp_path / "county", is_there=True)


@pytest.fixture
def server(tool: ReleaseTool) -> Iterator[Server]:
    server = Server(tool.repository)
    yield server
    server.stop()


class Kiosk:
    """A kiosk that asks a server, and remembers what it believes."""

    def __init__(self, folder: Path, tool: ReleaseTool, server: Server) -> None:
        self.folder = folder
        self.root = folder / "root.json"
        folder.mkdir()
        shutil.copy(tool.root, self.root)
        self._server = server

    def ask(self) -> bytes:
        """Refresh, and fetch the package."""
        mirror = self.folder / "mirror"
        fetcher = RecordingFetcher(Urllib3Fetcher(socket_timeout=0.3), self._server.url, mirror)
        return self._ask(Repository(self._server.url, self.folder / "believed", self.root, fetcher))

    def ask_mirror(self, believed: str) -> bytes:
        """As the installer does: from what was fetched, with no network."""
        fetcher = FolderFetcher(self._server.url, self.folder / "mirror")
        return self._ask(Repository(self._server.url, self.folder / believed, self.root, fetcher))

    def _ask(self, repository: Repository) -> bytes:
        place = self.folder / "place"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        (release, *_) = repository.read_releases(place)
        return repository.get_file(release.packages[0].file, place).read_bytes()

    def is_refused(self) -> str:
        """The reason for which it is refused."""
        with pytest.raises(UpdateRefused) as refused:
            self.ask()
        assert refused.value.zh
        assert str(refused.value)
        return refused.value.reason


@pytest.fixture
def kiosk(tmp_path: Path, tool: ReleaseTool, server: Server) -> Kiosk:
    return Kiosk(tmp_path / "kiosk", tool, server)


def test_what_is_signed_arrives_and_is_verified_once_more_without_a_network(
    kiosk: Kiosk, server: Server
) -> None:
    assert kiosk.ask() == CONTENT
    server.stop()
    assert kiosk.ask_mirror("installer") == CONTENT
    assert kiosk.is_refused() == "unreachable"


def test_a_changed_package_is_tampered(kiosk: Kiosk, tool: ReleaseTool) -> None:
    (package,) = tool.repository.glob("targets/*.deb")
    package.write_bytes(CONTENT.replace(b"a", b"b"))
    assert kiosk.is_refused() == "tampered"
    package.write_bytes(CONTENT[:-1])
    assert kiosk.is_refused() == "tampered"
    package.write_bytes(CONTENT + b"!")
    assert kiosk.is_refused() == "too_long"
    assert not list(kiosk.folder.rglob("*.part"))
    # what was fetched is believed as little as who sent it
    package.write_bytes(CONTENT)
    kiosk.ask()
    (fetched,) = (kiosk.folder / "mirror").rglob("*.deb")
    fetched.write_bytes(b"x" * len(CONTENT))
    with pytest.raises(UpdateRefused, match="tampered"):
        kiosk.ask_mirror("installer")


def test_a_changed_list_is_unsigned(kiosk: Kiosk, tool: ReleaseTool) -> None:
    targets = tool.repository / "metadata/2.targets.json"
    text = targets.read_text("utf-8")
    targets.write_text(text.replace('"version": 2', '"version": 2, "x": 1'), "utf-8")
    assert kiosk.is_refused() == "unsigned"


def test_an_older_list_is_a_rollback(kiosk: Kiosk, tool: ReleaseTool, tmp_path: Path) -> None:
    shutil.copytree(tool.repository, tmp_path / "yesterday")
    tool.run("refresh")
    kiosk.ask()
    shutil.rmtree(tool.repository / "metadata")
    shutil.copytree(tmp_path / "yesterday/metadata", tool.repository / "metadata")
    assert kiosk.is_refused() == "rolled_back_metadata"


def test_a_list_held_back_runs_out(kiosk: Kiosk, tool: ReleaseTool) -> None:
    # signed four days ago, with three days to live
    tool.run("refresh", under=("faketime", "-f", "-4d"))
    assert kiosk.is_refused() == "expired"
    tool.run("refresh")
    assert kiosk.ask() == CONTENT


def test_another_countys_keys_are_not_believed(kiosk: Kiosk, tool: ReleaseTool, tmp_path: Path) -> None:
    other = ReleaseTool(tmp_path / "other")
    for file in (other.repository / "metadata").iterdir():
        shutil.copy(file, tool.repository / "metadata" / file.name)
    assert kiosk.is_refused() == "unsigned"


# urllib3 leaves the socket of an answer that was broken off to the garbage collector; a fetch is one process
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize("end", ["timestamp.json", ".deb"])
def test_an_endless_answer_ends(kiosk: Kiosk, server: Server, end: str) -> None:
    sent = 0

    def pour(handler: SimpleHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(4000):
                sent += handler.wfile.write(b"0" * 65536)
        except OSError:
            return

    server.answers[end] = pour
    assert kiosk.is_refused() == "too_long"
    assert sent < 64 * 1024 * 1024
    assert sum(file.stat().st_size for file in kiosk.folder.rglob("*") if file.is_file()) < 200_000
    gc.collect()


def test_a_server_that_says_nothing_is_away(kiosk: Kiosk, server: Server) -> None:
    server.answers["timestamp.json"] = lambda handler: handler.rfile.readline() and None
    assert kiosk.is_refused() == "unreachable"


def test_no_root_is_no_trust(kiosk: Kiosk) -> None:
    kiosk.root.unlink()
    assert kiosk.is_refused() == "no_root"
    kiosk.root.write_text("{}", "utf-8")
    assert kiosk.is_refused() == "unreadable"
