"""Signing on a phone: with a finger, or by a photograph of a signature on paper; never by a typed name."""

from __future__ import annotations

import base64
import binascii

from flask import Response, request

from mobile_api.pages.drafts import address_after, step_values
from mobile_api.pages.frame import Room, address, done, see_other, show
from onething.ports import PaperRefused
from onething.services import attaching, filling
from web.current import current_ports, current_session
from web.uploads import largest_upload

room = Room("signature", "/drafts/<draft>")
LONGEST_DRAWING = 900_000
_PNG = "data:image/png;base64,"


@room.page("/signature")
def show_pad(draft: str) -> Response:
    """What is signed for, and the place to sign."""
    view = filling.view_draft(current_ports(), current_session(), draft)
    after = address_after(view, "signature")
    return show("phone/review/signature.html", **step_values(view, "signature"), after=after)


@room.act("/signature", largest_body=lambda: largest_upload() + LONGEST_DRAWING)
def sign(draft: str) -> Response:
    """Keep the signature; signing again replaces it."""
    back = address("signature.show_pad", draft=draft)
    drawn, photograph = _drawn(), _photograph()
    if not drawn and not photograph:
        return done(back, "请先在框里签名", "Please sign in the box first", "problem")
    ports, session = current_ports(), current_session()
    try:
        view = attaching.sign(ports, session, draft, drawn or photograph, photograph=not drawn)
    except PaperRefused as refused:
        return done(back, refused.zh, refused.en, "problem")
    return see_other(address_after(view, "signature"))


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
