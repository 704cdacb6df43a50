"""`make test`: every test, many at a time; the few that failed are tried once more, alone.

What is tried again is named on the last lines, and what fails alone has failed. More than a few are not
tried again. docs/decisions/0025 says why.
"""

import json
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FAILED_BEFORE = TOP / ".pytest_cache/v/cache/lastfailed"
MOST_TRIED_AGAIN = 5
PYTEST = (sys.executable, "-m", "pytest")
TESTS_FAILED = 1


def main(arguments: list[str]) -> int:
    """Run pytest with the arguments, and alone what failed. Returns what the shell is told."""
    code = subprocess.run([*PYTEST, "--cache-clear", *arguments], check=False).returncode
    failed = list_failed() if code == TESTS_FAILED else []
    if not 0 < len(failed) <= MOST_TRIED_AGAIN:
        return code
    print(f"\nTried again, one after the other ({len(failed)}):", *failed, sep="\n  ", flush=True)
    code = subprocess.run([*PYTEST, "-p", "no:cacheprovider", *failed], check=False).returncode
    held = "held" if code == 0 else "FAILED again"
    print(f"Beside the others these failed, alone they {held}:", *failed, sep="\n  ", flush=True)
    return code


def list_failed(kept: Path = FAILED_BEFORE) -> list[str]:
    """The names of the tests that pytest has kept as failed."""
    return sorted(json.loads(kept.read_text("utf-8"))) if kept.is_file() else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
