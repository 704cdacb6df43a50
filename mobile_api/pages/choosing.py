"""The situation and the matters of a draft: questions answered, matters ticked, and the plan made again."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from mobile_api.pages import fields
from mobile_api.pages.drafts import address_after, step_address, step_values
from mobile_api.pages.frame import Room, done, see_other, show
from onething.domain.errors import Refusal
from onething.services import filling
from web import forms
from web.current import current_ports, current_session

room = Room("choosing", "/drafts/<draft>/matters")


@room.page("")
def show_choice(draft: str) -> Response:
    """Questions about the situation, and the matters it offers."""
    return _page(filling.view_draft(current_ports(), current_session(), draft))


@room.act("")
def choose(draft: str) -> Response:
    """Answers first: they may offer other matters, which the person then sees before going on."""
    ports, session = current_ports(), current_session()
    view = filling.view_draft(ports, session, draft)
    version = fields.version_of(request.form)
    answers = fields.changes_of(view["questions"], request.form)
    try:
        if answers:
            before, view = _offered(view), filling.fill(ports, session, draft, answers, version=version)
            if _offered(view) != before:
                return done(
                    step_address(view, "matters"),
                    "事项已按您的回答更新，请核对",
                    "The matters follow your answers now; please look at them",
                    "note",
                )
        wanted = set(forms.texts("chosen"))
        if wanted != {each["code"] for each in view["matters"] if each["chosen"]}:
            view = filling.choose(
                ports, session, draft, sorted(wanted), version=view["version"] if answers else version
            )
    except Refusal as refusal:
        if refusal.status_hint == "not_found":
            raise
        return _page(filling.view_draft(ports, session, draft), refusal)
    return see_other(address_after(view, "matters"))


def _offered(view: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What the person would see otherwise: which matters there are, and why some are not."""
    return [(each["code"], each["offered"], each["chosen"]) for each in view["matters"]]


def _page(view: dict[str, Any], refusal: Refusal | None = None) -> Response:
    return show(
        "phone/drafts/matters.html",
        422 if refusal else 200,
        **step_values(view, "matters"),
        groups=fields.group_matters(view["matters"]),
        refusal=refusal,
        typed=request.form,
        ticked=set(request.form.getlist("chosen")) if refusal else None,
        shown=fields.shown,
    )
