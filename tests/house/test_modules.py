"""A newcomer can read any file in one go: sizes, names, and what each folder says of itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 400
FUNCTION_LINES = 40
LONGEST_FUNCTION_LINES = 60
# Functions allowed between the two limits, each with why it is better whole: "path:name" to reason.
LONG_FUNCTIONS: dict[str, str] = {}
# Names that say nothing about what a module holds.
EMPTY_NAMES = {"helpers", "helper", "utils", "util", "common", "misc", "manager", "managers"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(source: str) -> Iterator[tuple[str, int]]:
    """Each function's name and its length in lines, decorators and docstring not counted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            header = node.body[0].lineno - node.lineno
            yield node.name, (node.end_lineno or first.lineno) - first.lineno + 1 + header


def test_function_length_counts_what_is_read() -> None:
    source = 'def short():\n    """One\n    two."""\n    a = 1\n    return a\n'
    assert list(_functions(source)) == [("short", 3)]
    assert list(_functions("def long(\n    a,\n    b,\n):\n    return a\n")) == [("long", 5)]


def test_modules_are_short(top: Path, modules: list[Path]) -> None:
    too_long = {
        str(name): lines
        for name in modules
        if (lines := len((top / name).read_text("utf-8").splitlines())) > MODULE_LINES
    }
    assert not too_long, f"modules over {MODULE_LINES} lines: {too_long}"


def test_functions_are_short(top: Path, modules: list[Path]) -> None:
    over: dict[str, int] = {}
    for name in modules:
        for function, lines in _functions((top / name).read_text("utf-8")):
            if lines > FUNCTION_LINES:
                over[f"{name}:{function}"] = lines
    unlisted = {key: lines for key, lines in over.items() if key not in LONG_FUNCTIONS}
    assert not unlisted, f"over {FUNCTION_LINES} lines, to be cut or listed with a reason: {unlisted}"
    assert not {key for key, lines in over.items() if lines > LONGEST_FUNCTION_LINES}
    assert set(LONG_FUNCTIONS) <= set(over), "listed, and no longer long: take it off the list"


def test_nothing_is_named_after_nothing(tracked: list[Path]) -> None:
    bad = [str(name) for name in tracked if {part.split(".")[0] for part in name.parts} & EMPTY_NAMES]
    assert not bad, f"a name has to say what is inside: {bad}"


def test_every_package_says_what_it_is_for(top: Path, modules: list[Path]) -> None:
    silent = []
    for name in modules:
        if name.name != "__init__.py" or name.parts[0] == "tests":
            continue
        docstring = ast.get_docstring(ast.parse((top / name).read_text("utf-8"))) or ""
        if not docstring.split("\n\n")[0].rstrip().endswith("."):
            silent.append(str(name))
    assert not silent, f"no sentence in the docstring of: {silent}"


def test_every_folder_of_modules_is_a_package(top: Path, modules: list[Path]) -> None:
    roots = {name.parts[0] for name in modules if name.name == "__init__.py" and len(name.parts) == 2}
    folders = {name.parent for name in modules if name.parts[0] in roots - {"tests"}}
    missing = [str(folder) for folder in sorted(folders) if not (top / folder / "__init__.py").is_file()]
    assert not missing, f"without an __init__.py: {missing}"


def test_type_errors_are_silenced_by_name_only(top: Path, modules: list[Path]) -> None:
    nameless = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*no" + r"qa(?!:)")
    bad = [
        f"{name}:{number}"
        for name in modules
        for number, line in enumerate((top / name).read_text("utf-8").splitlines(), start=1)
        if nameless.search(line) and name != Path("tests/house/test_modules.py")
    ]
    assert not bad, f"say which error is ignored, in brackets: {bad}"
