"""Packs that an editor uploads: unpacked within limits into a folder of their own, read as any other."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from onething.domain.catalog import Catalog, Label
from onething.domain.catalog_checks import check_catalog
from onething.domain.catalog_problems import BadPack, PackProblem
from onething.domain.errors import Refusal
from onething.packs.reading import LoadedPack, load_pack, read_catalog
from onething.ports.staff import ReadPack

MOST_FILES = 200
LARGEST_FILE_BYTES = 1_000_000
LARGEST_PACK_BYTES = 10_000_000
_NAME = re.compile(r"(things/)?[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.ya?ml")
_NOT_OURS = ("__MACOSX/", ".DS_Store")


class PackRefused(Refusal):
    """What was uploaded is no pack that may be opened; nothing of it is kept."""

    reason = "pack_refused"
    text = Label("上传的文件不能作为目录包打开", "What was uploaded cannot be opened as a pack")


class UploadedPacks:
    """``PackReader``."""

    def unpack(self, archive: bytes) -> Mapping[str, bytes]:
        """The YAML files of a zip by their name in the pack; raises ``PackRefused``."""
        try:
            with zipfile.ZipFile(io.BytesIO(archive)) as opened:
                return self._members(opened)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError):
            # Encrypted ones are a RuntimeError, unknown methods a NotImplementedError.
            raise PackRefused(Label("不是能打开的zip文件", "This is not a zip that can be opened")) from None

    def to_catalog(self, data: Mapping[str, Any]) -> Catalog:
        """The catalog in a pack's plain data; raises ``PackRefused`` when today's rules find mistakes."""
        try:
            return read_catalog(data)
        except BadPack as bad:
            first = bad.problems[0]
            raise PackRefused(
                Label(
                    f"目录按现在的规则有{len(bad.problems)}处错误，例如：{first.zh}",
                    f"By today's rules the pack has {len(bad.problems)} mistakes, such as: {first.en}",
                )
            ) from None

    def _members(self, opened: zipfile.ZipFile) -> Mapping[str, bytes]:
        members = [each for each in opened.infolist() if not each.is_dir() and not _is_not_ours(each)]
        if len(members) > MOST_FILES or sum(each.file_size for each in members) > LARGEST_PACK_BYTES:
            raise _too_large()
        top = _top_of(each.filename for each in members)
        files: dict[str, bytes] = {}
        for each in members:
            name = _checked(each.filename.removeprefix(top))
            if name in files:
                raise PackRefused(Label(f"“{name}”在压缩包中出现两次", f"'{name}' is in the archive twice"))
            files[name] = _content(opened, each)
        return files

    def read_files(self, files: Mapping[str, bytes]) -> ReadPack:
        """Read and check; every problem with its file and line, as ``onething catalog check`` says it."""
        if not files or sum(map(len, files.values())) > LARGEST_PACK_BYTES or len(files) > MOST_FILES:
            raise _too_large() if files else PackRefused(Label("没有文件", "There are no files"))
        with tempfile.TemporaryDirectory(prefix="onething-pack-") as folder:
            for name, content in files.items():
                place = Path(folder) / _checked(name)
                place.parent.mkdir(exist_ok=True)
                place.write_bytes(content)
            pack = load_pack(Path(folder))
        return ReadPack(dict(pack.data) if pack.catalog else None, [_told(pack, p) for p in _problems(pack)])


def _problems(pack: LoadedPack) -> list[PackProblem]:
    found = list(pack.problems) or (check_catalog(pack.catalog) if pack.catalog else [])
    return sorted(found, key=lambda problem: pack.files.position(problem.path))


def _told(pack: LoadedPack, problem: PackProblem) -> Mapping[str, Any]:
    file, line = pack.files.position(problem.path)
    return {
        "file": file,
        "line": line,
        "reason": problem.reason,
        "place": problem.place,
        "zh": problem.zh,
        "en": problem.en,
    }


def _is_not_ours(member: zipfile.ZipInfo) -> bool:
    """What a file manager puts beside the files."""
    return member.filename.startswith(_NOT_OURS[0]) or member.filename.endswith(_NOT_OURS[1])


def _top_of(names: Iterable[str]) -> str:
    """The one folder that everything lies in, when people zip the folder and not what is in it."""
    tops = {PurePosixPath(name).parts[0] for name in names if PurePosixPath(name).parts}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top and top != "things" and not top.startswith((".", "/")) and "." not in top else ""


def _checked(name: str) -> str:
    """A name may only be a YAML file of the pack or one in ``things/``; no way leads anywhere else."""
    if not _NAME.fullmatch(name) or ".." in name:
        shown = name[:80]
        raise PackRefused(
            Label(
                f"“{shown}”不能放在目录包里：只收 .yaml 文件和 things/ 下的 .yaml 文件",
                f"'{shown}' has no place in a pack: .yaml files and things/*.yaml only",
            )
        )
    return name


def _content(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read no more than is allowed, whatever the archive says of its size."""
    with opened.open(member) as file:
        content = file.read(LARGEST_FILE_BYTES + 1)
    if len(content) > LARGEST_FILE_BYTES:
        raise _too_large()
    return content


def _too_large() -> PackRefused:
    return PackRefused(
        Label(
            "目录包太大：至多200个文件，每个不超过1 MB，合计不超过10 MB",
            "The pack is too large: at most 200 files of 1 MB each, 10 MB together",
        )
    )
