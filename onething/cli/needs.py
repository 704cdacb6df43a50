"""``onething needs``: the county's list of data-sharing needs, shown, and changed many at once."""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from onething.bootstrap import build_ports, opened
from onething.configuration import Configuration, NotConfigured
from onething.domain.actors import Actor
from onething.domain.errors import Refusal
from onething.domain.needs import NeedState
from onething.domain.staff import Role
from onething.services.data_needs import change, list_needs

_COLUMNS = ("source_zh", "fact_zh", "thing", "matter_zh", "department", "state_zh", "number", "reason")


def register(commands: Any) -> None:
    """Add ``needs`` to the command line."""
    parser = commands.add_parser("needs", help="which register must serve what, and who has agreed")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    for name, help_text in (("report", "count them"), ("list", "print them as CSV")):
        act = acts.add_parser(name, help=help_text)
        _add_filters(act)
        act.set_defaults(run=run_report if name == "report" else run_list)
    act = acts.add_parser("change", help="bring every need that fits to one state, or none")
    _add_filters(act)
    act.add_argument("--to", required=True, choices=[state.value for state in NeedState])
    act.add_argument("--number", help="the number of the letter in which it was agreed")
    act.add_argument("--reason", help="why it was refused or revoked")
    act.add_argument("--by", required=True, help="who changes it")
    act.set_defaults(run=run_change)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    for name in ("source", "thing", "matter", "department", "state"):
        parser.add_argument(f"--{name}", help=f"only of this {name}")


def run_report(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print how many needs each source has in each state."""
    counts = Counter((need["source"], need["state"]) for need in _chosen(chosen))
    for (source, state), count in sorted(counts.items()):
        print(f"{source:32} {state:10} {count:5}")
    print(f"{'all':32} {'':10} {sum(counts.values()):5}")
    return 0


def run_list(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Print the needs as CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for need in _chosen(chosen):
        writer.writerow([need[column] or "" for column in _COLUMNS])
    return 0


def run_change(chosen: argparse.Namespace, _configuration: Configuration) -> int:
    """Change what fits; what is in that state already is left alone."""
    needs = [need for need in _chosen(chosen) if need["state"] != chosen.to]
    actor = Actor(chosen.by, "staff", roles=frozenset((Role.EDITOR.value,)))
    try:
        with opened(build_ports(os.environ)) as ports:
            keys = [need["key"] for need in needs]
            done = change(
                ports, actor, keys, NeedState(chosen.to), number=chosen.number, reason=chosen.reason
            )
    except Refusal as refused:
        raise NotConfigured(f"{refused.text.en} ({refused.reason})") from None
    print(f"changed: {done['changed']}")
    return 0


def _chosen(chosen: argparse.Namespace) -> Sequence[Mapping[str, Any]]:
    """The current needs that fit the filters."""
    actor = Actor("command line", "staff", roles=frozenset((Role.EDITOR.value,)))
    with opened(build_ports(os.environ)) as ports:
        needs = list_needs(ports, actor)
    wanted = {name: getattr(chosen, name) for name in ("source", "thing", "matter", "department", "state")}
    return [
        need
        for need in needs
        if need["is_current"] and all(value in (None, need[name]) for name, value in wanted.items())
    ]
