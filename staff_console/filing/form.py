"""The one form at a window: matters, consent, other people's cards, and what has to be typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from onething.domain.errors import Refusal
from onething.domain.records import Session
from onething.services import authorising, consenting, fetching, filling, signing_in, stepping_up
from staff_console import forms
from staff_console.filing import fields
from staff_console.filing.sitting import at_window, read_card, room
from staff_console.rendering import show
from staff_console.rooms import address, done
from web.current import current_ports


def show_draft(session: Session, draft: str, refusal: Refusal | None = None, status: int = 200) -> Response:
    """The whole draft on one page; with a refusal what was typed stays in its fields."""
    ports = current_ports()
    view = filling.view_draft(ports, session, draft)
    return show(
        "filing/draft.html",
        status,
        draft=view,
        citizen=signing_in.mask_holder(session),
        form=fields.lay_out(view),
        matters=fields.group_matters(view["matters"]),
        missing=fields.name_missing(view),
        silent=fields.list_silent_sources(view),
        refusal=refusal,
        errors={each.field: each.text for each in refusal.fields} if refusal else {},
        typed=request.form,
        shown=fields.shown,
        kinds=fields.KINDS,
        longest=fields.LONGEST,
    )


def _on(draft: str, part: str, zh: str = "", en: str = "") -> Response:
    return done(f"{address('filing.show_one', draft=draft)}#{part}", zh, en)


@room.act("/drafts", "clerk")
@at_window
def open_draft(session: Session) -> Response:
    """Begin a one-thing, or go on with what this citizen has begun of it anywhere."""
    thing = forms.text("thing", longest=40)
    view = filling.open_draft(current_ports(), session, thing, None, {})
    if view["resumed"]:
        return _on(view["id"], "matters", "接着办理上次没办完的", "Going on with what was begun")
    return _on(view["id"], "matters")


@room.page("/drafts/<draft>", "clerk")
@at_window
def show_one(session: Session, draft: str) -> Response:
    """The draft, planned against the current revision."""
    return show_draft(session, draft)


@room.act("/drafts/<draft>/choice", "clerk")
@at_window
def choose(session: Session, draft: str) -> Response:
    """Answers about the situation, and the matters to be handled."""
    ports = current_ports()
    view = filling.view_draft(ports, session, draft)
    answers = fields.changes_of(view["questions"], request.form)
    try:
        if answers:
            view = filling.fill(ports, session, draft, answers)
        wanted = set(forms.texts("chosen"))
        if wanted != {each["code"] for each in view["matters"] if each["chosen"]} and not answers:
            filling.choose(ports, session, draft, sorted(wanted))
    except Refusal as refusal:
        return show_draft(session, draft, refusal, 422)
    return _on(draft, "matters", "已按选择重新安排", "Planned again")


@room.act("/drafts/<draft>/counts", "clerk")
@at_window
def count(session: Session, draft: str) -> Response:
    """How many people a repeating role stands for."""
    number = forms.text("number", longest=4)
    if not (number.isascii() and number.isdigit()):
        forms.refuse("number", "not_a_number", "人数要填数字", "Enter a number")
    filling.count(current_ports(), session, draft, forms.text("role", longest=60), int(number))
    return _on(draft, "form")


@room.act("/drafts/<draft>/consent", "clerk")
@at_window
def consent(session: Session, draft: str) -> Response:
    """The citizen has heard which sources are asked about what, and said which may be; they are asked now."""
    if not forms.texts("heard"):
        forms.refuse(
            "heard", "consent_not_heard", "请先当面征得群众同意", "The citizen must be told and agree first"
        )
    ports = current_ports()
    view = filling.view_draft(ports, session, draft)
    agreed = set(forms.texts("source"))
    sources = {each["id"]: each["id"] in agreed for each in view["consent"]["sources"]}
    consenting.consent(ports, session, draft, sources)
    fetching.fetch(ports, session, draft)
    return _on(draft, "form", "已查询并预填", "Asked, and filled in")


@room.act("/drafts/<draft>/fetching", "clerk")
@at_window
def ask_again(session: Session, draft: str) -> Response:
    """Ask once more what could not answer."""
    view = filling.view_draft(current_ports(), session, draft)
    silent = [each["id"] for each in fields.list_silent_sources(view)]
    fetching.fetch(current_ports(), session, draft, silent)
    return _on(draft, "form", "已重新查询", "Asked again")


@room.act("/drafts/<draft>/authorisations", "clerk")
@at_window
def authorise(session: Session, draft: str) -> Response:
    """Another person's own card on the clerk's reader; what their sources hold is asked at once."""
    ports = current_ports()
    view = authorising.authorise(ports, session, draft, forms.text("role", longest=60), read_card("card"))
    if not view["consent"]["needed"]:
        fetching.fetch(ports, session, draft)
    return _on(draft, "people", "已授权", "Authorised")


@room.act("/drafts/<draft>/declined-authorisations", "clerk")
@at_window
def decline(session: Session, draft: str) -> Response:
    """Go on without: what this person's sources would have given is typed or brought."""
    authorising.decline(current_ports(), session, draft, forms.text("role", longest=60))
    return _on(draft, "people", "不授权，改为手填或交材料", "Going on without")


@room.act("/drafts/<draft>/values", "clerk")
@at_window
def fill(session: Session, draft: str) -> Response:
    """What was typed or corrected; the good ones are kept, each wrong one says why."""
    ports = current_ports()
    view = filling.view_draft(ports, session, draft)
    every: list[Mapping[str, Any]] = [each for part in view["form"]["sections"] for each in part["fields"]]
    changes = fields.changes_of(every, request.form)
    try:
        if changes:
            filling.fill(ports, session, draft, changes)
    except Refusal as refusal:
        return show_draft(session, draft, refusal, 422)
    return _on(draft, "materials", "已保存", "Saved")


@room.act("/drafts/<draft>/vouching", "clerk")
@at_window
def vouch(session: Session, draft: str) -> Response:
    """The clerk has held the face before them against the card, and answers for it."""
    if not forms.texts("compared"):
        forms.refuse("compared", "not_compared", "请先当面核对人和证件", "Compare face and card first")
    stepping_up.vouch(current_ports(), session, draft)
    return _on(draft, "missing", "已核对本人", "Compared")
