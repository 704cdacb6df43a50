"""The shared values of a case as its citizen sees them: each may be called wrong, after submission too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onething.domain.actors import Actor
from onething.domain.catalog import Label
from onething.domain.disputes import DisputeState
from onething.domain.values import OpenedValues, Value
from onething.ports import Ports
from onething.services.casework import CaseAct, on_case
from onething.services.display import display_of
from onething.services.duties import must_be
from onething.services.questions_view import declared
from onething.services.wording import both, for_matters


def list_shared(ports: Ports, actor: Actor, number: str) -> dict[str, Any]:
    """What registers gave for one of the citizen's own cases, as the form's fields (docs/openapi/kiosk.json,
    SharedValues); a value whose dispute is open cannot be called wrong again. Raises ``NotFound``.
    """
    must_be(actor, "citizen")
    return on_case(ports, number, actor, "case_values_read", lambda act: {"fields": list(_fields(act))})


def _fields(act: CaseAct) -> Iterable[dict[str, Any]]:
    values = OpenedValues(act.uow.cases.get_values(act.case.id))
    disputed = {
        each.fact for each in act.uow.disputes.list_of_case(act.case.id) if each.state is DisputeState.OPEN
    }
    on_form = [key for key in act.case.plan["form"] if key in values]
    for key in dict.fromkeys((*on_form, *values)):
        value = values[key]
        if value.source in act.catalog.sources and not value.is_proven:
            yield _field(act, key, value, is_open=key in disputed)


def _field(act: CaseAct, key: str, value: Value, *, is_open: bool) -> dict[str, Any]:
    fact = act.catalog.get_fact(act.thing, key)
    shown = display_of(act.catalog, fact, value.value)
    matters = [each["code"] for each in act.case.plan["matters"] if each["chosen"] and key in each["needs"]]
    used = for_matters([act.thing.matters[code].label for code in matters])
    return {
        **declared(act.catalog, act.thing, key),
        "required": False,
        "state": "found" if value.disputed is None else "disputed",
        "value": None,
        "display_zh": shown.zh,
        "display_en": shown.en,
        "editable": not is_open,
        "source": _source(act, str(value.source), value.as_of),
        "matters": matters,
        "why_zh": used.zh,
        "why_en": used.en,
        "error": None,
    }


def _source(act: CaseAct, code: str, as_of: str | None) -> dict[str, Any]:
    source = act.catalog.sources[code]
    department: Label = act.catalog.departments[source.department].label
    return {
        "id": code,
        **both(source.label),
        "department_zh": department.zh,
        "department_en": department.en,
        "as_of": as_of,
    }
