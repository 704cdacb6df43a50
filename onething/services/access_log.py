"""Who has read my data: the audit of one person, in plain words, for that person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onething.domain.catalog import Catalog, CatalogError
from onething.domain.dictionary import Label
from onething.domain.records import AuditRow, Session
from onething.domain.staff import Staff
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.ports.staff import AuditEntry, AuditQuery
from onething.services import access_words as words
from onething.services import held_licences
from onething.services.wording import OWN_LICENCES, both

# How many rows of the audit one page reads; one's own of a day are folded into one line.
ROWS = 60
_OUTCOMES = frozenset({"ok", "found", "not_held", "unavailable"})


@dataclass(frozen=True)
class _Known:
    """What the rows of one page speak of: the catalog, staff by id, and cases' numbers by id."""

    catalog: Catalog
    staff: Mapping[str, Staff]
    numbers: Mapping[str, str]


def list_access(ports: Ports, session: Session, before: int | None = None) -> dict[str, Any]:
    """Uses of my data, newest first; ``next`` is given as ``before`` for those before them, or None.

    That it was looked at is written first.
    """
    query = AuditQuery(subject=session.holder)
    with ports.records.act() as uow:
        uow.audit.add(_looked(ports, session))
    found = ports.audit_search.list_rows(query, before, ROWS + 1)
    rows = found[:ROWS]
    known = _known(ports, session.holder, [entry.row for entry in rows])
    after = rows[-1].number if len(found) > ROWS else None
    return {"uses": list(_lines(rows, known)), "next": after}


def _known(ports: Ports, holder: str, rows: Sequence[AuditRow]) -> _Known:
    """Only numbers of the person's own cases: another parent's case stays the other parent's."""
    _, catalog = ports.catalogs.current()
    with ports.records.read() as uow:
        actors = {row.actor for row in rows if row.actor_kind == "staff"}
        staff = {each.id: each for each in (uow.staff.find(actor) for actor in sorted(actors)) if each}
        cases = (uow.cases.find(each) for each in sorted({row.case for row in rows if row.case}))
        numbers = {case.id: case.number for case in cases if case and case.holder == holder}
    return _Known(catalog, staff, numbers)


def _lines(entries: Iterable[AuditEntry], known: _Known) -> Iterable[dict[str, Any]]:
    """The rows in words; one's own, side by side on a day, are one line with their number."""
    own: dict[str, Any] | None = None
    for entry in entries:
        row = entry.row
        if not _is_own(row):
            own = None
            yield _line(row, known)
        elif own is None or own["on"] != _day(row).isoformat():
            own = {**_line(row, known), **_named("did", words.OWN)}
            yield own
        else:
            own["times"] += 1


def _is_own(row: AuditRow) -> bool:
    return row.actor_kind == "citizen" and row.action != "source_asked" and row.on_behalf_of is None


def _line(row: AuditRow, known: _Known) -> dict[str, Any]:
    did = words.DONE.get(row.action, words.OTHERWISE)
    if row.result not in _OUTCOMES:
        did = Label(did.zh + words.REFUSED.zh, did.en + words.REFUSED.en)
    return {
        "at": row.at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "on": _day(row).isoformat(),
        "is_own": _is_own(row),
        "times": 1,
        **_named("who", _who(row, known)),
        **_named("did", did),
        **_named("why", _why(row, known)),
        "case": known.numbers.get(row.case or ""),
        "what": [both(each) for each in _what(row, known)],
    }


def _who(row: AuditRow, known: _Known) -> Label:
    if row.action == "source_asked":
        return _asked_source(row, known)
    if row.on_behalf_of is not None:
        return words.BY_MANDATE
    if row.actor_kind == "citizen":
        return words.YOU
    if row.actor_kind == "department":
        return _of_department(words.DEPARTMENT_SYSTEM, row.actor, known)
    if row.actor_kind == "staff":
        return _of_staff(known.staff.get(row.actor), known)
    kinds = {"public": words.AT_THE_PAPER, "terminal": words.TERMINAL}
    return kinds.get(row.actor_kind, words.BY_WORKER)


def _asked_source(row: AuditRow, known: _Known) -> Label:
    """A register that was asked at the person's own wish: what is told is which one it was."""
    source = known.catalog.sources.get(_call_of(row)[0])
    return source.label if source else words.E_LICENCES


def _call_of(row: AuditRow) -> list[str]:
    """Source and role, and between them the document of an e-licence."""
    return str(row.detail.get("call", "")).split(":")


def _of_staff(staff: Staff | None, known: _Known) -> Label:
    if staff is None:
        return words.OFFICE
    if staff.department:
        return _of_department(words.DEPARTMENT_STAFF, staff.department, known)
    return next((label for role, label in words.ROLE_STAFF.items() if role in staff.roles), words.OFFICE)


def _of_department(text: Label, code: str, known: _Known) -> Label:
    department = known.catalog.departments.get(code)
    name = department.label if department else Label(code, code)
    return Label(text.zh.format(name=name.zh), text.en.format(name=name.en))


def _why(row: AuditRow, known: _Known) -> Label:
    """For which one-thing or matter, or of one's own wish; empty for what was for none."""
    if row.purpose == held_licences.PURPOSE:
        return OWN_LICENCES
    if row.purpose in known.catalog.things:
        return known.catalog.get_thing(row.purpose).label
    matters = (each.matters.get(row.purpose) for each in known.catalog.things.values())
    return next((matter.label for matter in matters if matter), Label("", ""))


def _what(row: AuditRow, known: _Known) -> list[Label]:
    """Which facts were asked for; empty where the row speaks of the whole case."""
    facts, call = row.detail.get("facts"), _call_of(row)
    document = known.catalog.documents.get(call[1]) if len(call) > 2 else None
    if document is not None:
        return [document.label]
    if not isinstance(facts, list) or row.purpose not in known.catalog.things:
        return []
    thing, named = known.catalog.get_thing(row.purpose), []
    for key in facts:
        try:
            named.append(known.catalog.get_fact(thing, str(key)).label)
        except (CatalogError, KeyError):  # a fact that a later revision has no more
            continue
    return list(dict.fromkeys(named))


def _named(name: str, label: Label) -> dict[str, str]:
    return {f"{name}_zh": label.zh, f"{name}_en": label.en}


def _day(row: AuditRow) -> date:
    return row.at.astimezone(SHANGHAI).date()


def _looked(ports: Ports, session: Session) -> AuditRow:
    return AuditRow(
        at=ports.clock.now(),
        actor=session.actor,
        actor_kind=session.actor_kind,
        action="access_log_read",
        purpose="who read my data",
        subject=session.holder,
        terminal=session.terminal,
    )
