"""docs/walk.md names modules and functions that exist."""

import importlib
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "walk.md").read_text("utf-8")
ROOMS = "onething|web|server|kiosk_api|partner_api|staff_console|public_api|terminal_client|devices"
NAMED = re.compile(rf"`((?:{ROOMS})(?:\.\w+)+)`")


@pytest.mark.parametrize("name", sorted(set(NAMED.findall(PAGE))))
def test_the_walk_passes_what_exists(name: str) -> None:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            found = getattr(found, attribute)
        return
    pytest.fail(f"{name} is not there")
