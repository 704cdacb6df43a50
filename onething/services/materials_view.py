"""The materials of a draft as a screen needs them: how each is met, why, and its pages so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onething.domain.catalog import Catalog, Label, Thing
from onething.domain.plan_materials import PlannedMaterial
from onething.domain.plan_sources import E_LICENCES
from onething.domain.records import StoredFile
from onething.services.desk import Desk
from onething.services.wording import E_LICENCE_SERVICE, MATERIAL_HOW, MATERIAL_WHY, TRIED, both


def materials_of(desk: Desk) -> list[dict[str, Any]]:
    """Every material the chosen matters want, each once."""
    return material_list(desk.catalog, desk.thing, desk.plan.materials, desk.files)


def material_list(
    catalog: Catalog, thing: Thing, planned: Iterable[PlannedMaterial], files: Iterable[StoredFile]
) -> list[dict[str, Any]]:
    """Planned materials with the pages handed in for each."""
    pages: dict[str, list[StoredFile]] = {}
    for file in files:
        pages.setdefault(file.material, []).append(file)
    return [_material(catalog, thing, each, pages.get(each.material, [])) for each in planned]


def _material(
    catalog: Catalog, thing: Thing, planned: PlannedMaterial, pages: list[StoredFile]
) -> dict[str, Any]:
    material = thing.materials[planned.material]
    why = why_of(catalog, thing, planned)
    how = MATERIAL_HOW[planned.how]
    state = "submitted" if planned.state == "to_submit" and pages else planned.state
    return {
        "id": material.id,
        **both(material.label),
        "how": planned.how.value,
        "how_zh": how.zh,
        "how_en": how.en,
        "state": state,
        "why_zh": why.zh,
        "why_en": why.en,
        "matters": list(planned.matters),
        "required": planned.required,
        "pages": [{"file": page.id, "number": at} for at, page in enumerate(pages, 1)],
        "points": [both(point) for point in material.points],
    }


def why_of(catalog: Catalog, thing: Thing, planned: PlannedMaterial) -> Label:
    """Why a material is met as it is, and what was tried before."""
    if planned.why == "produced_inside":
        name = thing.matters[planned.by or ""].label
        said = MATERIAL_WHY["produced_inside"]
        return Label(said.zh.format(matter=name.zh), said.en.format(matter=name.en))
    name = _source_label(catalog, planned.by)
    said = MATERIAL_WHY[planned.why]
    reason = thing.materials[planned.material].reason
    tried = [
        Label(
            TRIED[what].zh.format(source=_source_label(catalog, source).zh),
            TRIED[what].en.format(source=_source_label(catalog, source).en),
        )
        for source, what in planned.tried
    ]
    if planned.state == "to_submit" and tried:
        return Label(
            f"{'，'.join(each.zh for each in tried)}，需要您提交",
            f"{'; '.join(each.en for each in tried)}; so it is needed from you",
        )
    if planned.state == "to_submit" and reason:
        return reason
    return Label(said.zh.format(source=name.zh), said.en.format(source=name.en))


def _source_label(catalog: Catalog, source: str | None) -> Label:
    if source == E_LICENCES:
        return E_LICENCE_SERVICE
    declared = catalog.sources.get(source or "")
    return declared.label if declared else Label(source or "", source or "")
