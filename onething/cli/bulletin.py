"""``onething bulletin``: a month's bulletin (通报) as PDF."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration, NotConfigured
from onething.services.supervision_exports import PeriodNotBegun, make_bulletin

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def register(commands: Any) -> None:
    """Add ``bulletin`` to the command line."""
    parser = commands.add_parser("bulletin", help="print a month's bulletin as PDF")
    parser.add_argument("--month", metavar="YYYY-MM", required=True)
    parser.add_argument("--out", metavar="FILE", type=Path, required=True)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Write the file and say what is in it."""
    month = _MONTH.fullmatch(chosen.month)
    if month is None:
        raise NotConfigured(f"{chosen.month!r} is not a month as YYYY-MM")
    with opened(build_ports(os.environ)) as ports:
        try:
            bulletin = make_bulletin(ports, int(month[1]), int(month[2]))
        except PeriodNotBegun:
            raise NotConfigured(f"{chosen.month} has not begun") from None
        chosen.out.write_bytes(ports.bulletins.render(bulletin))
    cases = bulletin.statistics.cases
    print(
        f"{chosen.out}: {cases.submitted} submitted, {cases.closed.ended} closed, {len(bulletin.late)} late"
    )
    return 0
