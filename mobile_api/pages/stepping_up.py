"""One more check on a phone, where the chosen matters ask for it: a code by text message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response

from mobile_api.pages.drafts import address_after, step_values
from mobile_api.pages.frame import Room, address, done, see_other, show
from onething.domain.stepping_up import RESENT_AFTER
from onething.services import filling, stepping_up
from web import forms
from web.current import current_ports, current_session

room = Room("step_up", "/drafts/<draft>/step-up")


@room.page("")
def show_check(draft: str) -> Response:
    """Why, to which number, and where else one can go; with the field once a code is under way."""
    view = filling.view_draft(current_ports(), current_session(), draft)
    if view["step_up"] is None:
        return see_other(address("review.show_review", draft=draft))
    after = address_after(view, "step-up")
    values = {**step_values(view, "step-up"), "after": after, "is_sent": _is_under_way(view["step_up"])}
    return show("phone/review/step_up.html", **values)


@room.act("/codes")
def send_code(draft: str) -> Response:
    """Send a code; within a minute of the last one nothing more goes out, and that is said."""
    ports, session = current_ports(), current_session()
    here = address("step_up.show_check", draft=draft)
    before = filling.view_draft(ports, session, draft)["step_up"]
    if before and _is_under_way(before) and ports.clock.now() < _sent_at(before) + RESENT_AFTER:
        return done(here, "短信刚发出，请等1分钟再发", "It was just sent. Please wait a minute", "note")
    stepping_up.send_code(ports, session, draft)
    return done(here, "验证码已发出", "The code was sent")


@room.act("/answers")
def give_code(draft: str) -> Response:
    """Take the code as it was typed."""
    view = stepping_up.give_code(current_ports(), current_session(), draft, forms.text("code", longest=12))
    return done(address_after(view, "step-up"), "已核实", "Checked")


def _is_under_way(asked: dict[str, Any]) -> bool:
    """Whether a code was sent that may still be typed."""
    return asked["expires_at"] is not None and current_ports().clock.now() < datetime.fromisoformat(
        asked["expires_at"]
    )


def _sent_at(asked: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(asked["sent_at"])
