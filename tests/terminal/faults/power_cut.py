"""A disk that can tell what would be on it if the power failed now: a FUSE file system of one folder.

    python -m tests.terminal.faults.power_cut MOUNTPOINT RECORD

What was written and not synced is not on it, and neither is a file whose name was not synced with its folder.
Every operation that changes anything is followed by one line in RECORD: its name, and the disk's content as
it would be after the power failed right behind it. A file called `told-...` is how the program says, in the
same order, that it told somebody something.
"""

import ctypes
import errno
import json
import os
import stat
import sys
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_long, c_size_t, c_uint, c_void_p
from pathlib import Path
from typing import Any

NAMES = [
    "getattr",
    "readlink",
    "mknod",
    "mkdir",
    "unlink",
    "rmdir",
    "symlink",
    "rename",
    "link",
    "chmod",
    "chown",
    "truncate",
    "open",
    "read",
    "write",
    "statfs",
    "flush",
    "release",
    "fsync",
    "setxattr",
    "getxattr",
    "listxattr",
    "removexattr",
    "opendir",
    "readdir",
    "releasedir",
    "fsyncdir",
    "init",
    "destroy",
    "access",
    "create",
    "lock",
    "utimens",
    "bmap",
    "ioctl",
    "poll",
    "write_buf",
    "read_buf",
    "flock",
    "fallocate",
    "copy_file_range",
    "lseek",
]

BYTES, BLOCKS = 64 * 1024 * 1024, 4096


class Stat(ctypes.Structure):
    """struct stat of x86-64."""

    _fields_ = [
        ("dev", c_long),
        ("ino", c_long),
        ("nlink", c_long),
        ("mode", c_uint),
        ("uid", c_uint),
        ("gid", c_uint),
        ("pad", c_uint),
        ("rdev", c_long),
        ("size", c_long),
        ("rest", c_long * 11),
    ]


class Operations(ctypes.Structure):
    """struct fuse_operations of libfuse 3."""

    _fields_ = [(name, c_void_p) for name in NAMES]


class File:
    """What was written, and what of it was synced."""

    def __init__(self) -> None:
        self.written = bytearray()
        self.synced = b""
        self.mode = stat.S_IFREG | 0o600


