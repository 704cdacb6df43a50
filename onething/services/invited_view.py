"""What an invited person is shown: their own fields, the matters that want them, whom they let be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.catalog import Label
from onething.domain.invitations import AGREED_STATES, Invitation, NotYourTurn
from onething.domain.masking import mask_name
from onething.domain.plan_sources import CARD, E_LICENCES, Call
from onething.domain.situation import Right, base_of
from onething.ports import Ports
from onething.services.consented import list_documents_instead, list_may_give
from onething.services.desk import Desk, desk_of, with_progress
from onething.services.display import display_of
from onething.services.draft_view import source_labels
from onething.services.invitation_wording import INVITED_STATE
from onething.services.wording import both, numbered


def line_of(desk: Desk, invitation: Invitation, now: datetime) -> dict[str, Any]:
    """One invitation in the list of whom it is for."""
    state = invitation.shown_state(now)
    said = INVITED_STATE[state]
    sender = desk.values.get(f"{desk.plan.holder}.name")
    role = numbered(desk.thing.roles[base_of(invitation.role)].label, invitation.role)
    return {
        "id": invitation.id,
        "thing": {"code": desk.thing.code, **both(desk.thing.label)},
        "role": invitation.role,
        **both(role),
        "sender_masked": mask_name(str(sender.value)) if sender else "",
        "state": state,
        "state_zh": said.zh,
        "state_en": said.en,
        "expires_at": invitation.expires_at.isoformat(),
        "can_answer": state in ("sent", "opened") and desk.draft.state == "open",
        "can_take_back": state in AGREED_STATES and desk.draft.state == "open",
    }


def view_of(ports: Ports, desk: Desk, invitation: Invitation, now: datetime) -> dict[str, Any]:
    """The whole page of an invitation."""
    role = invitation.role
    waits = waits_for(desk, role)
    return {
        **line_of(desk, invitation, now),
        "matters": list(_matters(desk, role)),
        "items": list(_fields(desk, role)),
        "sources": sources_about(ports, desk, role),
        "signs": desk.thing.roles[base_of(role)].invitation.signs,
        "waits_for": [both(each) for each in waits],
    }


def waits_for(desk: Desk, role: str) -> list[Label]:
    """The people who answer first, as the one-thing says, and have not yet."""
    rights = desk.draft.progress.get("rights", {})
    first = desk.thing.roles[base_of(role)].invitation.after
    return [
        desk.thing.roles[each].label
        for each in first
        if each != desk.plan.holder and rights.get(each, Right.OPEN.value) == Right.OPEN.value
    ]


def must_be_their_turn(desk: Desk, role: str) -> None:
    """Raises ``NotYourTurn`` while somebody else is to answer first."""
    waits = waits_for(desk, role)
    if waits:
        zh, en = "、".join(each.zh for each in waits), ", ".join(each.en for each in waits)
        raise NotYourTurn(Label(f"请等{zh}先办理", f"The {en} answers first; please come back after that"))


def sources_about(ports: Ports, desk: Desk, role: str) -> list[dict[str, Any]]:
    """Each source that would be asked about this person, with what it gives, once they have agreed."""
    agreed = _as_if_agreed(ports, desk, role)
    listed: dict[str, dict[str, Any]] = {}
    for call in (call for wave in agreed.plan.fetch for call in wave):
        if call.about != role or call.source == CARD:
            continue
        entry = listed.setdefault(call.source, _entry(agreed, call))
        gives = [both(each) for each in _gives(agreed, call)]
        entry["facts"] += [each for each in gives if each not in entry["facts"]]
    return list(listed.values())


def _as_if_agreed(ports: Ports, desk: Desk, role: str) -> Desk:
    """The plan that would hold if this person had agreed to everything."""
    progress = desk.draft.progress
    granted = {each: kept for each, kept in progress.get("granted", {}).items() if each != role}
    rights = {**progress.get("rights", {}), role: Right.PROVEN.value}
    draft = with_progress(desk, rights=rights, granted=granted).draft
    known = {"id_number": {"value": "", "origin": "identity"}, **draft.values.get(role, {})}
    return desk_of(ports, replace(draft, values={**draft.values, role: known}), desk.files)


def _entry(desk: Desk, call: Call) -> dict[str, Any]:
    label, department = source_labels(desk, call.source)
    return {
        "id": call.source,
        **both(label),
        "department_zh": department.zh,
        "department_en": department.en,
        "facts": [],
    }


def _gives(desk: Desk, call: Call) -> Iterable[Label]:
    for key in list_may_give(desk, call):
        yield desk.catalog.get_fact(desk.thing, key).label
    documents = [call.document] if call.document else []
    if call.source == E_LICENCES:
        documents += [document for role, document in list_documents_instead(desk) if role == call.about]
    yield from (desk.catalog.documents[document].label for document in dict.fromkeys(documents))


def _matters(desk: Desk, role: str) -> Iterable[dict[str, str]]:
    """The chosen matters that want something of this person."""
    plan = desk.plan
    wanting = {
        code for key in plan.form if key.startswith(f"{role}.") for code in plan.wanted_by.get(key, ())
    }
    for material in plan.materials:
        if desk.thing.materials[material.material].of == base_of(role):
            wanting.update(material.matters)
    for code in plan.chosen:
        if code in wanting:
            matter = desk.thing.matters[code]
            department = desk.catalog.departments[matter.department].label
            yield {
                "code": code,
                **both(matter.label),
                "department_zh": department.zh,
                "department_en": department.en,
            }


def _fields(desk: Desk, role: str) -> Iterable[dict[str, str]]:
    """What the form says of this person now; what is still to be asked stands with the sources."""
    for key in desk.plan.form:
        if not key.startswith(f"{role}."):
            continue
        fact = desk.catalog.get_fact(desk.thing, key)
        value = desk.values.get(key)
        if value is None:
            continue
        text = display_of(desk.catalog, fact, value.value)
        yield {"fact": key, **both(fact.label), "display_zh": text.zh, "display_en": text.en}
