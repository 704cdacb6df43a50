"""Materials: needed, less produced inside the case, less held by government; each with how and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onething.domain.catalog import How, Material, Way
from onething.domain.plan_choice import Choice
from onething.domain.situation import Ground, Outcome, Right, base_of

if TYPE_CHECKING:
    from onething.domain.plan_sources import Fetching

E_LICENCES = "e_licences"


@dataclass(frozen=True)
class WantedMaterial:
    """A material that chosen matters want; ``inside`` is the matter that produces it, if one does."""

    material: Material
    matters: tuple[str, ...]
    inside: str | None

    def next_calls(self, ground: Ground) -> tuple[str, ...]:
        """The calls of the first way that is still open: a later way is not asked before it fails."""
        if self.inside:
            return ()
        for way in self.material.met_by:
            if way.how in (How.GENERATED, How.COMMITMENT, How.SUBMIT):
                return ()
            calls = calls_for(ground, way, self.material)
            outcomes = [ground.situation.outcomes.get(call) for call in calls]
            if is_met(ground, self.material, outcomes):
                return ()
            if None in outcomes and not _is_ruled_out(ground, self.material, outcomes):
                return calls
        return ()


@dataclass(frozen=True)
class PlannedMaterial:
    """How one material is met.

    ``state`` is ``met``, ``to_check`` (a source will be asked), ``to_submit`` or ``inside``;
    ``why`` a stable word for the reason, ``by`` the source, matter or document behind it;
    ``tried`` the sources that did not meet it, each with what became of it.
    """

    material: str
    how: How
    state: str
    why: str
    by: str | None
    required: bool
    matters: tuple[str, ...]
    tried: tuple[tuple[str, str], ...] = ()


def wanted_materials(ground: Ground, choice: Choice) -> dict[str, WantedMaterial]:
    """The union of what the chosen matters want, each material once, in the catalog's order."""
    chosen = [ground.thing.matters[code] for code in choice.chosen]
    produced = {pair: m.code for m in chosen for pair in m.produces_documents}
    wanted: dict[str, list[str]] = {}
    for matter in chosen:
        for need in matter.materials:
            material = ground.thing.materials[need.material]
            if ground.decide(need.when, matter.code) is not True:
                continue
            if ground.decide(material.when, matter.code) is True:
                wanted.setdefault(need.material, []).append(matter.code)
    found = {}
    for key, material in ground.thing.materials.items():
        if key in wanted:
            maker = produced.get((material.document, material.of))
            found[key] = WantedMaterial(material, tuple(wanted[key]), maker)
    return found


def plan_materials(
    ground: Ground, wanted: Mapping[str, WantedMaterial], fetching: Fetching
) -> Iterable[PlannedMaterial]:
    """How each wanted material is met: the first way that is not ruled out."""
    planned = {call.id for wave in fetching.waves for call in wave}
    for need in wanted.values():
        if need.inside:
            yield _planned(need, How.INSIDE, "inside", "produced_inside", need.inside, ())
        else:
            yield _first_way(ground, need, planned)


def _first_way(ground: Ground, need: WantedMaterial, planned: set[str]) -> PlannedMaterial:
    tried: list[tuple[str, str]] = []
    for way in need.material.met_by:
        if way.how in (How.GENERATED, How.COMMITMENT):
            return _planned(need, way.how, "met", way.how.value, None, tried)
        if way.how is How.SUBMIT:
            return _planned(need, How.SUBMIT, "to_submit", _why_submit(tried), None, tried)
        state, by = _by_call(ground, way, need.material, planned, tried)
        if state:
            return _planned(need, way.how, state, way.how.value, by, tried)
    return _planned(need, How.SUBMIT, "to_submit", _why_submit(tried), None, tried)


def _by_call(
    ground: Ground, way: Way, material: Material, planned: set[str], tried: list[tuple[str, str]]
) -> tuple[str | None, str | None]:
    """``met`` or ``to_check`` with the source, or nothing after noting what was tried."""
    source = way.source or E_LICENCES
    calls = calls_for(ground, way, material)
    outcomes = [ground.situation.outcomes.get(call) for call in calls]
    if is_met(ground, material, outcomes):
        return "met", source
    hopeful = [
        outcome is Outcome.FOUND or (outcome is None and call in planned)
        for call, outcome in zip(calls, outcomes, strict=True)
    ]
    if hopeful and (all(hopeful) if _for_each(ground, material) else any(hopeful)):
        return "to_check", source
    for call, outcome, may_be in zip(calls, outcomes, hopeful, strict=True):
        why = (source, outcome.value if outcome else _why_not_asked(ground, call))
        if not may_be and why not in tried:
            tried.append(why)
    return None, None


def is_met(ground: Ground, material: Material, outcomes: Sequence[Outcome | None]) -> bool:
    """Whether the answers meet it: one is enough, but of a repeating role each person's is wanted."""
    found = [outcome is Outcome.FOUND for outcome in outcomes]
    return bool(found) and (all(found) if _for_each(ground, material) else any(found))


def _is_ruled_out(ground: Ground, material: Material, outcomes: Sequence[Outcome | None]) -> bool:
    return _for_each(ground, material) and any(each not in (None, Outcome.FOUND) for each in outcomes)


def _for_each(ground: Ground, material: Material) -> bool:
    return ground.thing.roles[material.of].repeats is not None


def _why_not_asked(ground: Ground, call: str) -> str:
    role = call.rpartition(":")[2]
    declined = base_of(role) in ground.thing.roles and ground.right(role) is Right.DECLINED
    return "not_authorised" if declined else "not_possible"


def calls_for(ground: Ground, way: Way, material: Material) -> tuple[str, ...]:
    """The ids of the calls by which a way could meet a material."""
    if way.how is How.E_LICENCE:
        return tuple(f"{E_LICENCES}:{material.document}:{role}" for role in ground.instances(material.of))
    if way.how is How.VAULT:
        call = f"vault:{material.document}:{material.of}"
        return (call,) if call in ground.situation.outcomes else ()
    uses = [use for use in ground.uses() if use.source == way.source]
    own = [use for use in uses if base_of(use.binds["self"]) == material.of]
    shared = [use for use in uses if material.of in map(base_of, use.binds.values())]
    return tuple(use.call for use in (own or shared or uses))


def _why_submit(tried: list[tuple[str, str]]) -> str:
    if not tried:
        return "not_held_by_government"
    return "not_met_by_data"


def _planned(
    need: WantedMaterial, how: How, state: str, why: str, by: str | None, tried: Iterable[tuple[str, str]]
) -> PlannedMaterial:
    return PlannedMaterial(
        material=need.material.id,
        how=how,
        state=state,
        why=why,
        by=by,
        required=need.material.required,
        matters=need.matters,
        tried=tuple(tried),
    )
