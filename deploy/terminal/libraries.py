"""The third-party packages the terminal needs: all its imports lead to, as requirements.lock pins it."""

import ast
import hashlib
import re
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).resolve().parents[2]
PROGRAMS = ("terminal_client", "devices")
ENTRY = re.compile(r"^([a-zA-Z0-9][\w.-]*)==\S+.*?(?=^[a-zA-Z0-9]|\Z)", re.MULTILINE | re.DOTALL)


class NotLocked(Exception):
    """The program imports something that requirements.lock does not pin."""


def list_imported() -> list[str]:
    """The names of the distributions that the terminal's modules import, sorted."""
    known = packages_distributions()
    found = {name for file in _list_modules() for name in _imports(file) if name in known}
    return sorted({canonicalize_name(known[name][0]) for name in found} - {"onething"})


def list_needed() -> list[str]:
    """Those, and all that they need in turn, sorted."""
    needed: set[str] = set()
    waiting = list_imported()
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += _needs(name)
    return sorted(needed)


def lock_needed() -> str:
    """The part of requirements.lock that the terminal needs, hashes and all. NotLocked."""
    text = (TOP / "requirements.lock").read_text("utf-8")
    entries: dict[str, str] = {canonicalize_name(entry[1]): entry[0] for entry in ENTRY.finditer(text)}
    missing = [name for name in list_needed() if name not in entries]
    if missing:
        raise NotLocked(f"not in requirements.lock: {', '.join(missing)}")
    return "".join(entries[name] for name in list_needed())


def name_version(locked: str) -> str:
    """The version of the package of libraries: the same libraries, the same name."""
    return f"1+lock.{hashlib.sha256(locked.encode()).hexdigest()[:12]}"


def _list_modules() -> list[Path]:
    return [file for program in PROGRAMS for file in sorted((TOP / program).rglob("*.py"))]


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _needs(name: str) -> list[str]:
    wanted = (Requirement(text) for text in distribution(name).requires or ())
    return [
        canonicalize_name(each.name)
        for each in wanted
        if each.marker is None or each.marker.evaluate({"extra": ""})
    ]
