"""A Debian with nothing of ours in it: made once, kept in the user's cache, and never written to by a test.

debootstrap makes it in one to three minutes, most of them spent on the network; afterwards a test has its own
copy in an instant, because it is laid over it (overlayfs) in namespaces that end with the test.
"""

import hashlib
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.patience import Patience

TOP = Path(__file__).resolve().parents[2]
SUITE = "bookworm"
# What the packages' scripts want besides what the package names.
BESIDES = ("init-system-helpers", "dbus")
AS_ROOT = () if os.geteuid() == 0 else ("sudo", "-n")


def find_cache() -> Path:
    """The user's own cache folder for this project."""
    found = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onething"
    found.mkdir(parents=True, exist_ok=True)
    return found


def get_clean_debian() -> Path:
    """The folder of a Debian that has what onething-terminal depends on, and nothing else."""
    wanted = _list_dependencies()
    key = hashlib.sha256(" ".join((SUITE, *wanted)).encode()).hexdigest()[:12]
    folder = find_cache() / f"debian-{key}"
    if not folder.is_dir():
        _forget(find_cache().glob("debian-*"))
        with tempfile.TemporaryDirectory(dir=find_cache(), prefix="making-") as making:
            made = Path(making) / "debian"
            include = f"--include={','.join(wanted)}"
            run_as_root("debootstrap", "--variant=minbase", include, SUITE, str(made), seconds=1200)
            run_as_root("chroot", str(made), "apt-get", "clean")
            run_as_root("mv", str(made), str(folder))
    return folder


def get_with_libraries(package: Path) -> Path:
    """A layer over the clean Debian that has the package of libraries installed."""
    layer = find_cache() / f"layer-{package.stem}"
    if not layer.is_dir():
        _forget(find_cache().glob("layer-*"))
        with tempfile.TemporaryDirectory(dir=find_cache(), prefix="making-") as making:
            with Machine([get_clean_debian()], Path(making)) as machine:
                machine.put(package, "/run/libraries.deb")
                machine.run("dpkg", "--install", "/run/libraries.deb", seconds=300)
                machine.run("rm", "/run/libraries.deb")
            run_as_root("mv", str(Path(making) / "upper"), str(layer))
            run_as_root("rm", "-rf", str(Path(making) / "work"))
    return layer


class Machine:
    """A Debian of a test's own, in its own mount and process namespaces; what runs in it ends with it."""

    def __init__(self, layers: Sequence[Path], folder: Path) -> None:
        """Lay a writable layer below `folder` over `layers`, the topmost of them first."""
        self._layers = layers
        self._folder = folder
        self._holder: subprocess.Popen[str] | None = None
        self._pid = 0

    def __enter__(self) -> "Machine":
        for name in ("upper", "work", "merged"):
            (self._folder / name).mkdir()
        merged = self._folder / "merged"
        below = ":".join(map(str, self._layers))
        laid = f"lowerdir={below},upperdir={self._folder}/upper,workdir={self._folder}/work"
        # the shell is this machine's first process: it takes in what others leave behind
        script = (
            f"mount -t overlay overlay -o {laid} {merged} && mount -t proc proc {merged}/proc "
            f"&& mount -t tmpfs tmpfs {merged}/run && mount --rbind /dev {merged}/dev "
            f"&& echo ready && exec chroot {merged} sh -c 'sleep infinity & wait'"
        )
        space = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
        self._holder = subprocess.Popen(
            [*AS_ROOT, *space, "sh", "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout
        if self._holder.stdout.readline() != "ready\n":
            raise RuntimeError(f"no folder can be laid over another here: {self._holder.communicate()[1]}")
        self._pid = _find_sleeper(self._holder.pid)
        return self

    def __exit__(self, *_: object) -> None:
        if self._holder is not None:
            run_as_root("kill", "-KILL", str(self._pid))
            self._holder.communicate(timeout=10)
        run_as_root("rm", "-rf", str(self._folder / "work"))

    def command(self, *command: str, environment: Mapping[str, str] | None = None) -> list[str]:
        """How a command is started inside, for Popen."""
        settings = [f"{name}={value}" for name, value in (environment or {}).items()]
        path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
        inside = ("nsenter", "--target", str(self._pid), "--mount", "--pid", "--root")
        return [*AS_ROOT, *inside, "env", "--chdir=/", "-i", path, "LANG=C.UTF-8", *settings, *command]

    def run(
        self,
        *command: str,
        environment: Mapping[str, str] | None = None,
        seconds: float = 120,
        may_fail: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside to its end; its words are in stdout, both kinds together."""
        done = subprocess.run(
            self.command(*command, environment=environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert may_fail or done.returncode == 0, f"{' '.join(command)}: {done.stdout[-3000:]}"
        return done

    def put(self, file: Path, place: str) -> None:
        """Copy a file or folder in, owned by root."""
        inside = self.path(place)
        run_as_root("mkdir", "-p", str(inside.parent))
        run_as_root("cp", "--recursive", "--no-preserve=ownership", str(file), str(inside))

    def path(self, place: str) -> Path:
        """Where an absolute path of the inside is seen from here."""
        return Path(f"/proc/{self._pid}/root{place}")

    def list_files(self) -> set[str]:
        """Every file, folder and link that is no part of a running system's own."""
        listed = self.run("find", "/", "-xdev", "-not", "-path", "/proc/*", "-not", "-path", "/dev/*")
        return set(listed.stdout.splitlines())


def run_as_root(*command: str, seconds: float = 60) -> None:
    """Run a command as root. CalledProcessError, with what it said."""
    done = subprocess.run(
        [*AS_ROOT, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-2000:]}")


def _list_dependencies() -> tuple[str, ...]:
    control = (TOP / "deploy/terminal/debian/control.in").read_text("utf-8")
    depends = re.search(r"^Depends: (.*?)^\S", control, re.MULTILINE | re.DOTALL)
    assert depends
    names = re.findall(r"(?:^|,)\s*([a-z0-9.+-]+)", depends[1])
    libraries = ("libgcc-s1", "libstdc++6", "zlib1g")
    return tuple(sorted({*names, *libraries, *BESIDES} - {"onething-terminal-libraries"}))


def _find_sleeper(holder: int) -> int:
    """The process inside: the last child below the one that holds the namespaces."""
    patience = Patience(10)
    while patience.lasts():
        pid = holder
        while children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            pid = int(children[0])
        if Path(f"/proc/{pid}/comm").read_text().strip() == "sleep":
            return pid
        time.sleep(0.02)
    raise RuntimeError("the clean Debian did not start")


def _forget(folders: Iterable[Path]) -> None:
    for folder in folders:
        run_as_root("rm", "-rf", str(folder))
