"""The first page after signing in: who I am, and what waits for me."""

from __future__ import annotations

from flask import Response

from staff_console.rendering import show as show_page
from staff_console.rooms import Room

room = Room("overview", "/")
room.add_menu("概览", "Overview", "show", group=("工作台", "Desk"), key="1")


@room.page("")
def show() -> Response:
    """What waits, by role."""
    return show_page("overview.html")
