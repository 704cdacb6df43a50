"""Agreeing to sources being asked, one by one; and the other people of the form, whose own word is needed."""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.pages import fields
from mobile_api.pages.drafts import address_after, step_address, step_values
from mobile_api.pages.frame import Room, done, see_other, show
from onething.services import authorising, consenting, fetching, filling
from web import forms
from web.current import current_ports, current_session

room = Room("consent", "/drafts/<draft>")


@room.page("/consent")
def show_sources(draft: str) -> Response:
    """Which sources would be asked, about whom, and what each gives."""
    view = filling.view_draft(current_ports(), current_session(), draft)
    silent = fields.list_silent_sources(view)
    return show("phone/drafts/consent.html", **step_values(view, "consent"), silent=silent)


@room.act("/consent")
def agree(draft: str) -> Response:
    """What is ticked may be asked, and is asked now; what is not is typed or brought."""
    ports, session = current_ports(), current_session()
    view = filling.view_draft(ports, session, draft)
    agreed = set(forms.texts("source"))
    consenting.consent(
        ports, session, draft, {each["id"]: each["id"] in agreed for each in view["consent"]["sources"]}
    )
    view = fetching.fetch(ports, session, draft)
    return _on(view, "consent", "查询完成，已自动填好 {filled} 项", "Asked: {filled} fields are filled in")


@room.act("/fetching")
def ask_again(draft: str) -> Response:
    """Ask once more what could not answer."""
    ports, session = current_ports(), current_session()
    view = filling.view_draft(ports, session, draft)
    silent = [each["id"] for each in fields.list_silent_sources(view)]
    view = fetching.fetch(ports, session, draft, silent)
    if fields.list_silent_sources(view):
        return done(
            step_address(view, "form"),
            "还是查询不到，可以先手填，不影响办理",
            "Still no answer; type it instead, nothing is lost",
            "note",
        )
    return done(step_address(view, "form"), "已重新查询", "Asked again")


@room.page("/people")
def show_people(draft: str) -> Response:
    """The people who must agree themselves before anything is asked about them."""
    view = filling.view_draft(current_ports(), current_session(), draft)
    return show("phone/drafts/people.html", **step_values(view, "people"))


@room.act("/people/declined")
def decline(draft: str) -> Response:
    """Go on without: what this person's sources would have given is typed or brought."""
    ports, session = current_ports(), current_session()
    view = authorising.decline(ports, session, draft, forms.text("role", longest=60))
    return see_other(address_after(view, "people"))


def _on(view: dict[str, Any], step: str, zh: str, en: str) -> Response:
    filled = view["form"]["filled"]
    return done(address_after(view, step), zh.format(filled=filled), en.format(filled=filled))
