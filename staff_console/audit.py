"""The audit: who did what to whose data, and whether the chain of rows is whole."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from flask import Response, request

from onething.domain.dictionary import Label
from onething.ports.staff import AuditEntry, AuditQuery, ChainReport
from onething.services import auditing
from onething.services.auditing import AuditAsked
from staff_console import forms
from staff_console.audit_words import ACTIONS, KINDS
from staff_console.lists import Filter, Listing, number_cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from web.current import current_duty, current_ports

# The sealer comes round every few seconds; minutes without it are a fault.
SEALED_WITHIN = timedelta(minutes=10)
room = Room("audit", "/audit")
room.add_menu("审计日志", "Audit log", "show", "auditor", group=("安全审计", "Audit"), key="a")


@room.tile("条记录待加封", "rows wait for their seal", "show", "auditor")
def count_unsealed() -> Waiting:
    """An old tail means that no sealer works."""
    ports = current_ports()
    rows, oldest = ports.audit_search.find_waiting()
    is_old = oldest is not None and ports.clock.now() - oldest > SEALED_WITHIN
    return Waiting(rows, "late" if is_old else "good")


@room.tile("次越权访问（近24小时）", "refused pages in 24 hours", "show", "auditor", action="page_refused")
def count_refused() -> Waiting:
    """Pages of another role that somebody asked for."""
    ports = current_ports()
    query = AuditQuery(action="page_refused", from_at=ports.clock.now() - timedelta(hours=24))
    refused = len(ports.audit_search.list_rows(query, None, 100))
    return Waiting(f"{refused}+" if refused == 100 else refused, "warn" if refused else "good")


@room.page("/", "auditor")
def show() -> Response:
    """Rows by filter, newest first."""
    return _page(None)


@room.act("/subject", "auditor")
def find_subject() -> Response:
    """Everything about one person: their number becomes its blind index before it is kept anywhere."""
    subject = auditing.subject_of(current_ports(), forms.text("number", longest=60))
    return done(address("audit.show", subject=subject))


@room.act("/verification", "auditor")
def verify() -> Response:
    """Read the chain again."""
    return _page(auditing.verify(current_ports(), current_duty().actor()))


def _page(report: ChainReport | None) -> Response:
    filters = _filters()
    given = {each.name: each.value for each in filters}
    asked = AuditAsked(
        actor=given["actor"],
        action=given["action"],
        case=given["case"],
        subject=_subject(),
        from_on=_day(given["from"]),
        to_on=_day(given["to"]),
    )
    page = auditing.look(current_ports(), current_duty().actor(), asked, number_cursor())
    listing = Listing(
        [_row(entry, page) for entry in page.entries],
        page.next_before,
        filters,
        {"subject": asked.subject} if asked.subject else {},
        at=address("audit.show"),
    )
    return show_page("audit/rows.html", listing=listing, subject=asked.subject, report=report)


def _filters() -> list[Filter]:
    return [
        Filter("actor", Label("谁（账号名或编号）", "Who (login or id)")),
        Filter("action", Label("做了什么", "Did what"), list(ACTIONS.items())),
        Filter("case", Label("办件编号", "Case number"), hint=Label("XX-261123-…", "XX-261123-…")),
        Filter("from", Label("从哪天", "From"), kind="date"),
        Filter("to", Label("到哪天", "To"), kind="date"),
    ]


def _subject() -> str:
    given = request.args.get("subject", "")
    return given if len(given) == 32 and given.isalnum() and given.isascii() else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _row(entry: AuditEntry, page: auditing.AuditPage) -> dict[str, Any]:
    row = entry.row
    detail = json.dumps(row.detail, ensure_ascii=False, sort_keys=True) if row.detail else ""
    return {
        "at": row.at,
        "who": page.names.get(row.actor, row.actor),
        "kind": KINDS.get(row.actor_kind, Label(row.actor_kind, row.actor_kind)),
        "action": ACTIONS.get(row.action, Label(row.action, row.action)),
        "code": row.action,
        "purpose": row.purpose,
        "subject": row.subject,
        "on_behalf_of": row.on_behalf_of,
        "case": page.numbers.get(row.case or "", row.case),
        "result": row.result,
        "detail": detail,
        "position": entry.position,
    }
