"""The public door, put together; its pages under /guide/ are a blueprint of their own."""

from __future__ import annotations

from public_api.lists import lists
from public_api.news import news
from public_api.things import things
from web.api import Door

PUBLIC = Door(
    name="public",
    title="One thing, done once: public door",
    prefix="/public/v1",
    version="v1",
    blueprints=(things, lists, news),
    schemes=(),
)
