"""The pages where cases are worked on: window, queues, cases, ratings, disputes, supervision."""

from __future__ import annotations

from staff_console.rooms import Room
from staff_console.work import case, case_desk, department, department_acts, finding, results, window
from staff_console.work.supervision_rooms import WATCHING_ROOMS

ROOMS: tuple[Room, ...] = (window.room, department.room, case.room, *WATCHING_ROOMS)
# Imported for the pages they add to these rooms.
_PAGES = (case_desk, department_acts, finding, results)
