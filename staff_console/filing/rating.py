"""Rating at a window: the screen is turned to the citizen, who says how it was; voluntary, once a service."""

from __future__ import annotations

from flask import Response, request

from onething.domain.errors import Refusal
from onething.domain.ratings import Channel, Occasion
from onething.domain.records import Session
from onething.services import following, rating
from staff_console import forms
from staff_console.filing.sitting import at_window, room
from staff_console.rendering import show
from staff_console.rooms import address, done
from web.current import current_ports

OCCASIONS = tuple(str(each) for each in Occasion)


@room.page("/cases/<number>/rating", "clerk")
@at_window
def ask_rating(session: Session, number: str) -> Response:
    """Five levels; with one chosen, its reasons."""
    return _page(session, number)


@room.act("/cases/<number>/rating", "clerk")
@at_window
def rate(session: Session, number: str) -> Response:
    """What the citizen said; a low rating is called back and put right."""
    try:
        taken = rating.rate(
            current_ports(),
            following.actor_of(session),
            number,
            level=forms.text("level", longest=30),
            channel=Channel.WINDOW.value,
            reasons=forms.texts("reason"),
            comment=forms.text("comment", longest=500, required=False) or None,
            named=bool(forms.texts("named")),
            occasion=_occasion(request.form.get("occasion", "")),
            once=forms.once(),
        )
    except Refusal as refusal:
        return _page(session, number, refusal, 422)
    if taken["rectification"]:
        return done(
            address("filing.table"), "谢谢评价，我们会回访并整改", "Thank you: we will call and put it right"
        )
    return done(address("filing.table"), "谢谢评价", "Thank you")


def _page(session: Session, number: str, refusal: Refusal | None = None, status: int = 200) -> Response:
    ports = current_ports()
    case = following.view_case(ports, session, number)
    options = rating.list_levels(ports)
    chosen = request.values.get("level", "")
    return show(
        "filing/rating.html",
        status,
        case=case,
        options=options,
        level=next((each for each in options["levels"] if each["code"] == chosen), None),
        occasion=_occasion(request.values.get("occasion", "")),
        refusal=refusal,
        typed=request.form,
    )


def _occasion(asked: str) -> str:
    return asked if asked in OCCASIONS else Occasion.RESULT.value
