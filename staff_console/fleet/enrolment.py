"""Enrolling: a code shown once, the words on both screens compared, and a way in without the server."""

from __future__ import annotations

import io

import qrcode
from flask import Response
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage

from onething.domain.errors import Refusal
from onething.services import fleet, fleet_watching
from staff_console import forms
from staff_console.fleet.fleet import room
from staff_console.fleet.terminal import back_to
from staff_console.rendering import show as show_page
from staff_console.saying import say_refusal
from web.current import current_duty, current_ports


@room.act("/terminals/<terminal>/codes", "technician")
def issue_code(terminal: str) -> Response:
    """A code for this very terminal, and its QR; any older one is void."""
    ports, actor = current_ports(), current_duty().actor()
    issued = fleet.issue_code(ports, actor, terminal)
    view = fleet_watching.get_terminal(ports, actor, terminal)
    return show_page("fleet/code.html", issued=issued, terminal=view.line.terminal, picture=draw(issued.qr))


@room.act("/terminals/<terminal>/activation", "technician")
def activate(terminal: str) -> Response:
    """The eight characters were read off the kiosk's screen and typed here."""
    try:
        fleet.activate(current_ports(), current_duty().actor(), terminal, forms.text("words", longest=20))
    except Refusal as refusal:
        say_refusal(refusal)
        return back_to(terminal, "", "")
    return back_to(terminal, "已启用", "In service")


@room.act("/terminals/<terminal>/rejection", "technician")
def reject(terminal: str) -> Response:
    """The words differ: the key that came is forgotten."""
    fleet.reject(current_ports(), current_duty().actor(), terminal)
    return back_to(terminal, "已拒绝，登记码作废", "Rejected; the code is void")


@room.act("/terminals/<terminal>/offline-codes", "technician")
def give_offline_code(terminal: str) -> Response:
    """Opens the technician's screen of a terminal that the server cannot reach; counted, good for an hour."""
    ports, actor = current_ports(), current_duty().actor()
    given = fleet.give_offline_code(ports, actor, terminal)
    view = fleet_watching.get_terminal(ports, actor, terminal)
    return show_page("fleet/offline_code.html", given=given, terminal=view.line.terminal)


def draw(text: str) -> Markup:
    """A QR code as SVG."""
    out = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, box_size=12, border=2).save(out)
    drawn = out.getvalue().decode()
    return Markup(drawn[drawn.index("<svg") :])  # noqa: S704 - drawn here, out of letters and digits
