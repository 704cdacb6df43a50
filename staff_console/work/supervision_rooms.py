"""The rooms of those who watch over cases: boards, orders, ratings, disputes, needs, numbers, oversight."""

from __future__ import annotations

from staff_console.rooms import Room
from staff_console.work import (
    disputes,
    needs,
    oversight,
    ratings,
    statistics,
    supervision,
    supervision_orders,
)

WATCHING_ROOMS: tuple[Room, ...] = (
    supervision.room,
    supervision_orders.room,
    ratings.room,
    oversight.room,
    statistics.room,
    statistics.calls_room,
    disputes.room,
    needs.room,
    statistics.sources_room,
)
