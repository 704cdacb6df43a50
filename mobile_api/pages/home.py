"""Home: every one-thing by who it is for, what was begun and handed in, and the way into the other rooms."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from mobile_api.pages.frame import ANYONE, Room, show
from onething.services import browsing, following, phone_sign_in
from web.current import current_ports
from web.phone_pages import find_phone

room = Room("home", "")
AUDIENCES = (("person", "个人办事", "For people"), ("enterprise", "企业办事", "For enterprises"))


@room.page("/", ANYONE)
def show_home() -> Response:
    """The things for everybody; one's own drafts and rooms for who is known by name."""
    ports, phone = current_ports(), find_phone()
    session = phone.session if phone else None
    if session is not None:
        # What the other rooms count for this page they count for whoever is known by name.
        g.phone, g.citizen = phone, session
    return show(
        "phone/home/home.html",
        groups=_groups(browsing.list_things(ports)["things"]),
        me=phone_sign_in.view(phone) if phone else None,
        drafts=following.list_drafts(ports, session) if session else (),
    )


def _groups(things: list[dict[str, Any]]) -> list[tuple[dict[str, str], list[dict[str, Any]]]]:
    groups = [
        ({"zh": zh, "en": en}, [each for each in things if each["audience"] == audience])
        for audience, zh, en in AUDIENCES
    ]
    return [group for group in groups if group[1]]
