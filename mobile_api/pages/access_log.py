"""Who has read my data: every use by departments, staff and programs, in plain words."""

from __future__ import annotations

from flask import Response, request

from mobile_api.pages.frame import Room, show
from onething.services import access_log
from web.current import current_ports, current_session

room = Room("access_log", "/access")


@room.tile("谁看过我的数据", "Who read my data", "show_uses", "shield")
def _look() -> int | None:
    """Nothing is counted: looking is enough."""
    return None


@room.page("")
def show_uses() -> Response:
    """The newest uses first, a page at a time."""
    wanted = request.args.get("before", "")
    before = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
    listed = access_log.list_access(current_ports(), current_session(), before)
    return show("phone/access/list.html", uses=listed["uses"], next=listed["next"], is_first=before is None)
