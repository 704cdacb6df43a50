"""``onething``: the server's command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from onething.configuration import Configuration, NotConfigured
from onething.domain.catalog import CatalogError
from onething.storage.refusals import KeyRingUnsafe, RecordsUnavailable

# Each command and its room. Only the room of the command that is run is opened: all take a second and a half.
ROOMS = {
    "catalog": "catalog",
    "needs": "needs",
    "plan": "plan",
    "migrate": "migration",
    "worker": "work",
    "keys": "keys",
    "terminal": "terminals",
    "messages": "messages",
    "audit": "audit",
    "files": "files",
    "bulletin": "bulletin",
    "check": "checking",
    "staff": "staff",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 refused, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(prog="onething", description="One thing, done once.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in _rooms_of(given):
        import_module(f"onething.cli.{room}").register(commands)
    chosen = parser.parse_args(given)
    try:
        code: int = chosen.run(chosen, Configuration.from_environment(os.environ))
    except (NotConfigured, CatalogError, KeyRingUnsafe, RecordsUnavailable) as refused:
        print(f"onething: {refused}", file=sys.stderr)
        return 1
    return code


def _rooms_of(given: Sequence[str]) -> Sequence[str]:
    """The room of the command; all of them when there is none, for the help and the refusal."""
    return [ROOMS[given[0]]] if given and given[0] in ROOMS else list(ROOMS.values())


if __name__ == "__main__":
    sys.exit(main())
