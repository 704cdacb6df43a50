"""Messages on the phone: the inbox, on to what each is about, and by which ways they come."""

from __future__ import annotations

from flask import Response, request

from mobile_api.pages.frame import TOP, Room, address, done, local_address, see_other, show
from mobile_api.schemas_messages import LANGUAGES, WAYS
from onething.services import messaging_inbox
from web import forms
from web.current import current_phone, current_ports, current_session

room = Room("messages", "/messages")
_ON_A_PAGE = 20


@room.tile("消息", "Messages", "show_inbox", "speech")
def count_unread() -> int | None:
    """How many nobody has looked at."""
    return messaging_inbox.count_unread(current_ports(), current_session())


@room.page("")
def show_inbox() -> Response:
    """My messages, the newest first; looking at the list reads none of them."""
    after = request.args.get("after", "")[:64] or None
    inbox = messaging_inbox.list_messages(current_ports(), current_session(), after, _ON_A_PAGE)
    return show("phone/messages/inbox.html", inbox=inbox, later=after is not None)


@room.act("/<message>/opening")
def open_one(message: str) -> Response:
    """It was looked at: on to what it is about."""
    link = messaging_inbox.open_message(current_ports(), current_session(), message)
    return see_other(local_address(link, TOP))


@room.act("/reading")
def read_all() -> Response:
    """All were looked at."""
    messaging_inbox.mark_read(current_ports(), current_session(), None)
    return done(address("messages.show_inbox"), "已全部标为已读", "All marked as read")


@room.page("/settings")
def show_settings() -> Response:
    """Which ways I want, and what comes in any case."""
    view = messaging_inbox.view_settings(current_ports(), current_session(), current_phone())
    return show("phone/messages/settings.html", settings=view)


@room.act("/settings")
def save_settings() -> Response:
    """Choose the ways and the language."""
    ways = [way for way in WAYS if way in forms.texts("way")]
    lang = forms.text("lang", longest=8)
    if lang not in LANGUAGES:
        forms.refuse("lang", "not_a_choice", "请选择语言", "Choose a language")
    messaging_inbox.save_settings(current_ports(), current_session(), ways, lang)
    return done(address("messages.show_inbox"), "已保存", "Saved")
