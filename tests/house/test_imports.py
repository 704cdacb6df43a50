"""No package escapes the import rules of .importlinter."""

import configparser
from pathlib import Path

# Programs of ours around the product, which may import all of it.
OUTSIDE = {"tests", "demo"}


def test_the_import_rules_cover_every_package(top: Path, modules: list[Path]) -> None:
    rules = configparser.ConfigParser()
    rules.read(top / ".importlinter", encoding="utf-8")
    ruled = set(rules["importlinter"]["root_packages"].split())
    packages = {name.parts[0] for name in modules if len(name.parts) == 2 and name.name == "__init__.py"}
    assert ruled == packages - OUTSIDE


def test_every_floor_of_the_house_is_in_the_rules(top: Path, modules: list[Path]) -> None:
    rules = configparser.ConfigParser()
    rules.read(top / ".importlinter", encoding="utf-8")
    floors = set(rules["importlinter:contract:floors"]["layers"].replace("|", " ").split())
    inside = {name.parts[1].removesuffix(".py") for name in modules if name.parts[0] == "onething"}
    assert inside - {"__init__"} == floors
