"""Births of one family: a draft's values with another child in them, so that each may be handed in."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

_numbers = count(1)


def with_another_child(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The values of a draft, sealed as they are, about a child that nobody has had before."""
    number = next(_numbers)
    told = {"name": f"陈{chr(0x4E00 + number)}", "birth_certificate_number": f"X41{number:07d}"}
    child = dict(values.get("child", {}))
    for fact, value in told.items():
        if fact in child:
            child[fact] = {**child[fact], "value": value}
    return {**values, "child": child}
