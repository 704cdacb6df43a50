"""What is told to every source: for which case, matter and act its data is asked."""

from __future__ import annotations

from dataclasses import replace

from onething.ports import Purpose

LONGEST_REASON = 200


def purpose_as_sent(purpose: Purpose) -> Purpose:
    """The purpose with no more of its reason than the 200 characters that gateways take."""
    if len(purpose.reason) <= LONGEST_REASON:
        return purpose
    return replace(purpose, reason=purpose.reason[:LONGEST_REASON])
