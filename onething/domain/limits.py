"""Time limits in words."""

from __future__ import annotations

from decimal import Decimal

from onething.domain.catalog import Label, Limit

_ZH = {"wd": "个工作日", "cd": "个自然日"}
_EN = {"wd": "working day", "cd": "calendar day"}


def say_limit(limit: Limit) -> Label:
    """``5 wd`` as 5个工作日 and 5 working days."""
    amount = f"{limit.amount.normalize():f}"
    many = "" if limit.amount <= Decimal(1) else "s"
    return Label(f"{amount}{_ZH[limit.unit]}", f"{amount} {_EN[limit.unit]}{many}")
