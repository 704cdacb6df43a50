"""Debian's own package tools, as the updater uses them."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from terminal_client.updating.refusals import UpdateRefused

OURS = "onething-*"
# Room and time for the largest package on the slowest disk in the field.
LONGEST_SECONDS = 900
# A question would wait for ever on a kiosk: what a technician edited stays, what is new comes.
QUIET = ("--force-confold", "--force-confdef")


def list_installed() -> dict[str, str]:
    """The version of each of our packages that is installed, by name."""
    asked = ["dpkg-query", "--show", "--showformat=${Package} ${Version} ${db:Status-Status}\n", OURS]
    said = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False).stdout
    rows = [line.split() for line in said.splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 3 and row[2] == "installed"}


def install_packages(files: Sequence[Path]) -> None:
    """Install all of them, or UpdateRefused "not_installed"; an older one in place of a newer is fine."""
    _dpkg("--install", *QUIET, *(str(file) for file in files))


def finish_interrupted() -> None:
    """Let dpkg end what a power cut stopped, as far as it can; the next installation mends the rest."""
    try:
        _dpkg("--configure", *QUIET, "--pending")
    except UpdateRefused:
        return


def _dpkg(*arguments: str) -> None:
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["dpkg", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=settings,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise UpdateRefused("not_installed", done.stdout[-600:])
