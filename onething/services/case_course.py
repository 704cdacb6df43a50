"""How far a case is, without anything of its people: states and clocks, as boards show them.

A page may ask for it again and again. It opens no value, so it stands outside the audit as lists of
numbers, states and clocks do; the page around it was opened, and audited, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from onething.domain.actors import Actor
from onething.domain.catalog import Thing
from onething.domain.clocks import colour, day_of
from onething.domain.records import Case, Part
from onething.domain.staff import Role
from onething.ports import Ports
from onething.services.casework import find_case
from onething.services.duties import must_be
from onething.services.state_words import PART_STATE
from onething.services.wording import both


def view_course(ports: Ports, actor: Actor, number: str) -> dict[str, Any]:
    """A case's state and its parts with theirs; raises ``NotFound`` and ``RoleMissing``."""
    must_be(actor, Role.CLERK, Role.SUPERVISOR)
    with ports.records.read() as uow:
        case = find_case(uow, number)
    thing = ports.catalogs.get(case.revision).get_thing(case.thing)
    today = day_of(ports.clock.now())
    return {
        "number": case.number,
        "state": case.state,
        "parts": [_part(thing, case, part, today) for part in case.parts],
    }


def _part(thing: Thing, case: Case, part: Part, today: date) -> Mapping[str, Any]:
    state = PART_STATE[part.state.value]
    ended = day_of(part.ended_at) if part.ended_at else None
    return {
        "matter": part.matter,
        **both(thing.matters[part.matter].label),
        "state": part.state.value,
        "state_zh": state.zh,
        "state_en": state.en,
        "due_on": part.due_on.isoformat() if part.due_on else None,
        "colour": colour(part.due_on, part.warn_on, part.paused_on, ended, today).value,
        "waits_for": list(case.plan["waits_for"].get(part.matter, ())),
        "is_mine": False,
    }
