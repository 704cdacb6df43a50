"""My messages: the inbox, which ways I want, and what WeChat may bring."""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.schemas_messages import (
    AllowanceRequest,
    MessagePage,
    MessagesQuery,
    ReadingRequest,
    SettingsRequest,
    SettingsView,
    Unread,
)
from onething.services import messaging_inbox
from web import gates
from web.answers import json_answer
from web.api import Blueprint
from web.client_address import client_address
from web.current import current_phone, current_ports, current_session

messages = Blueprint("phone_messages", __name__, url_prefix="/messages", description="Messages")
message_settings = Blueprint(
    "phone_message_settings", __name__, url_prefix="/message-settings", description="How messages come"
)


@messages.get("")
@gates.phone
@messages.arguments(MessagesQuery(), location="query")
@messages.response(200, MessagePage())
def list_messages(query: dict[str, Any]) -> Response:
    """My messages, the newest first, a page at a time."""
    ports, session = current_ports(), current_session()
    return json_answer(messaging_inbox.list_messages(ports, session, query.get("after"), query["limit"]))


@messages.get("/unread")
@gates.phone
@messages.response(200, Unread())
def count_unread() -> Response:
    """How many messages nobody has looked at."""
    return json_answer({"unread": messaging_inbox.count_unread(current_ports(), current_session())})


@messages.post("/reading")
@gates.phone
@messages.arguments(ReadingRequest())
@messages.response(200, Unread())
def read_all(_wanted: dict[str, Any]) -> Response:
    """All were looked at; asked twice is asked once."""
    return json_answer({"unread": messaging_inbox.mark_read(current_ports(), current_session(), None)})


@messages.post("/<message>/reading")
@gates.phone
@messages.arguments(ReadingRequest())
@messages.response(200, Unread())
def read_one(_wanted: dict[str, Any], message: str) -> Response:
    """One was looked at; asked twice is asked once."""
    return json_answer({"unread": messaging_inbox.mark_read(current_ports(), current_session(), message)})


@message_settings.get("")
@gates.phone
@message_settings.response(200, SettingsView())
def view_settings() -> Response:
    """Which ways I want, what comes in any case, and what WeChat may still bring to this phone."""
    return _settings()


@message_settings.put("")
@gates.phone
@message_settings.arguments(SettingsRequest())
@message_settings.response(200, SettingsView())
def save_settings(wanted: dict[str, Any]) -> Response:
    """Choose the ways and the language; legal notices come in any case."""
    messaging_inbox.save_settings(current_ports(), current_session(), **wanted)
    return _settings()


@message_settings.post("/allowances")
@gates.phone
@message_settings.arguments(AllowanceRequest())
@message_settings.response(200, SettingsView())
def allow(wanted: dict[str, Any]) -> Response:
    """The user has tapped: one message of each template may come; the login code is good once."""
    phone, address = current_phone(), client_address()
    messaging_inbox.allow(current_ports(), current_session(), phone, **wanted, address=address)
    return _settings()


def _settings() -> Response:
    view = messaging_inbox.view_settings(current_ports(), current_session(), current_phone())
    return json_answer(view)
