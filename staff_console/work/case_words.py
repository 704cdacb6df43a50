"""What codes are called on the work pages: one-things, matters, departments, clocks, causes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onething.domain.catalog import Catalog, CatalogError
from onething.domain.clocks import Colour
from onething.domain.dictionary import Label
from web.current import current_ports

COLOURS = {
    Colour.RED: Label("超期", "Late"),
    Colour.YELLOW: Label("临期", "Near limit"),
    Colour.GREEN: Label("正常", "In time"),
    Colour.GREY: Label("暂停", "Paused"),
}
CHANNELS = {
    "kiosk": Label("自助终端", "Kiosk"),
    "window": Label("窗口", "Window"),
    "phone": Label("手机", "Phone"),
}
CAUSES = {
    "supplement": Label("等待申请人补正", "Waiting for the applicant's supplement"),
    "hearing": Label("听证", "Hearing"),
    "inspection": Label("现场勘验", "Site inspection"),
    "testing": Label("检验检测", "Testing"),
    "expert_review": Label("专家评审", "Expert review"),
    "other": Label("其他法定事由", "Another cause named by law"),
}
FINDINGS = {
    "passed": Label("符合要求", "Passed"),
    "passed_with_remarks": Label("基本符合，有整改要求", "Passed with remarks"),
    "failed": Label("不符合要求", "Failed"),
}
# Which badge of the frame goes with a state.
CASE_KINDS = {
    "received": "info",
    "supplement": "idle",
    "accepted": "good",
    "closed": "plain",
    "refused": "late",
    "withdrawn": "plain",
}
PART_KINDS = {
    "waiting": "plain",
    "dispatched": "info",
    "in_handling": "info",
    "suspended": "idle",
    "completed": "good",
    "denied": "late",
    "stopped": "plain",
    "withdrawn": "plain",
}


def name_waiting(view: dict[str, Any]) -> dict[str, Any]:
    """The view with parts that wait for the acceptance alone saying so, and not that they wait for others."""
    if view["state"] in ("received", "supplement"):
        for part in view["parts"]:
            if part["state"] == "waiting" and not part["waits_for"]:
                part["state_zh"], part["state_en"] = "受理后送部门", "Goes out once accepted"
    return view


def find_catalog() -> Catalog | None:
    """The published catalog, for words only: a case's own pages use the revision it began with."""
    try:
        return current_ports().catalogs.current()[1]
    except CatalogError:
        return None


def thing_label(catalog: Catalog | None, code: str) -> Label:
    """What a one-thing is called now; the code itself for one that is no longer offered."""
    thing = catalog.things.get(code) if catalog else None
    return thing.label if thing else Label(code, code)


def matter_label(catalog: Catalog | None, thing: str, code: str) -> Label:
    """What a matter of a one-thing is called now, or its code."""
    found = catalog.things.get(thing) if catalog else None
    matter = found.matters.get(code) if found else None
    return matter.label if matter else Label(code, code)


def names_of_matters(view: Mapping[str, Any]) -> dict[str, Label]:
    """What the matters of a case's visits are called, those of other departments too."""
    catalog, thing = find_catalog(), view["thing"]["code"]
    codes = {code for visit in view["visits"] for code in visit["matters"]}
    return {code: matter_label(catalog, thing, code) for code in codes}


def thing_choices(catalog: Catalog | None) -> list[tuple[str, Label]]:
    """Every one-thing that is offered, for a list's filter."""
    return [(code, thing.label) for code, thing in catalog.things.items()] if catalog else []


def colour_of(value: str) -> Colour | None:
    """A filter's word as a colour."""
    return Colour(value) if value in set(Colour) else None
