"""My e-licences, and codes to be shown: a licence to whoever looks, and oneself to a kiosk's reader."""

from __future__ import annotations

from typing import Any

from flask import Response
from markupsafe import Markup

from mobile_api.pages.frame import Room, address, show
from onething.documents.qr_code import draw_qr
from onething.domain.errors import BadFields, NotFound
from onething.domain.showing_codes import SHOWN_FOR, ShowingKind
from onething.services import held_licences, licences, result_files, showing_codes
from web import forms
from web.acting import current_actor
from web.answers import file_answer
from web.current import current_ports, current_session

room = Room("licences", "/licences")


@room.tile("亮码和证照", "Codes and e-licences", "show_list", "card")
def _look() -> int | None:
    """Nothing waits here."""
    return None


@room.page("")
def show_list() -> Response:
    """My e-licences, and the way to my own code."""
    return show(
        "phone/licences/list.html", licences=licences.list_licences(current_ports(), current_session())
    )


@room.page("/held")
def show_askable() -> Response:
    """Whom I let be asked about which of my licences, before anything is asked."""
    return _askable()


@room.act("/held")
def ask_held() -> Response:
    """What the e-licence service holds of me, shown this once and not kept."""
    wanted = forms.texts("document", longest=60, most=100)
    try:
        found = held_licences.ask(current_ports(), current_session(), wanted)
    except BadFields as refusal:
        return _askable(refusal)
    answer = show("phone/licences/held.html", **found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _askable(refusal: BadFields | None = None) -> Response:
    asked = held_licences.list_askable(current_ports())
    return show("phone/licences/ask.html", 422 if refusal else 200, service=asked, refusal=refusal)


@room.page("/me")
def show_me() -> Response:
    """The code that signs me in at a kiosk: a new one each time it is asked for."""
    return _code(ShowingKind.SIGN_IN, None, {"zh": "到自助终端登录", "en": "Sign in at a kiosk"})


@room.page("/<licence>/code")
def show_code(licence: str) -> Response:
    """A licence's code for whoever checks it."""
    return _code(ShowingKind.LICENCE, licence, _own(licence))


@room.page("/<licence>/file")
def show_file(licence: str) -> Response:
    """A licence's file."""
    own = _own(licence)
    given = result_files.get_result_file(current_ports(), current_actor(), own["case"], licence)
    return file_answer(given.data, given.media_type, given.name)


def _own(licence: str) -> dict[str, Any]:
    found = licences.list_licences(current_ports(), current_session())
    own = next((each for each in found if each["id"] == licence), None)
    if own is None:
        raise NotFound
    return own


def _code(kind: ShowingKind, licence: str | None, label: dict[str, str]) -> Response:
    issued = showing_codes.issue(current_ports(), current_session(), kind, licence)
    answer = show(
        "phone/licences/code.html",
        kind=str(kind),
        label=label,
        code=Markup(draw_qr(issued["text"])),  # noqa: S704 - drawn by us from a text of ours
        seconds=int(SHOWN_FOR.total_seconds()),
        again=address("licences.show_code", licence=licence) if licence else address("licences.show_me"),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
