"""Reading the plan that is stored with a case; its format's version says how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onething.domain.catalog import How
from onething.domain.plan_materials import PlannedMaterial


def planned_materials(plan: Mapping[str, Any]) -> list[PlannedMaterial]:
    """The planned materials of a stored plan."""
    return [
        PlannedMaterial(
            material=each["material"],
            how=How(each["how"]),
            state=each["state"],
            why=each["why"],
            by=each["by"],
            required=each["required"],
            matters=tuple(each["matters"]),
            tried=tuple((source, what) for source, what in each["tried"]),
        )
        for each in plan["materials"]
    ]
