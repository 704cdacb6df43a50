"""Photographing one paper for a kiosk, by whoever reads the code on its screen, signed in or not."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from mobile_api.schemas_handovers import CodeKind, HandedPaper, OfferedPaper, ReadCode, TakenPaper
from onething.domain.handovers import HandoverRefused
from onething.services import handing_over
from onething.services import handing_over_photographs as photographs
from web import gates
from web.answers import empty_answer, json_answer
from web.api import Blueprint
from web.client_address import client_address
from web.current import current_ports
from web.idempotency import WELCOME_KEY_PARAMETER, find_once
from web.schemas_requests import PageUpload
from web.uploads import largest_upload

HEADER = "Handed-Paper"
_LONGEST = 200
_SECRET = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": _LONGEST},
    "description": "The secret that this phone was given when it took the paper over",
}
handed_papers = Blueprint(
    "phone_handed_papers", __name__, url_prefix="/handed-papers", description="One paper for a kiosk"
)


@handed_papers.post("/kinds")
@gates.public
@handed_papers.arguments(ReadCode())
@handed_papers.response(200, CodeKind())
def find_kind(wanted: dict[str, Any]) -> Response:
    """What a kiosk's code hands over, a whole form or one paper; nothing about a person."""
    kind = handing_over.get_kind(current_ports(), wanted["code"], client_address())
    return json_answer({"kind": str(kind)})


@handed_papers.post("/offers")
@gates.public
@handed_papers.arguments(ReadCode())
@handed_papers.response(200, OfferedPaper())
def find_offered(wanted: dict[str, Any]) -> Response:
    """Which paper a code asks for; asking does not use it up."""
    return json_answer(photographs.find_offered(current_ports(), wanted["code"], client_address()))


@handed_papers.post("")
@gates.public
@handed_papers.arguments(ReadCode())
@handed_papers.response(201, TakenPaper())
def take(wanted: dict[str, Any]) -> Response:
    """Take the photographing over, once: this phone alone may do it from here on."""
    ports = current_ports()
    secret = photographs.take(ports, wanted["code"], client_address())
    return json_answer({**photographs.look(ports, secret), "secret": secret}, 201)


@handed_papers.get("/current")
@gates.public
@handed_papers.doc(parameters=[_SECRET])
@handed_papers.response(200, HandedPaper())
def look() -> Response:
    """The paper, and how many pages of it are at the kiosk; 404 once the kiosk went on."""
    return json_answer(photographs.look(current_ports(), _secret()))


@handed_papers.post("/current/pages")
@gates.public
@gates.body_limit(largest_upload)
@handed_papers.doc(parameters=[_SECRET, WELCOME_KEY_PARAMETER])
@handed_papers.arguments(PageUpload(), location="files")
@handed_papers.response(201, HandedPaper())
def add(upload: dict[str, Any]) -> Response:
    """Send one photograph to the kiosk; 422 says plainly why a file cannot be taken."""
    once, data = find_once(), upload["file"].read()
    return json_answer(photographs.add(current_ports(), _secret(), data, once), 201)


@handed_papers.post("/current/ending")
@gates.public
@handed_papers.doc(parameters=[_SECRET])
@handed_papers.response(204)
def end() -> Response:
    """All pages are there: the kiosk goes on. Again changes nothing."""
    photographs.end(current_ports(), _secret())
    return empty_answer()


def _secret() -> str:
    secret = request.headers.get(HEADER, "")
    if not 0 < len(secret) <= _LONGEST:
        raise HandoverRefused
    return secret
