"""``onething`` as people type it, without the second and a half that a new Python takes to load it."""

import io
import os
import subprocess
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from onething.cli.main import main

TOP = Path(__file__).parents[1]


def run_onething(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command in this process, with no other settings; what it said and how it ended.

    That the program starts by itself is for the demo and the journeys to show: they start it.
    """
    out, err = io.StringIO(), io.StringIO()
    others = {name: value for name, value in os.environ.items() if not name.startswith("ONETHING_")}
    with (
        patch.dict(os.environ, {**others, **environment}, clear=True),
        chdir(TOP),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            code = main(arguments)
        except SystemExit as ended:  # argparse on wrong usage
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(["onething", *arguments], code, out.getvalue(), err.getvalue())
