"""``onething``: the server's command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from onething.cli import (
    audit,
    bulletin,
    catalog,
    checking,
    files,
    keys,
    messages,
    needs,
    plan,
    records,
    staff,
    terminals,
)
from onething.configuration import Configuration, NotConfigured
from onething.domain.catalog import CatalogError
from onething.storage.refusals import KeyRingUnsafe, RecordsUnavailable

ROOMS = (
    catalog, needs, plan, records, keys, terminals, messages, audit, files, bulletin, checking, staff,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 refused, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="onething", description="One thing, done once.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in (
        catalog,
        needs,
        plan,
        records,
        keys,
        terminals,
        messages,
        audit,
        files,
        bulletin,
        checking,
        staff,
    ):
        room.register(commands)
    chosen = parser.parse_args(arguments)
    try:
        code: int = chosen.run(chosen, Configuration.from_environment(os.environ))
    except (NotConfigured, CatalogError, KeyRingUnsafe, RecordsUnavailable) as refused:
        print(f"onething: {refused}", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
