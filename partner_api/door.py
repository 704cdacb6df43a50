"""The partner door, put together."""

from __future__ import annotations

from partner_api.events import events
from partner_api.oversight import oversight
from partner_api.pages import pages
from web.api import Door

PARTNER = Door(
    name="partner",
    title="One thing, done once: partner door",
    prefix="/partner/v1",
    version="v1",
    blueprints=(events, oversight, pages),
    schemes=("partner",),
)
