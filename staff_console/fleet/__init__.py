"""The technicians' rooms: the fleet, one terminal whole, its settings, alerts; and intakes taken offline."""

from __future__ import annotations

from staff_console.fleet import alerts, enrolment, fleet, intakes, settings, terminal
from staff_console.rooms import Room

ROOMS: tuple[Room, ...] = (fleet.room, alerts.room, intakes.room)
# Imported for the pages they add to these rooms.
_PAGES = (enrolment, settings, terminal)
