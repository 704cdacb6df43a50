"""A pack's folder of YAML files as one nested plain dict, and where each entry stands in which file.

Only plain data is read: no tags, no anchors, no dates guessed, ``true`` and ``false`` the only
truth values, and a number with a leading zero stays the code it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from onething.domain.catalog_problems import PackProblem, find_full_width
from onething.domain.catalog_problems import Path as Place

MAX_FILE_BYTES = 1_000_000
MAX_DEPTH = 20
_SHARED = ("pack", "departments", "facts", "codes", "documents", "sources", "calendar", "differences")
_BESIDE = re.compile("(?<=\\w)：|，(?= *[a-z]+ *[:：])|[“”](?=[\\w,}\\]])|[｛｝［］＃]")
_UNREAD = ("missing_file", "empty_file", "too_large", "bad_yaml")
_OPTIONAL = ("differences", "calendar", "codes")


@dataclass
class PackFiles:
    """The pack as plain data, the place of each entry as (file, line from 1), and what was refused."""

    data: dict[str, Any] = field(default_factory=dict)
    positions: dict[Place, tuple[str, int]] = field(default_factory=dict)
    problems: list[PackProblem] = field(default_factory=list)

    def unread(self, part: str) -> bool:
        """Whether a file of this part could not be read at all, so that what it says is not known."""
        return any(p.path[0] == part and p.reason in _UNREAD for p in self.problems)

    def position(self, path: Place) -> tuple[str, int]:
        """Where a path stands; a path that is not written down stands where its parent does."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.positions:
                return self.positions[path[:length]]
        return "pack.yaml", 1


class _PackLoader(yaml.SafeLoader):
    """SafeLoader without aliases and with only the plainest scalars."""

    yaml_implicit_resolvers: dict[Any, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None):
            what = "anchors and aliases (& and *) are not used in packs"
            raise yaml.composer.ComposerError(None, None, what, event.start_mark)
        return super().compose_node(parent, index)


for _tag, _shape, _first in (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:null", r"null|~|", ["n", "~", ""]),
    ("tag:yaml.org,2002:int", r"-?(0|[1-9][0-9]{0,14})", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,6}", list("-0123456789")),
):
    _PackLoader.add_implicit_resolver(_tag, re.compile(f"^(?:{_shape})$"), list(_first))


def read_pack_files(folder: Path) -> PackFiles:
    """Read every YAML file of a pack; what cannot be read is a problem, never an exception."""
    files = PackFiles()
    for name in _SHARED:
        path = folder / f"{name}.yaml"
        if path.is_file():
            _read(files, folder, path, (name,))
        elif name not in _OPTIONAL:
            _refuse(
                files, (name,), "missing_file", f"缺少文件 {name}.yaml", f"the file {name}.yaml is missing"
            )
            files.positions[(name,)] = (f"{name}.yaml", 1)
    files.data.setdefault("things", {})
    files.positions[("things",)] = ("things", 1)
    for path in sorted((folder / "things").glob("*.yaml")):
        _read_thing(files, folder, path)
    return files


def _read_thing(files: PackFiles, folder: Path, path: Path) -> None:
    root = _compose(files, folder, path, ("things", path.stem))
    if root is None:
        return
    code = _code_of(root) or path.stem
    name = str(path.relative_to(folder))
    if code in files.data["things"]:
        place = ("things", path.stem, "code")
        files.positions[place] = (name, root.start_mark.line + 1)
        _refuse(
            files,
            place,
            "duplicate_code",
            f"一件事编码 {code} 已在另一个文件中使用",
            f"the code {code} is already used by another file",
        )
        return
    files.data["things"][code] = _plain(files, root, ("things", code), name)
    if code != path.stem:
        _refuse(
            files,
            ("things", code, "code"),
            "file_name",
            f"文件名应与编码相同：{code}.yaml",
            f"the file must be named like the code: {code}.yaml",
        )


def _code_of(root: yaml.Node) -> str | None:
    if not isinstance(root, yaml.MappingNode):
        return None
    return next((str(value.value) for key, value in root.value if key.value == "code"), None)


