"""Invited to authorise: what others ask of me, what exactly it is, and my yes or no."""

from __future__ import annotations

import base64
import binascii

from flask import Response, request

from mobile_api.pages.frame import Room, address, done, see_other, show
from onething.ports import PaperRefused
from onething.services import invited
from web import forms
from web.client_address import client_address
from web.current import current_ports, current_session
from web.phone_pages import find_phone
from web.uploads import largest_upload

room = Room("invited", "")
LONGEST_DRAWING = 900_000
_PNG = "data:image/png;base64,"


@room.tile("邀请我的", "Invitations", "show_mine", "person")
def count_waiting() -> int | None:
    """How many wait for my answer."""
    phone = find_phone()
    session = phone.session if phone else None
    if session is None:
        return None
    return sum(each["can_answer"] for each in invited.list_mine(current_ports(), session)) or None


@room.page("/invited")
def show_mine() -> Response:
    """What others ask of me, and a place for a code that was read aloud."""
    mine = invited.list_mine(current_ports(), current_session())
    return show("phone/invited/mine.html", mine=mine)


@room.page("/invited/<token>")
def show_link(token: str) -> Response:
    """A link that somebody sent: to look at it is not to open it."""
    return show("phone/invited/link.html", secret=token)


@room.act("/invited")
def open_invitation() -> Response:
    """Open it by the link's token or a code; it opens for one person only."""
    secret = forms.text("secret", longest=120)
    view = invited.open_invitation(current_ports(), current_session(), secret, client_address())
    return see_other(address("invited.show_one", invitation=view["id"]))


@room.page("/invitations/<invitation>")
def show_one(invitation: str) -> Response:
    """Who asks, for what, and which sources would be asked about me."""
    view = invited.view_invitation(current_ports(), current_session(), invitation)
    return show("phone/invited/one.html", invitation=view)


@room.act("/invitations/<invitation>/authorisation", largest_body=lambda: largest_upload() + LONGEST_DRAWING)
def authorise(invitation: str) -> Response:
    """Agree, for the sources that are ticked; sign where that belongs to it."""
    here = address("invited.show_one", invitation=invitation)
    sources = dict.fromkeys(forms.texts("source"), True)
    drawn, photograph = _drawn(), _photograph()
    ports, session = current_ports(), current_session()
    try:
        invited.authorise(
            ports, session, invitation, sources, drawn or photograph or None, photograph=not drawn
        )
    except PaperRefused as refused:
        return done(here, refused.zh, refused.en, "problem")
    return done(here, "已收到您的同意，接下来由邀请人办理", "Thank you. The sender goes on from here")


@room.act("/invitations/<invitation>/refusal")
def refuse(invitation: str) -> Response:
    """Say no, with a reason that the sender reads."""
    reason = forms.text("reason", longest=200, required=False)
    invited.refuse(current_ports(), current_session(), invitation, reason)
    here = address("invited.show_one", invitation=invitation)
    return done(here, "已回复不同意，邀请人会收到通知", "Your no was sent to the sender", "note")


@room.act("/invitations/<invitation>/taking-back")
def take_back(invitation: str) -> Response:
    """Take my yes back, as long as the application is not handed in."""
    invited.take_back(current_ports(), current_session(), invitation)
    here = address("invited.show_one", invitation=invitation)
    return done(
        here, "已收回同意，邀请人会收到通知", "Your agreement is taken back; the sender is told", "note"
    )


def _drawn() -> bytes:
    sent = request.form.get("drawn", "")
    if not sent.startswith(_PNG) or len(sent) > LONGEST_DRAWING:
        return b""
    try:
        return base64.b64decode(sent.removeprefix(_PNG), validate=True)
    except binascii.Error:
        return b""


def _photograph() -> bytes:
    file = request.files.get("photograph")
    return file.read() if file is not None else b""
