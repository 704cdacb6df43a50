"""When a partner's report may say that something happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from onething.domain.catalog import Label
from onething.domain.errors import Refusal

# Two machines' clocks may differ a little.
_SKEW = timedelta(minutes=5)


class FromTheFuture(Refusal):
    """A report of what has not happened yet."""

    reason = "from_the_future"
    text = Label("报文时间晚于当前时间", "The report's time has not come yet")


def must_have_happened(report: Mapping[str, Any], now: datetime) -> None:
    """Raises ``FromTheFuture``; ``at`` is ISO 8601 with its offset."""
    if datetime.fromisoformat(report["at"]) - now > _SKEW:
        raise FromTheFuture
