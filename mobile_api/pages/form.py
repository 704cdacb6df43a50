"""The one form on a phone: what is known with its source, what has to be typed, saved as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from mobile_api.pages import fields
from mobile_api.pages.drafts import address_after, step_address, step_values
from mobile_api.pages.frame import Room, done, once, see_other, show, wants_json
from onething.domain.dictionary import Label
from onething.domain.errors import BadFields, FieldError, NotFound, Refusal
from onething.services import evidence, filling, merging
from web import forms
from web.answers import json_answer
from web.current import current_ports, current_session
from web.uploads import largest_upload

room = Room("form", "/drafts/<draft>")
_UNFILLED = Label("还有几项没有填", "Some fields are still empty")


@room.page("/form")
def show_form(draft: str) -> Response:
    """Every section: first what has to be typed, then what is known."""
    return _page(filling.view_draft(current_ports(), current_session(), draft))


@room.act("/form")
def save(draft: str) -> Response:
    """What was typed: the good values are kept, each wrong one says why; a script of the page gets JSON."""
    ports, session = current_ports(), current_session()
    view = filling.view_draft(ports, session, draft)
    changes = fields.changes_of(fields.list_fields(view), request.form)
    errors: tuple[FieldError, ...] = ()
    try:
        if changes:
            view = filling.fill(ports, session, draft, changes, version=fields.version_of(request.form))
    except BadFields as refusal:
        errors = refusal.fields
        view = filling.view_draft(ports, session, draft)
    except Refusal as refusal:
        if wants_json() or refusal.status_hint != "conflict":
            raise
        return _page(view, refusal)
    if wants_json():
        return _saved(view, errors)
    if errors:
        return _page(view, BadFields(fields=errors))
    if "later" in request.form:
        return done(step_address(view, "form"), "已保存，可以随时回来接着填", "Saved; come back any time")
    unfilled = fields.list_unfilled(view)
    if view["replaced"]:
        return done(
            step_address(view, "form"),
            "有一项在两台设备上填得不一样，请选一个",
            "One field differs between two devices; please choose",
            "problem",
        )
    if unfilled:
        return _page(view, BadFields(_UNFILLED, unfilled))
    return see_other(address_after(view, "form"))


@room.act("/settled")
def settle(draft: str) -> Response:
    """Two devices have typed something else into one field: which of both stays."""
    fact, _, keep = forms.text("settled", longest=120).rpartition("=")
    if not (keep.isascii() and keep.isdigit() and len(keep) == 1):
        raise NotFound
    view = merging.settle(current_ports(), current_session(), draft, fact, int(keep))
    return see_other(f"{step_address(view, 'form')}#{fact}")


@room.act("/counts")
def count(draft: str) -> Response:
    """How many people a repeating role stands for."""
    number, role = forms.text("number", longest=4), forms.text("role", longest=60)
    if not (number.isascii() and number.isdigit()):
        forms.refuse("number", "not_a_number", "人数要填数字", "Enter a number")
    version = fields.version_of(request.form)
    view = filling.count(current_ports(), current_session(), draft, role, int(number), version=version)
    return see_other(f"{step_address(view, 'form')}#{role}")


@room.page("/wrong/<fact>")
def show_wrong(draft: str, fact: str) -> Response:
    """“有误”: what a source says, and a place for what is right."""
    view = filling.view_draft(current_ports(), current_session(), draft)
    return _wrong(view, fact)


@room.act("/wrong/<fact>", largest_body=largest_upload)
def call_wrong(draft: str, fact: str) -> Response:
    """The person's own value goes on, and the source's keeper is asked; a photograph may show it."""
    ports, session = current_ports(), current_session()
    key = once()
    try:
        value = forms.text("value", longest=200)
        pages = _shown(draft, fact)
        evidence.open_dispute(ports, session, draft, fact=fact, value=value, evidence=pages, once=key)
    except BadFields as refusal:
        own = [FieldError("value", each.reason, each.text) for each in refusal.fields]
        return _wrong(filling.view_draft(ports, session, draft), fact, BadFields(refusal.text, own))
    return done(
        f"{step_address({'id': draft}, 'form')}#{fact}",
        "已按您填的办理，并请来源部门核实",
        "Yours is used; the department is asked to look into it",
    )


def _shown(draft: str, fact: str) -> list[str]:
    """The pages of the photograph that shows the value to be wrong, if one was chosen."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return []
    kept = evidence.add_page(current_ports(), current_session(), draft, fact, file.read())
    return list(kept["pages"])


def _wrong(view: dict[str, Any], fact: str, refusal: Refusal | None = None) -> Response:
    found = [each for each in fields.list_fields(view) if each["fact"] == fact]
    if not found or found[0]["source"] is None or not found[0]["editable"]:
        raise NotFound
    return show(
        "phone/drafts/wrong.html",
        422 if refusal else 200,
        **step_values(view, "form"),
        field=found[0],
        refusal=refusal,
        typed=request.form,
        few=fields.FEW_OPTIONS,
    )


def _page(view: dict[str, Any], refusal: Refusal | None = None) -> Response:
    errors = {each.field: each.text for each in refusal.fields} if refusal else {}
    return show(
        "phone/drafts/form.html",
        422 if refusal else 200,
        **step_values(view, "form"),
        sections=fields.lay_out(view, errors),
        silent=fields.list_silent_sources(view),
        shape=fields.shape_of(view),
        refusal=refusal,
        errors=errors,
        typed=request.form,
        shown=fields.shown,
        kinds=fields.KINDS,
        keyboards=fields.KEYBOARDS,
        longest=fields.LONGEST,
        few=fields.FEW_OPTIONS,
    )


def _saved(view: dict[str, Any], errors: Sequence[FieldError]) -> Response:
    """What the draft holds now of each field that was sent, and why the others were not taken."""
    held = {each["fact"]: fields.shown(each) for each in fields.list_fields(view)}
    sent = [name.removeprefix(fields.PREFIX) for name in request.form if name.startswith(fields.PREFIX)]
    return json_answer(
        {
            "held": {fact: held.get(fact, "") for fact in sent},
            "errors": {each.field: {"zh": each.text.zh, "en": each.text.en} for each in errors},
            "version": view["version"],
            "shape": fields.shape_of(view),
            "to_type": len(fields.list_unfilled(view)),
        }
    )
