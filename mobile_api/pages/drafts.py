"""A draft on the phone: begun or gone on with, its steps, and which of them comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from mobile_api.pages.frame import Room, address, done, see_other
from mobile_api.pages.language import say
from onething.services import filling
from web import forms
from web.current import current_ports, current_session

room = Room("drafts", "/drafts")
# Each step's path below the draft, and its name; one whose page is not served is left out.
STEPS = (
    ("matters", "选事项", "Matters"),
    ("consent", "授权查询", "Consent"),
    ("people", "其他人", "Others"),
    ("form", "填表", "Form"),
    ("materials", "材料", "Papers"),
    ("signature", "签名", "Signature"),
    ("step-up", "再核实", "One more check"),
    ("review", "核对提交", "Hand in"),
)


@room.act("")
def begin() -> Response:
    """Begin a one-thing, or go on with what this person has begun of it anywhere.

    ``another`` begins it for somebody else beside: the second of twins.
    """
    thing, another = forms.text("thing", longest=40), "another" in request.form
    view = filling.open_draft(current_ports(), current_session(), thing, None, {}, another=another)
    if view["resumed"]:
        return done(next_address(view), "接着上次的填", "Going on with what was begun")
    return see_other(step_address(view, "matters"))


@room.page("/<draft>")
def show_one(draft: str) -> Response:
    """To the first step that is not done."""
    return see_other(next_address(filling.view_draft(current_ports(), current_session(), draft)))


def next_address(view: Mapping[str, Any]) -> str:
    """The first step where something has to be said."""
    if view["conflicts"] or view["counter_only"] or is_applied(view):
        return step_address(view, "matters")
    if view["consent"]["needed"]:
        # Nothing was agreed to yet: the choice of matters comes before.
        begun = any(each["asked"] is not None for each in view["consent"]["sources"])
        return step_address(view, "consent" if begun else "matters")
    if any(each["state"] == "open" for each in view["authorisations"]):
        return step_address(view, "people")
    return step_address(view, "form")


def address_after(view: Mapping[str, Any], step: str) -> str:
    """The step that follows one; the one that is open when it comes earlier."""
    names = [name for name, _, _ in list_steps(view)]
    if step in names[:3]:
        return next_address(view) if step != "matters" else _after_matters(view)
    following = names[names.index(step) + 1 :]
    return step_address(view, following[0]) if following else next_address(view)


def list_steps(view: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The steps of this draft: name, text in the page's language, address."""
    return [
        (name, say(zh, en), step_address(view, name))
        for name, zh, en in STEPS
        if _applies(view, name) and _is_served(step_address(view, name))
    ]


def step_values(view: Mapping[str, Any], step: str) -> dict[str, Any]:
    """What every step's template is given: the draft, the steps, and which of them this is."""
    steps = list_steps(view)
    names = [name for name, _, _ in steps]
    return {
        "draft": view,
        "steps": [(text, at) for _, text, at in steps],
        "current": names.index(step) if step in names else 0,
    }


def step_address(view: Mapping[str, Any], step: str) -> str:
    """The address of a step of this draft."""
    return f"{address('drafts.begin')}/{view['id']}/{step}"


def is_applied(view: Mapping[str, Any]) -> bool:
    """Whether this person has handed in the very same already."""
    return any(each["id"] == "already_applied" for each in view["missing"])


def _after_matters(view: Mapping[str, Any]) -> str:
    if view["consent"]["needed"] and not (view["conflicts"] or view["counter_only"]):
        return step_address(view, "consent")
    return next_address(view)


def _applies(view: Mapping[str, Any], step: str) -> bool:
    if step == "people":
        return bool(view["authorisations"])
    if step == "step-up":
        return view["step_up"] is not None
    return step != "consent" or bool(view["consent"]["sources"])


def _is_served(path: str) -> bool:
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return bool(endpoint != "phone.missing")
