"""The guide of a one-thing on a phone, the same notice as everywhere, and the way to begin."""

from __future__ import annotations

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from mobile_api.pages.frame import ANYONE, Room, show
from mobile_api.pages.language import language
from onething.services import browsing, following
from web import answers
from web.current import current_ports
from web.phone_pages import find_phone

room = Room("guide", "/things")


@room.page("/<code>", ANYONE)
def show_guide(code: str) -> Response:
    """The notice; with a draft of it the page offers to go on."""
    ports, phone = current_ports(), find_phone()
    guide = browsing.get_guide(ports, code)
    session = phone.session if phone else None
    drafts = following.list_drafts(ports, session) if session else []
    return show(
        "phone/guide/guide.html",
        guide=guide,
        to_bring=[each for each in guide["materials"] if each["how"] == "submit"],
        exempt=[each for each in guide["materials"] if each["how"] != "submit"],
        drafts=[each for each in drafts if each["thing"]["code"] == code],
    )


@room.page("/<code>/flow.svg", ANYONE)
def show_flow(code: str) -> BaseResponse:
    """The flow chart as a picture."""
    chart = browsing.get_flow_chart(current_ports(), code, language())
    return answers.revalidated(Response(chart, mimetype="image/svg+xml"))
