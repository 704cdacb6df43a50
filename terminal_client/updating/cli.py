"""The updater's command line: fetch as anybody, install as root, both started by their units."""

import argparse
import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path

from terminal_client.updating.progress import read_progress
from terminal_client.updating.refusals import UpdateRefused
from terminal_client.updating.settings import PLACE, BadSettings, read_settings
from terminal_client.updating.version import get_version


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 with a plain sentence when it was not."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        return int(asked.run(asked))
    except UpdateRefused as refused:
        print(f"{refused.zh} / {refused}", file=sys.stderr)
    except BadSettings as error:
        print(error, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onething-terminal-update", description=__doc__)
    parser.add_argument("--settings", type=Path, default=PLACE)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("fetch", help="look for a newer version and lay it ready").set_defaults(run=fetch)
    commands.add_parser("install", help="install what lies ready, or undo it").set_defaults(run=install)
    commands.add_parser("status", help="what runs, and how the last update went").set_defaults(run=show)
    keep = commands.add_parser("keep", help="keep the running version's packages, to go back to")
    keep.add_argument("files", nargs="+", type=Path)
    keep.set_defaults(run=keep_files)
    return parser


def fetch(asked: argparse.Namespace) -> int:
    """Fetch what this kiosk should have."""
    from terminal_client.updating.fetching import fetch_update

    found = fetch_update(read_settings(asked.settings))
    print(found.version if found else "nothing newer")
    return 0


def install(asked: argparse.Namespace) -> int:
    """Install what lies ready."""
    from terminal_client.updating.installing import install_update

    print(install_update(read_settings(asked.settings)))
    return 0


def show(asked: argparse.Namespace) -> int:
    """Say what runs and how the last update stands, as JSON."""
    progress = asdict(read_progress(read_settings(asked.settings).folder))
    print(json.dumps({"version": get_version(), "update": progress}, ensure_ascii=False))
    return 0


def keep_files(asked: argparse.Namespace) -> int:
    """Keep packages to go back to."""
    from terminal_client.updating.installing import keep_packages

    print("\n".join(keep_packages(read_settings(asked.settings), asked.files)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
