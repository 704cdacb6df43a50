"""Acting for another: who may act for me, for whom I may, and beginning something on their behalf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response, request

from mobile_api.pages.frame import Room, address, done, once, see_other, show
from onething.domain.errors import BadFields, NotFound
from onething.services import acting_for, browsing, filling, mandating
from web import by_mandate, forms
from web.current import current_ports, current_session

room = Room("mandates", "/mandates")
room.blueprint.app_context_processor(lambda: {"acting": by_mandate.find_acting})
DAYS = (
    ("7", "7 天", "7 days"),
    ("30", "30 天", "30 days"),
    ("90", "90 天", "90 days"),
    ("365", "1 年", "1 year"),
)
HOURS = (("1", "1 小时", "1 hour"), ("4", "4 小时", "4 hours"), ("8", "8 小时", "8 hours"))


@room.tile("代办和帮办", "Acting for others", "show_mandates", "hand")
def count_nothing() -> int | None:
    """Nothing waits there."""
    return None


@room.page("")
def show_mandates() -> Response:
    """Mandates that I gave, and those that I hold."""
    mandates = mandating.list_mandates(current_ports(), current_session())
    return show("phone/mandates/list.html", given=mandates["given"], held=mandates["held"])


@room.page("/new")
def show_new() -> Response:
    """A form for a new mandate."""
    return _new(())


@room.act("")
def grant() -> Response:
    """Let somebody act for me, in whole one-things or in single matters of them."""
    ports = current_ports()
    picked = [_matter(text) for text in forms.texts("matter", longest=90, most=200)]
    try:
        agent = forms.text("name", longest=60), forms.text("id_number", longest=20)
        scope = mandating.scope_of(ports, forms.texts("thing", longest=40, most=20), picked)
        mandating.grant(ports, current_session(), agent, scope, _number("days"), once())
    except BadFields as refusal:
        return _new(picked, refusal)
    return done(
        address("mandates.show_mandates"), "委托已生效，随时可以撤销", "Given; you can take it back any time"
    )


@room.page("/help")
def show_help() -> Response:
    """A form for letting a clerk fill in."""
    things = browsing.list_things(current_ports())["things"]
    return show("phone/mandates/help.html", things=things, lengths=_choices(HOURS))


@room.act("/help")
def grant_help() -> Response:
    """Let a clerk fill in for me: the code stands on this page and nowhere again."""
    things = forms.texts("thing", longest=40, most=20)
    made = mandating.grant_help(current_ports(), current_session(), things, _number("hours"), once())
    return show("phone/mandates/code.html", made=made)


@room.act("/<mandate>/revocation")
def revoke(mandate: str) -> Response:
    """Take it back, or give it up."""
    mandating.revoke(current_ports(), current_session(), mandate)
    return done(address("mandates.show_mandates"), "委托已撤销，立即生效", "Taken back, at once")


@room.act("/<mandate>/acting")
def begin(mandate: str) -> Response:
    """Begin a one-thing on the principal's behalf, or go on with what there is."""
    ports, session = current_ports(), current_session()
    acting = acting_for.act_for(ports, session, mandate)
    on_behalf = replace(ports, records=ports.records.on_behalf_of(acting.holder))
    draft = filling.open_draft(on_behalf, acting, forms.text("thing", longest=40), None, {})
    answer = see_other(address("drafts.show_one", draft=draft["id"]))
    by_mandate.keep(answer, mandate)
    return answer


@room.act("/acting/ending")
def stop() -> Response:
    """From here on this phone acts for its own person again."""
    answer = done(address("mandates.show_mandates"), "已结束代办", "You act for yourself again")
    by_mandate.keep(answer, "")
    return answer


def _matter(text: str) -> tuple[str, str]:
    """A ticked matter, as the form names it: its one-thing and its own code."""
    thing, _, matter = text.partition("/")
    return thing, matter


def _new(picked: Sequence[tuple[str, str]], refusal: BadFields | None = None) -> Response:
    return show(
        "phone/mandates/new.html",
        422 if refusal else 200,
        things=mandating.list_delegable(current_ports()),
        lengths=_choices(DAYS),
        refusal=refusal,
        typed=request.form,
        ticked=request.form.getlist("thing"),
        picked=picked,
    )


def _choices(pairs: tuple[tuple[str, str, str], ...]) -> list[tuple[str, dict[str, Any]]]:
    return [(value, {"zh": zh, "en": en}) for value, zh, en in pairs]


def _number(name: str) -> int:
    text = forms.text(name, longest=3)
    if not (text.isascii() and text.isdigit()):
        raise NotFound
    return int(text)
