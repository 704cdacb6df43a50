"""calendars: being furnished."""

from __future__ import annotations

from staff_console.rooms import Room

room = Room("calendars", "/calendars")
