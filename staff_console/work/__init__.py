"""The pages where cases are worked on: window, queues, cases, ratings, disputes, supervision."""

from __future__ import annotations

from staff_console.rooms import Room

ROOMS: tuple[Room, ...] = ()
