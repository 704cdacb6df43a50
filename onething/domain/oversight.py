"""Approval and oversight joined (审管衔接): which approvals go to which supervising department; pure.

Read from the catalog revision and the plan that are stored with a case, so that a running case is
watched over as it was granted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onething.domain.catalog import Catalog, How, Label, Matter, Thing


@dataclass(frozen=True)
class OversightItem:
    """One approval to be watched over: by whom, and whether it was granted on a commitment."""

    matter: str
    department: str
    on_commitment: bool


ON_COMMITMENT = Label(
    "以告知承诺方式办理，请列为重点核查", "Granted on a commitment: to be checked with priority"
)


def oversight_of(catalog: Catalog, thing: Thing, plan_json: Mapping[str, Any]) -> tuple[OversightItem, ...]:
    """What is to be sent once its part is completed, in the catalog's order; ``plan_json`` as stored.

    A matter is granted on a commitment when it is the procedure by commitment, or when the plan met
    one of its materials by a commitment.
    """
    chosen = {each["code"] for each in plan_json["matters"] if each["chosen"]}
    return tuple(
        OversightItem(matter.code, matter.supervised_by, _is_on_commitment(matter, plan_json))
        for matter in thing.matters.values()
        if matter.code in chosen
        and matter.supervised_by is not None
        and matter.supervised_by in catalog.departments
    )


def _is_on_commitment(matter: Matter, plan_json: Mapping[str, Any]) -> bool:
    return matter.by_commitment or any(
        material["how"] == How.COMMITMENT and matter.code in material["matters"]
        for material in plan_json["materials"]
    )
