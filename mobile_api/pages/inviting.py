"""Inviting the other people of a draft: a link and a code to give them, and what became of it."""

from __future__ import annotations

from typing import Any

from flask import Response
from markupsafe import Markup

from mobile_api.pages.frame import Room, address, done, once, show
from onething.documents.qr_code import draw_qr
from onething.services import filling, inviting
from web import forms
from web.current import current_ports, current_session

room = Room("inviting", "/invitations/of")


@room.page("/<draft>")
def show_sent(draft: str) -> Response:
    """Whom one can invite, and what became of each invitation."""
    return show("phone/invited/people.html", **_page(draft))


@room.act("/<draft>")
def invite(draft: str) -> Response:
    """A new invitation: its link and code stand on this page and nowhere again."""
    role = forms.text("role", longest=60)
    mobile = forms.text("mobile", longest=20, required=False)
    sent = inviting.invite(current_ports(), current_session(), draft, role, once(), mobile or None)
    code = Markup(draw_qr(sent["link"]))  # noqa: S704 - drawn by us from an address of ours
    return show("phone/invited/made.html", sent=sent, qr=code, mobile=mobile, draft_id=draft)


@room.act("/<draft>/<invitation>/calling-back")
def call_back(draft: str, invitation: str) -> Response:
    """Take an unanswered invitation back."""
    inviting.call_back(current_ports(), current_session(), draft, invitation)
    return done(address("inviting.show_sent", draft=draft), "邀请已撤回", "The invitation was called back")


@room.act("/<draft>/<invitation>/confirmation")
def confirm(draft: str, invitation: str) -> Response:
    """Who answered is the person meant."""
    inviting.confirm(current_ports(), current_session(), draft, invitation)
    return done(address("inviting.show_sent", draft=draft), "已确认，授权生效", "Confirmed; it counts now")


def _page(draft: str) -> dict[str, Any]:
    ports, session = current_ports(), current_session()
    view = filling.view_draft(ports, session, draft)
    latest: dict[str, dict[str, Any]] = {}
    for line in inviting.list_invitations(ports, session, draft):
        latest.setdefault(line["role"], line)
    people = [each for each in view["authorisations"] if each["state"] != "proven" or each["role"] in latest]
    return {"draft": view, "people": people, "latest": latest}
