"""Releases of the terminal, for the county's kiosks.

release.py keys --keys KEYS                                  make the keys, once
release.py begin --repository FOLDER --keys KEYS             make the repository, once
release.py add 1.4.0 FILE.deb ...                            offer a version to the test kiosks
release.py widen 1.4.0 early --reports fleet.json            offer it to one kiosk in each hall, then to all
release.py recall 1.4.0 --reason "..."                       take it back, where it is installed too
release.py refresh                                           sign anew what lives for days; run it daily
"""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from batches import BATCHES, Gate, Report, find_objections
from repository import NotPossible, ReleaseRepository, make_keys


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 with a plain sentence when it was not."""
    asked = _parser().parse_args(arguments)
    try:
        asked.run(asked)
    except (NotPossible, OSError, KeyError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repository", type=Path, default=Path("var/updates"))
    parser.add_argument("--keys", type=Path, default=Path("var/update-keys"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("keys").set_defaults(run=lambda asked: make_keys(asked.keys))
    commands.add_parser("begin").set_defaults(run=begin)
    commands.add_parser("refresh").set_defaults(run=lambda asked: _repository(asked).refresh())
    add = commands.add_parser("add")
    add.add_argument("version")
    add.add_argument("packages", nargs="+", type=Path)
    add.add_argument("--spread-minutes", type=int, default=240, help="over which a batch takes its turns")
    add.set_defaults(run=add_release)
    widen = commands.add_parser("widen")
    widen.add_argument("version")
    widen.add_argument("batch", choices=BATCHES[1:])
    widen.add_argument(
        "--reports", type=Path, required=True, help="the fleet's list, as the console exports it"
    )
    widen.add_argument("--hours", type=float, default=24.0, help="that the batch before must have run it")
    widen.add_argument("--share", type=float, default=0.95, help="of that batch that must be well with it")
    widen.set_defaults(run=widen_release)
    recall = commands.add_parser("recall")
    recall.add_argument("version")
    recall.add_argument("--reason", required=True)
    recall.set_defaults(run=lambda asked: _repository(asked).recall(asked.version, asked.reason))
    return parser


def begin(asked: argparse.Namespace) -> None:
    """Make the repository and say which file every kiosk is given."""
    sys.stdout.write(f"{_repository(asked).begin()}\n")


def add_release(asked: argparse.Namespace) -> None:
    """Offer a version to the test kiosks."""
    _repository(asked).add(asked.version, asked.packages, asked.spread_minutes, datetime.now(UTC))


def widen_release(asked: argparse.Namespace) -> None:
    """Offer a version to the next batch, unless the batch before says otherwise. NotPossible."""
    reports = [Report.of(each) for each in json.loads(asked.reports.read_bytes())["terminals"]]
    gate = Gate(timedelta(hours=asked.hours), asked.share)
    objections = find_objections(asked.version, asked.batch, reports, datetime.now(UTC), gate)
    if objections:
        raise NotPossible(f"not to {asked.batch} yet: {'; '.join(objections)}")
    _repository(asked).widen(asked.version, asked.batch, datetime.now(UTC))


def _repository(asked: argparse.Namespace) -> ReleaseRepository:
    return ReleaseRepository(asked.repository, asked.keys)


if __name__ == "__main__":
    raise SystemExit(main())
