"""The list of data-sharing needs: filtered, and agreed, refused or revoked many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal
from onething.domain.needs import NeedState
from onething.domain.staff import Role
from onething.services import data_needs, staffing
from onething.services.outcome_wording import NEED_STATE
from staff_console import forms
from staff_console.lists import Filter, Listing, number_cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from staff_console.work.supervision_lists import Named, state_filter
from web.current import current_duty, current_ports

_PAGE = 50
_MOST = 5000
_MOVES = {
    NeedState.SUBMITTED: Label("提出需求", "Ask for them"),
    NeedState.AGREED: Label("同意共享", "Agree"),
    NeedState.REFUSED: Label("不同意", "Refuse"),
    NeedState.REVOKED: Label("收回", "Revoke"),
    NeedState.DRAFT: Label("退回待提出", "Take back"),
}
_OF_DEPARTMENTS = (NeedState.AGREED, NeedState.REFUSED, NeedState.REVOKED)

room = Room("needs", "/needs")
room.add_menu(
    "数据需求清单",
    "Data needs",
    "show",
    "editor",
    "department",
    "supervisor",
    group=("数据共享", "Shared data"),
)


@room.tile("项数据需求待答复", "data needs to answer", "show", "editor", "department", state="submitted")
def count_asked() -> Waiting:
    """What was asked for and not answered."""
    rows = data_needs.list_needs(current_ports(), current_duty().actor())
    asked = sum(row["state"] == NeedState.SUBMITTED and row["is_current"] for row in rows)
    return Waiting(asked, "warn" if asked else "good")


@room.page("/", "editor", "department", "supervisor")
def show() -> Response:
    """Needs by state, source, department and one-thing."""
    return _list(None, 200)


@room.act("/", "editor", "department")
def change() -> Response:
    """Bring the ticked needs, or all that the filters choose, to one state."""
    try:
        to = forms.text("to", longest=20)
        if to not in set(NeedState):
            forms.refuse("to", "invalid", "请选择", "Choose one")
        changed = data_needs.change(
            current_ports(),
            current_duty().actor(),
            _keys(),
            NeedState(to),
            number=forms.text("number", longest=120, required=False),
            reason=forms.text("reason", longest=500, required=False),
        )["changed"]
    except Refusal as refusal:
        return _list(refusal, 422)
    to_list = address("needs.show", **{name: value for name, value in _wanted().items() if value})
    return done(to_list, f"{changed}项已改变", f"{changed} are changed")


def _keys() -> Sequence[str]:
    """The ticked needs; with ``all`` every one that the filters choose."""
    if request.form.get("all") == "yes":
        keys: Sequence[str] = [row["key"] for row in _chosen() if row["is_current"]]
    else:
        keys = forms.texts("key", longest=300, most=_MOST)
    if not keys:
        forms.refuse("key", "required", "请至少选择一项", "Choose at least one")
    return keys


def _list(refusal: Refusal | None, status: int) -> Response:
    ports, duty = current_ports(), current_duty()
    named = Named(ports)
    rows = _chosen()
    start = number_cursor() or 0
    page = rows[start : start + _PAGE]
    more = start + _PAGE if len(rows) > start + _PAGE else None
    return show_page(
        "work/needs.html",
        status,
        listing=Listing(page, more, _filters(named), at=address("needs.show")),
        total=len(rows),
        moves=_moves(),
        # The filters are in the address of the form too, so that an act finds them.
        to=address("needs.change", **request.args.to_dict()),
        names=staffing.names_of(ports, {row["changed_by"] for row in page}),
        named=named,
        may_change=duty.staff.may([Role.EDITOR, Role.DEPARTMENT]),
        ticked=set(request.form.getlist("key")),
        typed=request.form,
        refusal=refusal,
    )


def _moves() -> list[tuple[str, Label]]:
    """What this person may bring needs to: departments answer, the bureau also asks."""
    everything = current_duty().staff.may([Role.EDITOR])
    return [(state.value, label) for state, label in _MOVES.items() if everything or state in _OF_DEPARTMENTS]


def _filters(named: Named) -> list[Filter]:
    sources = [(code, source.label) for code, source in sorted(named.catalog.sources.items())]
    return [
        state_filter({state.value: label for state, label in NEED_STATE.items()}),
        Filter("source", Label("数据来源", "Source"), sources),
        named.department_filter(),
        named.thing_filter(),
        Filter("fact", Label("信息项", "Value")),
    ]


def _wanted() -> dict[str, str]:
    return {each.name: each.value for each in _filters(Named(current_ports()))}


def _chosen() -> list[dict[str, Any]]:
    rows = data_needs.list_needs(current_ports(), current_duty().actor())
    wanted = _wanted()
    return [row for row in rows if _fits(row, wanted)]


def _fits(row: dict[str, Any], wanted: dict[str, str]) -> bool:
    exact = ("state", "source", "department", "thing")
    said = f"{row['fact']} {row['fact_zh']} {row['fact_en']}".lower()
    return all(wanted[name] in ("", row[name]) for name in exact) and wanted["fact"].lower() in said
