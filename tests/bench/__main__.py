"""`python -m tests.bench`: every bound of the project, measured in one run and printed as one table.

Each module bench_*.py here has a function `measure`, which returns one row or several. The exit code
is 1 when a bound is not held. `--write FILE` puts the table and this machine's description into a
Markdown file, between its two marks.
"""

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.rows import Row

BEGIN = "<!-- bench: begin -->"
END = "<!-- bench: end -->"


def list_modules() -> list[str]:
    """The names of all bench modules, in order."""
    return sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))


def measure_all(modules: Iterable[str]) -> list[Row]:
    """Run the modules one after the other; nothing runs beside them."""
    rows: list[Row] = []
    for name in modules:
        print(f"bench: {name.removeprefix('bench_').replace('_', ' ')}", file=sys.stderr, flush=True)
        measured = importlib.import_module(f"tests.bench.{name}").measure()
        rows += [measured] if isinstance(measured, Row) else list(measured)
    return rows


def format_table(rows: list[Row]) -> str:
    """The rows as a Markdown table, which reads well on a terminal too."""
    cells = [("what", "bound", "measured", "", "how")]
    for row in rows:
        bound = "-" if row.bound is None else f"{row.bound:g} {row.unit}"
        verdict = "" if row.bound is None else ("held" if row.holds else "NOT HELD")
        cells.append((row.name, bound, f"{row.value:.3g} {row.unit}", verdict, row.note))
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def describe_machine() -> str:
    """What the numbers were measured on, in one line."""
    models = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else platform.machine()
    memory = [line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    size = f", {int(memory[0]) / 1024 / 1024:.1f} GiB" if memory else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores of {model}{size}, Linux {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end"
    )


def write_into(file: Path, text: str) -> None:
    """Put the text between the marks of a Markdown file. ValueError without them."""
    head, begin, rest = file.read_text("utf-8").partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{file} has no place for the table: {BEGIN} and {END}")
    file.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", "utf-8")


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []


def main() -> int:
    """Measure, print, and say by the exit code whether every bound is held."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of bench modules, without bench_")
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    modules = [f"bench_{name}" for name in options.only] or list_modules()
    if not modules:
        print("bench: there is nothing to measure", file=sys.stderr)
        return 1
    rows = measure_all(modules)
    text = format_table(rows) + "\n\n" + describe_machine()
    print(text)
    if options.write:
        write_into(options.write, text)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
