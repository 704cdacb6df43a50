"""Rating on a phone (好差评): the handing in, each matter that was decided, and the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from mobile_api.pages.frame import Room, address, done, once, show
from onething.domain.dictionary import Label
from onething.domain.errors import BadFields, NotFound, Refusal
from onething.domain.ratings import Channel, Occasion
from onething.services import following, rating
from web import forms
from web.acting import current_actor
from web.current import current_ports, current_session

room = Room("rating", "/cases/<number>/ratings")
_HANDED_IN = Label("提交申请的过程", "Handing in")
_CHOOSE = Label("请选一个等级", "Choose a level")


@room.page("")
def show_services(number: str) -> Response:
    """What can be rated, and what was, with what became of it."""
    view, given = _seen(number)
    return show(
        "phone/rating/services.html",
        case=view,
        services=view["services"],
        given=[each for each in given["ratings"] if each["occasion"] == Occasion.SUBMISSION],
        may_rate_handing_in=_may_rate(given, Occasion.SUBMISSION, None),
        handed_in=_HANDED_IN,
    )


@room.page("/new")
def show_form(number: str) -> Response:
    """The five levels and what may be said with each."""
    return _form(number, request.args.get("occasion", ""), request.args.get("matter") or None)


@room.act("")
def rate(number: str) -> Response:
    """Rate it, once; a low rating is looked into."""
    occasion, matter = forms.text("occasion", longest=20), forms.text("matter", longest=40, required=False)
    level = forms.text("level", longest=24, required=False)
    if not level:
        return _form(number, occasion, matter or None, BadFields(_CHOOSE))
    reasons = [each.partition(":")[2] for each in forms.texts("reason") if each.startswith(f"{level}:")]
    taken = rating.rate(
        current_ports(), current_actor(), number, occasion=occasion, matter=matter or None, level=level,
        reasons=reasons, comment=forms.text("comment", longest=400, required=False) or None,
        named=request.form.get("named") == "yes", channel=Channel.PHONE.value, once=once(),
    )  # fmt: skip
    back = address("rating.show_services", number=number)
    if taken["rectification"]:
        return done(back, "收到了，会核实整改并答复您", "Received; it is looked into and put right")
    return done(back, "谢谢您的评价", "Thank you")


def _seen(number: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    ports = current_ports()
    view = following.view_case(ports, current_session(), number)
    return view, rating.view_ratings(ports, current_actor(), number)


def _may_rate(given: Mapping[str, Any], occasion: Occasion, matter: str | None) -> bool:
    return {"occasion": occasion.value, "matter": matter} in given["may_rate"]


def _form(number: str, occasion: str, matter: str | None, refusal: Refusal | None = None) -> Response:
    view, given = _seen(number)
    if occasion not in set(Occasion) or not _may_rate(given, Occasion(occasion), matter):
        raise NotFound
    options = rating.list_levels(current_ports())
    return show(
        "phone/rating/form.html",
        422 if refusal else 200,
        case=view,
        occasion=occasion,
        matter=matter or "",
        label=_label(view, occasion, matter),
        levels=options["levels"],
        names=options["names"],
        refusal=refusal,
        typed=request.form,
    )


def _label(view: Mapping[str, Any], occasion: str, matter: str | None) -> Label:
    if occasion == Occasion.SUBMISSION:
        return _HANDED_IN
    rated = next((each for each in view["services"] if each["matter"] == matter), view["thing"])
    return Label(rated["zh"], rated["en"])
