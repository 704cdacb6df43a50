"""`make faults`: every fault of the table, each for real and at every state, one line a row.

A row's tests are the files named after it: test_d05_card_pulled.py is row D5. What a row is about is the
first line of its file's docstring. FAULTS=all asks for every byte and every state; without it the tests
take a share.
"""

import os
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
FOLDERS = ("tests/devices/faults", "tests/terminal/faults")
NAME = re.compile(r"test_([a-z])(\d+)_(\w+)\.py")


@dataclass
class Row:
    """What came of one row of the table."""

    about: str = ""
    passed: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        """Whether every case of it was tried and held."""
        return self.passed > 0 and not self.failures


class RowCounter:
    """A pytest plug-in that adds each test's outcome to its row."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Row] = defaultdict(Row)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Every row that has a test is printed, also when nothing of it came to run."""
        for item in items:
            if row := self._row(item.nodeid):
                doc = getattr(getattr(item, "module", None), "__doc__", None) or ""
                row.about = row.about or doc.strip().partition("\n")[0]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: by its call, or by the set-up or tear-down that failed or skipped it."""
        row = self._row(report.nodeid)
        if row is None:
            return
        row.seconds += report.duration
        if not report.passed:
            row.failures.append(f"{report.nodeid} ({report.when}: {report.outcome})")
        elif report.when == "call":
            row.passed += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be read tries nothing, and that is a failure of its row."""
        row = self._row(report.nodeid)
        if row is not None and report.failed:
            row.failures.append(f"{report.nodeid} (cannot be read)")

    def _row(self, nodeid: str) -> Row | None:
        found = NAME.search(nodeid)
        return self.rows[(found[1].upper(), int(found[2]))] if found else None


def print_rows(rows: dict[tuple[str, int], Row]) -> None:
    """One line a row, in the table's order, and under it what failed."""
    for (letter, number), row in sorted(rows.items()):
        said = "ok    " if row.is_held else "FAILED"
        name = f"{letter}{number}"
        print(f"{name:4} {said} {row.passed:6} cases {row.seconds:7.1f} s  {row.about}")
        for failure in row.failures:
            print(f"       {failure}")


def main(arguments: list[str]) -> int:
    """Run the rows' tests; 0 when there are rows and every one of them held."""
    os.environ.setdefault("FAULTS", "all")
    folders = [folder for folder in FOLDERS if (TOP / folder).is_dir()]
    counter = RowCounter()
    ended = pytest.main(
        ["-q", "--tb=short", "--continue-on-collection-errors", *(arguments or folders)], plugins=[counter]
    )
    print()
    print_rows(counter.rows)
    held = bool(counter.rows) and all(row.is_held for row in counter.rows.values())
    return 0 if held and ended == 0 else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
