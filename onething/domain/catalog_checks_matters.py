"""Checks of a one-thing's matters and materials: names, results, and papers that need not be asked."""

from __future__ import annotations

from collections.abc import Iterable

from onething.domain.assurance import CARD, LEVELS
from onething.domain.catalog import Catalog, How, Material, Matter, Thing
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_checks_things import check_fact_key
from onething.domain.catalog_problems import Path
from onething.domain.plan_materials import E_LICENCES


def check_matters(catalog: Catalog, thing: Thing, found: Found) -> None:
    """Check every matter and material of a one-thing."""
    path: Path = ("things", thing.code)
    for matter in thing.matters.values():
        place = (*path, "matters", matter.code)
        _check_names(catalog, thing, matter, place, found)
        _check_edges(thing, matter, place, found)
        _check_results(thing, matter, place, found)
    needed = {need.material for matter in thing.matters.values() for need in matter.materials}
    for material in thing.materials.values():
        place = (*path, "materials", material.id)
        _check_material(catalog, thing, material, place, found)
        if material.id not in needed:
            found.add(place, "unused_material", "没有事项需要这份材料", "no matter needs this material")
    if thing.promise.override_by is not None and not thing.promise.override_reason:
        found.add(
            (*path, "promise", "override_by"),
            "missing_key",
            "写了 override_by 就要写 override_reason",
            "'override_by' needs an 'override_reason'",
        )


def _check_names(catalog: Catalog, thing: Thing, matter: Matter, path: Path, found: Found) -> None:
    found.known((*path, "department"), "department", matter.department, catalog.departments)
    if matter.supervised_by is not None:
        found.known((*path, "supervised_by"), "department", matter.supervised_by, catalog.departments)
    _check_step_up(matter, path, found)
    if matter.group is not None:
        found.known((*path, "group"), "group", matter.group, thing.groups)
    for at, need in enumerate(matter.facts):
        check_fact_key(catalog, thing, need.fact, (*path, "facts", at), found)
    for at, wanted in enumerate(matter.materials):
        found.known((*path, "materials", at), "material", wanted.material, thing.materials)
    found.once((*path, "materials"), [each.material for each in matter.materials if each.when is None])
    found.once((*path, "facts"), [need.fact for need in matter.facts if need.when is None])
    for at, key in enumerate(matter.produces_facts):
        check_fact_key(catalog, thing, key, (*path, "produces", "facts", at), found)
    for at, (document, role) in enumerate(matter.produces_documents):
        found.known((*path, "produces", "documents", at), "document", document, catalog.documents)
        found.known((*path, "produces", "documents", at), "role", role, thing.roles)


def _check_step_up(matter: Matter, path: Path, found: Found) -> None:
    """A matter says only what goes beyond the card; the card is asked of everybody."""
    above = [level for level in LEVELS if level != CARD]
    if matter.assurance is not None and matter.assurance.level not in above:
        words = ", ".join(above)
        place = (*path, "assurance", "level")
        found.add(place, "unknown_word", f"只能是 {words}", f"this must be one of {words}")


def _check_edges(thing: Thing, matter: Matter, path: Path, found: Found) -> None:
    edges = [("after", at, each.matter, each.group) for at, each in enumerate(matter.after)]
    edges += [("requires", at, each.matter, each.group) for at, each in enumerate(matter.requires)]
    for key, at, code, group in edges:
        if code is not None:
            found.known((*path, key, at), "matter", code, thing.matters)
        if group is not None:
            found.known((*path, key, at), "group", group, thing.groups)
    for at, other in enumerate(matter.bound_with):
        if not found.known((*path, "bound_with", at), "matter", other, thing.matters):
            continue
        if matter.code not in thing.matters[other].bound_with:
            found.add(
                (*path, "bound_with", at),
                "not_symmetric",
                f"“{other}”也要写明与“{matter.code}”绑定",
                f"'{other}' must say that it is bound with '{matter.code}' too",
            )


def _check_results(thing: Thing, matter: Matter, path: Path, found: Found) -> None:
    needed = {need.fact for need in matter.facts}
    for at, key in enumerate(matter.produces_facts):
        if key in needed:
            found.add(
                (*path, "produces", "facts", at),
                "needs_own_result",
                f"事项既需要又产生“{key}”",
                f"the matter both needs and produces '{key}'",
            )
    papers = {
        (material.document, material.of)
        for need in matter.materials
        if (material := thing.materials.get(need.material))
    }
    for at, pair in enumerate(matter.produces_documents):
        if pair in papers:
            found.add(
                (*path, "produces", "documents", at),
                "needs_own_result",
                f"事项既需要又产生“{pair[0]}”",
                f"the matter both needs and produces '{pair[0]} of {pair[1]}'",
            )


def _check_material(catalog: Catalog, thing: Thing, material: Material, path: Path, found: Found) -> None:
    found.known((*path, "of"), "role", material.of, thing.roles)
    if not found.known((*path, "document"), "document", material.document, catalog.documents):
        return
    document = catalog.documents[material.document]
    for at, way in enumerate(material.met_by):
        if way.how is How.E_LICENCE and not document.e_licence:
            found.add(
                (*path, "met_by", at),
                "no_e_licence",
                f"“{document.id}”没有电子证照",
                f"there is no e-licence of '{document.id}'; if there is, say 'e_licence: true' there",
            )
        if way.how is How.E_LICENCE:
            found.known((*path, "met_by", at), "source", E_LICENCES, catalog.sources)
        if way.source is not None:
            _check_data(catalog, thing, material, way.source, (*path, "met_by", at), found)
    if document.issued_by_government and material.reason is None and _is_asked_first(material):
        found.add(
            (*path, "met_by"),
            "government_paper",
            f"“{document.id}”由政府部门核发，不应让群众提交；确需提交的请写明 reason",
            f"'{document.id}' is issued by government: it is not asked of people without a 'reason'",
        )
    if How.INSIDE in _hows(material) and not _is_produced(thing, material):
        found.add(
            (*path, "met_by"),
            "unreachable_material",
            "写了 inside，但没有事项产生这份材料",
            "'inside' is written, but no matter produces this document",
        )


def _check_data(
    catalog: Catalog, thing: Thing, material: Material, source: str, path: Path, found: Found
) -> None:
    uses = [use for use in thing.sources if use.source == source]
    if not uses and source in catalog.sources:
        found.add(
            path,
            "unknown_source",
            f"本事项没有使用来源“{source}”：请在 sources 里写上它",
            f"this one-thing does not use the source '{source}': name it under 'sources'",
        )
    elif found.known(path, "source", source, {use.source for use in thing.sources}) and not any(
        material.of in use.binds.values() for use in uses
    ):
        found.add(
            path,
            "wrong_source",
            f"来源“{source}”在这里查的不是“{material.of}”，不能核验其材料",
            f"'{source}' is not asked about '{material.of}' here and cannot vouch for their paper",
        )


def _hows(material: Material) -> Iterable[How]:
    return [way.how for way in material.met_by]


def _is_asked_first(material: Material) -> bool:
    first = material.met_by[0].how
    return first is How.SUBMIT or (first is How.VAULT and How.E_LICENCE not in _hows(material))


def _is_produced(thing: Thing, material: Material) -> bool:
    pair = (material.document, material.of)
    return any(pair in matter.produces_documents for matter in thing.matters.values())
