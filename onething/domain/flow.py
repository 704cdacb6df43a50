"""The order between a one-thing's matters, whatever is chosen: for the checks and the guide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from onething.domain.catalog import Catalog, Label, Matter, Thing


@dataclass(frozen=True)
class FlowEdge:
    """``after`` waits for ``before``: for a result of it (``data``) or for its turn (``order``)."""

    before: str
    after: str
    kind: str
    why: Label


def edges_of(catalog: Catalog, thing: Thing) -> list[FlowEdge]:
    """Every edge between two matters, at most one for each pair; data speaks before turns."""
    found: dict[tuple[str, str], FlowEdge] = {}
    for after in thing.matters.values():
        for before in thing.matters.values():
            if before.code == after.code or (after.group is not None and after.group == before.group):
                continue
            edge = _find_edge(catalog, thing, before, after)
            if edge is not None:
                found[(before.code, after.code)] = edge
    return list(found.values())


def _find_edge(catalog: Catalog, thing: Thing, before: Matter, after: Matter) -> FlowEdge | None:
    for need in after.materials:
        material = thing.materials.get(need.material)
        if material and (material.document, material.of) in before.produces_documents:
            return FlowEdge(before.code, after.code, "data", material.label)
    for wanted in after.facts:
        if wanted.fact in before.produces_facts:
            return FlowEdge(before.code, after.code, "data", catalog.get_fact(thing, wanted.fact).label)
    for edge in after.after:
        if edge.matter == before.code or (edge.group is not None and edge.group == before.group):
            return FlowEdge(before.code, after.code, "order", edge.reason)
    return None


def waits_of(thing: Thing, edges: Iterable[FlowEdge]) -> dict[str, set[str]]:
    """What each matter may have to wait for; matters bound together wait together."""
    waits: dict[str, set[str]] = {code: set() for code in thing.matters}
    for edge in edges:
        waits[edge.after].add(edge.before)
    for code, matter in thing.matters.items():
        bound = {code, *matter.bound_with} & thing.matters.keys()
        for other in bound:
            waits[code] |= waits[other] - bound
    return waits


def waves_of(waits: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Matters that can run side by side, wave after wave; raises ``CycleError``."""
    sorter = TopologicalSorter(waits)
    sorter.prepare()
    place = {code: at for at, code in enumerate(waits)}
    waves = []
    while sorter.is_active():
        ready = tuple(sorted(sorter.get_ready(), key=place.__getitem__))
        waves.append(ready)
        sorter.done(*ready)
    return tuple(waves)


def find_circle(waits: Mapping[str, Iterable[str]]) -> list[str]:
    """A circle, each waiting for the one before it, the first repeated at the end; empty for none."""
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []
