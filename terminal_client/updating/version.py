"""Which version of the program this is."""

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version

PACKAGE = "onething-terminal"
NUMBERS = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)


class BadVersion(ValueError):
    """The text is no version of three numbers, such as 1.4.0."""


@cache
def get_version() -> str:
    """The installed package's version; run from a working copy, the project's with "+source"."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return f"{version('onething')}+source"


def order_of(text: str) -> tuple[int, int, int]:
    """What versions are compared by: 1.10.0 comes after 1.9.0. BadVersion."""
    found = NUMBERS.fullmatch(text)
    if found is None:
        raise BadVersion(f"{text!r} is not a version such as 1.4.0")
    return int(found[1]), int(found[2]), int(found[3])