def _read(files: PackFiles, folder: Path, path: Path, place: Place) -> None:
    root = _compose(files, folder, path, place)
    if root is not None:
        files.data[str(place[0])] = _plain(files, root, place, str(path.relative_to(folder)))


def _compose(files: PackFiles, folder: Path, path: Path, place: Place) -> yaml.Node | None:
    name = str(path.relative_to(folder))
    files.positions[place] = (name, 1)
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            _refuse(files, place, "too_large", "文件超过 1 MB", "the file is larger than 1 MB")
            return None
        root: yaml.Node | None = _PackLoader(path.read_text(encoding="utf-8")).get_single_node()
    except UnicodeDecodeError:
        _refuse(files, place, "bad_yaml", "文件不是 UTF-8 编码", "the file is not UTF-8 text")
    except (yaml.YAMLError, RecursionError) as error:
        mark = _mark_of(error)
        files.positions[place] = (name, mark.line + 1 if mark else 1)
        said = getattr(error, "problem", None) or "nested too deeply"
        zh, en = _full_width_beside(path, files.positions[place][1])
        _refuse(files, place, "bad_yaml", f"YAML 格式错误：{said}{zh}", f"this is not YAML: {said}{en}")
    else:
        if root is None:
            _refuse(files, place, "empty_file", "文件是空的", "the file is empty")
        return root
    return None


def _full_width_beside(path: Path, line: int) -> tuple[str, str]:
    """A likely cause: a full-width sign beside a letter or bracket, where YAML wants its own."""
    lines = path.read_text(encoding="utf-8").splitlines()
    near = " ".join(lines[max(0, line - 2) : line])
    found = _BESIDE.search(near)
    sign = find_full_width(found[0]) if found else None
    return (f"；{sign.zh}", f"; {sign.en}") if sign else ("", "")


def _mark_of(error: Exception) -> Any:
    """Where to look: a quote that never closes is reported where it opens."""
    if "quoted scalar" in str(getattr(error, "context", "")):
        return getattr(error, "context_mark", None)
    return getattr(error, "problem_mark", None)


def _plain(files: PackFiles, node: yaml.Node, path: Place, name: str) -> Any:
    files.positions[path] = (name, node.start_mark.line + 1)
    if len(path) > MAX_DEPTH:
        _refuse(files, path, "bad_yaml", "嵌套太深", "nested too deeply")
        return None
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(files, node, path, name)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(files, each, (*path, at), name) for at, each in enumerate(node.value)]
    return _scalar(files, node, path)


def _plain_mapping(files: PackFiles, node: yaml.MappingNode, path: Place, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        below = (*path, key)
        if key in found:
            files.positions[below] = (name, key_node.start_mark.line + 1)
            reason, what = _duplicate(path)
            _refuse(files, below, reason, f"“{key}”写了两次", f"{what} '{key}' is written twice")
            continue
        found[key] = _plain(files, value_node, below, name)
        files.positions[below] = (name, key_node.start_mark.line + 1)
    return found


def _duplicate(path: Place) -> tuple[str, str]:
    coded = (
        "matters",
        "materials",
        "groups",
        "roles",
        "departments",
        "documents",
        "sources",
        "codes",
        "facts",
    )
    if path and (path[-1] in coded or path[0] in coded):
        return "duplicate_code", "the code"
    return "duplicate_key", "the key"


def _scalar(files: PackFiles, node: yaml.Node, path: Place) -> Any:
    tag, text = node.tag.rpartition(":")[2], str(node.value)
    if tag == "null":
        return None
    if tag == "bool":
        return text == "true"
    if tag == "int":
        return int(text)
    if tag == "float":
        return float(text)
    if tag != "str":
        _refuse(files, path, "bad_yaml", f"不允许的标记 {node.tag}", f"the tag {node.tag} is not allowed")
    return text


def _refuse(files: PackFiles, path: Place, reason: str, zh: str, en: str) -> None:
    files.problems.append(PackProblem(path, reason, zh, en))
