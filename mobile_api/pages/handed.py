"""What a kiosk's QR hands to this phone: the form that was begun there, or one paper to photograph."""

from __future__ import annotations

from flask import Response, request

from mobile_api.pages.frame import ANYONE, Room, address, done, once, see_other, show
from onething.domain.handovers import HandoverKind, HandoverRefused
from onething.domain.phones import RealNameNeeded
from onething.ports import PaperRefused
from onething.services import handing_over
from onething.services import handing_over_photographs as photographs
from web.client_address import client_address
from web.current import current_ports, current_session
from web.phone_pages import find_phone
from web.refusals import PhoneTokenRefused
from web.uploads import largest_upload

room = Room("handed", "/handed")
_CODE = "t"
_LONGEST_CODE = 200
_SECRET = "handed"  # noqa: S105 - a cookie's name


@room.page("", ANYONE)
def show_offered() -> Response:
    """What the code would hand over; to open the address is not to take it."""
    ports, code = current_ports(), _code()
    if handing_over.get_kind(ports, code, client_address()) is HandoverKind.PHOTOGRAPHS:
        offered = photographs.find_offered(ports, code, client_address())
        return show("phone/handed/paper_offered.html", offered=offered, code=code)
    phone = find_phone()
    if phone is None:
        raise PhoneTokenRefused
    if phone.session is None:
        raise RealNameNeeded
    offered = handing_over.find_offered(ports, phone.session, code, client_address())
    return show("phone/handed/form_offered.html", offered=offered, code=code)


@room.act("/forms")
def take_form() -> Response:
    """Take the form over."""
    taken = handing_over.take(current_ports(), current_session(), _code(), client_address())
    return see_other(address("handed.show_form", handover=taken["id"]))


@room.page("/forms/<handover>")
def show_form(handover: str) -> Response:
    """Where the form is now, and the way back to the kiosk."""
    handed = handing_over.look(current_ports(), current_session(), handover)
    return show("phone/handed/form.html", handed=handed)


@room.act("/forms/<handover>/ending")
def give_back(handover: str) -> Response:
    """Give the form back to the kiosk."""
    handing_over.end(current_ports(), current_session(), handover)
    return see_other(address("handed.show_form", handover=handover))


@room.act("/papers", ANYONE)
def take_paper() -> Response:
    """Take the photographing of the paper over: this browser alone may do it from here on."""
    secret = photographs.take(current_ports(), _code(), client_address())
    answer = see_other(address("handed.show_paper"))
    _keep(answer, secret)
    return answer


@room.page("/papers/current", ANYONE)
def show_paper() -> Response:
    """The paper to be photographed, and how many pages have gone to the kiosk."""
    paper = photographs.look(current_ports(), _secret())
    return show("phone/handed/paper.html", paper=paper)


@room.act("/papers/current/pages", ANYONE, largest_body=largest_upload)
def add_page() -> Response:
    """Send one photograph to the kiosk."""
    here = address("handed.show_paper")
    data = request.files["photograph"].read() if "photograph" in request.files else b""
    if not data:
        return done(here, "请先拍照或选一张照片", "Take a picture or choose one first", "problem")
    try:
        paper = photographs.add(current_ports(), _secret(), data, once())
    except PaperRefused as refused:
        return done(here, refused.zh, refused.en, "problem")
    number = paper["pages"]
    return done(here, f"第 {number} 页已传到终端", f"Page {number} is on the kiosk")


@room.act("/papers/current/ending", ANYONE)
def end_paper() -> Response:
    """All pages are there: the kiosk goes on, and this phone is done."""
    photographs.end(current_ports(), _secret())
    answer = see_other(address("handed.show_end"))
    _keep(answer, "")
    return answer


@room.page("/papers/end", ANYONE)
def show_end() -> Response:
    """The pages are at the kiosk."""
    return show("phone/handed/end.html")


def _code() -> str:
    return request.values.get(_CODE, "")[:_LONGEST_CODE]


def _secret() -> str:
    secret = request.cookies.get(_cookie_name(), "")
    if not secret:
        raise HandoverRefused
    return secret


def _keep(answer: Response, secret: str) -> None:
    answer.set_cookie(
        _cookie_name(),
        secret,
        max_age=3600 if secret else 0,
        path="/",
        secure=_is_https(),
        httponly=True,
        samesite="Lax",
    )


def _cookie_name() -> str:
    return f"__Host-{_SECRET}" if _is_https() else _SECRET


def _is_https() -> bool:
    return current_ports().settings.public_url.startswith("https://")
