"""Results by courier: which of those that are ready, and to what address."""

from __future__ import annotations

from flask import Response, request

from mobile_api.pages.frame import Room, address, done, once, show
from onething.domain.dictionary import Label
from onething.domain.errors import BadFields, Refusal
from onething.services import following, issuing
from onething.services.outcome_refusals import BadAddress
from web import forms
from web.acting import current_actor
from web.current import current_ports, current_session

room = Room("delivery", "/cases/<number>")
FIELDS = {"name": 60, "mobile": 20, "address": 200}
_NOTHING = Label("请勾选要寄的结果", "Tick what is to be sent")


@room.page("/delivery")
def show_delivery(number: str) -> Response:
    """The results that can be sent, and the address; what the form said is used where nothing is typed."""
    return _page(number)


@room.act("/delivery")
def send(number: str) -> Response:
    """Put them in a parcel; the courier is ordered by itself."""
    to = {name: forms.text(name, longest=longest, required=False) for name, longest in FIELDS.items()}
    wanted = forms.texts("result", longest=60, most=40)
    if not wanted:
        return _page(number, BadFields(_NOTHING))
    key = once()
    try:
        issuing.send_by_courier(
            current_ports(), current_actor(), number, results=wanted, address=to, once=key
        )
    except BadAddress as refusal:
        return _page(number, refusal)
    back = address("results.show_results", number=number)
    return done(back, "已安排寄送，揽收后可以查物流", "The parcel is arranged; follow it from its pick-up")


def _page(number: str, refusal: Refusal | None = None) -> Response:
    ports = current_ports()
    view = following.view_case(ports, current_session(), number)
    listed = issuing.list_results(ports, current_actor(), number)
    return show(
        "phone/cases/delivery.html",
        422 if refusal else 200,
        case=view,
        sendable=[each for each in listed["results"] if each["withheld"] is None],
        given=listed["given"],
        refusal=refusal,
        typed=request.form,
    )