class Disk:
    """Files by name: as the program sees them, and as they are on the disk."""

    def __init__(self, record: Path) -> None:
        self.files: dict[str, File] = {}
        self.on_disk: dict[str, File] = {}
        self.record = record.open("a", encoding="ascii")

    def note(self, what: str) -> None:
        """Write down the disk as a power cut would leave it now."""
        content = {name: file.synced.hex() for name, file in self.on_disk.items()}
        self.record.write(json.dumps([what, content]) + "\n")
        self.record.flush()

    def get(self, path: bytes) -> File:
        """The file of a path. OSError."""
        name = path.decode()[1:]
        if name not in self.files:
            raise OSError(errno.ENOENT, "no such file")
        return self.files[name]

    def getattr(self, path: bytes, out: Any, _info: Any) -> None:
        found = out.contents
        ctypes.memset(out, 0, ctypes.sizeof(Stat))
        found.uid, found.gid, found.nlink = os.getuid(), os.getgid(), 1
        if path == b"/":
            found.mode = stat.S_IFDIR | 0o700
            return
        file = self.get(path)
        found.mode, found.size = file.mode, len(file.written)

    def create(self, path: bytes, mode: int, _info: Any) -> None:
        file = self.files[path.decode()[1:]] = File()
        file.mode = stat.S_IFREG | (mode & 0o777)
        self.note(f"create {path.decode()}")

    def open(self, path: bytes, _info: Any) -> None:
        self.get(path)

    def read(self, path: bytes, out: Any, size: int, offset: int, _info: Any) -> int:
        piece = bytes(self.get(path).written[offset : offset + size])
        ctypes.memmove(out, piece, len(piece))
        return len(piece)

    def write(self, path: bytes, given: Any, size: int, offset: int, _info: Any) -> int:
        file = self.get(path)
        file.written.extend(bytes(max(0, offset + size - len(file.written))))
        file.written[offset : offset + size] = ctypes.string_at(given, size)
        self.note("write")
        return size

    def truncate(self, path: bytes, size: int, _info: Any) -> None:
        file = self.get(path)
        file.written = bytearray(file.written[:size].ljust(size, b"\0"))
        self.note("truncate")

    def fallocate(self, path: bytes, _mode: int, offset: int, length: int, _info: Any) -> None:
        file = self.get(path)
        file.written.extend(bytes(max(0, offset + length - len(file.written))))
        self.note("fallocate")

    def fsync(self, path: bytes, _data: int, _info: Any) -> None:
        file = self.get(path)
        file.synced = bytes(file.written)
        self.note("fsync")

    def fsyncdir(self, _path: bytes, _data: int, _info: Any) -> None:
        self.on_disk = dict(self.files)
        self.note("fsyncdir")

    def unlink(self, path: bytes) -> None:
        self.get(path)
        del self.files[path.decode()[1:]]
        self.note("unlink")

    def rename(self, old: bytes, new: bytes, _flags: int) -> None:
        self.files[new.decode()[1:]] = self.get(old)
        del self.files[old.decode()[1:]]
        self.note("rename")

    def chmod(self, path: bytes, mode: int, _info: Any) -> None:
        self.get(path).mode = stat.S_IFREG | (mode & 0o777)

    def utimens(self, _path: bytes, _times: Any, _info: Any) -> None:
        pass

    def opendir(self, _path: bytes, _info: Any) -> None:
        pass

    def statfs(self, _path: bytes, out: Any) -> None:
        room = (ctypes.c_ulong * 11).from_address(out)
        room[0] = room[1] = BLOCKS
        room[2] = room[3] = room[4] = BYTES // BLOCKS
        room[5] = room[6] = room[7] = 1000


SHAPES = {
    "getattr": (c_char_p, POINTER(Stat), c_void_p),
    "create": (c_char_p, c_uint, c_void_p),
    "open": (c_char_p, c_void_p),
    "read": (c_char_p, c_void_p, c_size_t, c_long, c_void_p),
    "write": (c_char_p, c_void_p, c_size_t, c_long, c_void_p),
    "truncate": (c_char_p, c_long, c_void_p),
    "fallocate": (c_char_p, c_int, c_long, c_long, c_void_p),
    "fsync": (c_char_p, c_int, c_void_p),
    "fsyncdir": (c_char_p, c_int, c_void_p),
    "unlink": (c_char_p,),
    "rename": (c_char_p, c_char_p, c_uint),
    "chmod": (c_char_p, c_uint, c_void_p),
    "utimens": (c_char_p, c_void_p, c_void_p),
    "opendir": (c_char_p, c_void_p),
    "statfs": (c_char_p, c_void_p),
}


def guarded(act: Any) -> Any:
    """An operation that answers as C wants it: 0 or a number, or an error's number below 0."""

    def answer(*given: Any) -> int:
        try:
            return act(*given) or 0
        except OSError as error:
            return -(error.errno or errno.EIO)

    return answer


def main() -> int:
    """Serve until the folder is unmounted."""
    mountpoint, record = sys.argv[1:]
    fuse = ctypes.CDLL("libfuse3.so.3")
    disk, operations, kept = Disk(Path(record)), Operations(), []
    for name, shape in SHAPES.items():
        kept.append(CFUNCTYPE(c_int, *shape)(guarded(getattr(disk, name))))
        setattr(operations, name, ctypes.cast(kept[-1], c_void_p))
    # single-threaded, in the foreground, and with no name or size remembered by the kernel
    words = [b"power_cut", b"-f", b"-s", b"-o", b"attr_timeout=0,entry_timeout=0", mountpoint.encode()]
    arguments = (c_char_p * len(words))(*words)
    size = c_size_t(ctypes.sizeof(operations))
    return int(fuse.fuse_main_real(len(words), arguments, ctypes.byref(operations), size, None))


if __name__ == "__main__":
    raise SystemExit(main())
