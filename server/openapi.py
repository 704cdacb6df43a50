"""The doors' OpenAPI documents as files: ``python -m server.openapi write`` or ``check``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from server.doors import DOORS
from web.api import add_door
from web.documentation import document_text

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "openapi"


def make_documents() -> Mapping[str, str]:
    """Each door's document, by the name of its file."""
    app = Flask("openapi", static_folder=None)
    return {f"{door.name}.json": document_text(add_door(app, door).spec.to_dict()) for door in DOORS}


def write(folder: Path = FOLDER) -> None:
    """Write the documents the code has now."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in make_documents().items():
        (folder / name).write_text(text, "utf-8")


def list_stale(folder: Path = FOLDER) -> list[str]:
    """The files that differ from the code, or are not there."""
    return [
        name
        for name, text in make_documents().items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 when a file is stale, or 2 for a wrong command."""
    if arguments == ["write"]:
        write()
        return 0
    if arguments == ["check"]:
        stale = list_stale()
        for name in stale:
            sys.stderr.write(
                f"docs/openapi/{name} is not what the code says: python -m server.openapi write\n"
            )
        return 1 if stale else 0
    sys.stderr.write("usage: python -m server.openapi write|check\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
