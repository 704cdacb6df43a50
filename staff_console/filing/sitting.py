"""A citizen at the window: their card opens a sitting, their drafts and cases lie on the table."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import marshmallow as ma
from flask import Response

from onething.domain.dictionary import Label
from onething.domain.errors import SessionEnded
from onething.domain.records import Session
from onething.services import browsing, following, signing_in
from staff_console import forms
from staff_console.rendering import show
from staff_console.rooms import Room, address, done
from staff_console.saying import say_next
from web.current import act_on_behalf_of, current_duty, current_ports
from web.id_card import IdCard
from web.staff_cookies import set_sitting, sitting_token

room = Room("filing", "/filing")
room.add_menu("窗口帮办", "File for a citizen", "begin", "clerk", group=("办件", "Cases"), key="5")

AUDIENCES = (("person", Label("个人", "Personal")), ("enterprise", Label("企业", "Enterprise")))
LONGEST_CARD = 4000
_CARD_FIRST = Label("请先读取群众的身份证", "Read the citizen's card first")


def find_sitting() -> Session | None:
    """Whoever sits at this clerk's window; None when nobody does."""
    try:
        return get_sitting()
    except SessionEnded:
        return None


def get_sitting() -> Session:
    """Whoever sits at this clerk's window; raises ``SessionEnded``."""
    session = signing_in.get_sitting(current_ports(), current_duty().actor(), sitting_token())
    if session.mandate:
        act_on_behalf_of(session.holder)
    return session


def at_window(view: Callable[..., Response]) -> Callable[..., Response]:
    """Give a view the sitting as its first argument; without one it leads to where a card is read."""

    @wraps(view)
    def run(**arguments: Any) -> Response:
        try:
            session = get_sitting()
        except SessionEnded:
            say_next("problem", _CARD_FIRST, "session_ended")
            return done(address("filing.begin"))
        return view(session, **arguments)

    return run


@room.page("/", "clerk")
def begin() -> Response:
    """Where the card is read; with somebody at the window already, their table."""
    session = find_sitting()
    return done(address("filing.table")) if session else show("filing/begin.html")


@room.act("/sittings", "clerk")
def sit_down() -> Response:
    """The card that lay on the clerk's reader begins a sitting; the one before ends."""
    started = signing_in.start_sitting(current_ports(), current_duty().actor(), read_card("card"))
    answer = done(address("filing.table"), "已读取身份证", "The card was read")
    set_sitting(answer, started["token"])
    return answer


@room.act("/sittings/ending", "clerk")
def stand_up() -> Response:
    """The citizen leaves: nothing of theirs can be opened from here any more."""
    session = find_sitting()
    if session is not None:
        signing_in.end_session(current_ports(), session, "finished")
    answer = done(address("filing.begin"), "本次服务已结束", "The sitting is over")
    set_sitting(answer, "")
    return answer


@room.page("/table", "clerk")
@at_window
def table(session: Session) -> Response:
    """What this citizen has begun and handed in, and every one-thing that can be begun."""
    ports = current_ports()
    return show(
        "filing/table.html",
        citizen=signing_in.mask_holder(session),
        cases=following.list_cases(ports, session)["cases"],
        drafts=following.list_drafts(ports, session),
        things=browsing.list_things(ports)["things"],
        audiences=AUDIENCES,
    )


def read_card(name: str) -> dict[str, Any]:
    """The card in a field, as the reader's driver gave it; raises ``BadFields``."""
    given = forms.text(name, longest=LONGEST_CARD, required=False)
    try:
        card: dict[str, Any] = IdCard().loads(given) if given else {}
    except (ma.ValidationError, json.JSONDecodeError):
        card = {}
    if not card:
        forms.refuse(name, "card_unreadable", "没有读到身份证，请重新放好再读", "Place the card again")
    return {field: value for field, value in card.items() if value is not None}
