"""The partner door, put together."""

from __future__ import annotations

from partner_api.events import events
from web.api import Door

PARTNER = Door(
    name="partner",
    title="One thing, done once: partner door",
    prefix="/partner/v1",
    version="v1",
    blueprints=(events,),
    schemes=("partner",),
)
